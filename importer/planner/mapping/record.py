"""`Record`: what one row says, field by field, with the places its values came from."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

import msgspec

from importer.odata.edm import EdmValue
from importer.plan import Fate
from importer.planner.binding.bound import Asked, Blank, BoundStep, Clear
from importer.problems import CellPlace, Problem
from importer.sources.table import Row

FieldValue: TypeAlias = "EdmValue | Asked | Blank | Clear"

# Most rows have none, and all of those share it.
NO_DEFAULTS: Mapping[int, FieldValue] = MappingProxyType({})


class Record(msgspec.Struct, eq=False):
    """One row of a step. `values` stand in the order of the step's fields; `defaults` only where the cell was blank.

    Records are told apart by identity; they change while they are resolved: `problems` grows, `skipped` is set.
    """

    number: int
    step: BoundStep
    row: Row
    values: list[FieldValue]
    # Letters of the column each field read, where it read one.
    columns: tuple[str | None, ...]
    problems: list[Problem]
    defaults: Mapping[int, FieldValue]
    skipped: str | None = None

    def place(self, position: int | None = None) -> CellPlace:
        """Return the cell of a field, or the row as a whole."""
        column = self.columns[position] if position is not None and position < len(self.columns) else None
        return CellPlace(self.row.book, self.row.sheet, column, self.row.number)

    @property
    def usable(self) -> bool:
        """Whether nothing blocks or skips the row so far."""
        return not self.problems and self.skipped is None


class LeftOut(msgspec.Struct, frozen=True):
    """A row that became no record. `fate` is None where the table's `when` says that it is no row at all."""

    fate: Fate | None
    reason: str = ""
    problem: Problem | None = None
