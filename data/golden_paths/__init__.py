"""Templates of new services: kept at exact commits, and rendered where they can do no harm."""
