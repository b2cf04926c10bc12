"""Hosts of repositories, behind the port RepoHost."""
