"""What people are shown of requests, runs and grants: pure functions of the rows and the names in the catalog."""

from bot.names import clock, label, moment, named, people_names, person_name
from bot.run_parts import progress, run_buttons
from bot.views import Message, render
from commands.reply import Button, Buttons, Fields, Md, Note, Part, Reply, Rows, Section, md
from data.catalog.snapshot import Snapshot
from data.durations import say_duration
from data.ports import Card, Notice
from data.store.grants import Grant
from data.store.requests import Request, RunView
from workflows.cards import AlarmCard, GrantCard, RequestCard, ReviewCard

SIGNS = {
    "pending": "\U0001f7e1",  # yellow
    "approved": "\U0001f7e2",
    "running": "\u2699\ufe0f",
    "done": "\u2705",
    "failed": "\U0001f534",
    "undoing": "\u21a9\ufe0f",
    "undone": "\u21a9\ufe0f",
    "denied": "\u26d4",
    "cancelled": "\u26aa",
    "expired": "\u231b",
}


def draw(card: Card, snapshot: Snapshot) -> Message:
    """The message for a card."""
    match card:
        case RequestCard(view, viewer):
            return render(request_reply(view, snapshot, viewer))
        case GrantCard(grant, ending, extend_seconds):
            return render(_grant(grant, ending, extend_seconds, snapshot))
        case ReviewCard(view, grant, nags):
            return render(_review(view, grant, nags, snapshot))
        case AlarmCard(text, hint, grant):
            return render(_alarm(text, hint, grant, snapshot))
        case Notice(text):
            return render(Reply(md("{}", text)))
    raise TypeError(f"no card is drawn for {type(card).__name__}")


def about(request: Request) -> str:
    """What a button of a card carries: the number, and the hash of what is agreed to."""
    return f"{request.id} {request.fingerprint}"


def request_reply(view: RunView, snapshot: Snapshot, viewer: str = "") -> Reply:
    """The card of a request in its present state; `viewer` is the person whom a DM was sent to."""
    request = view.request
    text = md(
        "{} {} #{}: {}", Md(SIGNS[request.state]), Md(f"Request {request.state},"), request.id, request.title
    )
    parts: list[Part] = [
        Section(md("{} *{}* \u00b7 #{}", Md(SIGNS[request.state]), request.title, request.id)),
        Fields(_facts(request, snapshot)),
        Section(md("*Why*\n{}", request.reason)),
        Section(_state(view, snapshot)),
        *progress(view),
    ]
    if request.error:
        parts.append(Section(md("*What went wrong*\n{}", request.error)))
    parts.append(Note(_small_print(request)))
    buttons = (
        _decision_buttons(request, viewer) if request.state == "pending" else run_buttons(request, about(request))
    )
    if buttons:
        parts.append(Buttons(buttons))
    return Reply(text, parts)


def _facts(request: Request, snapshot: Snapshot) -> list[tuple[str, Md]]:
    facts = [("Asked by", md("{}", person_name(snapshot, request.requester)))]
    if request.beneficiary != request.requester:
        facts.append(("For", md("{}", person_name(snapshot, request.beneficiary))))
    if request.target:
        facts.append(("What", named(snapshot, request.target)))
    if request.environment:
        facts.append(("Where", md("{}", request.environment)))
    if request.duration:
        facts.append(("How long", md("{}, from when it is given", say_duration(request.duration))))
    return facts


def _state(view: RunView, snapshot: Snapshot) -> Md:
    """Where the request stands, with names and times."""
    request = view.request
    by = person_name(snapshot, request.decided_by) if request.decided_by else ""
    at = clock(request.decided_at) if request.decided_at else Md("")
    match request.state:
        case "pending":
            return _waiting(view, snapshot)
        case "denied":
            return md("*Denied* by {} {}: {}", by, at, request.decision_note)
        case "cancelled":
            return md("*Cancelled* by {} {}", by or "the house", at)
        case "expired":
            return md("*Expired*: nobody decided before {}", moment(request.expires_at))
    return Md("\n".join([*_agreed(view, snapshot), *_happened(request, snapshot)]))


def _waiting(view: RunView, snapshot: Snapshot) -> Md:
    request, have = view.request, len(view.approvals)
    lines = [
        md(
            "*Waits for {} of {} approvals*" if have else "*Waits for approval*",
            request.needed - have,
            request.needed,
        )
    ]
    for team in request.asked:
        who = people_names(snapshot, team.members) or "nobody there may agree"
        lines.append(md("\u2022 {}: {}", label(snapshot, team.ref) if team.ref else team.name, who))
    lines += _agreed(view, snapshot)
    if request.looking_by:
        lines.append(md("\U0001f440 {} is looking", person_name(snapshot, request.looking_by)))
    return Md("\n".join(lines))


def _agreed(view: RunView, snapshot: Snapshot) -> list[Md]:
    """Who agreed, and when; or why nobody had to."""
    if not view.request.needed:
        return [md("{}", view.request.verdict)]
    lines = []
    for one in view.approvals:
        note = md(": {}", one.note) if one.note else Md("")
        lines.append(md("\u2714 *Approved* by {} {}{}", person_name(snapshot, one.person), clock(one.at), note))
    return lines


def _happened(request: Request, snapshot: Snapshot) -> list[Md]:
    lines = []
    if request.state == "done" and request.finished_at:
        lines.append(md("*Done* {}", clock(request.finished_at)))
    if request.state in {"failed", "undoing", "undone"}:
        lines.append(md("*{}*", request.state.capitalize()))
    if request.handed_to:
        lines.append(md("Handed over to {}", label(snapshot, request.handed_to)))
    return lines


def _small_print(request: Request) -> Md:
    said = [md("{}", request.rule)] if request.rule else []
    if request.break_glass:
        said.append(Md("break-glass"))
    if request.state == "pending":
        said.append(md("expires {}", moment(request.expires_at)))
    if request.state == "pending" and request.needed > 1:
        said.append(Md("each of another team" if request.distinct_teams else "two different people count"))
    return Md(" \u00b7 ".join(said)) or Md("request")


def _decision_buttons(request: Request, viewer: str) -> list[Button]:
    if viewer in {request.requester, request.beneficiary}:
        return [Button("Take it back", deed="cancel", about=about(request), confirm="The request is cancelled.")]
    return [
        Button("Approve", deed="approve", about=about(request), style="primary"),
        Button("Deny\u2026", deed="deny", about=about(request), style="danger"),
        Button("I\u2019m looking", deed="look", about=about(request)),
    ]


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
    return Reply(line, [Section(line), note, Buttons([*extend[:4], done])])


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
        "\U0001f6a8 *Break-glass* #{}: {} took access to {} in {}.",
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
    line = md("\u26a0\ufe0f {}", text)
    parts: list[Part] = [Section(md("\u26a0\ufe0f *{}*", text))]
    if grant:
        who, what = person_name(snapshot, grant.subject), label(snapshot, grant.target)
        parts.append(Rows([md("{} \u00b7 {} in {} \u00b7 grant #{}", who, what, grant.environment, grant.id)]))
    if hint:
        parts.append(Note(md("{}", hint)))
    return Reply(line, parts)
