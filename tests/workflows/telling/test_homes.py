"""A Home shows what is so now, however many show it at once; and they come to an end."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from data.idp import Idp
from data.store import homes
from tests.waiting import PATIENT, until
from tests.workflows.house import House
from workflows.telling.homes import concern, publish
from workflows.works import QUEUES, works

ANNS = "U0ANN"


@dataclass
class SlowDesk:
    """What is so when it is asked for stands in Slack a while later."""

    now: Callable[[], str]
    meanwhile: Callable[[], object]
    top: list[str] = field(default_factory=list)  # what Slack was given, the last one is seen

    def publish(self, account: str) -> str:
        view = self.now()
        self.meanwhile()
        self.top.append(view)
        return view

    def fingerprint(self, account: str) -> str:
        return self.now()


def opened(house: House, desk: SlowDesk) -> Idp:
    idp = replace(house.idp, desk=desk)
    with idp.database.store() as store:
        homes.opened(store, ANNS, "user:default/ann", idp.now())
    return idp


def test_an_older_view_that_arrives_last_does_not_stay(idle_house: House) -> None:
    truth, overtaking = ["nothing"], [True]

    def overtaken() -> None:
        if overtaking and overtaking.pop():
            truth.append("a request")
            publish(idp, ANNS)  # by another, from beginning to end

    desk = SlowDesk(lambda: truth[-1], overtaken)
    idp = opened(idle_house, desk)
    publish(idp, ANNS)
    assert desk.top == ["a request", "nothing", "a request"]
    with idp.database.reading() as store:
        assert homes.recent(store, idp.now()) == [(ANNS, "a request")]


def test_those_who_show_it_at_once_come_to_an_end(idle_house: House) -> None:
    at_once = threading.Barrier(4)

    def together() -> None:
        try:
            at_once.wait(PATIENT)
        except threading.BrokenBarrierError:
            return  # the first of them has ended
        assert len(desk.top) < 4 * 4, "they show it again and again because of one another"

    def one() -> None:
        try:
            publish(idp, ANNS)
        finally:
            at_once.abort()

    desk = SlowDesk(lambda: "the same", together)
    idp = opened(idle_house, desk)
    with ThreadPoolExecutor(4) as pool:
        for ended in [pool.submit(one) for _ in range(4)]:
            ended.result()
    assert 4 <= len(desk.top) <= 4 + 3 + 2 + 1


def test_many_changes_cost_few_calls_and_the_last_of_them_is_seen(idle_house: House) -> None:
    truth = [0]
    desk = SlowDesk(lambda: str(truth[-1]), lambda: None)
    idp = opened(idle_house, desk)
    for change in range(1, 21):
        with idp.database.store() as store:
            truth.append(change)
            concern(idp, store, ["user:default/ann"])
    idle_house.engine.launch(works(idp))
    idle_house.rest()
    assert desk.top[-1] == "20"
    assert len(desk.top) <= 3, "two at once, and one of them once more"


def test_one_transaction_asks_once_for_each_home(idle_house: House) -> None:
    idp = opened(idle_house, SlowDesk(lambda: "the same", lambda: None))
    with idp.database.store() as store:
        concern(idp, store, ["user:default/ann"])
        concern(idp, store, ["user:default/ben", "user:default/ann"])
    assert len(idle_house.engine._client.list_workflows(workflow_id_prefix=f"home:{ANNS}:")) == 1


def test_homes_that_hang_hold_up_no_card(idle_house: House) -> None:
    assert QUEUES["home"] == QUEUES["homes"] != QUEUES["deliver"]
    over = threading.Event()
    desk = SlowDesk(lambda: "the same", lambda: over.wait(PATIENT))
    idp = opened(idle_house, desk)
    for number in range(8):
        with idp.database.store() as store:
            homes.opened(store, f"U0{number}", f"user:default/{number}", idp.now())
            concern(idp, store, [f"user:default/{number}"])
    idle_house.engine.launch(works(idp))
    asked = idle_house.submit()
    until(lambda: all(message.posted_ts for message in idle_house.showing("request", asked.id)))
    assert not desk.top
    over.set()
    idle_house.rest()
