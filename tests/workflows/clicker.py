"""A replica that clicks: `python -m tests.workflows.clicker URL FOLDER PERSON approve|deny`.

Reads request ids from its standard input, one a line; answers each with "won" or the sentence that people read.
"""

import sys
from pathlib import Path

from data.errors import UserError
from tests.workflows.house import build
from workflows.requests.request import Actor, decide


def main(url: str, folder: str, person: str, what: str) -> None:
    house = build(url, Path(folder))
    print("ready", flush=True)
    for line in sys.stdin:
        try:
            decide(house.idp, int(line), Actor(person), what == "approve", note="no" if what == "deny" else "")
            print("won", flush=True)
        except UserError as error:
            print(error.message, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
