"""Production access from the question to the end, as people in Slack see it: ask, agree, deny, take, give back."""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import data
from bot.app import build_bot
from bot.playground import LocalSlack, Message
from bot.playground.people import load_company
from bot.web import Web
from data.catalog.snapshot import Snapshot
from data.idp import Idp
from data.store import audit, requests
from data.store.database import Database
from tests.journeys.conftest import Door, Replica
from tests.workflows.house import House, build, entity, group, person
from workflows.works import Ticker, works

COMPANY = Path(data.__path__[0]) / "demo" / "people.yaml"
CHECKOUT, CART = "component:default/checkout", "component:default/cart"
TEAMS = {
    "team-payments": ("ann", "ben"),
    "team-identity": ("cara", "dev"),
    "platform": ("pia", "max"),
    "team-fulfilment": ("raj",),
}


def catalog(**moved: str) -> Snapshot:
    """Acme in small; `ben="platform"` puts Ben into another team, `ben=""` takes him out of all."""
    where = {name: team for team, names in TEAMS.items() for name in names} | moved
    people = [
        person(f"user:default/{name}", *([f"group:default/{team}"] if team else []))
        for name, team in where.items()
    ]
    things = [
        entity(CHECKOUT, owner="group:default/team-payments", detail={"labels": {"tier": "1"}}),
        entity(CART, owner="group:default/team-payments", detail={"labels": {"tier": "2"}}),
    ]
    return Snapshot.build([*things, *people, *(group(name) for name in ("acme", *TEAMS))])


@dataclass
class Acme:
    """The company at work: a house that acts, a Slack that shows it."""

    house: House
    slack: LocalSlack
    idp: Idp
    ticker: Ticker

    def ask(self, who: str, words: str, channel: str = "general") -> Message:
        """Ask; gives the answer that this person sees."""
        before = {m.ts for m in self.seen(who, channel)}
        assert self.slack.command(who, channel, f"/idp {words}").status == 200
        return self.until(lambda: self._whispered(who, channel, before))[-1]

    def request(self, who: str, words: str) -> int:
        """Ask for access in words and send the preview; gives the number of the request."""
        before = {one.id for one in self.requests()}
        assert self.press(who, self.ask(who, words), "Send") == 200
        return self.until(lambda: [one.id for one in self.requests() if one.id not in before])[0]

    def card(self, number: int, who: str = "ben", channel: str = "team-payments") -> Message:
        """The card of a request as it stands there now, as a copy that does not change any more."""
        found = self.until(
            lambda: [m for m in self.slack.messages(channel, seen_by=who) if f"#{number}" in m.text]
        )
        return copy.deepcopy(found[0])

    def press(self, who: str, message: Message, button: str) -> int:
        """Press a button; gives the HTTP status."""
        return self.slack.press(who, message, button).status

    def said(self, who: str, button: str, message: Message, channel: str = "team-payments") -> str:
        """What somebody alone reads after pressing a button."""
        before = {m.ts for m in self.seen(who, channel)}
        assert self.press(who, message, button) == 200
        return str(self.until(lambda: self._whispered(who, channel, before))[-1].text)

    def _whispered(self, who: str, channel: str, before: set[str]) -> list[Message]:
        return [m for m in self.seen(who, channel) if m.ts not in before and m.only_for]

    def modal(self, who: str) -> Any:
        """The modal that somebody looks at, as soon as there is one."""

        def look() -> Any:
            try:
                return self.slack.modal(who)
            except LookupError:
                return None

        return self.until(look)

    def becomes(self, number: int, text: str, who: str = "ben", channel: str = "team-payments") -> Message:
        """Wait until the card says this."""
        return self.until(lambda: (c := self.card(number, who, channel)) and text in shown(c) and c)

    def seen(self, who: str, channel: str) -> list[Message]:
        return [copy.deepcopy(m) for m in self.slack.messages(channel, seen_by=who)]

    def requests(self) -> list[Any]:
        with self.idp.database.reading() as store:
            return requests.find(store)

    def state(self, number: int) -> str:
        return next(one.state for one in self.requests() if one.id == number)

    def audited(self, what: str) -> list[dict[str, Any]]:
        with self.idp.database.reading() as store:
            return [record.decoded() for record in audit.records(store) if record.what == what]

    def until(self, look: Callable[[], Any], seconds: float = 10.0) -> Any:
        return self.slack.wait(look, seconds)


