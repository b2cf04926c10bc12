"""The modals of a form of several pages: each page, the wait for the preview, the preview. All are pure."""

from typing import Any

from bot.slack.drawing.views import Block, blocks
from bot.slack.modals import modal
from bot.slack.modals.modal import PAGE, View, frame, pack
from bot.slack.modals.modal_fields import Filling, marker
from bot.slack.modals.preview import SEND
from commands.parts.golden_paths.service_preview import dry_run_note, looked_parts
from commands.parts.reply import Button, Buttons, Md, Note, Part, Section, md
from commands.parts.requests.previews import preview_parts
from data.catalog.snapshot import Snapshot
from data.errors import UserError
from data.store.drafts import FormDraft
from workflows.action import Action, Page
from workflows.fields import Checked
from workflows.requests.request import Preview

BACK = Button("Back", deed="back")


def page_view(
    filling: Filling, action: Action, draft: FormDraft, page: Page, number: int, *, last: bool, notice: str
) -> View:
    """One page, with what is filled in so far."""
    made: list[Block] = blocks([Section(md("\u26a0 {}", notice))]) if notice else []
    fields = filling.fields()
    for name in page.fields:
        if name in fields:
            made += _with_check(filling, name)
    if last:
        made.append(modal.reason_field(draft.reason, optional=bool(action.reason)))
    if number:
        made += blocks([Buttons([BACK])])
    return {
        **frame(PAGE, page.title, "Preview" if last else "Next"),
        "private_metadata": pack({"action": action.name, "draft": draft.id, "page": number}),
        "blocks": made,
    }


def _with_check(filling: Filling, name: str) -> list[Block]:
    """The field; below one that is checked while it is written, what came of it."""
    info = filling.form.model_fields[name]
    block = modal.field_block(filling, name, info)
    checked = marker(info, Checked)
    if checked is None:
        return [block]
    block["dispatch_action"] = True
    block["element"]["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    try:
        said = checked.check(filling.idp, filling.snapshot, filling.person, filling.values)
    except UserError as error:
        said = error.message
    return [block, *blocks([Note(md("{}", said))])] if said else [block]


def waiting_page(action: Action, draft: str, number: int) -> View:
    """While the template is looked at after page `number` was sent; the way back is open meanwhile."""
    said = Section(Md("The template is looked at\u2026 nothing is made yet."))
    return {
        **frame("page-waits", action.title, ""),
        "private_metadata": pack({"action": action.name, "draft": draft, "page": number + 1}),
        "blocks": blocks([said, Buttons([BACK])]),
    }


def sorry_page(action: Action, draft: str, number: int, error: UserError) -> View:
    """Why there is no preview; the pages are still there."""
    parts: list[Part] = [Section(md("{}", error.message))]
    parts += [Note(md("{}", error.hint))] if error.hint else []
    return {
        **frame("page-waits", action.title, ""),
        "private_metadata": pack({"action": action.name, "draft": draft, "page": number}),
        "blocks": blocks([*parts, Buttons([BACK])]),
    }


def preview_page(made: Preview, looked: Any, snapshot: Snapshot, draft: FormDraft, number: int) -> View:
    """What would happen; only sending it makes anything."""
    parts = [*looked_parts(made, looked), *preview_parts(made, snapshot, draft.reason or made.action.reason)]
    submit = "" if draft.dry_run else "Create"
    if draft.dry_run:
        parts.append(dry_run_note())
    return {
        **frame(SEND, made.action.title, submit),
        "private_metadata": pack(
            {"action": made.action.name, "draft": draft.id, "page": number, "seen": draft.digest}
        ),
        "blocks": [*blocks(parts, 90), *blocks([Buttons([BACK])])],
    }
