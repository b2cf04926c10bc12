"""Who owns something, and who is on call for it."""