def shown(message: Message) -> str:
    """Everything that a message shows, buttons included."""
    return f"{message.text} {message.blocks}"


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
def slack(door: Door) -> Iterator[LocalSlack]:
    with LocalSlack(post=door, company=load_company(COMPANY.read_bytes()), retry_waits=(0.0, 0.05, 0.1)) as slack:
        yield slack


@pytest.fixture
def acme(database_url: str, tmp_path: Path, slack: LocalSlack, door: Door) -> Iterator[Acme]:
    house = build(database_url, tmp_path)
    house.catalog.snapshot = catalog()
    bot = build_bot(house.idp, slack.bot_token, slack.api_url)
    door.replicas.append(Replica(bot, Web(bot.app, bot.me, slack.signing_secret, dict), bot.idp))
    house.engine.launch(works(bot.idp))
    yield Acme(house, slack, bot.idp, Ticker(bot.idp))
    house.engine.stop(drain=2)
    bot.close()
    house.idp.database.close()


def test_asked_agreed_by_two_teams_given_and_given_back(acme: Acme) -> None:
    preview = acme.ask("cara", "access checkout prod 1h INC-123 look at stuck payments")
    assert "nothing is sent yet" in preview.text
    assert all(word in shown(preview) for word in ("1h", "tier 1", "INC-123", "Payments" and "team-payments"))
    assert acme.requests() == []
    number = acme.request("cara", "access checkout prod 1h INC-123 look at stuck payments")
    card = acme.card(number)
    assert "Waits for 2 approvals" in shown(card)
    acme.press("ben", card, "Approve")
    acme.becomes(number, "Waits for 1 more of 2 approvals")
    acme.press("ann", card, "Approve")
    assert acme.state(number) == "pending"  # two of one team are one
    acme.press("pia", card, "Approve")
    done = acme.becomes(number, "Request done")
    assert all(f"*Approved* by {name}" in shown(done) for name in ("ben", "ann", "pia"))
    assert "Read back that it is there" in shown(done)
    assert [one.subject for one in acme.house.access.list()] == ["cara@acme.example"]
    mine = acme.ask("cara", "access mine")
    acme.press("cara", mine, f"I’m done with #{number}")
    acme.until(lambda: not acme.house.access.list())
    acme.until(
        lambda: [m for m in acme.seen("cara", "dm") if "is taken away (you said that you are done)" in m.text]
    )


def test_by_the_form_with_type_ahead_faults_in_place_and_a_preview(acme: Acme) -> None:
    assert acme.slack.command("cara", "general", "/idp access").status == 200
    modal = acme.modal("cara")
    offered = acme.slack.suggest("cara", modal, "field:target", "chec")
    assert [one["value"] for one in offered] == [CHECKOUT]
    filled = {"field:target": CHECKOUT, "field:duration": "1h", "field:reason": "   "}
    assert "Say why" in str(acme.slack.submit("cara", filled).errors)
    sent = acme.slack.submit("cara", {"field:reason": "INC-9 because"})
    assert sent.answer["response_action"] == "push"
    assert "Waits" not in str(sent.answer)
    assert "2 people of owners and platform" in str(sent.answer)
    assert acme.requests() == []
    assert acme.slack.submit("cara").answer == {"response_action": "clear"}
    assert [one.reason for one in acme.requests()] == ["INC-9 because"]


def test_a_form_that_is_delivered_twice_is_one_request(acme: Acme) -> None:
    acme.slack.command("cara", "general", "/idp access cart prod")
    acme.modal("cara")
    acme.slack.submit("cara", {"field:duration": "1h", "field:reason": "why"})
    sent = acme.slack.submit("cara")
    acme.slack.deliveries.interaction(sent.payload)
    assert len(acme.requests()) == 1


@pytest.mark.parametrize("length", ["10000h", "2h", "-1", "1e9", "NaN", ""])
def test_lengths_that_were_never_offered_are_faults_and_nothing_is_kept(acme: Acme, length: str) -> None:
    acme.slack.command("cara", "general", "/idp access cart prod")
    modal = acme.modal("cara")
    sent = acme.slack.submit("cara", {"field:duration": "1h", "field:reason": "why"})
    forged = copy.deepcopy(sent.payload)
    block = next(b["block_id"] for b in modal.body["blocks"] if b["block_id"].startswith("f:duration"))
    forged["view"]["state"]["values"][block]["field:duration"]["selected_option"]["value"] = length
    again = acme.slack.deliveries.interaction(forged)
    assert again.answer["response_action"] == "errors"
    assert acme.requests() == []


