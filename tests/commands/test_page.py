from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from commands.parts.reply import Reply
from data.errors import Conflict, NotFound
from data.integrations.pager_fake import FakePager
from data.ports.oncall import Incident, Incidents
from data.store import audit
from data.store.database import Database
from workflows.journal import Actor
from workflows.paging import send

Read = Callable[[Reply], str]
Buttons = Callable[[Reply], list[str]]
CHECKOUT = "component:default/checkout"


@pytest.fixture
def pager(ask: Any) -> FakePager:
    return FakePager(ask.idp.now, {CHECKOUT: "Checkout"})


@pytest.fixture
def paging(ask: Any, pager: FakePager, sqlite: Database) -> Any:
    return ask.with_idp(pager=pager, database=sqlite)


def test_it_shows_whom_it_would_page_and_pages_nobody(paging: Any, pager: FakePager, read: Read) -> None:
    said = read(paging("page checkout orders fail since 10:00"))
    assert "Nobody is paged yet" in said
    assert "Demo pager: Checkout" in said
    assert "Ben Okoro" in said
    assert "orders fail since 10:00" in said
    assert pager.pages == {}


def test_pressed_twice_it_is_one_page(paging: Any, pager: FakePager, buttons: Buttons) -> None:
    press = buttons(paging('page checkout "orders \\"fail\\" --now"'))[0]
    pressed(paging, press)
    pressed(paging, press)
    assert len(pager.pages) == 1
    page = next(iter(pager.pages.values()))[0]
    assert page.ref == CHECKOUT
    assert "fail" in page.reason
    assert page.reason in page.summary


def pressed(asking: Any, words: str) -> str:
    """What comes of it when these words are carried out."""
    act = asking(words).act
    return send(asking.idp, act.page, Actor(act.person, "U1"))


def audited(asking: Any) -> list[dict[str, Any]]:
    with asking.idp.database.reading() as store:
        return [record.decoded() for record in audit.records(store)]


def test_the_audit_keeps_who_paged_for_what_and_why(paging: Any, buttons: Buttons) -> None:
    press = buttons(paging("page checkout orders fail"))[0]
    assert paging(press).act
    assert audited(paging) == []
    pressed(paging, press)
    (row,) = audited(paging)
    assert (row["what"], row["actor"], row["slack_id"], row["target"]) == (
        "page.sent",
        "user:default/ann",
        "U1",
        CHECKOUT,
    )
    assert row["detail"]["reason"] == "orders fail"


def test_a_page_that_fails_is_in_the_audit_too(
    paging: Any, pager: FakePager, buttons: Buttons, monkeypatch: pytest.MonkeyPatch
) -> None:
    press = buttons(paging("page checkout orders fail"))[0]
    monkeypatch.setattr(pager, "services", {})
    with pytest.raises(NotFound, match="Nobody can be paged"):
        pressed(paging, press)
    (row,) = audited(paging)
    assert (row["what"], row["target"]) == ("page.failed", CHECKOUT)
    assert "Nobody can be paged" in row["detail"]["said"]


def test_a_page_goes_out_while_the_database_is_away(
    ask: Any, pager: FakePager, buttons: Buttons, caplog: pytest.LogCaptureFixture
) -> None:
    away = Database("sqlite:////dev/null/idp.db")
    asking = ask.with_idp(pager=pager, database=away)
    pressed(asking, buttons(asking("page checkout orders fail"))[0])
    assert len(pager.pages) == 1
    assert "not in the audit" in caplog.text


def test_a_preview_of_yesterday_pages_nobody(paging: Any, pager: FakePager, buttons: Buttons) -> None:
    press = buttons(paging("page checkout orders fail"))[0]
    later = paging.idp.now() + timedelta(minutes=11)
    with pytest.raises(Conflict, match="too long ago"):
        pressed(paging.with_idp(now=lambda: later, pager=pager), press)
    assert pager.pages == {}


@pytest.mark.parametrize("words", ["page checkout", "page", "page nothing-like-it why"])
def test_without_a_reason_a_preview_or_an_entity_nobody_is_paged(
    paging: Any, pager: FakePager, words: str
) -> None:
    assert not paging(words).ok
    assert pager.pages == {}


def test_the_owner_is_paged_when_the_entity_has_no_service(ask: Any, sqlite: Database, buttons: Buttons) -> None:
    pager = FakePager(ask.idp.now, {"group:default/team-payments": "Payments"})
    asking = ask.with_idp(pager=pager, database=sqlite)
    pressed(asking, buttons(asking("page checkout orders fail"))[0])
    page = next(iter(pager.pages.values()))[0]
    assert (page.ref, page.reason) == ("group:default/team-payments", "checkout: orders fail")


def test_a_number_that_no_preview_showed_pages_nobody(paging: Any, pager: FakePager) -> None:
    with pytest.raises(Conflict, match="no page that was shown"):
        pressed(paging, "page checkout why --confirm 1")
    assert pager.pages == {}


def test_nobody_to_page_is_said_with_what_to_do(ask: Any) -> None:
    reply = ask("page checkout orders fail")
    assert not reply.ok
    assert "Nobody can be paged for it. Annotate it with pagerduty.com/service-id" in reply.text


def test_open_incidents_stand_on_the_card(paging: Any, pager: FakePager, read: Read) -> None:
    assert "*Incidents*: none open" in read(paging("show checkout"))
    since = paging.idp.now() - timedelta(minutes=7)
    forged = Incident(
        "Tills <!channel> *slow*", "triggered", since, "PagerDuty", "https://acme.pagerduty.com/incidents/P1"
    )
    pager.open = {CHECKOUT: [forged]}
    reply = paging("show checkout")
    assert "1 open incident:\n<https://acme.pagerduty.com/incidents/P1|Tills &lt;!channel&gt;" in read(reply)
    assert "(triggered, 7 min ago)" in read(reply)
    assert reply.data["incidents"][0]["status"] == "triggered"


def test_incidents_that_cannot_be_read_now_are_said_with_their_age(
    paging: Any, pager: FakePager, read: Read
) -> None:
    read_at = paging.idp.now() - timedelta(hours=3)
    pager.incidents = lambda ref: Incidents((), read_at, ("PagerDuty does not answer in time.",))  # type: ignore[method-assign]  # down
    assert ":warning: PagerDuty does not answer in time. Read 3 h ago." in read(paging("show checkout"))


def test_what_no_system_knows_says_nothing_of_incidents(paging: Any, read: Read) -> None:
    assert "Incidents" not in read(paging("show payments-api"))
