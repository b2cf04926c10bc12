"""What an answer brings besides its words: pictures and files."""

from functools import partial

from bot.processes.work import Work
from bot.slack.outgoing.chat import Chat, Place
from bot.slack.who.people import Person
from commands.parts.reply import Reply


def attach(chat: Chat, work: Work, reply: Reply, place: Place, person: Person) -> None:
    """Draw and send them in the background; files go to this person alone, wherever they asked."""
    if reply.picture is not None:
        work.submit("drawing a picture", partial(chat.picture, place, person.id, reply.picture))
    for file in reply.files:
        work.submit("sending a file", partial(chat.file, person.id, file))
