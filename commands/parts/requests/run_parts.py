"""The part of a card that shows how far a run has come, and what a person may do about it."""

from commands.parts.reply import Button, Buttons, Md, Part, Rows, is_web, md
from data.durations import spent
from data.store.requests import Request, RunView, Step

MOST_LINKS = 10
STEP_SIGNS = {
    "waiting": "\u25cb",
    "running": "\u25b6",
    "done": "\u2714",
    "failed": "\u2718",
    "undone": "\u21ba",
    "skipped": "\u2013",
}


def progress(view: RunView) -> list[Part]:
    """The steps, once the run has begun."""
    if not view.request.attempt and view.request.state in {"pending", "denied", "cancelled", "expired"}:
        return []
    return [Rows([_line(step) for step in view.steps])] if view.steps else []


def _line(step: Step) -> Md:
    line = md("{} {}", Md(STEP_SIGNS[step.state]), step.title)
    took = _seconds(step)
    if took:
        line = md("{} ({})", line, took)
    if step.tries > 1 and step.state in {"running", "failed"}:
        line = md("{}, try {}", line, step.tries)
    if waits(step):
        return md("{}: {}", line, step.result["waits"])
    return md("{}: {}", line, step.error) if step.error and step.state in {"running", "failed"} else line


def waits(step: Step) -> bool:
    """Whether it has done what it can, and waits for people or systems outside."""
    return step.state in {"waiting", "running"} and bool(step.result.get("waits"))


def _seconds(step: Step) -> str:
    if not (step.started_at and step.finished_at):
        return ""
    took = (step.finished_at - step.started_at).total_seconds()
    return spent(took) if took >= 1 else ""


def links(view: RunView) -> list[Part]:
    """Where to look at what the run has made, and what to ask for next."""
    found = [
        Button(str(label), url=str(url))
        for step in view.steps
        if step.state == "done"
        for label, url in step.result.get("links", ())
        if is_web(str(url))
    ]
    unique = list({button.url: button for button in found}.values())
    asked = [str(step.result["ask"]) for step in view.steps if step.state == "done" and "ask" in step.result]
    unique += [Button(words.partition(" ")[0].capitalize(), words=words) for words in asked]
    return [Buttons(unique[:MOST_LINKS])] if unique else []


def run_buttons(view: RunView, about: str) -> list[Button]:
    """What a person may do about a run that failed, or that waits."""
    request = view.request
    if request.state == "running":
        return [button for step in view.steps if waits(step) for button in _waiting(request, step)]
    if request.state != "failed":
        return []
    undo = "Everything that this run has made is taken away again."
    return [
        Button("Retry from this step", deed="retry", about=about, style="primary"),
        Button("Undo what was made", deed="undo", about=about, style="danger", confirm=undo),
        Button("Hand over", deed="handover", about=about),
    ]


def _waiting(request: Request, step: Step) -> list[Button]:
    """The buttons carry what is waited for, so that a second press does not go on with what comes next."""
    about, stop = f"{request.id} {step.result['mark']}", "What is there stays; the rest is not done."
    if step.result.get("last"):  # nothing comes after it that could go on
        return [Button("Stop waiting", deed="stophere", about=about)]
    return [
        Button("Go on now", deed="goon", about=about),
        Button("Stop here", deed="stophere", about=about, style="danger", confirm=stop),
    ]
