"""/idp mine: what the person who asks looks after."""

from commands.parts.ask import Ask, command
from commands.parts.owners.duty import on_duty
from commands.parts.reply import Button, Buttons, Md, Note, Part, Reply, Rows, Section, md
from commands.parts.texts.facts import source_note
from commands.parts.texts.labels import display_name, plural
from commands.parts.texts.lines import lines
from commands.parts.typed.me import groups_of, myself, owned_by

MOST = 20
NEXT = (Button("My shifts", "oncall me"), Button("My team", "team"), Button("What can I ask?", "help"))


@command("mine", group="ASK", order=7, example="mine", aliases=("my", "my-services"))
def mine(ask: Ask) -> Reply:
    """What you and your teams own, and who of you is on call.

    --json: person, teams [reference], owns {reference of the owner: [reference]}.
    """
    person = myself(ask)
    groups = groups_of(ask, person)
    owned = {owner.ref: owned_by(ask, owner) for owner in (person, *groups)}
    total = sum(map(len, owned.values()))
    parts: list[Part] = []
    for owner in (person, *groups):
        things = owned[owner.ref]
        if owner is not person or things:
            head = md("*{}*", display_name(owner) if owner is person else owner.label)
            on_call = Md("") if owner is person else md(" · on call: {}", on_duty(ask, owner, owner.ref)[1])
            parts.append(Section(md("{}{}", head, on_call)))
            shown = lines(things[:MOST]) or [Md("Owns nothing in the catalog.")]
            parts.append(Rows(shown, max(len(things) - MOST, 0), f"team {owner.ref}"))
    if not parts:
        parts.append(Section(Md("You are a member of no team, and own nothing in the catalog.")))
    rest = [Button(f"All of {one.label}", f"find owner:{one.ref}") for one in groups if len(owned[one.ref]) > MOST]
    parts += [
        Note(source_note(ask, person)),
        Buttons([*rest[:5], *NEXT]),
    ]
    names = ", ".join(each.name for things in owned.values() for each in things[:5])
    text = md(
        "{}, you and your {} own {}{}",
        display_name(person),
        plural(len(groups), "team"),
        plural(total, "thing"),
        f": {names}" if names else "",
    )
    data = {
        "person": person.ref,
        "teams": [group.ref for group in groups],
        "owns": {ref: [each.ref for each in things] for ref, things in owned.items()},
    }
    return Reply(text, parts, data)
