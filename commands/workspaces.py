"""/idp workspaces: the development workspaces there are."""

from commands.parts.ask import Ask, Flag, command
from commands.parts.reply import Reply
from commands.parts.texts.paging import FROM
from commands.parts.texts.refs import label
from commands.parts.typed.me import myself
from commands.parts.typed.naming import the_entity
from commands.parts.workspaces.lists import listed
from data.errors import Invalid, NotFound
from data.store import workspaces as rows
from workflows.authority import groups

EVERYBODYS = frozenset({"all", "everybody"})


@command(
    "workspaces",
    group="ACT",
    order=8,
    usage="workspaces [all] [--service <name>] [--team <team>]",
    example="workspaces",
    aliases=("my-workspaces",),
    flags=(
        Flag("service", "those for a service", "name"),
        Flag("team", "those of a team's services", "team"),
        FROM,
    ),
)
def workspaces(ask: Ask) -> Reply:
    """Your workspaces: state, age, when they stop by themselves, cost; start, stop, extend and delete them.

    `--service checkout` shows everybody's for a service, `--team team-payments` those for all services of a team.
    --json: workspaces [{id, name, system, template, owner, service, team, state, wanted, created, stops, cost,
    url, error}].
    """
    if not ask.idp.workspaces:
        raise NotFound("No workspace system is connected.", "Set `workspaces:` in idp.yaml.")
    service, team = ask.flags.get("service"), ask.flags.get("team")
    with ask.idp.database.reading() as store:
        if service is not None:
            entity = the_entity(ask, words=_named(service, "service"))
            return listed(ask, rows.find(store, target=entity.ref), f"Workspaces for {entity.name}", whose=True)
        if team is not None:
            return _of_team(ask, rows.find(store, team=_team(ask, team)), _team(ask, team))
        if ask.words and ask.words[0].lower() in EVERYBODYS:
            return listed(ask, rows.find(store), "All workspaces", whose=True)
        return listed(ask, rows.find(store, owner=myself(ask).ref), "Your workspaces", whose=False)


def _named(value: str, flag: str) -> str:
    if not value:
        raise Invalid(f"Say which one after --{flag}.")
    return value


def _team(ask: Ask, name: str) -> str:
    """The reference of a team; one that the catalog no longer has is still asked for by its reference."""
    if name.startswith("group:") and ask.snapshot.get(name) is None:
        return name
    if name in ("me", "mine"):
        mine = sorted(groups(ask.snapshot, myself(ask).ref))
        return mine[0] if mine else "-"
    return the_entity(ask, ("Group",), _named(name, "team")).ref


def _of_team(ask: Ask, found: list[rows.Workspace], team: str) -> Reply:
    return listed(ask, found, f"Workspaces of {label(ask.snapshot, team)}", whose=True)
