"""Digests as messages: what `commands.parts.digest_card` says, with the picture of the trend in its place."""

from bot.slack.views import Block, Message, render
from commands.parts.digest_card import details_reply, digest_reply, note_reply
from data.catalog.snapshot import Snapshot
from workflows.digests.cards import DetailsCard, DigestCard, NoteCard
from workflows.digests.noting import note_alt
from workflows.digests.words import trend_alt

ALT = 2000  # characters of the words for a picture


def draw_digest(card: DigestCard, snapshot: Snapshot) -> Message:
    """The weekly message: the picture stands before the tasks."""
    message = render(digest_reply(card.content, snapshot, card.states, card.id))
    return _pictured(message, card.picture, trend_alt(card.content.trend, card.content.order))


def draw_details(card: DetailsCard, snapshot: Snapshot) -> Message:
    """The answer in its thread."""
    return render(details_reply(card.content, snapshot))


def draw_note(card: NoteCard) -> Message:
    """The monthly note."""
    return _pictured(render(note_reply(card.content, card.sheet)), card.picture, note_alt(card.content))


def _pictured(message: Message, picture: str, alt: str) -> Message:
    if not picture:
        return message
    image: Block = {"type": "image", "slack_file": {"id": picture}, "alt_text": alt[:ALT]}
    blocks: list[Block] = message["blocks"]
    return {**message, "blocks": [blocks[0], image, *blocks[1:]]}
