"""Telling people: what is shown, where, and that it is shown once."""
