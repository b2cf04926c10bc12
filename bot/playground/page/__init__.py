"""The page on which people try the simulated Slack: its files, its state, what is done on it."""
