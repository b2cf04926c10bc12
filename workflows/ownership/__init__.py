"""Who owns what, where a new owner waits for the old one."""
