"""/idp digest: the weekly digest of a team before it is posted, and what the team has set for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from commands.parts.acts import Act
from commands.parts.ask import Ask, command
from commands.parts.reply import Button, Buttons, Fields, Md, Note, Part, Picture, Reply, Section, md
from commands.parts.scorecards.digest_card import details_reply, digest_reply
from commands.parts.texts.labels import label
from commands.parts.texts.refs import person_name
from commands.parts.typed.me import groups_of, myself
from commands.parts.typed.moments import read_moment, say
from commands.parts.typed.naming import EXACT, the_entity
from commands.parts.typed.numbers import duration_in
from data.catalog.entity import Entity
from data.errors import Invalid, NotFound
from data.store import digests
from data.store.digests import Setting
from workflows.digests.calendar import Rhythm, next_moment
from workflows.digests.content import DigestContent
from workflows.digests.picturing import panels, worth_a_picture
from workflows.digests.previewing import preview
from workflows.digests.teams import Place, place_of, rhythm_of, wants_none
from workflows.digests.words import tracks_alt

SET = frozenset({"mute", "unmute", "quiet", "frequency"})
BY_HAND = frozenset({"preview", "show", "status", "settings"})


@command(
    "digest",
    group="IMPROVE",
    order=8,
    usage="digest [preview | mute until <time> | unmute | quiet <hours> | frequency <how often>] [<team>]",
    example="digest preview team-payments",
    aliases=("digests",),
    acts=True,
)
def digest(ask: Ask) -> Reply:
    """The weekly digest of your team, or of the one you name: when it comes next and where, and what is set.

    `preview` shows what it would say now, to you alone. `mute until 2 jan`, `unmute`, `quiet 18:00-09:30` (or
    none) and `frequency weekly`, `fortnightly` or `monthly` are for people of the team.
    --json: team, place, next, frequency, quiet, muted_until; for preview what it says.
    """
    first = ask.words[0].lower() if ask.words else ""
    rest = list(ask.words[1:]) if first in SET | BY_HAND else list(ask.words)
    if first in SET:
        return _set(ask, first, rest)
    team = _team(ask, rest)
    return _preview(ask, team) if first in {"preview", "show"} else _status(ask, team)


def _set(ask: Ask, what: str, words: list[str]) -> Reply:
    """Read what is to be set; `bot` carries it out in the name of who asked."""
    if what == "unmute":
        team = _team(ask, words)
        return Reply(Md("Unmuting."), act=Act("digest", about=team.ref, words=(what,)))
    words = [word for word in words if word.lower() not in {"until", "till", "at", "to"}]
    if not words:
        raise Invalid(f"Say what to set: /idp digest {what} …", "`/idp help digest` has examples.")
    if what == "mute":
        team, said = _split(ask, words)
        until = _until(ask, " ".join(said), team)
        return Reply(Md("Muting."), act=Act("digest", about=team.ref, words=(what,), until=until.isoformat()))
    team = _team(ask, words[1:])
    return Reply(Md("Setting."), act=Act("digest", about=team.ref, words=(what, words[0].lower())))


def _until(ask: Ask, said: str, team: Entity) -> datetime:
    """A time, or a length such as 2w."""
    seconds = duration_in(said)
    if seconds:
        return ask.now + timedelta(seconds=seconds)
    return read_moment(said, _rhythm(ask, team)[0].zone, ask.now)


def _split(ask: Ask, words: Sequence[str]) -> tuple[Entity, Sequence[str]]:
    """The last word may be a team; the others are a time."""
    match = ask.snapshot.resolve(words[-1], ("Group",)) if len(words) > 1 else None
    if match is not None and match.entity is not None and match.how in EXACT:
        return match.entity, words[:-1]
    return _team(ask, ()), words


def _team(ask: Ask, words: Sequence[str]) -> Entity:
    """The team that is named, else one's own that owns something."""
    if words and words[0].lower() not in {"me", "mine", "my", "us", "ours"}:
        return the_entity(ask, ("Group",), words=" ".join(words))
    groups = groups_of(ask, myself(ask))
    if not groups:
        raise NotFound(
            "You are a member of no team in the catalog.", "Say which: /idp digest preview team-payments"
        )
    return groups[0]