def test_denied_with_a_reason_that_the_requester_reads_and_that_can_do_no_harm(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    assert acme.press("ben", card, "Deny…") == 200
    acme.modal("ben")
    assert acme.slack.submit("ben", {"field:reason": "<!channel> use <https://evil|staging>"}).status == 200
    denied = acme.becomes(number, "*Denied* by ben")
    assert "<!channel>" not in shown(denied)
    assert "<https://evil" not in shown(denied)
    assert "Approve" not in shown(denied)
    told = acme.until(lambda: [m for m in acme.seen("cara", "dm") if "denied" in m.text])
    assert "use" in shown(told[-1])


def test_an_old_card_repairs_itself_and_says_who_decided(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    acme.press("ben", card, "Approve")
    acme.becomes(number, "Request done")
    said = acme.said("ann", "Approve", card)
    assert "already decided by ben: approved" in said
    assert len(acme.audited("request.approved")) == 1


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("cara", "own request"),
        ("raj", "not among those who may approve"),
        ("pia", "not among those who may approve"),
        ("gus", "Guests"),
        ("sam", "other workspaces"),
    ],
)
def test_who_may_not_approve_is_refused_with_the_reason(acme: Acme, who: str, why: str) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    assert why in acme.said(who, "Approve", acme.card(number))
    assert acme.state(number) == "pending"


