"""The validator on the newer blocks: cards, containers, data tables, charts and what stands in them."""

from typing import Any

import pytest

from bot.playground.block_kit.checking import faults_of

JSON = dict[str, Any]


def plain(length: int = 1) -> JSON:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int = 1) -> JSON:
    return {"type": "mrkdwn", "text": "x" * length}


def button(**more: Any) -> JSON:
    return {"type": "button", "action_id": "a", "text": plain(), **more}


def context_actions(element: JSON, count: int = 1) -> JSON:
    elements = [{**element, "action_id": str(number)} for number in range(count)]
    return {"type": "context_actions", "elements": elements}


def feedback(**more: Any) -> JSON:
    one = {"text": plain(), "value": "v"}
    return context_actions(
        {"type": "feedback_buttons", "positive_button": {**one, **more}, "negative_button": one}
    )


def icon(**more: Any) -> JSON:
    return {"type": "icon_button", "icon": "trash", "text": plain(), **more}


def card(**more: Any) -> JSON:
    return {"type": "card", "title": mrkdwn(), **more}


def container(**more: Any) -> JSON:
    return {"type": "container", "title": plain(), "child_blocks": [{"type": "divider"}], **more}


def data_table(rows: int = 2, columns: int = 1, text: str = "x", **more: Any) -> JSON:
    cells = [[{"type": "raw_text", "text": text}] * columns] * rows
    return {"type": "data_table", "caption": "c", "rows": cells, **more}


def chart(kind: JSON, title: int = 1) -> JSON:
    return {"type": "data_visualization", "title": "x" * title, "chart": kind}


def pie(count: int = 1, label: int = 1, value: float = 1) -> JSON:
    return chart({"type": "pie", "segments": [{"label": "x" * label, "value": value}] * count})


def line(
    series: int = 1,
    points: int = 1,
    categories: int = 1,
    name: int = 1,
    label: int = 1,
    category: int = 1,
    axis: int = 1,
) -> JSON:
    data = [{"label": "x" * label, "value": 1}] * points
    axes = {"categories": ["x" * category] * categories, "x_label": "x" * axis}
    return chart({"type": "line", "series": [{"name": "x" * name, "data": data}] * series, "axis_config": axes})


INVALID: dict[str, JSON] = {
    "alert-text-too-long": {"type": "alert", "text": mrkdwn(201)},
    "card-title-too-long": card(title=mrkdwn(151)),
    "card-subtitle-too-long": card(subtitle=mrkdwn(151)),
    "card-body-too-long": card(body=mrkdwn(201)),
    "card-too-many-actions": card(actions=[button()] * 4),
    "card-subtext-too-long": card(subtext=mrkdwn(201)),
    "carousel-empty": {"type": "carousel", "elements": []},
    "carousel-too-many-cards": {"type": "carousel", "elements": [card()] * 11},
    "container-title-too-long": container(title=plain(151)),
    "container-subtitle-too-long": container(subtitle=mrkdwn(151)),
    "container-too-many-child-blocks": container(child_blocks=[{"type": "divider"}] * 11),
    "context-actions-too-many-elements": context_actions(icon(), 6),
    "feedback-button-text-too-long": feedback(text=plain(76)),
    "feedback-button-value-too-long": feedback(value="x" * 2001),
    "feedback-button-accessibility-label-too-long": feedback(accessibility_label="x" * 76),
    "icon-button-too-many-visible-users": context_actions(icon(visible_to_user_ids=["U0"] * 11)),
    "data-table-too-few-rows": data_table(rows=1),
    "data-table-too-many-rows": data_table(rows=202),
    "data-table-too-few-columns": data_table(columns=0),
    "data-table-too-many-columns": data_table(columns=21),
    "data-table-page-size-too-small": data_table(page_size=0),
    "data-table-page-size-too-large": data_table(page_size=101),
    "data-table-cell-text-empty": data_table(text=""),
    "data-table-content-too-long": data_table(text="x" * 10_001),
    "data-visualization-title-too-long": chart(pie()["chart"], title=51),
    "pie-chart-empty": pie(count=0),
    "pie-chart-too-many-segments": pie(count=13),
    "chart-segment-label-too-long": pie(label=21),
    "chart-segment-value-not-positive": pie(value=0),
    "chart-series-empty": line(series=0),
    "chart-too-many-series": line(series=13),
    "data-series-name-too-long": line(name=21),
    "data-series-empty": line(points=0),
    "data-series-too-many-points": line(points=21),
    "data-point-label-too-long": line(label=21),
    "axis-categories-empty": line(categories=0),
    "axis-too-many-categories": line(categories=21),
    "axis-category-label-too-long": line(category=21),
    "axis-label-too-long": line(axis=51),
}

# The smallest change that makes a case valid proves that the case fails for its own reason.
AT_THE_LIMIT: list[JSON] = [
    data_table(rows=201, columns=20, text="xxxx", page_size=100),
    pie(count=12, label=20),
    line(series=12, points=20, categories=20, name=20, label=20, category=20, axis=50),
    card(actions=[button()] * 3, body=mrkdwn(200)),
    container(child_blocks=[{"type": "divider"}] * 10),
    feedback(),
    context_actions(icon(), 5),
]


@pytest.mark.parametrize("case", INVALID)
def test_refuses(case: str) -> None:
    assert faults_of(INVALID[case])


@pytest.mark.parametrize("payload", AT_THE_LIMIT, ids=lambda p: str(p.get("type", "message")))
def test_takes_what_is_exactly_at_the_limit(payload: JSON) -> None:
    assert faults_of(payload) == []