def _rhythm(ask: Ask, team: Entity) -> tuple[Rhythm, Setting]:
    with ask.idp.database.reading() as store:
        kept = digests.setting(store, team.ref)
    return rhythm_of(ask.idp.digests, team, kept), kept


def _status(ask: Ask, team: Entity) -> Reply:
    rhythm, kept = _rhythm(ask, team)
    place = place_of(ask.idp, ask.snapshot, team)
    week, at = next_moment(rhythm, max(ask.now, rhythm.muted_until or ask.now))
    coming = say(at, rhythm.zone, ask.now) if _comes(ask, team, kept) else "not by itself (switched off)"
    muted = bool(rhythm.muted_until and rhythm.muted_until > ask.now)
    facts = [
        ("Next", md("{} (week {})", coming, week.partition("-W")[2])),
        ("Where", _where(ask, place)),
        ("How often", md("{}", rhythm.frequency)),
        ("Quiet hours", md("{}", rhythm.quiet or "none")),
    ]
    if muted and rhythm.muted_until:
        facts.append(("Muted until", md("{}", say(rhythm.muted_until, rhythm.zone, ask.now))))
    parts: list[Part] = [
        Section(md("*The weekly digest of {}*", label(team))),
        Fields(facts),
        Note(md("Times are those of {}. It is posted only when something has changed.", rhythm.zone.key)),
        Buttons(_next(team, muted)),
    ]
    return Reply(md("The digest of {}: next {}.", label(team), coming), parts, _data(team, rhythm, place, at))


def _comes(ask: Ask, team: Entity, kept: Setting) -> bool:
    config = ask.idp.digests
    return config.on and config.automatic and not wants_none(team, kept)


def _next(team: Entity, muted: bool) -> list[Button]:
    return [
        Button("Preview", f"digest preview {team.ref}", style="primary"),
        Button("Unmute", f"digest unmute {team.ref}") if muted else Button("Scores", f"score {team.ref}"),
    ]


def _where(ask: Ask, place: Place) -> Md:
    match place.why:
        case "":
            return Md("nowhere: the group has no channel and no lead")
        case "lead":
            return md("a direct message to {}, since no channel is known", person_name(ask.snapshot, place.name))
    return md("{}", place.name if place.name[:1] in "#C" else f"#{place.name}")


def _preview(ask: Ask, team: Entity) -> Reply:
    """What it would say now. Nothing is posted, and nothing counts as told."""
    content = preview(ask.idp, ask.snapshot, team)
    if content is None:
        text = md("Nothing has changed for {} since its last digest, so there would be none.", label(team))
        return Reply(text, (), {"team": team.ref, "changed": False})
    shown = digest_reply(content, ask.snapshot, {}, None)
    below = details_reply(content, ask.snapshot)
    note = Note(md("A preview for you alone. The thread would hold:"))
    parts = (*shown.parts[:-1], note, *below.parts)
    return Reply(shown.text, parts, shown.data, picture=_picture(team, content))


def _picture(team: Entity, content: DigestContent) -> Picture | None:
    if not worth_a_picture(content):
        return None
    title = f"Scores of {label(team)}"

    def draw() -> bytes:
        from data.pictures.trend import draw_trend  # an imaging library, which a start does not wait for

        return draw_trend(title, panels(content))

    return Picture(title, tracks_alt(content.tracks), draw)


def _data(team: Entity, rhythm: Rhythm, place: Place, at: object) -> dict[str, object]:
    return {
        "team": team.ref,
        "place": place.name,
        "next": f"{at}",
        "frequency": rhythm.frequency,
        "quiet": str(rhythm.quiet or ""),
        "muted_until": rhythm.muted_until.isoformat() if rhythm.muted_until else "",
    }
