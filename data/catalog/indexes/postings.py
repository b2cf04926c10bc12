"""Which positions have a word: arrays for rare words, bit sets for frequent ones."""

from array import array
from collections.abc import Iterable, Iterator, Sequence

from data.catalog.lazily import Rest

OFTEN = 256  # a word that more than one of so many has is kept as a bit set: larger, but at hand
PIECE = 16_384  # positions that are looked through at a time: in a large integer each step costs more
_PIECE = (1 << PIECE) - 1


class Field:
    """The words of one field; positions are added in ascending order."""

    __slots__ = ("few", "many")

    def __init__(self) -> None:
        self.few: dict[str, int | array[int]] = {}  # one position, as most words have, costs no array
        self.many: dict[str, int] = {}

    def add(self, word: str, position: int) -> None:
        """`position` has the word."""
        known = self.few.setdefault(word, position)
        if isinstance(known, array):
            known.append(position)
        elif known != position:
            self.few[word] = array("I", (known, position))

    def pack(self, size: int, rest: Rest) -> None:
        """Once all are added: turn what is frequent among `size` positions into bit sets."""
        often = size // OFTEN + 64
        for word in [word for word, found in self.few.items() if isinstance(found, array) and len(found) > often]:
            self.many[word] = gather([self], [word], size)
            del self.few[word]
            rest()


def gather(fields: Sequence[Field], words: Iterable[str], size: int) -> int:
    """The positions that have one of the words in one of the fields, as one integer, bit by position."""
    bits = 0
    rare: list[int | array[int]] = []
    for word in words:
        for field in fields:
            found = field.few.get(word)
            if found is not None:
                rare.append(found)
            else:
                bits |= field.many.get(word, 0)
    return bits | _packed(rare, size) if rare else bits


def _packed(postings: "Iterable[int | array[int]]", size: int) -> int:
    packed = bytearray(size // 8 + 1)
    for posting in postings:
        for position in (posting,) if isinstance(posting, int) else posting:
            packed[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(packed, "little")


def positions(bits: int) -> Iterator[int]:
    """The positions in a bit set, highest first; the first ones cost no more than finding them."""
    for start in range((bits.bit_length() - 1) // PIECE * PIECE, -1, -PIECE):
        piece = bits >> start & _PIECE
        while piece:
            highest = piece.bit_length() - 1
            yield start + highest
            piece ^= 1 << highest
