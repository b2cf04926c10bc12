"""Slack, the terminal and the processes: the only layer that knows them."""
