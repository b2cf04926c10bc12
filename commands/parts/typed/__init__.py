"""From what a person typed to what is meant: the command, the thing, the moment, the number."""
