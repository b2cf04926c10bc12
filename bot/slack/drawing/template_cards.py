"""A new version of a golden path, told to those whose services follow an older one."""

from commands.parts.acts import OpenForm
from commands.parts.golden_paths.template_lines import markdown_md
from commands.parts.reply import Button, Buttons, Md, Part, Reply, Rows, Section, md
from commands.parts.requests.previews import packed
from commands.parts.texts.labels import cut, plural
from workflows.templates.following import UPDATE
from workflows.templates.telling import TemplateCard

MOST_BUTTONS = 4
MOST_NOTES = 1200  # characters of one version


def template_reply(card: TemplateCard) -> Reply:
    """Which services, what is new, and a button for each that opens its pull request."""
    if not card.services:
        return Reply(md("*{} {}* is out, and every service of yours follows it.", card.title, card.version))
    said = plural(len(card.services), "service")
    follow = "follows" if len(card.services) == 1 else "follow"
    text = md("*{} {}* is out: {} of yours {} an older version.", card.title, card.version, said, follow)
    lines = [md("• *{}* follows {}", name, version) for _, name, version in card.services]
    parts: list[Part] = [Section(text), Rows(lines, more=f"template {card.path}")]
    for version in card.notes[-3:]:
        if version.notes:
            parts.append(Section(md("*New in {}*\n{}", version.name, markdown_md(version.notes, MOST_NOTES))))
    buttons = [_button(card, ref, name) for ref, name, _ in card.services[:MOST_BUTTONS]]
    buttons.append(Button("All services", f"template {card.path}"))
    return Reply(Md(text.replace("*", "")), [*parts, Buttons(buttons)])


def _button(card: TemplateCard, ref: str, name: str) -> Button:
    label = "Open the pull request" if len(card.services) == 1 else cut(f"Pull request: {name}", 60)
    form = OpenForm(UPDATE.name, {"target": ref, "version": card.version}, f"Follow {card.title} {card.version}")
    return Button(label, deed="send", about=packed(form), style="primary" if len(card.services) == 1 else "")
