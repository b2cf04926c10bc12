"""The catalog: reading descriptors, keeping them, and the read model that answers."""
