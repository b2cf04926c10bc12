"""Digests as people read them: thanks, then changes, then three things to do. Pure functions of what they say."""

from collections.abc import Mapping, Sequence

from commands.parts.reply import Button, Buttons, Md, Note, Part, Reply, Rows, Section, md
from commands.parts.texts.labels import cut, plural
from commands.parts.texts.refs import label, moment, person_name
from data.catalog.snapshot import Snapshot
from workflows.digests.cards import TaskState
from workflows.digests.content import DigestContent, Moved, NoteContent, Tally, Task
from workflows.digests.words import change_of, stands, tracks_alt, trend_alt

LINES = 5  # of thanks and of changes in the message; all of them are in its thread
ALL = 60
MOST_SCORECARDS = 8  # in a message; in the monthly note beside the first
SEVERAL_RULES = 5  # of each scorecard in the monthly note, where there are several
OPEN = TaskState()


def digest_reply(
    content: DigestContent, snapshot: Snapshot, states: Mapping[int, TaskState], id: int | None
) -> Reply:
    """The message. `id` is that of the digest, which its buttons carry; None for a preview, which has fewer."""
    team = label(snapshot, content.team)
    parts: list[Part] = [Section(_head(content, team)), *_standings(content)]
    parts += [*_thanks(content, snapshot), *_changed(content, snapshot)]
    if content.tasks:
        parts.append(Section(Md("*Worth fixing next*")))
    for place, task in enumerate(content.tasks):
        parts += _task(task, place, snapshot, states.get(place, OPEN), id)
    if content.announced:
        parts.append(Rows([md("⚑ {}", cut(text, 200)) for text in content.announced[:LINES]]))
    parts.append(Note(Md("Everything in the thread. Less of this: `/idp digest mute`, `quiet` or `frequency`.")))
    return Reply(_fallback(content, team), parts, _data(content))


def _head(content: DigestContent, team: str) -> Md:
    week = content.week.partition("-W")[2]
    fine = content.services - content.failing
    hello = (
        Md("\nThis is your first digest: once a week, only when something has changed.")
        if content.first
        else Md("")
    )
    return md(
        "*{}, week {}*\n{} of {} {} nothing open.{}",
        team,
        week,
        fine,
        plural(content.services, "service"),
        "has" if fine == 1 else "have",
        hello,
    )


def _standings(content: DigestContent) -> list[Part]:
    """A line for each scorecard, where there are several: of one, the picture says it."""
    if not content.more:
        return []
    lines = [md("• *{}*: {}", cut(each.scorecard, 80), stands(each)) for each in content.tracks]
    return [Rows(lines[:MOST_SCORECARDS], max(0, len(lines) - MOST_SCORECARDS))]


def _fallback(content: DigestContent, team: str) -> Md:
    improved = len(content.better) + len(content.up)
    names = ", ".join(f"{task.entity.rpartition('/')[2]} ({task.title})" for task in content.tasks)
    thanks = f"{plural(improved, 'thing')} improved, thank you; " if improved else ""
    worse = len(content.worse) + len(content.down)
    changed = f"{plural(worse, 'thing')} got worse; " if worse else ""
    return md(
        "{}, week {}: {}{}worth fixing next: {}.",
        team,
        content.week.partition("-W")[2],
        thanks,
        changed,
        names or "nothing",
    )


def _thanks(content: DigestContent, snapshot: Snapshot) -> list[Part]:
    """What improved, with the names of those who had said that they take care of it."""
    lines = _improvements(content, snapshot)
    return _block("★ *Thank you*", lines)


def _improvements(content: DigestContent, snapshot: Snapshot) -> list[Md]:
    lines = [_improved(each, snapshot) for each in content.better]
    reached = (each for each in content.up if each.what)
    return lines + [
        md("*{}* reached *{}*{}", label(snapshot, each.entity), each.what, _on(each)) for each in reached
    ]


def _on(moved: Moved) -> Md:
    """Of which scorecard the level is, where there are several."""
    return md(" ({})", cut(moved.scorecard, 80)) if moved.scorecard else Md("")


def _improved(moved: Moved, snapshot: Snapshot) -> Md:
    by = md(" (thanks, {})", person_name(snapshot, moved.person)) if moved.person else Md("")
    return md("*{}* now passes: {}{}", label(snapshot, moved.entity), cut(moved.what, 120), by)


def _changed(content: DigestContent, snapshot: Snapshot) -> list[Part]:
    return _block("▸ *Changed*", _worse(content, snapshot))


def _worse(content: DigestContent, snapshot: Snapshot) -> list[Md]:
    lines = [
        md("*{}* no longer passes: {}", label(snapshot, each.entity), cut(each.what, 120))
        for each in content.worse
    ]
    return lines + [
        md("*{}* is now {}{}", label(snapshot, each.entity), each.what or "without a level", _on(each))
        for each in content.down
    ]


def _block(title: str, lines: Sequence[Md], most: int = LINES) -> list[Part]:
    if not lines:
        return []
    shown = [md("• {}", each) for each in lines[:most]]
    return [Rows([Md(title), *shown], max(0, len(lines) - most))]


