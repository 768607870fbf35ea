"""What `check` found."""

from dataclasses import dataclass

from importer.problems import ProblemGroup, Severity
from importer.results.common import ServiceLine


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedField:
    """What a field became.

    column: the header found, None for constants and expressions. cell: the header's.
    """

    property: str
    type: str
    pair: str | None
    column: str | None
    cell: str | None
    lookup: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedStep:
    """What a step became: its table, how entities are recognised, its fields."""

    name: str
    to: str
    sheet: str | None
    header_row: int | None
    rows: int
    match: tuple[str, ...]
    fields: tuple[CheckedField, ...]
    unused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A recipe against the service's metadata and the files' columns."""

    recipe: str
    language: int
    description: str | None
    service: ServiceLine
    files: tuple[str, ...]
    steps: tuple[CheckedStep, ...]
    problems: tuple[ProblemGroup, ...]

    @property
    def exit_code(self) -> int:
        """Return 3 when the recipe or a file is wrong."""
        return 3 if any(item.severity is Severity.ERROR for item in self.problems) else 0
