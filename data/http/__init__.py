"""Asking over HTTP with limits on everything: one document, or an API that is asked again and again."""
