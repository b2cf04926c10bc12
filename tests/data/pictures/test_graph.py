"""Pictures of graphs, looked at as pixels."""

import io

import pytest
from PIL import Image

from data.pictures.graph import draw_graph
from data.pictures.layout import MOST_NODES, TALLEST, Node, place
from tests.waiting import soon


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    assert image.format == "PNG"
    return image


def star(count: int) -> tuple[list[Node], list[tuple[str, str]]]:
    nodes = [
        Node("db", "db", "Resource"),
        *[Node(f"n{at}", f"service-{at}", "Component", "team-a", 1) for at in range(count)],
    ]
    return nodes, [(f"n{at}", "db") for at in range(count)]


def test_background_is_its_own_and_text_is_dark_on_it() -> None:
    """Nothing is transparent, so the picture looks the same on a light and on a dark Slack."""
    image = opened(draw_graph(*star(3), "What depends on db"))
    assert image.mode == "RGB"
    colours = image.getcolors(1 << 20) or []
    brightness = sorted((sum(colour) / 3 if isinstance(colour, tuple) else 0, count) for count, colour in colours)
    assert brightness[-1][0] > 240
    assert brightness[0][0] < 40
    light = sum(count for value, count in brightness if value > 230)
    assert light > image.width * image.height * 0.7


def test_nodes_have_the_colour_of_their_kind() -> None:
    image = opened(
        draw_graph([Node("a", "a", "Component"), Node("b", "b", "Resource", "", 1), Node("c", "c", "", "", 1)], [])
    )
    colours = {colour for _, colour in image.getcolors(1 << 20) or []}
    assert {(0x25, 0x63, 0xEB), (0xD9, 0x77, 0x06), (0xDC, 0x26, 0x26)} <= colours


@pytest.mark.parametrize("count", [0, 1, 13, 39, 500])
def test_any_number_of_nodes_keeps_a_size_that_slack_shows(count: int) -> None:
    image = opened(draw_graph(*star(count), "What depends on db"))
    assert image.width <= 3600
    assert image.height <= 2400


def test_what_is_not_drawn_is_said() -> None:
    """The foot of the picture differs when nodes were left out, and with how many."""
    assert draw_graph(*star(39)) != draw_graph(*star(60))
    assert draw_graph(*star(60)) != draw_graph(*star(61))
    assert draw_graph(*star(20), more=5) != draw_graph(*star(20))


def test_no_two_nodes_share_a_place() -> None:
    layers = {f"n{at}": at % 3 for at in range(MOST_NODES)}
    cells = place(layers, [(f"n{at}", f"n{at + 1}") for at in range(MOST_NODES - 1)])
    assert len(set(cells.values())) == MOST_NODES
    columns = [{cell.column for key, cell in cells.items() if layers[key] == layer} for layer in range(3)]
    assert max(columns[0]) < min(columns[1])
    assert max(columns[1]) < min(columns[2])
    assert max(cell.row for cell in cells.values()) <= TALLEST


def test_children_stand_beside_their_parents() -> None:
    layers = {"a": 0, "b": 0, "b1": 1, "a1": 1}
    cells = place(layers, [("a", "a1"), ("b", "b1")])
    assert (cells["a"].row < cells["b"].row) == (cells["a1"].row < cells["b1"].row)


@pytest.mark.parametrize(
    "label", ["", "x" * 5000, "Überweisung", "支払い", "\u202eevil", "a\nb\tc", "\x00", "😀" * 50]
)
def test_any_text_can_be_drawn(label: str) -> None:
    opened(
        draw_graph(
            [Node("a", label, label, label), Node("b", "b", "", "", -1)],
            [("a", "b"), ("b", "a"), ("a", "a")],
            label,
        )
    )


def test_edges_to_nowhere_are_no_edges() -> None:
    nodes = [Node("a", "a"), Node("b", "b", layer=1)]
    assert draw_graph(nodes, [("a", "zzz"), ("zzz", "b")]) == draw_graph(nodes, [])


def test_forty_nodes_are_drawn_soon() -> None:
    nodes, edges = star(39)
    edges += [(f"n{at}", f"n{at * 7 % 39}") for at in range(39)]
    with soon(15):
        draw_graph(nodes, edges)
