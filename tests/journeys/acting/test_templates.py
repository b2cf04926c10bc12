"""A new version of a golden path: owners hear of it and press; the platform team brings it to everybody."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.playground import LocalSlack, Message
from data.golden_paths.child import Nursery
from tests.journeys.acting.acme import Acme, shown
from tests.journeys.acting.conftest import at_work
from tests.journeys.conftest import Door
from tests.workflows.templates.company import company
from tests.workflows.templates.test_upgrading import BRANCH

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the rules are the same on both


@pytest.fixture
def care(database_url: str, tmp_path: Path, slack: LocalSlack, door: Door) -> Iterator[Acme]:
    """The hourly look at golden paths is the only work that the clock begins here."""
    nursery = Nursery()
    with at_work(company(database_url, tmp_path, nursery), slack, door, {"templates": 3600}) as acme:
        yield acme
    nursery.close()


def newest(acme: Acme, who: str, channel: str, text: str) -> Message:
    """The newest message there that says this, as soon as there is one."""

    def look() -> Any:
        return [message for message in acme.seen(who, channel) if text in shown(message)][-1:]

    found: list[Message] = acme.until(look)
    return found[0]


def pulled(acme: Acme, name: str) -> str:
    found = acme.idp.repo_host.pull_request(name, BRANCH)
    return found.state if found else "none"


def test_owners_hear_of_a_version_and_the_platform_team_brings_it_to_everybody(care: Acme) -> None:
    care.ticker.tick()
    told = newest(care, "ben", "team-payments", "is out")
    assert "3 services of yours follow an older version" in shown(told)
    assert "New in v3" in shown(told)
    care.press("ben", told, "Pull request: invoices")
    follows = newest(care, "ben", "team-payments", "Wait until it is merged or closed: ")
    assert "Pull request for invoices" in shown(follows)
    assert (pulled(care, "invoices"), pulled(care, "cart")) == ("open", "none")
    care.press("ben", follows, "Stop waiting")
    newest(care, "ben", "team-payments", "is done")

    preview = care.ask("pia", "template demo upgrade --to v3 --wave 2", "platform")
    assert "nothing is sent yet" in shown(preview)
    care.press("pia", preview, "Send")
    number = max(one.id for one in care.requests())
    card = care.card(number, "max", "platform")
    assert care.state(number) == "pending"
    care.press("pia", card, "Approve")
    assert care.state(number) == "pending"  # not by who asked
    care.press("max", card, "Approve")
    for wave in ("Wave 1 of 2 waits", "Wave 2 of 2 waits"):
        waiting = care.becomes(number, wave, "max", "platform")
        assert "Only who asked" in care.said("ben", "Go on now", waiting, "platform")
        assert "Only who asked" in care.ask("ben", f"go-on {number} {wave[5]}").text
        care.press("max", waiting, "Go on now")
    care.until(lambda: care.state(number) == "done")
    # Each message of a thread is delivered by itself, so the second may come first.
    waves = sorted(
        care.until(lambda: (w := [m for m in thread(care, card) if "Wave " in m]) and len(w) == 2 and w)
    )
    assert "Wave 1 of 2" in waves[0]
    assert "with conflicts in 1 file" in " ".join(waves)
    assert "invoices: was open already https://git.acme.example/acme/invoices" in " ".join(waves)
    assert "cart: opened https://git.acme.example/acme/cart" in " ".join(waves)
    assert pulled(care, "cart") == "open"


def test_in_words_a_wave_is_named_before_it_goes_on_or_stops(care: Acme) -> None:
    care.ticker.tick()
    newest(care, "ben", "team-payments", "is out")
    care.press("pia", care.ask("pia", "template demo upgrade --to v3 --wave 1", "platform"), "Send")
    number = care.until(lambda: [one.id for one in care.requests()])[0]
    assert "waits for nothing" in care.ask("max", f"go-on {number}").text
    care.press("max", care.until(lambda: care.card(number, "max", "platform")), "Approve")
    care.becomes(number, "Wave 1 of 3 waits", "max", "platform")
    told = care.ask("max", f"go-on {number}")
    assert f"/idp go-on {number} 1" in told.text
    assert "Wave 1 of 3 waits" in shown(told)
    assert care.ask("max", f"go-on {number} 1").text == f"#{number} goes on."
    care.becomes(number, "Wave 3 of 3 waits", "max", "platform")  # nothing is waited for in the second
    assert "does not wait for 1 any more. It waits for 3." in care.ask("max", f"go-on {number} 1").text
    assert care.ask("max", f"stop {number} 3").text == f"#{number} stops here; what is there stays."
    care.until(lambda: care.state(number) == "done")


def thread(acme: Acme, card: Message) -> list[str]:
    return [shown(message) for message in acme.slack.thread("platform", card.ts)[1:]]
