"""Collectors of facts, one file each."""
