"""Development workspaces, as people see them."""