def test_being_in_the_channel_gives_no_right_and_leaving_the_team_takes_it(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    acme.house.catalog.snapshot = catalog(ben="platform")
    assert "not among those who may approve" in acme.said("ben", "Approve", card)
    assert acme.state(number) == "pending"
    assert [row["detail"]["code"] for row in acme.audited("request.refused")] == ["not_an_approver"]


def test_a_card_whose_button_was_changed_is_refused(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    forged = copy.deepcopy(acme.slack.press("raj", card, "Approve").payload)
    forged["user"] = acme.slack.press("ben", card, "I’m looking").payload["user"]
    forged["actions"][0]["value"] = f"{number} {'0' * 32}"
    acme.slack.deliveries.interaction(forged)
    assert acme.state(number) == "pending"
    assert "changed" in [row["detail"].get("code") for row in acme.audited("request.refused")]


@pytest.mark.parametrize("value", ["", "x", "-1 a", "1e9 a", "99999999999999999999 a", "1", "' or 1=1 --"])
def test_buttons_that_no_card_of_ours_has_change_nothing(acme: Acme, value: str) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    forged = copy.deepcopy(acme.slack.press("ben", card, "I’m looking").payload)
    forged["actions"][0] |= {"action_id": "do:approve:0:0", "value": value}
    assert acme.slack.deliveries.interaction(forged).status == 200
    if value != "1":  # a number alone claims nothing, and is the present state
        assert acme.state(number) == "pending"


def test_typed_words_are_never_an_approval(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    for words in (f"yes {number}", f"approve {number}", f"no {number} because", f"deny {number} no"):
        assert "use the buttons" in acme.ask("ben", words).text
    assert acme.state(number) == "pending"


def test_lists_show_what_waits_for_whom(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    assert f"#{number}" in shown(acme.ask("ben", "approvals"))
    assert "none" in acme.ask("raj", "approvals").text
    assert f"#{number}" in shown(acme.ask("cara", "requests"))
    assert "not yet" not in acme.ask("cara", f"cancel {number}").text
    assert acme.state(number) == "cancelled"
    assert "Request cancelled" in acme.becomes(number, "Request cancelled").text


def test_a_delegate_decides_in_the_place_of_the_holder(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    assert "may approve in your place" in acme.ask("ben", "delegate @dev until in 2 d").text
    assert "not among those" in acme.said("raj", "Approve", acme.card(number))
    acme.press("dev", acme.card(number), "Approve")
    acme.becomes(number, "*Approved* by dev")


def test_break_glass_asks_twice_gives_at_once_tells_everybody_and_nags(acme: Acme) -> None:
    refused = acme.ask("cara", "breakglass checkout prod INC-5 payments are down")
    assert "Only members of platform may break the glass" in refused.text
    preview = acme.ask("max", "breakglass checkout prod INC-5 payments are down", "incidents")
    acme.press("max", preview, "Continue…")
    acme.modal("max")
    first = acme.slack.submit("max")
    assert first.answer["view"]["submit"]["text"] == "Break the glass"
    assert acme.requests() == []
    acme.slack.submit("max")
    number = acme.until(acme.requests)[0].id
    for channel, who in (("team-payments", "ben"), ("platform", "pia")):
        acme.becomes(number, "Request done", who, channel)
    assert acme.house.access.list()
    later = acme.idp.now() + timedelta(hours=2)
    Ticker(replace(acme.idp, now=lambda: later)).tick()
    nagged = acme.until(lambda: [m for m in acme.seen("ben", "team-payments") if "Break-glass*" in shown(m)])
    acme.press("max", nagged[-1], "Close the review…")
    acme.modal("max")
    assert "another person" in str(acme.slack.submit("max", {"field:reason": "all fine"}).errors)
    acme.slack.close("max")
    acme.press("ben", nagged[-1], "Close the review…")
    acme.modal("ben")
    assert acme.slack.submit("ben", {"field:reason": "restarted payments, in order"}).status == 200
    acme.until(lambda: [m for m in acme.seen("ben", "team-payments") if "*Reviewed* by ben" in shown(m)])


def test_a_request_that_nobody_decides_expires_and_can_be_decided_no_more(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    late = acme.idp.now() + timedelta(hours=9)
    object.__setattr__(acme.house.idp, "now", lambda: late)
    assert "expired" in acme.said("ben", "Approve", card)
    assert acme.state(number) != "approved"


def test_policy_is_explained_and_simulated_for_others(acme: Acme) -> None:
    explained = acme.ask("cara", "policy explain access checkout prod 1h")
    assert "asks for approval" in explained.text
    assert "rule 2 of prod-access" in shown(explained)
    assert "ann, ben" in shown(explained)
    simulated = acme.ask("cara", "policy simulate access cart prod 1h as ann")
    assert "for ann: asks for approval" in simulated.text
    assert "ben" in shown(simulated)
    assert "refused" in acme.ask("cara", "policy simulate access cart prod 3h as ann").text
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    assert "Access to cart" in acme.ask("ben", f"policy explain {number}").text


def test_the_audit_is_read_and_handed_out(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    assert "request.submitted" in shown(acme.ask("pia", "audit cart"))
    assert f"#{number}" in shown(acme.ask("pia", "audit @cara --since 7d"))
    assert "direct messages" in acme.ask("pia", "evidence --since 90d").text
    acme.until(lambda: len(acme.slack.calls("files.completeUploadExternal")) == 2)


def test_an_account_whose_address_changes_is_refused_and_written_down(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    card = acme.card(number)
    assert "looking" in acme.said("ben", "I’m looking", card)
    bot = acme.idp.chat.identities  # type: ignore[attr-defined]  # it is Slack's here
    bot.people._known.clear()
    object.__setattr__(acme.slack.core.workspace.person("ben"), "email", "mallory@acme.example")
    assert "not clear who you are" in acme.said("ben", "Approve", card)
    assert acme.audited("identity.changed")
    assert acme.state(number) == "pending"


def test_home_shows_what_waits_for_me(acme: Acme) -> None:
    number = acme.request("cara", "access cart prod 1h INC-7 please")
    acme.slack.open_home("ben")
    home = acme.until(lambda: acme.slack.home("ben"))
    assert "Waits for your approval" in str(home.body)
    assert f"#{number}" in str(home.body)


def test_while_slack_is_away_access_ends_all_the_same(acme: Acme, database_url: str) -> None:
    assert Database(database_url).kind in {"sqlite", "postgresql"}
    number = acme.request("cara", "access cart prod 1s INC-7 please")
    card = acme.card(number)
    for method in ("chat.postMessage", "chat.update", "conversations.open"):
        acme.slack.fail(method, error="internal_error", times=200)
    acme.press("ben", card, "Approve")
    acme.until(lambda: acme.audited("grant.given"))
    acme.until(lambda: acme.audited("grant.removed") or acme.audited("grant.ended"), 20)
    assert not acme.house.access.list()
