"""Messages are posted once and show what is so now, whoever else delivers and whatever changes meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from data.errors import Unavailable, UserError
from data.idp import Idp
from data.integrations.chat_fake import FakeChat
from data.ports.chat import Card, Posted, TooMany
from data.store import messages
from data.store.messages import Message
from tests.conftest import Clock
from tests.workflows.house import BEN, House
from workflows.journal import channel_key, show
from workflows.reconciling import reconcile
from workflows.requests.request import Actor, decide
from workflows.telling.deliver import CLAIM, deliver


@dataclass
class BusyChat(FakeChat):
    """Something happens, once, while a message is being posted."""

    meanwhile: Callable[[], object] | None = None

    def post(self, channel: str, card: Card, thread: str = "", marker: str = "") -> Posted:
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        return super().post(channel, card, thread, marker)


@pytest.fixture
def chat() -> BusyChat:
    return BusyChat()


@pytest.fixture
def idp(idle_house: House, chat: BusyChat) -> Idp:
    return replace(idle_house.idp, chat=chat)


@pytest.fixture
def request_(idle_house: House) -> int:
    """A request whose card waits to be posted in the channel of the payments team."""
    return int(idle_house.submit().id)


@pytest.fixture
def card(idp: Idp, request_: int) -> Message:
    return message(idp, channel_key(request_))


def message(idp: Idp, key: str) -> Message:
    with idp.database.reading() as store:
        found = messages.by_key(store, key)
    assert found
    return found


def enqueued(idp: Idp, *names: str) -> bool:
    return len(idp.engine.states(names)) == len(names)


def test_of_two_that_deliver_at_once_one_posts(idp: Idp, chat: BusyChat, card: Message) -> None:
    chat.meanwhile = lambda: deliver(idp, card.id)
    deliver(idp, card.id)
    assert len(chat.at("payments")) == 1


def test_who_comes_while_another_is_at_it_comes_again(
    idp: Idp, chat: BusyChat, card: Message, clock: Clock
) -> None:
    until = clock() + CLAIM
    with idp.database.store() as store:
        assert messages.claim(store, card.id, clock(), until)  # by a process that dies now
    deliver(idp, card.id)
    assert not chat.at("payments")
    name = f"deliver:{card.id}:after:{int(until.timestamp())}"
    assert enqueued(idp, f"{name}:{int(clock().timestamp())}")
    clock.advance(seconds=1)
    deliver(idp, card.id)
    assert enqueued(idp, f"{name}:{int(clock().timestamp())}"), "that one came too early as well"
    clock.advance(seconds=CLAIM.total_seconds())
    deliver(idp, card.id)
    assert len(chat.at("payments")) == 1


def test_what_changes_while_it_is_being_posted_is_shown_as_well(
    idp: Idp, chat: BusyChat, card: Message, request_: int
) -> None:
    chat.meanwhile = lambda: decide(idp, request_, Actor(BEN), True)
    deliver(idp, card.id)
    assert enqueued(idp, f"deliver:{card.id}:2:again")
    deliver(idp, card.id)
    (shown,) = chat.at("payments")
    assert [card.view.request.state for card in shown.cards] == ["pending", "approved"]  # type: ignore[attr-defined]  # a RequestCard
    deliver(idp, card.id)
    assert len(shown.cards) == 2, "it is shown, so nothing is left to do"


def test_an_older_version_that_arrives_last_does_not_stay(
    idp: Idp, chat: BusyChat, card: Message, request_: int, clock: Clock
) -> None:
    def overtaken() -> None:
        clock.advance(seconds=CLAIM.total_seconds())  # slower than chat may be: it counts as dead
        decide(idp, request_, Actor(BEN), True)
        deliver(idp, card.id)

    chat.meanwhile = overtaken
    deliver(idp, card.id)
    assert enqueued(idp, f"deliver:{card.id}:2:again")
    deliver(idp, card.id)
    on_top = chat.messages[message(idp, card.key).posted_ts]
    assert on_top.card.view.request.state == "approved"  # type: ignore[attr-defined]  # a RequestCard


@pytest.mark.parametrize(
    ("fault", "wait"), [(Unavailable("Slack is away."), 1), (TooMany("Slack wants fewer calls.", 300.0), 300)]
)
def test_what_cannot_be_posted_now_is_tried_again_when_chat_wants_it(  # fixtures
    idp: Idp, chat: BusyChat, card: Message, clock: Clock, fault: UserError, wait: int
) -> None:
    chat.fault = fault
    deliver(idp, card.id)
    assert enqueued(idp, f"deliver:{card.id}:1:1")
    assert message(idp, card.key).next_at == clock() + timedelta(seconds=wait)
    chat.fault = None
    deliver(idp, card.id)
    assert len(chat.at("payments")) == 1


def test_an_answer_waits_until_what_it_answers_is_posted(idp: Idp, chat: BusyChat, card: Message) -> None:
    with idp.database.store() as store:
        show(idp, store, key="line", kind="text", subject=0, place="payments", thread_of=card.key, text="Done.")
    line = message(idp, "line")
    deliver(idp, line.id)
    assert not chat.at("payments")
    deliver(idp, card.id)
    deliver(idp, line.id)
    root, answer = chat.at("payments")
    assert (root.thread, answer.thread) == ("", message(idp, card.key).posted_ts)


def test_a_message_whose_work_was_lost_is_found(idp: Idp, card: Message, clock: Clock) -> None:
    clock.advance(minutes=5)
    reconcile(idp)
    assert enqueued(idp, f"deliver:{card.id}:again:{int(clock().timestamp()) // 30}")
