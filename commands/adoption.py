"""/idp adoption: how far golden paths are taken up, and what that is worth."""

from commands.parts.ask import Ask, command
from commands.parts.golden_paths.template_lines import by_version, rounded, sample_data, sample_md
from commands.parts.reply import Button, Buttons, Fields, Md, Note, Part, Reply, Rows, Section, md
from commands.parts.texts.labels import plural
from data.durations import say_duration
from data.errors import Invalid
from workflows.templates.adoption import Adoption
from workflows.templates.adoption import adoption as adopted


@command(
    "adoption",
    group="IMPROVE",
    order=20,
    usage="adoption [templates]",
    example="adoption templates",
)
def adoption(ask: Ask) -> Reply:
    """Services from golden paths and by hand, how closely they follow, and how soon they were in production.

    Times are medians with how many services they come from; of fewer than five it says so and compares nothing.
    --json: made, by_hand, elsewhere, adhering, unlooked, templated {n, seconds}, hand {n, seconds}.
    """
    if ask.subject.lower() not in ("", "templates", "template", "golden paths"):
        raise Invalid(f"Adoption of {ask.subject} is not counted.", "Say: /idp adoption templates")
    found = adopted(ask.idp, ask.snapshot)
    total = found.made + len(found.census.elsewhere) + len(found.census.by_hand)
    text = md("{} of {} follow a golden path.", found.made, plural(total, "service"))
    parts: list[Part] = [
        Section(md("*{}*", text)),
        Fields(
            [
                ("Templates not kept here", md("{}", len(found.census.elsewhere))),
                ("By hand", md("{}", len(found.census.by_hand))),
                ("Newest version, unedited", _adherence(found)),
                ("Time to production, golden path", sample_md(found.templated)),
                ("Time to production, by hand", sample_md(found.by_hand)),
                ("Difference", _difference(found)),
            ]
        ),
        Rows([md("*{}*: {}", each.path.title, by_version(each)) for each in found.census.paths]),
        Note(
            Md(
                "From the request, or by hand from the first sight in the catalog, to the first production "
                "deployment; medians. Services that were there before idp are in neither."
            )
        ),
        Buttons([Button("Golden paths", "templates")]),
    ]
    return Reply(text, parts, _data(found))


def _adherence(found: Adoption) -> Md:
    if not found.made:
        return Md("no service yet")
    unknown = f", {found.unlooked} not looked into" if found.unlooked else ""
    return md("{} of {} ({} %){}", found.adhering, found.made, round(100 * found.adhering / found.made), unknown)


def _difference(found: Adoption) -> Md:
    made, hand = found.templated, found.by_hand
    if not (made.enough and hand.enough) or made.seconds is None or hand.seconds is None:
        return Md("too few to compare")
    faster = "faster" if made.seconds <= hand.seconds else "slower"
    return md("golden paths are {} {}", say_duration(rounded(abs(made.seconds - hand.seconds))), faster)


def _data(found: Adoption) -> dict[str, object]:
    return {
        "made": found.made,
        "elsewhere": len(found.census.elsewhere),
        "by_hand": len(found.census.by_hand),
        "adhering": found.adhering,
        "unlooked": found.unlooked,
        "templated": sample_data(found.templated),
        "hand": sample_data(found.by_hand),
    }
