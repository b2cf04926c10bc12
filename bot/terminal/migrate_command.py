"""`idp migrate`, and what `serve`, `worker` and `sync` do first."""

from rich.console import Console

from bot.settings.config import Settings
from bot.terminal.progress import progress
from data.store.database import Database


def migrate_database(settings: Settings, *, told: bool) -> None:
    """Bring the schema up to date; says what was done, and with `told` also that there was nothing to do."""
    console = Console(stderr=True)
    database = Database(settings.database_url)
    try:
        with progress("Migrating", console) as report:
            changed = database.migrate(lambda step: report(step, 0))
    finally:
        database.close()
    if changed:
        console.print(f"The database {database.location} is up to date now.", soft_wrap=True)
    elif told:
        console.print(f"The database {database.location} was up to date already.", soft_wrap=True)
