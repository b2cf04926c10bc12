"""A font for the texts of one picture.

Pillow brings one font along, with ASCII only. For anything else a font of the machine is taken where there is one,
and what no font has is shown as its plain letter (é as e) or as a box.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from PIL import ImageFont

Font = ImageFont.FreeTypeFont
_INSTALLED = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "Arial.ttf", "LiberationSans-Regular.ttf")
_EAST_ASIAN = ("NotoSansCJK-Regular.ttc", "Arial Unicode.ttf", "msgothic.ttc")
_NOWHERE = "\U0010ffff"  # no font has it: what is drawn for it stands for a missing letter


class Letters:
    """The font that has most of the letters of `texts`, in any size."""

    def __init__(self, texts: Iterable[str]) -> None:
        letters = {letter for text in texts for letter in text if not letter.isascii()} | {"…", "·"}
        names = ("", *_INSTALLED, *_EAST_ASIAN) if len(letters) > 2 else ("",)
        fonts = [(name, font) for name in names if (font := _font(name, 20))]
        self._name, chosen = min(fonts, key=lambda font: sum(_lacks(font[1], letter) for letter in letters))
        self._plain = {ord(letter): _plainer(letter) for letter in letters if _lacks(chosen, letter)}

    def font(self, size: int) -> Font:
        """In this many pixels."""
        font = _font(self._name, size)
        if font is None:
            raise OSError(f"The font {self._name} went away.")
        return font

    def plain(self, text: str) -> str:
        """The text in letters that the font has, on one line."""
        return " ".join(text.translate(self._plain).split())


@lru_cache(maxsize=32)
def _font(name: str, size: int) -> Font | None:
    try:
        font = ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
    except OSError:
        return None
    return font if isinstance(font, Font) else None


def _lacks(font: Font, letter: str) -> bool:
    return bytes(font.getmask(letter)) == bytes(font.getmask(_NOWHERE))


def _plainer(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[0]
    return base if base.isascii() and base.isprintable() else letter
