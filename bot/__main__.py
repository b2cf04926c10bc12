"""`python -m bot`, which is the command `idp`: where every process begins."""

import gc
from typing import Final

AT_ONCE: Final = 20_000  # new objects between two looks for garbage; Python's own 700 cost a tenth of each start


def main() -> None:
    """Run the command. What it needs is imported now: half a million objects, and no garbage among them."""
    gc.set_threshold(AT_ONCE)
    from bot.terminal.program import run

    run()


if __name__ == "__main__":
    main()
