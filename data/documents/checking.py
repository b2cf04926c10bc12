"""A document against a pydantic model: the value, or all faults with their lines."""

from typing import TypeVar

from pydantic import BaseModel

from data.documents.values import Document, Fault

M = TypeVar("M", bound=BaseModel)


def check(model: type[M], document: Document) -> M | list[Fault]:
    """The document as the model, or every fault at once, in sentences that the author understands."""
    raise NotImplementedError
