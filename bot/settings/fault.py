"""What can be wrong with a configuration, and where."""

from dataclasses import dataclass

from pydantic_core import PydanticCustomError

from data.documents.checking import UNREPEATED
from data.errors import Invalid


def unrepeated(expected: str) -> PydanticCustomError:
    """The error of a validator about what may be, or hold, a secret: only what was expected is told."""
    return PydanticCustomError(UNREPEATED, "{expected}", {"expected": expected})


@dataclass(frozen=True, slots=True)
class ConfigFault:
    """One thing wrong with the configuration; `file` is "environment" or a path, `line` 0 where there is none."""

    file: str
    line: int
    message: str
    expected: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.message}" + (f" Expected: {self.expected}" if self.expected else "")


class BadConfiguration(Invalid):
    """Everything that is wrong, at once."""

    def __init__(self, faults: list[ConfigFault]) -> None:
        count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"The configuration has {count}:\n{lines}")
        self.faults = faults
