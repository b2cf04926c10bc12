"""Memory that building an index took and freed, given back to the system."""

import ctypes


def give_back() -> None:
    """Some ten milliseconds, in which other threads run; nothing where the C library cannot (only glibc can)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
