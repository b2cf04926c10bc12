"""Paging in Slack: a look at what will happen, one press, one page."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.playground import LocalSlack
from data.idp import Idp
from data.integrations.pager_fake import FakePager

if TYPE_CHECKING:
    from tests.journeys.conftest import Door, Replica

CHECKOUT = "component:default/checkout"


@pytest.fixture
def pager() -> FakePager:
    return FakePager(lambda: datetime.now(UTC), {CHECKOUT: "Checkout"})


@pytest.fixture
def idp(idp: Idp, pager: FakePager) -> Idp:
    return replace(idp, pager=pager)


def test_a_press_that_a_process_left_behind_pages_once(
    slack: LocalSlack, pager: FakePager, new_replica: Callable[[], "Replica"], door: "Door"
) -> None:
    died = new_replica()
    slack.command("engineer", "general", '/idp page checkout "orders fail"')
    slack.wait(lambda: slack.messages("general", seen_by="engineer"))
    preview = slack.messages("general", seen_by="engineer")[-1]
    died.bot.work.close()  # it keeps the press, and then nothing of it runs any more
    assert slack.press("engineer", preview, "Page now").status == 200
    assert pager.pages == {}
    door.replicas.clear()
    heir = new_replica()
    heir.bot.sweep()
    heir.bot.sweep()
    slack.wait(lambda: pager.pages)
    heir.bot.work.close()
    assert [len(sent) for sent in pager.pages.values()] == [1]


@pytest.mark.usefixtures("replica")
def test_one_look_one_press_one_page(slack: LocalSlack, pager: FakePager) -> None:
    slack.command("engineer", "general", '/idp page checkout "orders <!channel> fail"')
    slack.wait(lambda: slack.messages("general", seen_by="engineer"))
    preview = slack.messages("general", seen_by="engineer")[-1]
    assert "Nobody is paged yet" in preview.text
    assert "<!channel>" not in preview.text
    assert slack.messages("general", seen_by="lead") == []
    assert pager.pages == {}
    slack.press("engineer", preview, "Page now")
    slack.press("engineer", preview, "Page now")
    slack.wait(lambda: len(slack.messages("general", seen_by="engineer")) == 3)
    (sent,) = pager.pages.values()
    assert len(sent) == 2  # both presses came through, under one key: the pager makes one page of them
    assert sent[0].reason == "orders fail"
    assert sent[0].by == "erin@acme.example"
