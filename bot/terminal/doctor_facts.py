"""What `idp doctor` says of scorecards: the rules, each source of facts, and who may push."""

from collections.abc import Iterator

from bot.settings.config import Settings
from bot.terminal.finding import Finding
from commands.parts.texts.facts import age
from commands.parts.texts.labels import plural
from data.errors import UserError
from data.idp import Idp
from data.store import facts
from data.store.facts import Run
from workflows.scorecards.exempting import POLICY


def fact_findings(idp: Idp, settings: Settings) -> Iterator[Finding]:
    """What the last run of each collector gave; nothing is asked now."""
    if not idp.scorecards.cards:
        return
    rules = plural(len(idp.scorecards.rules), "rule")
    yield Finding("ok", f"Scorecards: {rules} in {plural(len(idp.scorecards.cards), 'scorecard')}")
    if POLICY not in idp.policies:
        yield Finding(
            "warning", f"There is no policy {POLICY}: no check can be set aside.", "Add it to `policies:`."
        )
    for sender in settings.config.hooks:
        if not sender.secret:
            hint = f"Set {sender.secret_env} to the secret that {sender.name} signs with."
            yield Finding("error", f"Nothing that {sender.name} pushes can be taken: no secret.", hint)
    try:
        with idp.database.reading() as store:
            runs = facts.runs(store)
    except UserError:
        return  # said above
    for collector in idp.collectors:
        yield _of(idp, collector.name, runs.get(collector.name))


def _of(idp: Idp, name: str, run: Run | None) -> Finding:
    if run is None:
        return Finding("warning", f"Facts of {name}: not gathered yet", "`idp serve` or `idp worker` does it.")
    known = f", {plural(run.facts, 'fact')} {age(idp.now(), run.told_at)}" if run.told_at else ""
    if run.error:
        return Finding(
            "error" if run.told_at != run.tried_at else "warning", f"Facts of {name}: {run.error}{known}"
        )
    return Finding("ok", f"Facts of {name}{known}")
