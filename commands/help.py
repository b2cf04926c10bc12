"""/idp help: what can be asked, by example."""

from commands.parts.ask import Ask, Command, command
from commands.parts.reply import Button, Buttons, Md, Note, Part, Reply, Rows, Section, code, md
from commands.parts.typed.registry import GROUPS, registry
from data.errors import NotFound

TITLES = {
    "ASK": "Ask",
    "ACT": "Act",
    "IMPROVE": "Improve",
    "CARE": "Care for the catalog",
    "ADMIN": "Look behind",
}


@command("help", group="ADMIN", order=1, usage="help [<command>]", example="help deps", aliases=("?", "commands"))
def help_(ask: Ask) -> Reply:
    """What can be asked, with an example each; with a command, all about it.

    --json: commands [{name, group, usage, example, summary}], or for one command also help, aliases, flags.
    """
    if ask.words:
        return _one(ask.words[0])
    known = registry().commands
    parts: list[Part] = [Section(md("*Ask me about {}*", _where(ask)))]
    for group in GROUPS:
        lines = [_line(each) for each in known if each.group == group]
        if lines:
            parts += [Section(md("*{}*", Md(TITLES[group]))), Rows(lines)]
    tip = (
        "A bare name shows its card; sentences such as “who is on call for checkout” work too. "
        "Add --share to show the answer to everybody."
    )
    examples = [each for each in known if each.group == "ASK"][:4]
    parts += [Note(Md(tip)), Buttons([Button(each.example[:40], each.example) for each in examples])]
    names = ", ".join(each.name for each in known)
    text = md("Type /idp and one of: {}. For example: /idp who-owns checkout", names)
    return Reply(text, parts, {"commands": [_data(each) for each in known]})


def _where(ask: Ask) -> str:
    known = len(ask.snapshot)
    return f"the {known:,} things in the catalog" if known else "your company's software"


def _line(each: Command) -> Md:
    return md("{}  {}", code(f"/idp {each.example}"), each.summary)


def _one(word: str) -> Reply:
    known = registry()
    chosen = known.find(word.removeprefix("/"))
    if chosen is None:
        near = " or ".join(known.slips(word))
        raise NotFound(
            f"There is no command “{word}”.", f"Did you mean {near}?" if near else "/idp help lists all."
        )
    lines = [md("{}  {}", code(f"--{flag.name} {flag.value}".strip()), flag.help) for flag in chosen.flags]
    lines += [
        md("{}  {}", code("--share"), "show the answer to everybody"),
        md("{}  {}", code("--json"), "for machines"),
    ]
    parts: list[Part] = [
        Section(md("*{}*\n{}", code(f"/idp {chosen.usage}"), _prose(chosen))),
        Rows(lines),
        Note(
            md("Also: {}", ", ".join(chosen.aliases)) if chosen.aliases else md("Part of {}", TITLES[chosen.group])
        ),
        Buttons([Button(chosen.example[:60], chosen.example)]),
    ]
    data = _data(chosen) | {
        "help": chosen.help,
        "aliases": list(chosen.aliases),
        "flags": [{"name": flag.name, "value": flag.value, "help": flag.help} for flag in chosen.flags],
    }
    return Reply(md("/idp {}: {} Example: /idp {}", chosen.usage, chosen.summary, chosen.example), parts, data)


def _prose(chosen: Command) -> str:
    """The help for people: without what machines get."""
    return " ".join(chosen.help.partition("--json:")[0].split())


def _data(each: Command) -> dict[str, object]:
    return {
        "name": each.name,
        "group": each.group,
        "usage": each.usage,
        "example": each.example,
        "summary": each.summary,
    }
