"""The card of a request: what is asked, who must agree, how far it has come. A pure function of the rows."""

from commands.parts.reply import Button, Buttons, Fields, Md, Note, Part, Reply, Section, md
from commands.parts.requests.run_parts import links, progress, run_buttons
from commands.parts.texts.refs import clock, label, moment, named, people_names, person_name
from data.catalog.snapshot import Snapshot
from data.durations import say_duration, spent
from data.store.requests import Request, RunView
from workflows.decision import Decision, Team
from workflows.requests.quorum import count

# Signs that every font has, so that a card reads the same where there are no pictures for emoji.
SIGNS = {
    "pending": "\u25f7",  # a clock
    "approved": "\u2714",
    "running": "\u25b6",
    "done": "\u2714",
    "failed": "\u2718",
    "undoing": "\u21ba",
    "undone": "\u21ba",
    "denied": "\u2718",
    "cancelled": "\u25cb",
    "expired": "\u231b",  # an hourglass
}


def about(request: Request) -> str:
    """What a button of a card carries: the number, and the hash of what is agreed to."""
    return f"{request.id} {request.fingerprint}"


def request_reply(view: RunView, snapshot: Snapshot, viewer: str = "") -> Reply:
    """The card of a request in its present state; `viewer` is the person whom a DM was sent to."""
    request = view.request
    sign = Md(f"{SIGNS[request.state]} \u26a0" if request.break_glass else SIGNS[request.state])
    text = md("{} Request {}, #{}: {}", sign, request.state, request.id, request.title)
    parts: list[Part] = [
        Section(md("{} *{}* \u00b7 #{}", sign, request.title, request.id)),
        Fields(_facts(request, snapshot)),
        Section(md("*Why*\n{}", request.reason)),
        Section(_state(view, snapshot)),
        *progress(view),
        *links(view),
    ]
    if request.error:
        parts.append(Section(md("*What went wrong*\n{}", request.error)))
    parts.append(Note(_small_print(request)))
    buttons = (
        _decision_buttons(request, viewer) if request.state == "pending" else run_buttons(view, about(request))
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
    request, have = view.request, _counted(view)
    lines = [md("*Waits for {}*", _missing(request.needed, have))]
    for team in request.asked:
        who = people_names(snapshot, team.members) or "nobody there may agree"
        lines.append(md("\u2022 {}: {}", label(snapshot, team.ref) if team.ref else team.name, who))
    lines += _agreed(view, snapshot)
    if request.looking_by:
        lines.append(md("\u25c9 {} is looking", person_name(snapshot, request.looking_by)))
    return Md("\n".join(lines))


def _missing(needed: int, have: int) -> str:
    if needed == 1:
        return "approval"
    return f"{needed - have} more of {needed} approvals" if have else f"{needed} approvals"


def _counted(view: RunView) -> int:
    """How many of the voices count, as far as the card knows: rights are computed at every click."""
    request = view.request
    teams = tuple(Team(team.name, team.ref, frozenset(team.members)) for team in request.asked)
    asked = Decision("ask", "", "", request.needed, teams, request.distinct_teams)
    return count(asked, [approval.person for approval in view.approvals])


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
        took = (request.finished_at - (request.started_at or request.finished_at)).total_seconds()
        lines.append(md("*Done* {}, after {}", clock(request.finished_at), spent(took)))
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
