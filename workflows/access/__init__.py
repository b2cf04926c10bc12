"""Production access for a while: given, watched, taken away without fail."""
