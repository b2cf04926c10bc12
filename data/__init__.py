"""What we know and who told us: the only layer that knows SQL, files and HTTP."""
