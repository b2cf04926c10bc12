"""Names that are one slip away: a packed index of deletions (SymSpell's idea), 4 bytes an entry, stdlib only.

Two texts at distance 1 (a letter too many, missing, wrong, or two swapped) share a variant with at most one letter
deleted. Every name's variants are hashed: a part of the hash chooses a sorted bucket, another part and the name's
number are packed into one integer there. What is found by chance is sorted out by its distance.
A bit for each hash stands in front of them: most variants of what is asked belong to no name.
And most are not even made: where a slip is, there are pieces that no name has.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import compress, count
from operator import ne

from data.catalog.lazily import Rest

SHORTEST = 3  # letters; below that everything resembles everything
LONG = 8  # letters from which two slips are looked for, when one finds nothing
_PRINT = 32  # the bit of a hash where the part kept in an entry begins: none of those that choose the bucket
LONGEST = 64  # letters; what is longer is no name that somebody types
PIECE = 4  # letters
MOST_PIECES = (
    60_000  # 5 MB; names with more of them are made of chance, and then nearly every piece is one of theirs
)
_STEP = 5  # names between two moments for a rest
_BUCKETS = 4096  # at least; with more names more, since their numbers leave fewer bits of an entry to the hash


class Typos:
    """`near(text)` finds the keys within distance 1 (2 for long texts), nearest first."""

    def __init__(self, keys: Sequence[str], rest: Rest) -> None:
        self._keys = keys
        self._pieces: set[str] = set()  # of all names
        self._bits = len(keys).bit_length()  # of an entry's 32, for the number; the others hold a part of the hash
        self._print = (1 << (32 - self._bits)) - 1
        self._buckets = max(_BUCKETS, 1 << self._bits >> 4)
        places = 8 * sum(min(len(key), LONGEST) + 1 for key in keys)  # at most one in eight is taken
        self._place = (1 << places.bit_length()) - 1
        self._taken = bytearray(self._place // 8 + 1)
        buckets = self._fill(rest)
        self._packed = buckets
        for number, bucket in enumerate(buckets):
            buckets[number] = array("I", sorted(bucket))
            if not number % 8:
                rest()

    def _fill(self, rest: Rest) -> list["array[int]"]:
        buckets = [array("I") for _ in range(self._buckets)]
        bits, mask, count = self._bits, self._print, self._buckets
        place, taken, pieces = self._place, self._taken, self._pieces
        for number, key in enumerate(self._keys):
            if len(pieces) < MOST_PIECES:
                pieces.update([key[at : at + PIECE] for at in range(len(key) - PIECE + 1)])
            for variant in _variants(key[:LONGEST]):
                hashed = hash(variant)
                taken[(hashed & place) >> 3] |= 1 << (hashed & 7)
                buckets[hashed % count].append((hashed >> _PRINT & mask) << bits | number)
            if not number % _STEP:
                rest()
        return buckets

    def near(self, text: str) -> list[tuple[int, str]]:
        """(distance, key), nearest first, among equals those with the same beginning."""
        if not SHORTEST <= len(text) <= LONGEST:
            return []
        found = self._within(text, _variants(text, self._window(text)), 1)
        if not found and len(text) >= LONG:
            once = _variants(text)
            found = self._within(text, once, 2)
            if not found:
                found = self._within(text, {twice for each in once for twice in _variants(each)}, 2)
        return (
            found
            if len(found) < 2
            else sorted(found, key=lambda hit: (hit[0], -_common(hit[1], text), len(hit[1]), hit[1]))
        )

    def _window(self, text: str) -> range:
        """Where one letter may be left out so that a name comes out that is one slip away.

        The slip is in, or beside, each piece that no name has: the first of them tells.
        """
        if len(self._pieces) >= MOST_PIECES:  # they are not all there
            return range(len(text))
        pieces = self._pieces
        for at in range(0, len(text) - PIECE + 1, 2):  # each second one tells nearly as much
            if text[at : at + PIECE] not in pieces:
                return range(max(at - 1, 0), at + PIECE)
        return range(len(text))

    def _within(self, text: str, variants: Iterable[str], most: int) -> list[tuple[int, str]]:
        keys, found = self._keys, []
        for number in self._numbers(variants):
            slips = distance(keys[number], text, most)
            if slips <= most:
                found.append((slips, keys[number]))
        return found

    def _numbers(self, variants: Iterable[str]) -> set[int]:
        """The names that share one of the variants; most variants of a question are passed over by their bit."""
        packed, bits, mask, names = self._packed, self._bits, self._print, (1 << self._bits) - 1
        place, taken, buckets = self._place, self._taken, self._buckets
        numbers: set[int] = set()
        for hashed in map(hash, variants):
            if taken[(hashed & place) >> 3] >> (hashed & 7) & 1:
                bucket, part = packed[hashed % buckets], hashed >> _PRINT & mask
                at = bisect_left(bucket, part << bits)
                while at < len(bucket) and bucket[at] >> bits == part:
                    numbers.add(bucket[at] & names)
                    at += 1
        return numbers


def _variants(text: str, window: range | None = None) -> list[str]:
    """The text, and what is left of it without one letter, which stands in the window."""
    places = range(len(text)) if window is None else window
    return [text, *[text[:at] + text[at + 1 :] for at in places]]


def _common(left: str, right: str) -> int:
    """How many letters both begin with."""
    return next(compress(count(), map(ne, left, right)), min(len(left), len(right)))


def distance(left: str, right: str, most: int) -> int:
    """Slips from one to the other (insert, delete, replace, swap neighbours); `most` + 1 stands for more."""
    if left == right:
        return 0
    start = _common(left, right)
    left, right = left[start:], right[start:]
    if _one_slip(left, right):
        return 1
    end = _common(left[::-1], right[::-1])
    left, right = left[: len(left) - end], right[: len(right) - end]
    if abs(len(left) - len(right)) > most:
        return most + 1
    if not left or not right:
        return len(left) + len(right)
    return min(_matrix(left, right), most + 1)


def _one_slip(left: str, right: str) -> bool:
    """Whether one slip leads from one to the other. They begin differently."""
    after_left, after_right = left[1:], right[1:]
    if after_left in (right, after_right) or left == after_right:
        return True
    return left[:2] == right[1::-1] and left[2:] == right[2:]


def _matrix(left: str, right: str) -> int:
    """Optimal string alignment, row by row."""
    before: list[int] = []
    last = list(range(len(right) + 1))
    for i, one in enumerate(left, 1):
        row = [i]
        for j, other in enumerate(right, 1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (one != other))
            if before and j > 1 and one == right[j - 2] and left[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, last = last, row
    return last[-1]
