"""What long work says while it runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console


@contextmanager
def progress(title: str, console: Console) -> Iterator[Callable[[str, int], None]]:
    """Something that moves while long work runs: `(what, count)`; plain lines when nobody watches a terminal."""
    if not console.is_terminal:
        yield lambda what, count: console.print(f"{title}: {what} {count:,}" if count else f"{title}: {what}")
        return
    with console.status(title) as status:
        yield lambda what, count: status.update(f"{title}: {what} {count:,}" if count else f"{title}: {what}")
