"""What a new service would be: its files as a tree with sizes, its entity, the checks, the plan."""

from collections.abc import Sequence

from commands.parts.reply import Md, Note, Part, Pre, Rows, Section, md
from data.ports.golden_paths import RenderedFile
from workflows.golden_paths.checks import Check
from workflows.golden_paths.looking import Looked
from workflows.requests.request import Preview

TREE = 60  # lines


def looked_parts(made: Preview, looked: Looked) -> list[Part]:
    """Everything that stands in a preview before the decision."""
    path = looked.pinned.path
    counted = md(
        "*{} files*, {} \u00b7 {} {} ({})",
        len(looked.files),
        size(looked.size),
        path.title,
        looked.pinned.version,
        looked.pinned.commit[:12],
    )
    parts: list[Part] = [Section(counted), Pre(tree(looked.files))]
    parts += [Section(Md("*Catalog entity*")), Pre(looked.entity.text or looked.entity.problem)]
    parts.append(Rows([_check(one) for one in looked.checks]))
    parts.append(Rows([Md("*Plan*"), *(md("{}. {}", at, title) for at, title in enumerate(made.steps, 1))]))
    return parts


def _check(check: Check) -> Md:
    sign = Md("\u2714" if check.holds else "\u2718")
    return md("{} {}: {}", sign, check.title, check.seen)


def tree(files: Sequence[RenderedFile]) -> str:
    """The files as a tree, folders once, each file with its size."""
    lines: list[str] = []
    above: list[str] = []
    for file in files:
        *folders, name = file.path.split("/")
        common = 0
        while common < min(len(above), len(folders)) and above[common] == folders[common]:
            common += 1
        lines += [f"{'  ' * depth}{folders[depth]}/" for depth in range(common, len(folders))]
        lines.append(f"{'  ' * len(folders)}{name}  {_about(file)}")
        above = folders
    if len(lines) > TREE:
        lines = [*lines[:TREE], f"\u2026and {len(lines) - TREE} more lines"]
    return "\n".join(lines)


def _about(file: RenderedFile) -> str:
    if file.link:
        return f"\u2192 {file.link}"
    return f"{size(file.size)}{' *' if file.executable else ''}"


def size(count: int) -> str:
    """Bytes for people."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"


def dry_run_note() -> Note:
    """Below a preview that leads nowhere."""
    return Note(Md("A dry run: nothing is made, and nothing is kept."))
