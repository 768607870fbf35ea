"""What `preview` mapped."""

from collections.abc import Mapping

import msgspec

from importer.problems import ProblemGroup, Severity
from importer.results.common import ServiceLine


class PreviewedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row as mapped.

    place: the row, as people read it. fate: record, outside (the table's `when`), not_for_step, skip or blocked. values:
    property → its text, None for a blank. codes: property → code of what is wrong with its cell; "" is the whole row.
    """

    place: str
    row: int
    fate: str
    values: Mapping[str, str | None] = msgspec.field(default_factory=dict)
    codes: Mapping[str, str] = msgspec.field(default_factory=dict)


class PreviewedStep(msgspec.Struct, frozen=True, kw_only=True):
    """The first rows of a step. rows: how many its table has. types: property → EDM type, or the lookup."""

    name: str
    to: str
    rows: int
    types: Mapping[str, str]
    shown: tuple[PreviewedRow, ...]


class Previewed(msgspec.Struct, frozen=True, kw_only=True):
    """Records as mapped, nothing looked up and nothing compared."""

    recipe: str
    service: ServiceLine
    steps: tuple[PreviewedStep, ...]
    problems: tuple[ProblemGroup, ...]

    @property
    def exit_code(self) -> int:
        """Return 3 when the recipe or a file is wrong; problems of rows are what a preview is for."""
        return 3 if any(item.severity is Severity.ERROR for item in self.problems) else 0
