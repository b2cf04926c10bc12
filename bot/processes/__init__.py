"""The processes: the web, the clock, the children, and how they start and stop."""
