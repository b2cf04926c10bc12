"""The weekly digest as a team reads it in Slack: posted, picture and thread, its buttons pressed."""

import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.playground import LocalSlack, Message
from bot.processes.web import Web
from bot.slack.app import build_bot
from data.catalog.snapshot import Snapshot
from data.digests import DigestConfig
from data.ports.chat import Enclosure, Uncertain
from data.store import scores
from data.store.scores import LevelCount, RuleTotal
from tests.journeys.acting.acme import TEAMS, Acme, shown
from tests.journeys.conftest import Door, Replica
from tests.workflows.digests.scored import learn, scorecards, service, states
from tests.workflows.house import build, group, person
from workflows.digests.planning import plan
from workflows.telling.manners import MANNERS
from workflows.works import Ticker, works

TEAM = "group:default/team-payments"
NAMES = ("wallet", "ledger", "vault", "invoices")


@pytest.fixture
def config() -> dict[str, Any]:
    """What else the configuration says of digests."""
    return {}


def away_from_midnight(now: datetime) -> timedelta:
    """A little behind where the day, the week or the month would end in the middle of a test."""
    return timedelta(minutes=-30) if now.hour == 23 and now.minute >= 45 else timedelta()


@pytest.fixture
def ahead() -> Callable[[datetime], timedelta]:
    """How far the house's clock is ahead of Slack's, at this time."""
    return away_from_midnight


@pytest.fixture
def acme(
    database_url: str,
    tmp_path: Path,
    slack: LocalSlack,
    door: Door,
    config: dict[str, Any],
    ahead: Callable[[datetime], timedelta],
) -> Iterator[Acme]:
    """Acme in small with four scored services of team-payments; digests are due all day."""
    span = ahead(datetime.now(UTC))
    house = build(database_url, tmp_path, lambda: datetime.now(UTC) + span)
    people = [person(f"user:default/{name}", f"group:default/{team}") for team in TEAMS for name in TEAMS[team]]
    groups = [group(name) for name in ("acme", *TEAMS)]
    house.catalog.snapshot = Snapshot.build([service(name, "team-payments") for name in NAMES] + people + groups)
    all_day = DigestConfig(on=True, day=house.idp.now().weekday(), at=time(0, 0), timezone="UTC")
    digests = replace(all_day, **config)
    bot = build_bot(replace(house.idp, scorecards=scorecards(), digests=digests), slack.bot_token, slack.api_url)
    door.replicas.append(Replica(bot, Web(bot.app, bot.me, slack.signing_secret, dict), bot.idp))
    house.engine.launch(works(bot.idp))
    _scored(Acme(house, slack, bot.idp, Ticker(bot.idp)))
    yield Acme(house, slack, bot.idp, Ticker(bot.idp))
    house.rest()
    bot.close()
    house.idp.database.close()


def _scored(acme: Acme) -> None:
    """Some things are good, some are not; and there was a week before."""
    before = (acme.idp.now() - timedelta(days=7)).date()
    with acme.idp.database.store() as store:
        days = [LevelCount(before, "care", TEAM, "", 3), LevelCount(before, "care", TEAM, "bronze", 1)]
        rules = [RuleTotal(before, "care", TEAM, rule, 1, 3, 0) for rule in ("documented", "watched", "tested")]
        scores.note_day(store, days, rules)
    good = {"documented": True, "watched": True, "tested": True}
    learn(acme.idp, dict.fromkeys(NAMES, good))
    learn(acme.idp, {"wallet": {"documented": False}, "ledger": {"tested": False}, "vault": {"watched": False}})


