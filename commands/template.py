"""/idp template: one golden path, the services that follow it, and bringing them a newer version."""

from collections.abc import Callable, Mapping
from typing import Any

from commands.parts.acts import OpenForm
from commands.parts.ask import Ask, Flag, command
from commands.parts.golden_paths.template_lines import (
    by_version,
    notes_md,
    outcome_md,
    path_data,
    service_line,
    standing_data,
)
from commands.parts.reply import Button, Buttons, Later, Md, Note, Part, Reply, Rows, Section, code, md
from commands.parts.requests.previews import form_button, packed, preview_parts
from commands.parts.texts.labels import plural
from commands.parts.typed.me import myself
from commands.parts.typed.offers import is_offered
from data.errors import Invalid, NotFound
from workflows.requests.request import Actor, preview
from workflows.templates.census import PathCensus, census
from workflows.templates.foreseeing import MOST_LIVE, Foreseen, foresee
from workflows.templates.upgrading import UPGRADE, counted
from workflows.templates.waves import SIZE

MOST = 30


@command(
    "template",
    group="CARE",
    order=6,
    usage="template <id> [census|drift|upgrade --to <version>] [--dry-run] [--wave n] [--at-once]",
    example="template python-http drift",
    flags=(
        Flag("to", "the version that services are to follow", "version"),
        Flag("dry-run", "what would happen to each service; nothing is asked for"),
        Flag("wave", f"how many services at a time ({SIZE})", "n"),
        Flag("at-once", "no wave waits until the pull requests of the one before are merged or closed"),
    ),
)
def template(ask: Ask) -> Reply:
    """A golden path: services by version, who is behind, who edited the template's files by hand.

    `drift` says who is behind and what is new in the versions between. `upgrade --to v2 --dry-run` looks into the
    repositories: clean, or which files conflict; without --dry-run it asks for a pull request in each, in waves.
    --json: template (as in templates), services [{ref, version, behind, edited, conflicts, looked_at}]; for a dry
    run services [{ref, outcome, conflicts, edited, note, live}].
    """
    found = _named(ask)
    word = ask.words[1].lower() if len(ask.words) > 1 else "census"
    part = PARTS.get(word)
    if part is None:
        raise Invalid(f"template {found.path.id} has no part {word}.", f"Say one of {', '.join(PARTS)}.")
    return part(ask, found)


def _named(ask: Ask) -> PathCensus:
    if not ask.words:
        raise Invalid("Say which golden path.", "/idp templates lists them.")
    said = ask.words[0].lower()
    counts = census(ask.idp, ask.snapshot).paths
    exact = [each for each in counts if said == each.path.id.lower()]
    near = exact or [each for each in counts if said in (each.path.id + each.path.title).lower()]
    if len(near) != 1:
        known = ", ".join(each.path.id for each in near or counts) or "none is configured"
        raise NotFound(f"There is no golden path {ask.words[0]}.", f"There are: {known}.")
    return near[0]


def _census(ask: Ask, found: PathCensus) -> Reply:
    """Everybody who follows it."""
    lines = [service_line(ask.snapshot, each) for each in found.standings[:MOST]]
    parts: list[Part] = [
        Section(_head(found)),
        Rows(lines or [Md("No service follows it yet.")], max(0, len(found.standings) - MOST)),
        Buttons(_next(ask, found)),
    ]
    return Reply(md("{}: {}", found.path.title, by_version(found)), parts, _data(found))


def _drift(ask: Ask, found: PathCensus) -> Reply:
    """Who is behind, and what they have missed."""
    late = sorted(found.behind, key=lambda each: -len(each.behind or ()))
    if not late:
        text = md("Every service of {} follows {}.", found.path.title, found.newest or "the newest version")
        return Reply(text, [Section(text), Buttons(_next(ask, found))], _data(found))
    text = md("{} of {} behind {}", plural(len(late), "service"), found.path.title, found.newest)
    lines = [service_line(ask.snapshot, each) for each in late[:MOST]]
    parts: list[Part] = [Section(md("*{}*", text)), Rows(lines, max(0, len(late) - MOST))]
    parts += [Section(note) for note in notes_md(list(late[0].behind or ())[-5:])]
    return Reply(text, [*parts, Buttons(_next(ask, found)[1:])], _data(found))  # without the one that leads here


