"""How scores moved as a picture: PNG, readable on light and dark, its numbers written out."""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from PIL import Image, ImageDraw

from data.pictures.fonts import Letters

# A day (2026-11-23), entities by level ("" below the lowest), and percent of the checks passed (None: unknown).
Column = tuple[str, Mapping[str, int], int | None]
# A part of a picture: its title, its columns, and the names of its levels, the lowest first.
Panel = tuple[str, Sequence[Column], Sequence[str]]
# A rule's title, percent passed before, percent passed now.
RuleBar = tuple[str, int | None, int | None]

WIDTH, HEIGHT, EDGE, HEAD, FOOT = 1200, 520, 44, 96, 92  # pixels; people see it at half of that
SEVERAL = 400  # of each part, where there are several
ROW, BAR = 44, 22  # of the rules: a row, and the bar in it
TITLE, LABEL, SMALL = 30, 24, 20
MOST_RULES: Final = 20
_CARD, _RIM, _INK, _PALE, _GRID = "#F8FAFC", "#D5DCE6", "#0F172A", "#5B687B", "#E2E8F0"
_BELOW, _THEN, _NOW = "#CBD5E1", "#94A3B8", "#2563EB"
_KNOWN = {"bronze": "#B45309", "silver": "#8593A8", "gold": "#EAB308", "platinum": "#0D9488"}
_OTHERS = ("#7C3AED", "#2563EB", "#0D9488", "#DB2777", "#D97706")


def draw_trend(title: str, panels: Sequence[Panel]) -> bytes:
    """A part for each scorecard, one below the other.

    Each week is a column: entities by level, the lowest at the bottom; above it the share of checks that pass.
    """
    page = _Page(_height(panels), [title, *_texts(panels)])
    page.title(title)
    page.panels(panels)
    return page.finish()


def draw_fleet(title: str, panels: Sequence[Panel], rules: Sequence[RuleBar]) -> bytes:
    """The same, and below it each rule: where it stood before (grey) and where it stands now (blue)."""
    shown, above = rules[:MOST_RULES], _height(panels)
    texts = [title, *_texts(panels), *(rule[0] for rule in shown)]
    page = _Page(above + len(shown) * ROW + EDGE, texts)
    page.title(title)
    page.panels(panels)
    for number, rule in enumerate(shown):
        page.rule(rule, above + number * ROW + ROW // 2)
    return page.finish()


def _height(panels: Sequence[Panel]) -> int:
    return HEIGHT if len(panels) < 2 else EDGE + SEVERAL * len(panels)


def _texts(panels: Sequence[Panel]) -> list[str]:
    return [text for name, _, order in panels for text in (name, *order)]


class _Page:
    """One picture with its own light background, so that it reads the same on every theme."""

    def __init__(self, height: int, texts: Sequence[str]) -> None:
        self._image = Image.new("RGB", (WIDTH, height), _CARD)
        self._draw = ImageDraw.Draw(self._image)
        self._letters = Letters(texts)
        self._draw.rounded_rectangle((1, 1, WIDTH - 2, height - 2), 22, _CARD, _RIM, 3)

    def title(self, text: str) -> None:
        self._text((EDGE, EDGE), self._cut(text, TITLE, WIDTH - 2 * EDGE), TITLE, _INK)

    def panels(self, panels: Sequence[Panel]) -> None:
        """One fills the picture; several have their titles."""
        if len(panels) < 2:
            for _, columns, order in panels:
                self.columns(columns, order, HEAD, HEIGHT)
            return
        for number, (name, columns, order) in enumerate(panels):
            top = EDGE + SEVERAL * number
            self._text((EDGE, top + EDGE), self._cut(name, LABEL, WIDTH - 2 * EDGE), LABEL, _INK)
            self.columns(columns, order, top + EDGE + LABEL, top + SEVERAL)

    def columns(self, columns: Sequence[Column], order: Sequence[str], top: int, bottom: int) -> None:
        """The stacked columns with their dates, and the legend, between two heights."""
        colours = {"": _BELOW} | {name: _colour(name, at) for at, name in enumerate(order)}
        floor, most = bottom - FOOT, max((sum(levels.values()) for _, levels, _ in columns), default=0) or 1
        step = (WIDTH - 2 * EDGE) / max(len(columns), 4)
        self._draw.line((EDGE, floor, WIDTH - EDGE, floor), _GRID, 3)
        for at, (day, levels, passed) in enumerate(columns):
            left, upper = EDGE + at * step + step * 0.18, float(floor)
            for name in colours:
                part = (floor - top - 34) * levels.get(name, 0) / most
                if part:
                    self._draw.rectangle((left, upper - part, left + step * 0.64, upper - 1), colours[name])
                upper -= part
            middle = left + step * 0.32
            self._text((middle, upper - 18), "" if passed is None else f"{passed} %", LABEL, _INK, "mm")
            self._text((middle, floor + 20), _short(day), SMALL, _PALE, "mm")
        self._legend({name or "no level": colour for name, colour in colours.items()}, bottom - EDGE + 6)

    def _legend(self, colours: Mapping[str, str], y: int) -> None:
        x = float(EDGE)
        for name, colour in colours.items():
            self._draw.rounded_rectangle((x, y - 9, x + 18, y + 9), 5, colour)
            self._text((x + 28, y), name, SMALL, _PALE)
            x += 28 + self._letters.font(SMALL).getlength(name) + 36
        self._text((WIDTH - EDGE, y), "above the columns: checks passed", SMALL, _PALE, "rm")

    def rule(self, rule: RuleBar, y: int) -> None:
        """One row: the title, the bar of now over that of before, the numbers."""
        title, before, now = rule
        self._text((EDGE, y), self._cut(title, SMALL, 470), SMALL, _INK)
        left, width = EDGE + 490.0, WIDTH - 2 * EDGE - 490 - 150
        self._bar((left, y, width), 100, BAR, _GRID)
        if before is not None:
            self._bar((left, y, width), before, BAR, _THEN)
        if now is not None:
            self._bar((left, y, width), now, BAR // 2, _NOW)
        said = "unknown" if now is None else f"{now} %" + ("" if before is None else f" ({now - before:+d})")
        self._text((WIDTH - EDGE, y), said, SMALL, _INK, "rm")

    def _bar(self, place: tuple[float, int, float], percent: int, height: int, colour: str) -> None:
        left, y, width = place
        if percent > 0:
            self._draw.rectangle((left, y - height / 2, left + width * percent / 100, y + height / 2), colour)

    def _text(self, at: tuple[float, float], text: str, size: int, colour: str, anchor: str = "lm") -> None:
        self._draw.text(at, self._letters.plain(text), colour, self._letters.font(size), anchor)

    def _cut(self, text: str, size: int, width: float) -> str:
        font, text = self._letters.font(size), text[:200]
        while len(text) > 2 and font.getlength(self._letters.plain(text)) > width:
            text = f"{text[:-2].rstrip('…')}…"
        return text

    def finish(self) -> bytes:
        packed = io.BytesIO()
        self._image.save(packed, "PNG", compress_level=6)
        return packed.getvalue()


def _colour(name: str, at: int) -> str:
    return _KNOWN.get(name.lower(), _OTHERS[at % len(_OTHERS)])


def _short(day: str) -> str:
    known = date.fromisoformat(day)
    return f"{known.day} {known:%b}"
