"""Replies, cards and digests as Slack's blocks. All of it is pure."""
