"""From words to an answer: which command is meant, what it answers, and what is said when it cannot."""

from collections.abc import Sequence

import orjson

from commands.parts.ask import Ask, Asker, Command, Unclear
from commands.parts.layout import Filled
from commands.parts.reply import Button, Buttons, Md, Note, Part, Pre, Reply, Rows, Section, code, md, prose
from commands.parts.texts.labels import cut
from commands.parts.typed.asides import said_aside
from commands.parts.typed.naming import EXACT
from commands.parts.typed.phrases import rephrase
from commands.parts.typed.registry import plain, registry
from commands.parts.typed.unknown import NotUnderstood, Unanswered
from commands.parts.words import LONGEST, read_flags, split
from data.errors import UserError
from data.idp import Idp

MOST_CHOICES = 5
EVERYBODYS_FLAGS = ("--share", "--json")


def answer(text: str, asker: Asker, idp: Idp) -> Reply:
    """Answer the words after /idp. A UserError becomes a Reply with ok=False; anything else raised is a bug."""
    verb, _, name = text.partition(" ")
    chosen = plain(verb) if name.replace("-", "").isalnum() and name[0] != "-" and len(name) < LONGEST else None
    if chosen is not None:  # a verb and a plain name, as in most questions: there is nothing else to be read
        return _run(chosen, [name], asker, idp, [])
    try:
        return _answered(text, asker, idp)
    except Unanswered as unknown:
        return _refusal(unknown, unknown.buttons)


def acts(text: str, idp: Idp) -> bool:
    """Whether the answer to these words may want something done; they are not answered yet."""
    words = split(text)
    try:
        return bool(words) and _chosen(words, idp, [])[0].acts
    except UserError:
        return False


def _answered(text: str, asker: Asker, idp: Idp) -> Reply:
    words = split(text)
    flags = [word for word in words if word in EVERYBODYS_FLAGS]
    if flags:
        words = [word for word in words if word not in EVERYBODYS_FLAGS]
    assumed: list[Md] = []
    chosen, words = _chosen(words or [_desk(asker, idp)], idp, assumed)
    return _run(chosen, words[1:] + flags, asker, idp, assumed)


def _chosen(words: list[str], idp: Idp, assumed: list[Md]) -> tuple[Command, list[str]]:
    """Which command is meant, and the words from its verb on."""
    named = plain(words[0])
    return (named, words) if named else _understood(words, idp, assumed)


def _desk(asker: Asker, idp: Idp) -> str:
    """What is said when nothing was asked: one's own things, or help to whom the catalog does not know."""
    known = asker.email and idp.catalog.snapshot.resolve(asker.email, ("User",)).how == "email"
    return "mine" if known else "help"


def _run(chosen: Command, words: list[str], asker: Asker, idp: Idp, assumed: list[Md]) -> Reply:
    try:
        flags: dict[str, str] = {}
        if "--" in " ".join(words):
            words, flags = read_flags(words, chosen.known_flags)
        ask = Ask(chosen.name, words, flags, asker, idp, idp.catalog.snapshot, idp.now(), assumed)
        reply = chosen.run(ask)
        return _finished(reply, ask) if flags or assumed or ask.remarks else reply
    except Unclear as unclear:
        return _offer(unclear)
    except UserError as error:
        return _refusal(error, [_help(chosen.name)])


def _finished(reply: Reply, ask: Ask) -> Reply:
    """What was assumed is said; --share and --json are honoured."""
    text = reply.text
    assumed, remarks = " ".join(ask.assumed), " ".join(ask.remarks)
    parts = reply.parts
    parts = parts.noted(assumed, remarks) if isinstance(parts, Filled) else _noted(parts, assumed, remarks)
    if assumed:
        text = Md(f"{text} ({assumed})")
    if "json" in ask.flags:
        parts = (Pre(orjson.dumps(dict(reply.data), option=orjson.OPT_INDENT_2).decode()),)
    reply = Reply(text, parts, *reply[2:])
    return reply._replace(public=True) if "share" in ask.flags else reply


def _noted(parts: Sequence[Part], before: str, after: str) -> Sequence[Part]:
    """The parts with a note in front and one at the end, where those say something."""
    head, tail = ([Note(Md(text))] if text else [] for text in (before, after))
    return (*head, *parts, *tail)


def _understood(words: list[str], idp: Idp, assumed: list[Md]) -> tuple[Command, list[str]]:
    """The command for words that do not begin with one, or that are a sentence."""
    known = registry()
    meant = split(rephrase(" ".join(words)))
    if meant and meant[0] in known.by_word:
        assumed.append(md("I read this as {}.", code(f"/idp {' '.join(meant)}")))
        return known.by_word[meant[0]], meant
    chosen = known.by_word.get(words[0].lower())
    if chosen is not None:
        return chosen, words
    return _guessed(words, idp, assumed)


def _guessed(words: list[str], idp: Idp, assumed: list[Md]) -> tuple[Command, list[str]]:
    """A name of the catalog shows its card, else the beginning of a verb counts, else what looks like a name."""
    known = registry()
    show = known.by_word["show"]
    match = idp.catalog.snapshot.resolve(" ".join(words))
    if match.how in EXACT:
        return show, ["show", *words]
    if words[0] in {path.id for path in idp.golden_paths.all()}:
        return known.by_word["template"], ["template", *words]
    begun = known.find(words[0])
    if begun is not None:
        return begun, words
    aside = said_aside(words, idp.catalog.snapshot)
    if aside is not None:
        raise aside
    slip = known.slip(words[0]) if len(words) > 1 else None
    if slip is not None:
        assumed.append(md("I took “{}” for {}.", words[0], slip.name))
        return slip, words
    if match.entity is not None or match.candidates:
        return show, ["show", *words]
    raise NotUnderstood(words, known, idp.catalog.snapshot)


def _help(verb: str) -> Button:
    return Button("Help", f"help {verb}")


def _refusal(error: UserError, buttons: Sequence[Button]) -> Reply:
    parts: list[Part] = [Section(prose(error.message))]
    if error.hint:
        parts.append(Note(prose(error.hint)))
    parts.append(Buttons(buttons))
    data = {"error": error.message, "hint": error.hint}
    text = md("{} {}", prose(error.message), prose(error.hint)) if error.hint else prose(error.message)
    return Reply(text, parts, data, ok=False)


def _offer(unclear: Unclear) -> Reply:
    """What it may have been: at most five buttons that ask the same of a reference."""
    if not unclear.candidates:
        search = [Button(cut(f"Search for {unclear.asked}", 60), f"find {unclear.asked}")] if unclear.asked else []
        return _refusal(unclear, [*search, _help(unclear.verb)])
    shown = unclear.candidates[:MOST_CHOICES]
    names = ", ".join(entity.ref for entity in shown)
    lines = [md("*{}* ({})", entity.label, entity.ref) for entity in shown]
    buttons = [Button(entity.label, f"{unclear.verb} {entity.ref}") for entity in shown]
    data = {"error": unclear.message, "hint": unclear.hint, "candidates": [entity.ref for entity in shown]}
    text = md("{} Did you mean {}?", prose(unclear.message), names)
    return Reply(text, [Section(prose(unclear.message)), Rows(lines), Buttons(buttons)], data, ok=False)
