"""Systems in which development workspaces live."""