def _task(task: Task, place: int, snapshot: Snapshot, state: TaskState, id: int | None) -> list[Part]:
    """One thing to do: what, why, what was found; then its buttons, or what has become of it."""
    others = md(
        "\n_{} of yours {} the same._", plural(task.others, "other"), "misses" if task.others == 1 else "miss"
    )
    text = md(
        "*{}. {}*: {}\n{}{}{}",
        place + 1,
        label(snapshot, task.entity),
        cut(task.title, 150),
        cut(task.why, 300),
        md(" Found: {}.", cut(task.found, 200)) if task.found else Md(""),
        others if task.others else Md(""),
    )
    if state.state != "open":
        return [Section(md("{}\n{}", text, _became(state, snapshot)))]
    return [Section(text), Buttons(_buttons(task, place, id))]


def _became(state: TaskState, snapshot: Snapshot) -> Md:
    match state.state:
        case "claimed":
            return md("✓ *{}* takes care of it.", person_name(snapshot, state.person))
        case "snoozed" if state.until:
            return md("☾ Nobody is reminded until {}.", moment(state.until))
        case "disowned":
            return Md("↪ Said not to be yours; the platform team was asked to look.")
    return Md("✓ It passes now. Thank you!")


def _buttons(task: Task, place: int, id: int | None) -> list[Button]:
    fix = Button("Fix it", f"fix {task.entity} {task.rule}", style="primary")
    if id is None:
        return [fix]
    about = f"{id} {place}"
    return [
        fix,
        Button("Claim", deed="digest-claim", about=about),
        Button("Snooze 2 weeks", deed="digest-snooze", about=about),
        Button(
            "Not ours",
            deed="digest-disown",
            about=about,
            confirm=f"{task.entity.rpartition('/')[2]} is left out of this digest, and the platform team is told.",
        ),
    ]


def details_reply(content: DigestContent, snapshot: Snapshot) -> Reply:
    """The answer in the thread: all that changed, then every rule with its numbers."""
    claimed = [
        md("*{}*: {} ({})", label(snapshot, each.entity), each.what, person_name(snapshot, each.person))
        for each in content.claimed
    ]
    parts: list[Part] = [
        *_block("*Improved*", _improvements(content, snapshot), ALL),
        *_block("*Changed*", _worse(content, snapshot), ALL),
        *_block("*Taken care of*", claimed, ALL),
        *_block("*By check*", [_tally(each) for each in content.tallies], ALL),
        *_block("*Said not to be yours*", [md("{}", label(snapshot, ref)) for ref in content.disowned], ALL),
    ]
    if any(each.trend for each in content.tracks):
        parts.append(Note(md("{}", tracks_alt(content.tracks))))
    parts.append(Buttons([Button("All scores", f"score {content.team}")]))
    return Reply(md("Details of week {} for {}.", content.week, label(snapshot, content.team)), parts)


def _tally(tally: Tally) -> Md:
    unknown = f", {tally.unknown} unknown" if tally.unknown else ""
    return md("{}: {} pass, {} fail{}", cut(tally.title, 150), tally.passed, tally.failed, unknown)


def note_reply(content: NoteContent) -> Reply:
    """The monthly note: how the fleet stands by level and by rule, and how that moved. No team is named."""
    what = f"{content.services:,} services of {plural(content.teams, 'team')}"
    most = SEVERAL_RULES if content.more else ALL
    parts = [part for one in (content, *content.more[:MOST_SCORECARDS]) for part in _fleet(one, most)]
    if len(content.more) > MOST_SCORECARDS:
        rest = plural(len(content.more) - MOST_SCORECARDS, "more scorecard")
        parts.append(Note(md("{} in the table.", rest)))
    parts.append(Note(Md("The numbers are in the thread, as a table (CSV). Once a month, for the whole fleet.")))
    parts.append(Note(Md("Shares are of what is known; unknown counts neither way.")))
    first = f"{content.after[0].title}: {change_of(content.before[0], content.after[0])}" if content.after else ""
    return Reply(md("{} in {}: {}. {}", content.scorecard, content.month, what, first), parts)


def _fleet(content: NoteContent, most: int) -> list[Part]:
    """One scorecard, with so many of its checks; what fails most comes first, and the table has them all."""
    what = f"{content.services:,} services of {plural(content.teams, 'team')}"
    trend = trend_alt(content.trend, content.order)
    rules = [
        md("\u2022 *{}*: {}", cut(now.title, 150), change_of(then, now))
        for then, now in zip(content.before, content.after, strict=True)
    ]
    return [
        Section(md("*{} in {}*\n{}. {}", content.scorecard, content.month, what, trend)),
        Rows(
            [Md("*By check: passed at the beginning \u2192 at the end*"), *rules[:most]], max(0, len(rules) - most)
        ),
    ]


def _data(content: DigestContent) -> dict[str, object]:
    return {
        "team": content.team,
        "week": content.week,
        "services": content.services,
        "failing": content.failing,
        "better": [[each.entity, each.what] for each in content.better],
        "worse": [[each.entity, each.what] for each in content.worse],
        "tasks": [[task.entity, task.rule] for task in content.tasks],
    }
