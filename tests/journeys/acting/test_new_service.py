"""Ann makes a new service: page by page, back again, a fault in place, the preview, the run, and who owns it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.playground import LocalSlack
from bot.playground.deliveries import Delivery
from bot.slack.answers import Handover
from bot.slack.drawing.views import Message
from bot.slack.modals.late_pages import LatePage
from bot.slack.modals.modal import View
from bot.slack.modals.wizard import Wizard
from commands import Asker, answer
from data.golden_paths.child import Nursery
from data.store import drafts
from tests.journeys.acting.acme import Acme, shown
from tests.journeys.acting.conftest import at_work
from tests.journeys.conftest import Door
from tests.waiting import PATIENT
from tests.workflows.golden_paths.company import company

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the rules are the same on both
FIRST = {"field:name": "orders", "field:description": "Takes orders."}


@pytest.fixture
def golden(database_url: str, tmp_path: Path, slack: LocalSlack, door: Door) -> Iterator[Acme]:
    nursery = Nursery()
    with at_work(company(database_url, tmp_path, nursery), slack, door) as acme:
        yield acme
    nursery.close()


def fields(modal: Any) -> list[str]:
    return [b["block_id"].split(":")[1] for b in modal.body["blocks"] if b.get("block_id", "").startswith("f:")]


def turned(acme: Acme, values: dict[str, str] | None = None) -> Any:
    """Send a page; gives the one that follows, as soon as it is there."""
    before = acme.modal("ann").hash
    sent = acme.slack.submit("ann", values or {})
    assert not sent.errors, sent.errors
    return acme.until(lambda: (m := acme.modal("ann")).hash != before and "waits" not in str(m.body) and m)


def refused(acme: Acme, values: dict[str, str]) -> str:
    """Send a page with a fault; what is said, at the field or, when that took long, on top."""
    sent = acme.slack.submit("ann", values)
    return str(
        sent.errors or acme.until(lambda: "\u26a0" in str(acme.modal("ann").body) and acme.modal("ann").body)
    )


def previewed(acme: Acme) -> Any:
    return acme.until(lambda: (m := acme.modal("ann")).body["callback_id"] == "send" and m)


def test_page_by_page_back_again_and_made(golden: Acme) -> None:
    golden.slack.command("ann", "general", "/idp new-service demo")
    first = golden.modal("ann")
    assert fields(first) == ["path", "name", "description", "owner"]
    assert "group:default/payments" in str(first.body["blocks"])
    taken = refused(golden, FIRST | {"field:name": "deployments"})
    assert "has a repository deployments already" in taken
    second = turned(golden, FIRST)
    assert fields(second) == ["system", "lifecycle", "consumes_apis", "q_database", "q_port", "reason"]
    assert "token" not in str(second.body)
    golden.slack.press("ann", second, "field:q_database", "postgres")
    grown = golden.until(lambda: "q_size" in fields(m := golden.modal("ann")) and m)
    golden.slack.press("ann", grown, "Back")
    back = golden.until(lambda: fields(m := golden.modal("ann"))[:1] == ["path"] and m)
    assert "Takes orders." in str(back.body["blocks"])
    assert "q_size" in fields(turned(golden, {"field:description": "Takes all orders."}))
    assert "Take one above 1024." in refused(golden, {"field:q_port": "80"})
    turned(golden, {"field:q_port": "9000", "field:q_size": "large"})
    preview = previewed(golden)
    said = str(preview.body["blocks"])
    for part in ("ci.yml", "kind: Component", "\u2714 The owner exists", "Create the repository", "commit "):
        assert part in said
    assert golden.requests() == []
    assert golden.slack.submit("ann").answer == {"response_action": "clear"}
    number = golden.until(golden.requests)[0].id
    card = golden.until(
        lambda: [
            m for m in golden.slack.messages("dm", seen_by="ann") if f"#{number}" in m.text and "done" in m.text
        ],
        30,
    )[0]
    assert "https://git.acme.example/acme/orders/actions" in shown(card)
    assert "after" in shown(card)
    assert "payments" in golden.ask("ann", "who-owns orders").text.lower()
    assert golden.idp.repo_host.find("orders")


def test_only_what_the_preview_showed_is_made(golden: Acme) -> None:
    golden.slack.command("ann", "general", "/idp new-service demo")
    turned(golden, FIRST)
    turned(golden, {"field:reason": "Orders need a home."})
    kept = orjson.loads(previewed(golden).body["private_metadata"])
    with golden.idp.database.store() as store:
        draft = drafts.load(store, kept["draft"])
        assert draft
        drafts.put(store, replace(draft, given={**draft.given, "description": "Else."}), golden.idp.now())
    golden.slack.submit("ann")
    golden.until(lambda: "has changed since this preview" in str(golden.modal("ann").body))
    assert golden.requests() == []


def test_a_dry_run_ends_with_the_preview(golden: Acme) -> None:
    golden.slack.command("ann", "general", "/idp new-service demo --dry-run")
    golden.modal("ann")
    turned(golden, FIRST)
    turned(golden)
    preview = previewed(golden)
    assert "submit" not in preview.body
    assert "A dry run" in str(preview.body["blocks"])


def test_templates_that_run_elsewhere_are_listed_with_what_they_ask(golden: Acme) -> None:
    ann = Asker("Ann", "ann@acme.example")
    reply = answer("new-service", ann, golden.idp)
    assert "Run elsewhere" in str(reply.parts)
    assert "React app: asks for Name of the app, theme" in str(reply.parts)
    looked = answer("new-service demo orders description=Orders --dry-run", ann, golden.idp)
    assert [one["path"] for one in looked.data["files"]][:2] == [".copier-answers.yml", ".github/workflows/ci.yml"]
    assert all(one["holds"] for one in looked.data["checks"])


class Hurried(Handover):
    """Whoever waits has no time at all: what is made stays with its maker."""

    def offer(self, message: Message) -> bool:
        return False

    def wait(self, seconds: float) -> None:
        return None


@pytest.fixture
def late(golden: Acme, monkeypatch: pytest.MonkeyPatch) -> Acme:
    """Ann has the first page before her, and whatever she sends, what follows comes after the waiting page."""
    golden.slack.command("ann", "general", "/idp new-service demo")
    golden.modal("ann")
    waits, submit, follow = threading.Event(), golden.slack.submit, LatePage.follow

    def sent(*said: Any) -> Delivery:
        waits.clear()
        delivery = submit(*said)
        waits.set()
        return delivery

    def followed(page: LatePage, make: Callable[[], View]) -> None:
        assert waits.wait(PATIENT)
        follow(page, make)

    monkeypatch.setattr(golden.slack, "submit", sent)
    monkeypatch.setattr(LatePage, "follow", followed)
    monkeypatch.setattr("bot.slack.modals.wizard.Handover", Hurried)
    monkeypatch.setattr("bot.slack.modals.late_pages.SETTLED", 0.0)
    monkeypatch.setattr("bot.slack.modals.late_pages.WAITS", (0.05,))
    return golden


def test_pages_that_take_longer_than_slack_waits_follow(late: Acme) -> None:
    sent = late.slack.submit("ann", FIRST)
    assert "The template is looked at" in str(sent.answer)
    second = late.until(lambda: "q_port" in fields(m := late.modal("ann")) and m)
    assert fields(second)[0] == "system"
    late.slack.submit("ann", {"field:q_port": "80"})
    again = late.until(lambda: "Take one above 1024." in str((m := late.modal("ann")).body) and m)
    assert "q_port" in fields(again)
    late.slack.submit("ann", {"field:q_port": "8000"})
    assert "Create" in str(previewed(late).body["submit"])


def test_a_page_that_slack_does_not_take_at_first_follows_nevertheless(late: Acme) -> None:
    late.slack.fail("views.update", error="internal_error")
    late.slack.submit("ann", FIRST)
    assert fields(late.until(lambda: "q_port" in fields(m := late.modal("ann")) and m))


def test_a_page_that_slack_refuses_becomes_a_sentence_and_the_way_back(late: Acme) -> None:
    late.slack.fail("views.update", error="invalid_arguments")
    late.slack.submit("ann", FIRST)
    said = late.until(lambda: "invalid_arguments" in str((m := late.modal("ann")).body) and m)
    late.slack.press("ann", said, "Back")
    late.until(lambda: fields(late.modal("ann"))[:1] == ["path"])


def test_a_bug_after_the_waiting_page_becomes_a_sentence(late: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    late.slack.submit("ann", FIRST)
    late.until(lambda: "q_port" in fields(late.modal("ann")))
    monkeypatch.setattr(Wizard, "_told_late", lambda *_: 1 // 0)
    late.slack.submit("ann", {"field:q_port": "80"})
    late.until(lambda: "noted under the number" in str(late.modal("ann").body))


def test_a_page_that_does_not_come_says_so_meanwhile(late: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.modals.late_pages.LONGEST", 0.0)
    in_time = Wizard._guarded

    def late_guarded(*args: Any) -> Any:
        late.until(lambda: "longer than usual" in str([call.request for call in late.slack.calls("views.update")]))
        return in_time(*args)

    monkeypatch.setattr(Wizard, "_guarded", late_guarded)
    late.slack.submit("ann", FIRST)
    late.until(lambda: "q_port" in fields(late.modal("ann")))
