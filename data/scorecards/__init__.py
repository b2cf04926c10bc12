"""Scorecards: what is expected of services, read from YAML and compiled once to one function."""
