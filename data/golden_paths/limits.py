"""What a template may make at most."""

from typing import Final

OUTPUT: Final = 100 << 20  # bytes of everything
FILES: Final = 5000
LARGEST: Final = 20 << 20  # bytes of one file
