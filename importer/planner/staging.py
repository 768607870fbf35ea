"""First pass: the rows of all steps become records; every row that becomes none is accounted for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from importer.plan import RowFate
from importer.planner.binding import BoundStep
from importer.planner.mapping import LeftOut, Record, compile_step
from importer.problems import Problem
from importer.progress import Progress
from importer.sources.table import Row
from importer.text.translating import N_


@dataclass
class Staged:
    """What the first pass found. `outside` counts lines per step that are no rows; `fates` are of rows that became no record."""

    records: list[Record] = field(default_factory=list)
    fates: list[RowFate] = field(default_factory=list)
    outside: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def leave_out(self, step: BoundStep, row: Row, why: LeftOut) -> None:
        """Account for a row that became no record."""
        if why.problem is not None:
            self.problems.append(why.problem)
        if why.fate is None:
            self.outside[step.name] += 1
        else:
            self.fates.append(RowFate(step.name, row.place(), why.fate, reason=why.reason))


def stage(steps: Sequence[BoundStep], today: date, progress: Progress) -> Staged:
    """Return the records of all steps, in the order of steps and rows."""
    staged = Staged()
    progress.phase(N_("reading rows"), sum(step.table.rows for step in steps))
    for step in steps:
        staged.outside[step.name] = step.table.outside
        for section in step.table.sections:
            map_row = compile_step(step, section, today, len(staged.records))
            keep = staged.records.append
            for row in section.rows:
                found = map_row(row)
                if isinstance(found, LeftOut):
                    staged.leave_out(step, row, found)
                else:
                    keep(found)
            progress.advance(len(section.rows))
    return staged
