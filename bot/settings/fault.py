"""What can be wrong with a configuration, and where."""

from dataclasses import dataclass


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
