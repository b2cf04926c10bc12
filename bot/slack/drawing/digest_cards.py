"""Digests as messages: what `commands.parts.scorecards.digest_card` says, with the trend's picture in place."""

from bot.slack.drawing.views import Block, Message, render
from commands.parts.scorecards.digest_card import details_reply, digest_reply, note_reply
from data.catalog.snapshot import Snapshot
from workflows.digests.cards import DetailsCard, DigestCard, NoteCard
from workflows.digests.noting import note_alt
from workflows.digests.words import tracks_alt

ALT = 2000  # characters of the words for a picture


def draw_digest(card: DigestCard | DetailsCard | NoteCard, snapshot: Snapshot) -> Message:
    """The weekly message, with its picture before the tasks; the answer in its thread; the monthly note."""
    match card:
        case DigestCard(id, content, picture, states):
            message = render(digest_reply(content, snapshot, states, id))
            return _pictured(message, picture, tracks_alt(content.tracks))
        case NoteCard(note, picture):
            return _pictured(render(note_reply(note)), picture, note_alt(note))
        case DetailsCard(content):
            return render(details_reply(content, snapshot))


def _pictured(message: Message, picture: str, alt: str) -> Message:
    if not picture:
        return message
    image: Block = {"type": "image", "slack_file": {"id": picture}, "alt_text": alt[:ALT]}
    blocks: list[Block] = message["blocks"]
    return {**message, "blocks": [blocks[0], image, *blocks[1:]]}
