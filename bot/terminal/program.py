"""The command `idp`: every process and everything a person does in a terminal.

What is heavy is imported inside the functions, so that `idp ask` does not wait for the web server's modules.
"""

import os
import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings.fault import BadConfiguration
from data.errors import Conflict, UserError
from data.garbage import no_collection

if TYPE_CHECKING:  # what `idp --help` does not wait for
    from bot.settings.config import Settings

app = typer.Typer(
    name="idp",
    help="An internal developer platform that lives in chat: one Slack app, one command, /idp.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
)


class LintForm(StrEnum):
    """How `idp lint` tells what it found."""

    text = "text"
    github = "github"
    json = "json"


class Format(StrEnum):
    """How the audit is written out."""

    csv = "csv"
    json = "json"


Json = Annotated[bool, typer.Option("--json", help="For machines: JSON on standard output.")]


@app.command()
def serve(
    no_worker: Annotated[
        bool, typer.Option("--no-worker", help="Only answer; `idp worker` does the work.")
    ] = False,
) -> None:
    """Answer Slack: by HTTP at HOST:PORT, or by Socket Mode when SLACK_APP_TOKEN is set."""
    from bot.processes.lifeline import alone
    from bot.processes.server import listening_address
    from bot.processes.server import serve as serve_until_stopped

    settings = _settings(slack=True)
    if no_worker and settings.database_url.startswith("sqlite:"):
        raise Conflict("A SQLite database has one process.", "Leave --no-worker out, or use PostgreSQL.")
    settings = replace(settings, host=listening_address(settings.host, settings.port))
    with alone(settings.database_url):
        _migrate(settings)
        serve_until_stopped(settings, working=not no_worker)


@app.command()
def worker() -> None:
    """Sync and take up what was left behind, without a web server; for `serve --no-worker` on PostgreSQL."""
    from bot.processes.lifeline import alone
    from bot.processes.worker import work_until_stopped

    settings = _settings(slack=True)
    with alone(settings.database_url):
        _migrate(settings)
        work_until_stopped(settings)


@app.command()
def migrate(
    source: Annotated[
        str,
        typer.Option(
            "--from", metavar="URL", help="Carry all of this SQLite database over into the new, empty one."
        ),
    ] = "",
) -> None:
    """Bring the database's schema up to date. Safe to run beside others that do the same."""
    from bot.processes.logs import set_up_logging
    from bot.terminal.transfer_command import carry_over, prepare

    settings = _settings(slack=False)
    set_up_logging(settings.log_level)
    if source:
        carry_over(settings, source)
    else:
        prepare(settings, told=True)