def _upgrade(ask: Ask, found: PathCensus) -> Reply:
    """The dry run, or the request."""
    version = ask.flags.get("to") or found.newest
    counted(ask.idp, ask.snapshot, found.path.id, version)  # says which versions there are
    values: dict[str, Any] = {"template": found.path.id, "version": version, "wave": _wave(ask)}
    values |= {"at_once": True} if "at-once" in ask.flags else {}
    form = OpenForm(UPGRADE.name, values, f"Follow {found.path.title} {version}")
    return _dry_run(ask, found, version, form) if "dry-run" in ask.flags else _previewed(ask, form)


def _wave(ask: Ask) -> int:
    said = ask.flags.get("wave", str(SIZE))
    if not (said.isascii() and said.isdigit() and 0 < int(said[:4]) <= 50):
        raise Invalid(f"--wave {said} is not a number of services.", "Say --wave 5; at most 50.")
    return int(said)


def _dry_run(ask: Ask, found: PathCensus, version: str, form: OpenForm) -> Reply:
    seen = foresee(ask.idp, ask.snapshot, found, version)
    if not seen:
        return Reply(md("No service that follows {} is behind {}.", found.path.title, version))
    clean = sum(each.check is not None and each.check.outcome == "clean" for each in seen)
    conflicts = sum(each.check is not None and each.check.outcome == "conflicts" for each in seen)
    text = md(
        "{} to {} {}: {} clean, {} with conflicts, {} unknown. Nothing was changed.",
        *(plural(len(seen), "service"), found.path.title, version),
        *(clean, conflicts, len(seen) - clean - conflicts),
    )
    lines = [md("*{}*: {}", each.standing.follower.entity.name, outcome_md(each.check)) for each in seen[:MOST]]
    parts: list[Part] = [Section(md("*{}*", text)), Rows(lines, max(0, len(seen) - MOST))]
    if len(seen) > MOST_LIVE:
        parts.append(Note(md("The first {} were looked at now, the others within the last day.", MOST_LIVE)))
    parts += [Section(note) for note in notes_md(_between(found, version))]
    if is_offered(ask, UPGRADE):
        parts.append(Buttons([form_button(form, f"Ask for {plural(len(seen), 'pull request')}…")]))
    return Reply(text, parts, {"template": path_data(found), "services": [_foreseen(each) for each in seen]})


def _between(found: PathCensus, version: str) -> list[Any]:
    late = max((list(each.behind or ()) for each in found.standings), key=len, default=[])
    names = [each.name for each in late]
    return late[: names.index(version) + 1][-5:] if version in names else []


def _foreseen(each: Foreseen) -> dict[str, Any]:
    check = each.check
    return {
        "ref": each.standing.follower.entity.ref,
        "outcome": check.outcome if check else "unknown",
        "conflicts": list(check.conflicts) if check else [],
        "edited": list(check.edited) if check else [],
        "note": check.note if check else "not looked at yet",
        "live": each.live,
    }


def _previewed(ask: Ask, form: OpenForm) -> Reply:
    """What would be asked for, who must agree, and the button that asks."""
    made = preview(ask.idp, UPGRADE, Actor(myself(ask).ref), form.values)
    kept = {"action": form.action, "values": dict(form.values), "reason": form.reason}
    parts = preview_parts(made, ask.snapshot, form.reason)
    if made.decision.effect == "refuse":
        return Reply(md("{}: {}", made.draft.title, made.decision.reason), parts, kept, ok=False)
    send = Button("Send", deed="send", about=packed(form), style="primary")
    buttons = Buttons([send, form_button(form, "Change…", "")])
    text = md("{}: nothing is sent yet.", made.draft.title)
    return Reply(text, [*parts, Note(Md("Nothing is sent yet.")), buttons], kept)


def _head(found: PathCensus) -> Md:
    path = found.path
    what = " · ".join(filter(None, (path.language, found.newest and f"newest {found.newest}", path.description)))
    return md("*{}* {}\n{}\n{}", path.title, code(path.id), what, by_version(found))


def _next(ask: Ask, found: PathCensus) -> list[Button]:
    id, buttons = found.path.id, list[Button]()
    if found.behind:
        buttons.append(Button("What they missed", f"template {id} drift"))
        buttons.append(Button("Dry run", f"template {id} upgrade --to {found.newest} --dry-run"))
    if found.behind and is_offered(ask, UPGRADE):
        buttons.append(Button("Upgrade…", f"template {id} upgrade --to {found.newest}"))
    return [*buttons, Button("All golden paths", "templates")]


def _data(found: PathCensus) -> Mapping[str, Any]:
    return Later(lambda: {"template": path_data(found), "services": [standing_data(s) for s in found.standings]})


PARTS: Mapping[str, Callable[[Ask, PathCensus], Reply]] = {
    "census": _census,
    "drift": _drift,
    "upgrade": _upgrade,
}
