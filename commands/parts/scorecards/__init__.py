"""Scores, digests and one's own desk, as people see them."""
