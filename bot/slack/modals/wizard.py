"""A form of several pages: each modal holds one, what is filled in is kept in a row of its own.

A modal says only which row and which page it is; the row says whose it is.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from pydantic import ValidationError

from bot.processes.work import Work, report_bug
from bot.slack.answers import APOLOGY, Handover
from bot.slack.deeds.carrying_out import Deeds, action_named
from bot.slack.modals import modal
from bot.slack.modals.late_pages import LatePage
from bot.slack.modals.modal_answers import faulty, refused
from bot.slack.modals.modal_fields import Filling
from bot.slack.modals.pages import page_view, preview_page, sorry_page, waiting_page
from bot.slack.outgoing.chat import Chat
from data.errors import Conflict, Unavailable, UserError
from data.store import drafts
from data.store.drafts import FormDraft
from workflows.action import Action, FormFaults, Page, Paged
from workflows.form_faults import faults_of
from workflows.requests.request import Actor

Body = dict[str, Any]
IN_TIME: Final = 2.0  # seconds of Slack's three that a preview may take before a waiting page is shown


@dataclass(frozen=True, slots=True)
class Wizard:
    """Opens pages, turns them, keeps what is in them, and shows the preview at the end."""

    deeds: Deeds
    chat: Chat
    work: Work

    def open(self, body: Body, actor: Actor, action: Action, values: Mapping[str, Any], reason: str) -> None:
        """The first page. The template is looked at meanwhile, so that the next one comes quickly."""
        given = {name: value for name, value in values.items() if name != "dry_run"}
        dry = bool(values.get("dry_run"))
        draft = FormDraft(secrets.token_hex(8), actor.person, action.name, given, reason, dry)
        self._keep(draft)
        first = _paged(action).pages(action.form)[0]
        filling = self._filling(draft, action, grown=False)
        self.chat.open_view(body["trigger_id"], page_view(filling, action, draft, first, 0, last=False, notice=""))
        self.work.submit("looking at a template", partial(self._filling, draft, action))

    def redraw(self, body: Body, actor: Actor) -> None:
        """The same page, after a field changed on which others depend, or that is checked while it is written."""
        view = body["view"]
        draft, number = self._read(view, actor)
        self.chat.update_view(view["id"], view.get("hash"), self._page(draft, number))

    def back(self, body: Body, actor: Actor) -> None:
        """The page before; what is filled in stays."""
        view = body["view"]
        draft, number = self._read(view, actor)
        self.chat.update_view(view["id"], view.get("hash"), self._page(draft, max(0, number - 1)))

    def submitted(self, view: Body, actor: Actor) -> Body:
        """What Slack is to do with a page that was sent: the next page, or the preview after the last one.

        Templates are fetched and rendered for it, which may take longer than Slack waits: then a page says so, and
        what was made follows.
        """
        handover, kept = Handover(), modal.unpack(view)
        action, draft, number = (
            action_named(kept.get("action")),
            str(kept.get("draft")),
            int(kept.get("page") or 0),
        )
        late = LatePage(self.chat, view["id"], lambda error: sorry_page(action, draft, number + 1, error))

        def work() -> None:
            with late.watched():
                made = self._guarded(view, actor)
            if not handover.offer(made):
                late.follow(lambda: made.get("view") or self._told_late(view, actor, made))

        if self.work.submit("turning a page", work) is None:
            raise Unavailable("Too many people ask at once.", "Try again in a minute.")
        waiting = {"response_action": "update", "view": waiting_page(action, draft, number)}
        return handover.wait(IN_TIME) or waiting

    def _guarded(self, view: Body, actor: Actor) -> Body:
        try:
            return {"response_action": "update", "view": self._turned(view, actor)}
        except FormFaults as faults:
            return faulty(view, faults.faults)
        except UserError as error:
            return refused(view, error)
        except Exception:  # noqa: BLE001 - nobody waits for this thread: whatever fails is said in the modal
            return refused(view, UserError(APOLOGY.format(report_bug("turning a page"))))

    def _turned(self, view: Body, actor: Actor) -> Body:
        draft, number = self._read(view, actor)
        action = action_named(draft.action)
        pages = self._pages(draft, action)
        self._refuse(draft, action, pages[number])
        return (
            self._page(draft, number + 1) if number + 1 < len(pages) else self._preview(draft, actor, number + 1)
        )

    def _told_late(self, view: Body, actor: Actor, made: Body) -> Body:
        """The page again, with what is wrong on top: faults at fields are only for those who are in time."""
        kept = modal.unpack(view)
        return self._page(
            self.deeds.draft(kept, actor), int(kept.get("page") or 0), " ".join(made["errors"].values())
        )

    def _preview(self, draft: FormDraft, actor: Actor, number: int) -> Body:
        """The last page; a fault on an earlier one brings that page back."""
        action = action_named(draft.action)
        try:
            kept = {"action": draft.action, "values": dict(draft.given)}
            made = self.deeds.preview(kept, actor)
            looked = _paged(action).look(self.deeds.idp, self.deeds.idp.catalog.snapshot, draft.given)
            return preview_page(made, looked, self.deeds.idp.catalog.snapshot, draft, number)
        except FormFaults as faults:
            return self._faulty(draft, action, faults)
        except UserError as error:
            return sorry_page(action, draft.id, number, error)

    def _faulty(self, draft: FormDraft, action: Action, faults: FormFaults) -> Body:
        pages = self._pages(draft, action)
        at = next((n for n, page in enumerate(pages) if set(page.fields) & set(faults.faults)), 0)
        return self._page(draft, at, " ".join(faults.faults.values()))

    def _page(self, draft: FormDraft, number: int, notice: str = "") -> Body:
        action = action_named(draft.action)
        filling = self._filling(draft, action, grown=number > 0)  # the first page is drawn at every letter
        pages = _paged(action).pages(filling.form)
        if number == 0:
            return page_view(filling, action, draft, pages[0], 0, last=False, notice=notice)
        number = min(number, len(pages) - 1)
        last = number == len(pages) - 1
        return page_view(filling, action, draft, pages[number], number, last=last, notice=notice)

    def _pages(self, draft: FormDraft, action: Action) -> Sequence[Page]:
        return _paged(action).pages(self._filling(draft, action).form)

    def _refuse(self, draft: FormDraft, action: Action, page: Page) -> None:
        """Raises FormFaults for what is wrong on this page."""
        filling = self._filling(draft, action)
        idp, snapshot = self.deeds.idp, filling.snapshot
        faults = dict(_typed(filling, page))
        faults |= _paged(action).check(idp, snapshot, draft.person, filling.values)
        here = {field: fault for field, fault in faults.items() if field in page.fields}
        if here:
            raise FormFaults(here)

    def _read(self, view: Body, actor: Actor) -> tuple[FormDraft, int]:
        """The draft with what this page holds now, kept."""
        kept = modal.unpack(view)
        draft, number = self.deeds.draft(kept, actor), int(kept.get("page") or 0)
        action = action_named(draft.action)
        shown = {modal.block_name(block["block_id"]) for block in view.get("blocks", ()) if "block_id" in block}
        given, reason = modal.read_fields(view)
        values = {name: value for name, value in draft.given.items() if name not in shown} | given
        values = dict(_paged(action).settle(self.deeds.idp, draft.given, values))
        reason = reason if modal.REASON in shown else draft.reason
        read = replace(draft, given=values, reason=reason)
        self._keep(read)
        return read, number

    def _keep(self, draft: FormDraft) -> None:
        with self.deeds.idp.database.store() as store:
            drafts.put(store, draft, self.deeds.idp.now())

    def _filling(self, draft: FormDraft, action: Action, grown: bool = True) -> Filling:
        idp = self.deeds.idp
        snapshot = idp.catalog.snapshot
        form = action.form_for(idp, snapshot, draft.person, draft.given) if grown else action.form
        defaults = {
            name: info.default
            for name, info in form.model_fields.items()
            if not info.is_required() and info.default_factory is None and info.default not in (None, "")
        }
        given = {name: value for name, value in draft.given.items() if name in form.model_fields}
        return Filling(idp, snapshot, draft.person, form, {**defaults, **given})


def _paged(action: Action) -> Paged:
    if action.paged is None:
        raise Conflict("This form is too old.", "Open it again.")
    return action.paged


def _typed(filling: Filling, page: Page) -> Mapping[str, str]:
    """Faults of type and length, and choices that were not offered, on this page."""
    faults: dict[str, str] = {}
    try:
        modal.check_menus(filling)
    except FormFaults as found:
        faults |= found.faults
    try:
        filling.form.model_validate(dict(filling.values))
    except ValidationError as error:
        faults |= faults_of(error)
    return {field: fault for field, fault in faults.items() if field in page.fields}
