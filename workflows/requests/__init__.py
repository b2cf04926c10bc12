"""Requests: asked, agreed to, run, and what people do about them in between."""
