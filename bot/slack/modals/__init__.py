"""Forms as modals: drawn, read back, kept while they are filled in."""
