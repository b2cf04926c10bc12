"""Hostile or honest YAML in, plain values with line numbers out; and a document checked against a pydantic model.

`load_documents` never raises whatever the bytes are; `check` reports all faults of a document at once.
"""

from data.documents.checking import check, one
from data.documents.loading import load_documents
from data.documents.values import Document, Fault, Limits, Lines

__all__ = ["Document", "Fault", "Limits", "Lines", "check", "load_documents", "one"]
