"""`Record`: what one row says, field by field, with the places its values came from."""

from dataclasses import dataclass, field
from typing import TypeAlias

from importer.odata.edm import EdmValue
from importer.planner.binding.bound import Asked, Blank, BoundStep, Clear
from importer.problems import CellPlace, Problem
from importer.sources.table import Row

FieldValue: TypeAlias = "EdmValue | Asked | Blank | Clear"


@dataclass(slots=True, eq=False)
class Record:
    """One row of a step. `values` stand in the order of the step's fields; `defaults` only where the cell was blank.

    Records are told apart by identity; they change while they are resolved: `problems` grows, `skipped` is set.
    """

    number: int
    step: BoundStep
    row: Row
    values: list[FieldValue]
    defaults: dict[int, FieldValue] = field(default_factory=dict)
    # Letters of the column each field read, where it read one.
    columns: tuple[str | None, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    skipped: str | None = None

    def place(self, position: int | None = None) -> CellPlace:
        """Return the cell of a field, or the row as a whole."""
        column = self.columns[position] if position is not None and position < len(self.columns) else None
        return CellPlace(self.row.book, self.row.sheet, column, self.row.number)

    @property
    def usable(self) -> bool:
        """Whether nothing blocks or skips the row so far."""
        return not self.problems and self.skipped is None
