"""Development workspaces: launched by a request, watched as rows, stopped in time."""
