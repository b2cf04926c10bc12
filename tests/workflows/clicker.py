"""A replica that clicks, in a process of its own."""

from multiprocessing.connection import Connection
from pathlib import Path

from data.errors import UserError
from tests.workflows.house import build
from workflows.requests.request import Actor, decide


def main(url: str, folder: Path, person: str, what: str, asked: "Connection[str, int]") -> None:
    """Decides each request whose id comes, "approve" or "deny"; answers "won" or the sentence that people read."""
    house = build(url, folder)
    asked.send("ready")
    while True:
        try:
            decide(house.idp, asked.recv(), Actor(person), what == "approve", note="no" if what == "deny" else "")
            asked.send("won")
        except UserError as error:
            asked.send(error.message)
