"""What changes the world: each step is written down before the next."""