def test_posted_once_with_picture_thread_and_buttons_that_work(acme: Acme) -> None:
    plan(acme.idp, "")
    plan(acme.idp, "")
    roots = acme.until(lambda: [m for m in acme.seen("ben", "team-payments") if "Worth fixing next" in shown(m)])
    root = roots[-1]
    thread = acme.until(lambda: acme.slack.thread("team-payments", root.ts)[1:])
    assert "By check" in shown(thread[0])
    image = next(block for block in root.blocks if block["type"] == "image")
    assert "of the checks passed; " in image["alt_text"]
    assert acme.slack.calls("files.completeUploadExternal")
    assert all(call not in shown(root) for call in ("<!here", "<!channel", "@here"))
    said = acme.said("ben", "Claim", root)
    assert "you take care of" in said
    acme.until(lambda: "ben* takes care of it" in shown(newest(acme, root.ts)))
    acme.said("ben", "Not ours", newest(acme, root.ts))
    acme.until(lambda: "Said not to be yours" in shown(newest(acme, root.ts)))
    acme.until(lambda: [m for m in acme.seen("pia", "platform") if "is not of team-payments" in m.text])
    fix = acme.said("ben", "Fix it", newest(acme, root.ts))
    assert fix
    assert "Only" in acme.said("raj", "Snooze 2 weeks", newest(acme, root.ts))
    acme.said("ben", "Snooze 2 weeks", newest(acme, root.ts))
    acme.until(lambda: "Nobody is reminded until" in shown(newest(acme, root.ts)))
    assert len([m for m in acme.seen("ben", "team-payments") if "Worth fixing next" in shown(m)]) == 1
    assert states(acme.idp) == {f"team-payments {week(acme)}": "posted"}


def test_preview_settings_and_what_is_refused(acme: Acme) -> None:
    preview = acme.ask("ben", "digest preview")
    assert "Worth fixing next" in shown(preview)
    assert "Claim" not in shown(preview)
    assert states(acme.idp) == {}
    assert "gets no digest until" in acme.ask("ben", "digest mute 2w").text
    assert "gets no digest until" in acme.ask("ben", "digest mute until friday team-payments").text
    assert "Only people of" in acme.ask("raj", "digest unmute team-payments").text
    assert "gets its digest again" in acme.ask("ben", "digest unmute").text
    assert "never posted at 18:00-09:30" in acme.ask("ben", "digest quiet 18:00-09:30").text
    assert "comes fortnightly" in acme.ask("ben", "digest frequency biweekly").text
    status = shown(acme.ask("ben", "digest"))
    assert all(word in status for word in ("fortnightly", "18:00-09:30", "#team-payments"))


@pytest.mark.parametrize("config", [{"channels": {TEAM: "partner-launch"}}])
def test_a_channel_that_outsiders_read_gets_none_and_the_platform_hears_why(acme: Acme) -> None:
    plan(acme.idp, "")
    acme.until(lambda: states(acme.idp) == {f"team-payments {week(acme)}": "failed"})
    plan(acme.idp, "")
    told = acme.until(lambda: [m for m in acme.seen("pia", "platform") if "Not posted" in m.text])
    assert "People of other organisations read the channel" in told[-1].text
    assert not acme.seen("ann", "partner-launch")


def test_slacks_429_and_a_lost_answer_end_in_one_message(acme: Acme) -> None:
    acme.slack.fail("chat.postMessage", error="ratelimited", retry_after=1, times=2)
    plan(acme.idp, "")
    acme.until(lambda: [m for m in acme.seen("ben", "team-payments") if "Worth fixing next" in shown(m)])
    acme.until(lambda: states(acme.idp) == {f"team-payments {week(acme)}": "posted"})
    assert len([m for m in acme.seen("ben", "team-payments") if "Worth fixing next" in shown(m)]) == 1


def test_a_picture_that_slack_is_not_done_with_is_waited_for(acme: Acme) -> None:
    acme.slack.fail("chat.postMessage", error="invalid_blocks", times=1)
    plan(acme.idp, "")
    root = acme.until(lambda: digests_of(acme))[0]
    assert "image" in {block["type"] for block in root.blocks}
    acme.until(lambda: states(acme.idp) == {f"team-payments {week(acme)}": "posted"})
    assert len(digests_of(acme)) == 1


def test_a_picture_that_slack_never_shows_is_left_out(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MANNERS, "digest", replace(MANNERS["digest"], picture_tries=2))
    acme.slack.fail("chat.postMessage", error="invalid_blocks", times=2)
    plan(acme.idp, "")
    root = acme.until(lambda: digests_of(acme))[0]
    assert "image" not in {block["type"] for block in root.blocks}
    assert "Worth fixing next" in shown(root)
    acme.until(lambda: acme.slack.thread("team-payments", root.ts)[1:])
    told = acme.until(lambda: [m for m in acme.seen("pia", "platform") if "does not show it" in m.text])
    assert len(told) == len(digests_of(acme)) == 1


