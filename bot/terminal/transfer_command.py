"""`idp migrate`, and `idp migrate --from`: from SQLite to PostgreSQL with everything that was agreed."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from rich.console import Console

from bot.processes.lifeline import alone, retire
from bot.settings.config import Settings
from bot.settings.idp_yaml import FakeEntry
from bot.terminal.migrate_command import migrate_database
from bot.terminal.progress import progress
from commands.parts.texts.labels import plural
from data.store.database import Database
from data.store.transfer import Transferred, check_ends, transfer
from workflows.engine import TABLES, Engine


def prepare(settings: Settings, *, told: bool) -> None:
    """Bring our tables and the engine's up to date."""
    migrate_database(settings, told=told)
    with closing(Database(settings.database_url)) as database, closing(Engine(database, {})) as engine:
        engine.open()


def carry_over(settings: Settings, source_url: str) -> None:
    """Copy everything into the new database while nobody serves from the old one, and say what was done.

    Raises a UserError with the database as it was, empty.
    """
    with closing(Database(source_url)) as source, closing(Database(settings.database_url)) as target:
        check_ends(source, target)
        file = f"sqlite:///{source.location}"
        with alone(file):
            begin = time.monotonic()
            prepare(settings, told=False)
            with progress("Carrying over", Console(stderr=True)) as report:
                done = transfer(source, target, TABLES, _steadily(report))
            retire(file, target.location)
            _tell(done, source.location, target.location, time.monotonic() - begin)
    for line in _beside(settings, Path(source.location)):
        Console().print(line, soft_wrap=True, markup=False)


def _steadily(report: Callable[[str, int], None]) -> Callable[[str, int], None]:
    """A line for each table and not more than one a second, however many rows it has."""
    table, said = "", float("-inf")

    def tell(name: str, count: int) -> None:
        nonlocal table, said
        if name != table or time.monotonic() - said > 1:
            table, said = name, time.monotonic()
            report(name, count)

    return tell


def _tell(done: Transferred, source: str, target: str, seconds: float) -> None:
    out = Console(soft_wrap=True, markup=False, highlight=False)
    for table, count in sorted(done.rows.items()):
        out.print(f"{count:>12,}  {table}")
    rows = plural(sum(done.rows.values()), "row")
    out.print(
        f"Carried over from {source} to {target}: {rows} of {plural(len(done.rows), 'table')} in {seconds:.1f} s."
    )
    if done.replaced:
        out.print(
            f"In {plural(done.replaced, 'row')} a NUL character, which PostgreSQL cannot keep, became \ufffd."
        )
    if done.audit.holds:
        out.print(f"The audit holds: {plural(done.audit.rows, 'row')}, digest {done.audit.head.digest}.")
    else:
        out.print(f"The audit was broken before, at row {done.audit.bad}, and is as it was: {done.audit.reason}")
    out.print("The old file stays as it is, as a backup. `idp serve` refuses it from now on.")


def _beside(settings: Settings, old: Path) -> Iterator[str]:
    """What lies beside the old file and is looked for elsewhere from now on."""
    made_up = Path(f"{old}.access.json").absolute()
    access = settings.config.access
    if isinstance(access, FakeEntry) and not access.path and made_up.exists():
        yield f"Made-up access lies in {made_up}: name it in idp.yaml as access.path, or it is gone."
    shelf, now = old.absolute().parent / "golden-paths", settings.cache.parent / "golden-paths"
    if shelf != now and shelf.is_dir():
        yield f"Golden paths as they were used lie in {shelf}, and are looked for in {now}: copy them there."
