"""What a confined child does with copier: evaluate a template's questions, or render it. Only it runs this.

copier's own `run_copy` cannot say which commit a folder is, so that its Worker is used, which the same version of
copier uses itself; the tests of the awkward templates hold us to it.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from copier._main import Worker  # see above
from copier._template import Template
from copier._types import MISSING
from copier._user_data import AnswersMap
from copier._user_data import Question as CopierQuestion
from copier.errors import CopierError
from jinja2 import UndefinedError
from plumbum import local

Job = dict[str, Any]
T = TypeVar("T")
MOST_QUESTIONS = 100
MOST_CHOICES = 100
UNHEEDED = ("migrations", "skip_if_exists")  # what copier does in an update, which we bring by a merge of our own


def run(job: Job) -> dict[str, Any]:
    """The result of a job, or {"refused": why} for the template's fault, {"invalid": why} for the answers'."""
    try:
        local.env.clear()  # plumbum's copy of the environment, which tasks get
        local.env.update(os.environ)
        with _worker(job) as worker:
            unsafe = _unsafe(worker)
            if unsafe and not job["trusted"]:
                return {"refused": f"it uses {', '.join(unsafe)}, and this commit is not trusted"}
            return {"describe": _describe, "render": _render}[job["job"]](worker, job["answers"])
    except MemoryError:
        return {"refused": "it needed too much memory"}
    except ValueError as error:  # copier's word for an answer that a question does not take
        return {"invalid": _one_line(error)}
    except PermissionError as error:  # of the guard
        return {"refused": _one_line(error)}
    except Exception as error:  # noqa: BLE001 - a stranger's template may break copier in ways nobody has listed
        return {"refused": f"it cannot be read: {type(error).__name__}: {_one_line(error)}"}


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300]


def _worker(job: Job) -> Worker:
    """copier's worker on a folder that is no repository to it, with the state that we know it has."""
    worker = Worker(
        src_path=job["template"],
        dst_path=Path(job["into"] or "."),
        data=job["answers"] if job["job"] == "render" else {},
        defaults=True,
        overwrite=True,
        quiet=True,
        unsafe=bool(job["trusted"]),
    )
    template = Template(url=job["address"])
    template.__dict__ |= {
        "local_abspath": Path(job["template"]).resolve(),
        "vcs": None,
        "commit": job["version"],
        "commit_hash": job["commit"],
        "git_index_modes": {},
        "version": None,
    }
    worker.__dict__["template"] = template
    return worker


def _unsafe(worker: Worker) -> list[str]:
    """Features that run code of the template: refused here, before copier is asked."""
    config = worker.template.config_data
    return [name for name in ("tasks", "migrations", "jinja_extensions") if config.get(name)]


def _render(worker: Worker, _answers: dict[str, Any]) -> dict[str, Any]:
    worker.run_copy()
    return {"rendered": True}


def _describe(worker: Worker, answers: dict[str, Any]) -> dict[str, Any]:
    """Each question in its order, with the answers before it, as copier would ask it."""
    data = worker.template.questions_data
    if len(data) > MOST_QUESTIONS:
        return {"refused": f"it asks more than {MOST_QUESTIONS} questions"}
    worker.answers = AnswersMap(metadata=worker.template.metadata, external=worker._external_data())
    asked = []
    for name, details in data.items():
        question = CopierQuestion(
            answers=worker.answers,
            context=worker._render_context(),
            jinja_env=worker.jinja_env,
            var_name=name,
            **details,
        )
        described = _question(question, answers)
        if described["value"] is not None:
            worker.answers.user[name] = described["value"]
        if _held(question.get_when, True) and name not in worker.template.secret_questions:
            asked.append(described)
    unheeded = [name for name in UNHEEDED if worker.template.config_data.get(name)]
    return {"asked": asked, "depends": sorted(_depends(data)), "unheeded": unheeded}


def _question(question: CopierQuestion, answers: dict[str, Any]) -> dict[str, Any]:
    name = question.var_name
    shown = _held(question.get_when, True)
    value, fault = _value(question, answers[name] if name in answers and shown else MISSING)
    found: Sequence[Any] = _held(lambda: question._formatted_choices, [])
    choices = [(choice.title, choice.value) for choice in found if not choice.disabled][:MOST_CHOICES]
    return {
        "name": name,
        "type": question.get_type_name(),
        "help": str(_held(lambda: question.render_value(question.help), question.help) or "").strip(),
        "choices": [(str(label), value) for label, value in choices],
        "many": question.multiselect,
        "multiline": question.get_multiline(),
        "placeholder": str(_held(question.get_placeholder, "") or ""),
        "value": value,
        "fault": fault,
    }


def _value(question: CopierQuestion, given: Any) -> tuple[Any, str]:
    """The answer, else the default, and what is wrong with it."""
    value = None
    try:
        if given is MISSING:
            value = question.get_default()
            return (None, "") if value is MISSING else (value, "")
        value = question.parse_answer(given)
        question.validate_answer(value)
    except (CopierError, UndefinedError):
        return None, ""  # it hangs on answers that are not there yet; rendering says it if they never come
    except ValueError as error:
        reason = _one_line(error).partition(f"Validation error for question '{question.var_name}': ")[2]
        return value if given is MISSING else given, reason or _one_line(error)
    return value, ""


def _held(ask: Callable[[], T], otherwise: T) -> T:
    """What a question says; `otherwise` while it hangs on answers that are not there yet."""
    try:
        return ask()
    except (CopierError, UndefinedError, ValueError):
        return otherwise


def _depends(data: dict[str, Any]) -> set[str]:
    """Questions that others name in their conditions, choices, defaults or texts."""
    found = set()
    for name in data:
        others = (str(details) for other, details in data.items() if other != name)
        if any(name in text and ("{{" in text or "{%" in text) for text in others):
            found.add(name)
    return found