@app.command()
def sync(
    source: Annotated[str | None, typer.Argument(help="The name of one source; all of them without.")] = None,
    allow_removals: Annotated[
        bool, typer.Option("--allow-removals", help="Carry out a mass removal that was held.")
    ] = False,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Read this repository of a GitHub source; may be repeated.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Sync the catalog's sources now, and report what changed."""
    from bot.terminal.sync_command import sync_now

    settings = _settings(slack=False)
    if not as_json:
        _migrate(settings)
    raise typer.Exit(sync_now(settings, source, only or (), allow_removals=allow_removals, as_json=as_json))


@app.command()
def takeover(
    entity: Annotated[
        str | None, typer.Argument(help="The reference of the entity; all that waits without.")
    ] = None,
    agree: Annotated[bool, typer.Option("--agree", help="Let it happen, in the name of the old owner.")] = False,
) -> None:
    """Show the changes of ownership that wait for the old owner, or let one happen."""
    from bot.terminal.takeover_command import takeovers_now

    settings = _settings(slack=False)
    _migrate(settings)
    raise typer.Exit(takeovers_now(settings, entity, agree=agree))


@app.command()
def identity(
    about: Annotated[
        str | None, typer.Argument(help="An account, an e-mail address or a person; all without.")
    ] = None,
    forget: Annotated[
        bool, typer.Option("--forget", help="Let this account prove anew who it is, with its next deed.")
    ] = False,
) -> None:
    """Show which account of the chat is which person, or forget one whose address has changed."""
    from bot.terminal.identity_command import identities_now

    settings = _settings(slack=False)
    _migrate(settings)
    raise typer.Exit(identities_now(settings, about, forget=forget))


@app.command(context_settings={"ignore_unknown_options": True})  # those of the question, such as --up
def ask(
    words: Annotated[
        list[str] | None, typer.Argument(help='The words after /idp, such as "who-owns checkout".')
    ] = None,
    as_json: Json = False,
    email: Annotated[str, typer.Option("--as", help="Ask as the person with this e-mail (mine, oncall me).")] = "",
) -> None:
    """Ask what you would ask in Slack."""
    with no_collection():
        from bot.terminal.ask_command import ask_once

        code = ask_once(_settings(slack=False), _question(words or []), email, as_json=as_json)
    raise typer.Exit(code)


audit = typer.Typer(
    help="The audit: whether it is whole, and a copy for those who ask for one.", no_args_is_help=True
)
app.add_typer(audit, name="audit")


@audit.command("verify")
def audit_verify(
    heads: Annotated[Path | None, typer.Option(help="A file of posted heads to compare with.")] = None,
) -> None:
    """Check the whole chain and name the first bad row."""
    from bot.terminal.audit_command import verify_audit

    raise typer.Exit(verify_audit(_settings(slack=False), heads))


@audit.command("export")
def audit_export(
    kind: Annotated[Format, typer.Option("--format", help="csv or json, each with the chain.")] = Format.csv,
    about: Annotated[
        str, typer.Option(help="An entity such as component:checkout, or a person such as @ann.")
    ] = "",
    since: Annotated[str, typer.Option(help="A day such as 2026-07-01, or how far back, such as 90d.")] = "",
    until: Annotated[str, typer.Option(help="Up to a day such as 2026-10-01, which is left out.")] = "",
    file: Annotated[Path | None, typer.Option("--out", help="A file instead of standard output.")] = None,
) -> None:
    """Write the audit out for an auditor."""
    from bot.terminal.audit_command import export_audit

    raise typer.Exit(export_audit(_settings(slack=False), kind.value, about, (since, until), file))


digest = typer.Typer(help="Weekly digests: order one under its usual key.", no_args_is_help=True)
app.add_typer(digest, name="digest")


@digest.callback()
def _digests() -> None:
    """Weekly digests."""


@digest.command("send")
def digest_send(
    week: Annotated[str, typer.Option(help="An ISO week such as 2026-W47; the present one without.")] = "",
    team: Annotated[str, typer.Option(help="One team; all of them without.")] = "",
    again: Annotated[bool, typer.Option("--again", help="Try those that could not be posted once more.")] = False,
) -> None:
    """Have digests made and posted by the running bot. What was posted for that week is never posted again."""
    from bot.terminal.digest_command import order_digests

    settings = _settings(slack=False)
    _migrate(settings)
    raise typer.Exit(order_digests(settings, week, team, again=again))


@app.command()
def lint(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders; without, idp.yaml and all that it names.")
    ] = None,
    form: Annotated[LintForm, typer.Option("--format", help="github annotates pull requests.")] = LintForm.text,
    offline: Annotated[
        bool, typer.Option("--offline", help="Leave out golden paths that would have to be fetched.")
    ] = False,
) -> None:
    """Check catalog files, rotas, policies, scorecards and golden paths: file and line of each fault, for CI."""
    from bot.terminal.lint_command import lint_now

    raise typer.Exit(lint_now(paths or (), os.environ, form.value, offline=offline))


@app.command()
def doctor() -> None:
    """Check configuration, database, sources, tokens and scopes, and say what to do."""
    from bot.terminal.doctor import examine

    raise typer.Exit(examine(os.environ))


@app.command()
def demo(
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Where the local Slack is shown; the next free port if taken.")
    ] = 8080,
    open_page: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Print a first answer and stop.")] = False,
) -> None:
    """Try everything on the made-up company Acme, with a local Slack: no workspace, no tokens, no network."""
    from bot.demo import run_demo

    raise typer.Exit(run_demo(port, open_page=open_page, once=once))


def _question(words: list[str]) -> str:
    """One text, in which what the shell held together stays together."""
    if len(words) == 1:
        return words[0]
    return " ".join(f'"{word}"' if " " in word else word for word in words)


def _settings(*, slack: bool) -> "Settings":
    from bot.settings.config import load

    return load(os.environ, slack=slack)


def _migrate(settings: "Settings") -> None:
    from bot.processes.logs import set_up_logging
    from bot.terminal.migrate_command import migrate_database

    set_up_logging(settings.log_level)
    migrate_database(settings, told=False)


def run() -> None:
    """Run the command; a UserError is a sentence and exit code 1, bad configuration exit code 2."""
    try:
        app()
    except BadConfiguration as error:
        sys.exit(_say(error, 2))
    except UserError as error:
        sys.exit(_say(error, 1))


def _say(error: UserError, code: int) -> int:
    sys.stderr.write(f"{error.message}\n" + (f"{error.hint}\n" if error.hint else ""))
    return code