def first_monday_from(now: datetime) -> timedelta:
    """How long it is until the first Monday of next month, at this time of day."""
    first = (now.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first + timedelta(days=-first.weekday() % 7) - now + away_from_midnight(now)


@pytest.mark.parametrize("ahead", [first_monday_from])
@pytest.mark.parametrize("config", [{"leadership": "general"}])
def test_the_monthly_note_comes_once_with_picture_and_table(acme: Acme) -> None:
    month_before(acme)
    plan(acme.idp, "")
    plan(acme.idp, "")
    note = acme.until(lambda: [m for m in acme.seen("lena", "general") if "Care in" in m.text])[0]
    said = shown(note)
    assert all(part in said for part in ("Has a runbook", "25 %", "75 %", "in the thread, as a table (CSV)"))
    assert "team-payments" not in said
    image = next(block for block in note.blocks if block["type"] == "image")
    assert "By rule: Has a runbook" in image["alt_text"]
    data = acme.slack.core.workspace.files[image["slack_file"]["id"]].data
    assert data is not None
    assert data.startswith(b"\x89PNG")
    shared = acme.until(lambda: [m for m in acme.slack.thread("general", note.ts)[1:] if m.body.get("files")])
    [table] = shared[0].body["files"]
    assert table["name"] == f"fleet-note-{acme.idp.now():%Y-%m}.csv"
    assert b"Has a runbook" in opened(acme, table["id"], "lena")
    acme.until(lambda: states(acme.idp).get(f"leadership {acme.idp.now():%Y-%m}") == "posted")
    plan(acme.idp, "")
    assert len([m for m in acme.seen("lena", "general") if "Care in" in m.text]) == 1


@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_table_whose_sharing_broke_off_is_found_or_shared_once(
    acme: Acme, cut: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = acme.slack.core
    monkeypatch.setattr(core, "scopes", core.scopes | {"channels:history"})
    began = acme.idp.now()
    said = acme.slack.say("lena", "dm", "hello")
    table = Enclosure("fleet-note-2026-01.csv", "Scores", b"what,day")
    acme.slack.fail("files.completeUploadExternal", cut=cut)
    with pytest.raises(Uncertain):
        acme.idp.chat.post(said.channel, table, said.ts, table.name)
    if not acme.idp.chat.find(said.channel, table.name, began, said.ts):
        acme.idp.chat.post(said.channel, table, said.ts, table.name)
    shared = [m for m in acme.slack.thread(said.channel, said.ts) if m.body.get("files")]
    assert [m.body["files"][0]["name"] for m in shared] == [table.name]


def opened(acme: Acme, ident: str, person: str) -> bytes:
    """What one gets who opens a file in the local Slack."""
    with urllib.request.urlopen(f"{acme.slack.url}/page/files/{ident}?as={person}") as answer:
        content: bytes = answer.read()
    return content


def month_before(acme: Acme) -> None:
    """How the fleet stood at the beginning and at the end of the month before."""
    last = acme.idp.now().replace(day=1) - timedelta(days=1)
    for day, passed in ((last.replace(day=2), 1), (last, 3)):
        levels = [LevelCount(day.date(), "care", TEAM, "", 4 - passed)]
        levels.append(LevelCount(day.date(), "care", TEAM, "bronze", passed))
        rules = [RuleTotal(day.date(), "care", TEAM, "documented", passed, 4 - passed, 0)]
        with acme.idp.database.store() as store:
            scores.note_day(store, levels, rules)


def digests_of(acme: Acme) -> list[Message]:
    return [m for m in acme.seen("ben", "team-payments") if "Worth fixing next" in shown(m)]


def newest(acme: Acme, ts: str):  # type: ignore[no-untyped-def]  # the message as it is now
    return next(m for m in acme.seen("ben", "team-payments") if m.ts == ts)


def week(acme: Acme) -> str:
    year, number, _ = acme.idp.now().isocalendar()
    return f"{year}-W{number:02}"
