"""What makes a snapshot quick: entities by name, word, slip of the fingers and relation."""
