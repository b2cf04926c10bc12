"""/idp workspace: a development workspace for a service."""

from typing import Any, get_args

from commands.parts.acts import Act, OpenForm, WorkspaceVerb
from commands.parts.ask import Ask, command
from commands.parts.reply import Button, Buttons, Md, Note, Part, Reply, Section, md
from commands.parts.requests.previews import form_button
from commands.parts.typed.me import myself
from commands.parts.typed.naming import the_entity
from commands.parts.typed.numbers import duration_in, the_number
from commands.parts.workspaces.card import DELETE
from commands.parts.workspaces.lists import full
from data.catalog.entity import Entity
from data.durations import say_duration
from data.errors import Invalid, NotFound
from data.store import workspaces as rows
from workflows.authority import current
from workflows.workspaces.launching import WORKSPACE
from workflows.workspaces.limits import POLICY, lives, quota
from workflows.workspaces.naming import free_name
from workflows.workspaces.services import repository_of, template_of

FILLERS = frozenset({"for", "to", "on", "launch", "new"})
DEEDS: tuple[str, ...] = ("start", "stop", "extend", "delete")


@command(
    "workspace",
    group="ACT",
    order=7,
    usage="workspace [<service>] | start|stop|extend|delete <name or id>",
    example="workspace checkout",
    aliases=("launch", "devbox"),
    acts=True,
)
def workspace(ask: Ask) -> Reply:
    """Launch a development workspace for a service; its template comes from the catalog.

    The form asks only what the template asks. One message goes from queued to ready. `workspace stop 12` and its
    like do with a workspace what the buttons do (delete asks first); /idp workspaces lists them.
    --json: action, values; when the quota is full: workspaces, limit.
    """
    if ask.words and ask.words[0].lower() in DEEDS:
        return _deed(ask, ask.words[0].lower())
    if not ask.idp.workspaces or POLICY not in ask.idp.policies:
        hint = "Set `workspaces:` and the policy `workspace` in idp.yaml."
        raise NotFound("Nobody can launch workspaces here yet.", hint)
    words = ask.words[1:] if len(ask.words) > 1 and ask.words[0].lower() in FILLERS else ask.words
    entity = the_entity(ask, ("Component",), " ".join(words)) if words else None
    if not any(system.launches for system in ask.idp.workspaces):
        return _elsewhere(ask, entity)
    return _limited(ask) or _form(ask, entity)


def _deed(ask: Ask, verb: str) -> Reply:
    number = _workspace(ask, verb, ask.words[1] if len(ask.words) > 1 else "")
    if verb == "delete":
        return _asked_first(ask, number)
    seconds = duration_in(ask.words[2]) if len(ask.words) > 2 else 0
    wanted: Any = f"workspace-{verb}"
    if wanted not in get_args(WorkspaceVerb):
        raise Invalid(f"A workspace cannot {verb}.")
    return Reply(md("{} #{}.", verb.capitalize(), number), act=Act(wanted, number, seconds=seconds))


def _workspace(ask: Ask, verb: str, said: str) -> int:
    """The number of a workspace: as it was said, or of one's own that has this name."""
    if said.lstrip("#").isdigit():
        return the_number(ask, said)
    if not said:
        raise Invalid(f"Which one? Say its name or number after {verb}.", "/idp workspaces lists yours.")
    with ask.idp.database.reading() as store:
        mine = [row for row in rows.find(store, owner=myself(ask).ref) if row.name.lower() == said.lower()]
    if not mine:
        raise NotFound(f"You have no workspace {said}.", "/idp workspaces lists yours.")
    if len(mine) > 1:
        numbers = " or ".join(f"{row.id} ({row.system})" for row in mine)
        raise Invalid(f"You have {len(mine)} workspaces {said}.", f"Say the number: {numbers}.")
    return mine[0].id


def _asked_first(ask: Ask, number: int) -> Reply:
    """What is deleted is gone, so that is a button that asks."""
    with ask.idp.database.reading() as store:
        row = rows.load(store, number)
    if row is None:
        raise NotFound(f"There is no workspace {number}.", "/idp workspaces lists yours.")
    text = md("Delete workspace {}? {}", row.name, DELETE)
    button = Button(
        f"Delete {row.name}", deed="workspace-delete", about=str(number), style="danger", confirm=DELETE
    )
    return Reply(text, [Section(text), Buttons([button])])


def _limited(ask: Ask) -> Reply | None:
    """The quota first: what is used up, and how to make room."""
    person = myself(ask).ref
    limit = quota(ask.idp, current(ask.idp), person)
    with ask.idp.database.reading() as store:
        held = rows.counted(store, person)
    return full(ask, held, limit) if limit is not None and len(held) >= limit else None


def _form(ask: Ask, entity: Entity | None) -> Reply:
    """The form with what is known; what the person has for the service already is said first."""
    values: dict[str, Any] = {}
    if entity is not None:
        values = {"target": entity.ref, "name": free_name(ask.idp, myself(ask).ref, entity.name)}
        template = template_of(ask.snapshot, entity)
        values |= {"template": template, **_usual(ask, template)} if template else {}
    form = OpenForm(WORKSPACE.name, values)
    text = Md("Fill in the form; nothing is launched yet.")
    data = {"action": WORKSPACE.name, "values": values}
    return Reply(text, [Section(text), Buttons([form_button(form)])], data, form=form)


def _usual(ask: Ask, name: str) -> dict[str, str]:
    """What the template's authors recommend, so that most people only press Next."""
    system = next(one for one in ask.idp.workspaces if one.launches)
    try:
        template = system.template(name)
    except NotFound:
        return {}
    offered = lives(ask.idp, template.life)
    life = template.life if template.life in offered else offered[-1]
    preset = next((one.id for one in template.presets if one.default), "")
    return {"life": say_duration(life), "preset": preset}


def _elsewhere(ask: Ask, entity: Entity | None) -> Reply:
    """Where people launch by themselves: the page that does it."""
    repository = repository_of(entity) if entity else ""
    urls = [(one, one.launch_url(repository)) for one in ask.idp.workspaces if repository]
    buttons = [Button(f"Open in {one.name}", url=url, style="primary") for one, url in urls if url]
    if not entity or not buttons:
        name = entity.name if entity else "Which service? It"
        raise NotFound(f"{name} has no repository that a workspace could be launched for.")
    text = md("A workspace for {} is launched with your own account.", entity.name)
    parts: list[Part] = [
        Section(text),
        Buttons(buttons),
        Note(Md("It shows up in /idp workspaces within a minute.")),
    ]
    return Reply(text, parts, {"urls": [url for _, url in urls]})
