"""A graph as a picture: PNG, readable on light and dark, up to 40 nodes."""

import io
from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw

from data.pictures.fonts import Letters
from data.pictures.layout import MOST_NODES, Cell, Node, place

# Pixels of the picture; people see it at half of that, or zoomed.
WIDTH, HEIGHT, GAP_X, GAP_Y, EDGE, HEAD = 400, 96, 130, 26, 60, 84
SHARP = 2  # shapes are drawn so much larger and then reduced: Pillow's lines have no smooth edges
STROKE, TIP = round(2.6 * SHARP), 16
LABEL, SMALL, TITLE = 28, 21, 32
_CARD, _RIM, _INK, _PALE, _LINE = "#F8FAFC", "#D5DCE6", "#0F172A", "#5B687B", "#8593A8"
_KINDS = {
    "component": "#2563EB",
    "api": "#059669",
    "resource": "#D97706",
    "system": "#7C3AED",
    "domain": "#9333EA",
    "group": "#DB2777",
    "user": "#0D9488",
    "": "#DC2626",
}
_OTHER = "#64748B"

Point = tuple[float, float]


def draw_graph(nodes: Sequence[Node], edges: Sequence[tuple[str, str]], title: str = "", more: int = 0) -> bytes:
    """PNG of the graph, layers from left to right, an arrow for each (from, to).

    More than 40 nodes are cut to the first 40; the picture says how many it left out (`more` are added to them).
    """
    shown = {node.key: node for node in nodes[:MOST_NODES]}
    known = list(
        dict.fromkeys(edge for edge in edges if edge[0] in shown and edge[1] in shown and edge[0] != edge[1])
    )
    cells = place({key: node.layer for key, node in shown.items()}, known)
    left_out = len(nodes) - len(shown) + more
    page = _Page(
        cells, bool(left_out), [title, *(text for node in shown.values() for text in (node.label, node.owner))]
    )
    for start, end in known:
        page.arrow(cells[start], cells[end])
    for number, node in enumerate(shown.values()):
        page.box(node, cells[node.key], first=not number)
    return page.finish(title, f"+ {left_out} more, not drawn" if left_out else "", shown.values())


