"""What people are shown of requests, runs and grants: pure functions of the rows and the names in the catalog."""

from bot.slack.drawing.digest_cards import draw_digest
from bot.slack.drawing.template_cards import template_reply
from bot.slack.drawing.views import Message, render
from commands.parts.reply import Button, Buttons, Md, Note, Part, Reply, Rows, Section, md
from commands.parts.requests.card import request_reply
from commands.parts.texts.refs import clock, label, moment, person_name
from commands.parts.workspaces.card import queued_reply, workspace_reply
from data.catalog.snapshot import Snapshot
from data.durations import say_duration
from data.ports.chat import Card, Notice
from data.store.grants import Grant
from data.store.requests import RunView
from workflows.digests.cards import DetailsCard, DigestCard, NoteCard
from workflows.telling.cards import AlarmCard, GrantCard, RequestCard, ReviewCard, WorkspaceCard
from workflows.templates.telling import TemplateCard


def draw(card: Card, snapshot: Snapshot) -> Message:
    """The message for a card."""
    match card:
        case DigestCard() | DetailsCard() | NoteCard():
            return draw_digest(card, snapshot)
        case RequestCard(view, viewer):
            return render(request_reply(view, snapshot, viewer))
        case WorkspaceCard():
            return render(_workspace(card, snapshot))
        case TemplateCard():
            return render(template_reply(card))
        case Notice(text):
            return render(Reply(md("{}", text)))
    return render(_of_access(card, snapshot))


def _of_access(card: Card, snapshot: Snapshot) -> Reply:
    match card:
        case GrantCard(grant, ending, extend_seconds):
            return _grant(grant, ending, extend_seconds, snapshot)
        case ReviewCard(view, grant, nags):
            return _review(view, grant, nags, snapshot)
        case AlarmCard(text, hint, grant):
            return _alarm(text, hint, grant, snapshot)
    raise TypeError(f"no card is drawn for {type(card).__name__}")


def _workspace(card: WorkspaceCard, snapshot: Snapshot) -> Reply:
    if card.workspace is not None:
        return workspace_reply(card.workspace, snapshot, card.extend_to, card.ending)
    return queued_reply(card.request, snapshot) if card.request else Reply(md("This workspace is gone."))


def _grant(grant: Grant, ending: bool, extend_seconds: tuple[int, ...], snapshot: Snapshot) -> Reply:
    """DM to the holder."""
    what = md("{} in {}", label(snapshot, grant.target), grant.environment)
    if grant.state in {"ending", "ended"}:
        return _ended(grant, what)
    if grant.given_at is None:
        return Reply(md("Access to {} is being given\u2026", what))
    line = md("You have access to {} until {}.", what, moment(grant.due_at))
    if ending:
        line = md("Your access to {} ends at {}.", what, clock(grant.due_at))
    done = Button("I\u2019m done", deed="done", about=str(grant.id))
    extend = [
        Button(f"Extend {say_duration(seconds)}", deed="extend", about=f"{grant.id} {seconds}", style="primary")
        for seconds in (extend_seconds if ending else ())
    ]
    note = Note(md("Grant #{} \u00b7 it is taken away by itself", grant.id))
    return Reply(line, [Section(line), note, Buttons([*extend[-4:], done])])


def _ended(grant: Grant, what: Md) -> Reply:
    why = {"expired": "its time is over", "done": "you said that you are done", "gone": "it was gone already"}
    reason = why.get(grant.ended_why, grant.ended_why or "it ends")
    if grant.removed_at:
        line = md("Your access to {} is taken away ({}), confirmed {}.", what, reason, clock(grant.removed_at))
    else:
        line = md("Your access to {} is being taken away ({}).", what, reason)
    return Reply(line)


def _review(view: RunView, grant: Grant, nags: int, snapshot: Snapshot) -> Reply:
    """Break-glass was used: who, what, why."""
    request = view.request
    who = person_name(snapshot, request.requester)
    line = md(
        "\u26a0 *Break-glass* #{}: {} took access to {} in {}.",
        request.id,
        who,
        label(snapshot, grant.target),
        grant.environment,
    )
    parts: list[Part] = [Section(line), Section(md("*Why*\n{}", request.reason))]
    if grant.given_at:
        parts.append(Rows([md("given {}", moment(grant.given_at)), md("ends {}", moment(grant.due_at))]))
    if grant.review == "closed":
        parts.append(
            Section(md("*Reviewed* by {}: {}", person_name(snapshot, grant.reviewed_by), grant.review_note))
        )
    else:
        again = md("Asked {} times. ", nags + 1) if nags else Md("")
        parts.append(Note(md("{}Somebody else must look at what was done, and close the review.", again)))
        parts.append(
            Buttons([Button("Close the review\u2026", deed="review", about=str(request.id), style="primary")])
        )
    return Reply(line, parts)


def _alarm(text: str, hint: str, grant: Grant | None, snapshot: Snapshot) -> Reply:
    line = md("\u26a0 {}", text)
    parts: list[Part] = [Section(md("\u26a0 *{}*", text))]
    if grant:
        who, what = person_name(snapshot, grant.subject), label(snapshot, grant.target)
        parts.append(Rows([md("{} \u00b7 {} in {} \u00b7 grant #{}", who, what, grant.environment, grant.id)]))
    if hint:
        parts.append(Note(md("{}", hint)))
    return Reply(line, parts)
