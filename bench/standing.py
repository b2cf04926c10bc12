"""`python -m bench.standing COUNT`: a Backstage to sync from, as a process. A line on stdin changes it all.

It says its address on a line, and each change with another. It gives way to others, as another machine would.
"""

import os
import sys

from bench.live import entity_of
from bench.synthetic import names, teams
from tests.fakes.backstage import FakeBackstage


def main(count: int) -> None:
    """Serve until stdin ends."""
    os.nice(19)
    owners, fake = teams(count), FakeBackstage()
    known = names(count)
    try:
        _put(fake, known, owners, 0)
        print(fake.url, flush=True)
        for turn, _ in enumerate(sys.stdin, 1):
            _put(fake, known, owners, turn)
            print("changed", flush=True)
    finally:
        fake.server.stop()


def _put(fake: FakeBackstage, known: list[str], owners: list[str], turn: int) -> None:
    for number, name in enumerate(known):
        fake.put(entity_of(name, owners[number % len(owners)], number + turn))


if __name__ == "__main__":
    main(int(sys.argv[1]))