class _Page:
    """Shapes first, large; then reduced; then texts, which are smooth by themselves."""

    def __init__(self, cells: dict[str, Cell], footed: bool, texts: Iterable[str]) -> None:
        columns = 1 + max((cell.column for cell in cells.values()), default=0)
        rows = max((cell.row for cell in cells.values()), default=0) + 0.5
        self.width = max(int(2 * EDGE + columns * (WIDTH + GAP_X) - GAP_X), 2 * EDGE + 2 * WIDTH)
        self.height = int(2 * EDGE + HEAD + rows * (HEIGHT + GAP_Y) - GAP_Y + (HEAD if footed else HEAD // 2))
        self._first_rows: dict[int, float] = {}
        for cell in cells.values():
            self._first_rows[cell.column] = min(cell.row, self._first_rows.get(cell.column, cell.row))
        self._inset = (self.width - 2 * EDGE - columns * (WIDTH + GAP_X) + GAP_X) / 2
        self._image = Image.new("RGB", (self.width * SHARP, self.height * SHARP), _CARD)
        self._draw = ImageDraw.Draw(self._image)
        self._texts: list[tuple[Point, str, int, str, float, str]] = []
        self._letters = Letters(texts)
        self._round((2, 2, self.width - 3, self.height - 3), 28, _CARD, _RIM, 3)

    def _middle(self, cell: Cell) -> Point:
        x = EDGE + self._inset + cell.column * (WIDTH + GAP_X) + WIDTH / 2
        return x, EDGE + HEAD + cell.row * (HEIGHT + GAP_Y) - (HEIGHT + GAP_Y) / 2 + HEIGHT / 2

    def _round(
        self, box: tuple[float, float, float, float], radius: float, fill: str | None, line: str, width: float
    ) -> None:
        scaled = [side * SHARP for side in box]
        self._draw.rounded_rectangle(scaled, radius * SHARP, fill, line, round(width * SHARP))

    def box(self, node: Node, cell: Cell, first: bool) -> None:
        """One node: its kind as a coloured edge, its name, what and whose it is."""
        x, y = self._middle(cell)
        box = (x - WIDTH / 2, y - HEIGHT / 2, x + WIDTH / 2, y + HEIGHT / 2)
        colour = _KINDS.get(node.kind.lower(), _OTHER)
        self._round(box, 14, colour, colour, 1)
        self._round((box[0] + 10, box[1], box[2], box[3]), 14, _tint(colour) if first else "#FFFFFF", "#FFFFFF", 0)
        self._round(box, 14, None, colour if first else _RIM, 5 if first else 2)
        about = " · ".join(filter(None, (node.kind or "not in the catalog", node.owner)))
        self._text((box[0] + 28, y - 19), node.label, LABEL, _INK, 0.5)
        self._text((box[0] + 28, y + 20), about, SMALL, _PALE)

    def _text(self, at: Point, text: str, size: int, colour: str, weight: float = 0) -> None:
        self._texts.append((at, self._cut(text, size, WIDTH - 46), size, colour, weight, "lm"))

    def _cut(self, text: str, size: int, width: float) -> str:
        """As much as fits, with an ellipsis in the middle: names often differ at their ends."""
        font = self._letters.font(size)
        text = self._letters.plain(text[:200])
        if font.getlength(text) <= width:
            return text
        keep = len(text)
        while keep > 2 and font.getlength(text[: keep // 2] + "…" + text[-(keep // 2) :]) > width:
            keep -= 1
        return text[: keep // 2] + "…" + text[-(keep // 2) :]

    def arrow(self, start: Cell, end: Cell) -> None:
        """Leaves and arrives level, passes other columns between their nodes, bends around its own."""
        (x, y), (to_x, to_y) = self._middle(start), self._middle(end)
        side = 1 if end.column >= start.column else -1
        landing = -side if end.column != start.column else 1
        points = [(x + side * WIDTH / 2, y), *self._gaps(start, end), (to_x + landing * (WIDTH / 2 + TIP), to_y)]
        for at in range(0, len(points), 2):
            self._curve(points[at], points[at + 1], side, landing)
        for (from_x, height), (until_x, _) in zip(points[1:-1:2], points[2:-1:2], strict=True):
            self._draw.line(_large([(from_x, height), (until_x, height)]), _LINE, STROKE)
        tip = to_x + landing * WIDTH / 2
        self._draw.polygon(
            _large([(tip, to_y), (tip + landing * TIP, to_y - 8), (tip + landing * TIP, to_y + 8)]), _LINE
        )

    def _gaps(self, start: Cell, end: Cell) -> list[Point]:
        """Where to enter and leave each column on the way: through the gap nearest to the straight line."""
        step = 1 if end.column > start.column else -1
        points: list[Point] = []
        for column in range(start.column + step, end.column, step):
            share = (column - start.column) / (end.column - start.column)
            wanted = start.row + share * (end.row - start.row)
            row = self._first_rows[column] - 0.5 + round(wanted - self._first_rows[column] + 0.5)
            x, y = self._middle(Cell(column, row))
            points += [(x - step * WIDTH / 2, y), (x + step * WIDTH / 2, y)]
        return points

    def _curve(self, a: Point, d: Point, side: int, landing: int) -> None:
        """Level at both ends; `landing` is the side of the end from which it comes."""
        bend = max(abs(d[0] - a[0]) * 0.5, 50)
        b, c = (a[0] + side * bend, a[1]), (d[0] + landing * bend, d[1])
        points = [_between(step / 24, a, b, c, d) for step in range(25)]
        self._draw.line(_large(points), _LINE, STROKE, "curve")

    def _legend(self, nodes: Iterable[Node]) -> None:
        x = float(EDGE)
        for kind in dict.fromkeys(node.kind for node in nodes):
            name, colour = kind or "not in the catalog", _KINDS.get(kind.lower(), _OTHER)
            y = self.height - EDGE
            self._round((x, y - 9, x + 18, y + 9), 5, colour, colour, 1)
            self._text((x + 28, y), name, SMALL, _PALE)
            x += 28 + self._letters.font(SMALL).getlength(name) + 36

    def finish(self, title: str, footer: str, nodes: Iterable[Node]) -> bytes:
        """The picture as PNG, with what stands above and below the graph."""
        self._legend(nodes)
        image = self._image.reduce(SHARP)
        draw = ImageDraw.Draw(image)
        title = self._cut(title, TITLE, self.width - 2 * EDGE)
        self._texts.append(((EDGE, EDGE + 14), title, TITLE, _INK, 0.6, "lm"))
        self._texts.append(((self.width - EDGE, self.height - EDGE), footer, SMALL, _PALE, 0.3, "rm"))
        for at, text, size, colour, weight, anchor in self._texts:
            draw.text(at, text, colour, self._letters.font(size), anchor, stroke_width=weight)
        packed = io.BytesIO()
        image.save(packed, "PNG", compress_level=3)
        return packed.getvalue()


def _between(t: float, a: Point, b: Point, c: Point, d: Point) -> Point:
    """A point of the Bézier curve."""
    u = 1 - t
    p, q, r, s = u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t
    return p * a[0] + q * b[0] + r * c[0] + s * d[0], p * a[1] + q * b[1] + r * c[1] + s * d[1]


def _large(points: Sequence[Point]) -> list[Point]:
    return [(x * SHARP, y * SHARP) for x, y in points]


def _tint(colour: str) -> str:
    """The colour as a breath of itself."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return "#" + "".join(f"{255 - (255 - part) // 8:02X}" for part in parts)
