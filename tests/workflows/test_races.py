"""Clicks at the same moment are one decision."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Barrier

from data.errors import Conflict
from data.store import audit, grants, requests
from tests.workflows.clicker import main
from tests.workflows.house import BEN, CAT, FAY, LEDGER, House
from tests.workflows.processes import FORKING
from workflows.requests.request import Actor, decide
from workflows.requests.run import run

BY = {"approved": "ben", "denied": "fay"}
DECISIONS = {"request.approved", "request.denied"}


@contextmanager
def replica(url: str, folder: Path, person: str, what: str) -> "Iterator[Connection[int, str]]":
    here, there = FORKING.Pipe()
    clicker = FORKING.Process(target=main, args=(url, folder, person, what, there), daemon=True)
    clicker.start()
    there.close()
    try:
        with here:
            assert here.recv() == "ready"
            yield here
    finally:
        clicker.kill()
        clicker.join()


def test_approve_against_deny_on_two_replicas(front: House, database_url: str, tmp_path: Path, full: bool) -> None:
    """Ben approves and Fay denies, each through another process."""
    rounds, won = 1000 if full else 40, Counter[str]()
    with (
        replica(database_url, tmp_path, BEN, "approve") as ben,
        replica(database_url, tmp_path, FAY, "deny") as fay,
    ):
        for number in range(rounds):
            id = front.submit("prod-access").id
            for clicker in (ben, fay) if number % 2 else (fay, ben):
                clicker.send(id)
            answers = {"approved": ben.recv(), "denied": fay.recv()}
            winner = next(state for state, answer in answers.items() if answer == "won")
            loser = next(answer for answer in answers.values() if answer != "won")
            assert loser.startswith(f"Request {id} is already decided by {BY[winner]}: {winner}, ")
            won[winner] += 1
            with front.idp.database.reading() as store:
                kept = requests.load(store, id)
                rows = [r for r in audit.records(store, request=id) if r.what in DECISIONS]
            assert kept
            assert kept.state == winner
            assert [r.what for r in rows] == [f"request.{winner}"]
            for _ in range(2):  # the work may be delivered twice
                run(front.idp, id, 1)
            with front.idp.database.reading() as store:
                assert (grants.load(store, id) is not None) == (winner == "approved")
                given = [r for r in audit.records(store, request=id) if r.what == "grant.given"]
            assert len(given) == (winner == "approved")
    print(f"{rounds} rounds: {dict(won)}")
    assert sum(won.values()) == rounds
    assert not full or min(won.values()) > 0


def test_fifty_clicks_of_one_approver_are_one_decision(front: House) -> None:
    house, barrier = front, Barrier(50)
    id = house.submit("prod-access").id

    def click(_: int) -> str:
        barrier.wait()
        try:
            return decide(house.idp, id, Actor(BEN), True).state
        except Conflict as error:
            return error.message

    with ThreadPoolExecutor(50) as people:
        answers = Counter(people.map(click, range(50)))
    assert answers["approved"] == 1
    assert sum(count for answer, count in answers.items() if "already decided by ben: approved" in answer) == 49
    with house.idp.database.reading() as store:
        assert [r.what for r in audit.records(store, request=id)] == ["request.submitted", "request.approved"]
        assert [a.person for a in requests.approvals(store, id)] == [BEN]


def test_two_voices_at_once_both_count(front: House) -> None:
    """Both of the two voices that are needed, at the same moment: each counts once."""
    house = front
    for _ in range(10):
        id, barrier = house.submit("prod-access", target=LEDGER).id, Barrier(2)

        def click(person: str, id: int = id, barrier: Barrier = barrier) -> str:
            barrier.wait()
            return decide(house.idp, id, Actor(person), True).state

        with ThreadPoolExecutor(2) as people:
            states = list(people.map(click, [BEN, CAT]))
        assert sorted(states) == ["approved", "pending"]
