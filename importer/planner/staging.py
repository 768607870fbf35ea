"""First pass: the rows of all steps become records; every row that becomes none is accounted for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from importer.plan import RowFate
from importer.planner.binding import BoundStep
from importer.planner.mapping import LeftOut, Mapper, Record, compile_mapper
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


def mapped(mapper: Mapper, rows: Iterable[Row]) -> Iterator[tuple[Row, Record | LeftOut]]:
    """Yield each row with what it becomes; a row that is split comes as its pieces."""
    if mapper.split is not None:
        for row in rows:
            yield from mapper.map_split(row)
        return
    map_row = mapper.map
    for row in rows:
        yield row, map_row(row)


def stage(steps: Sequence[BoundStep], today: date, progress: Progress) -> Staged:
    """Return the records of all steps, in the order of steps and rows."""
    staged = Staged()
    progress.phase(N_("reading rows"), sum(step.table.rows for step in steps))
    for step in steps:
        staged.outside[step.name] = step.table.outside
        for section in step.table.sections:
            mapper = compile_mapper(step, section, today, len(staged.records))
            keep = staged.records.append
            for row, found in mapped(mapper, section.rows):
                if isinstance(found, LeftOut):
                    staged.leave_out(step, row, found)
                else:
                    keep(found)
            progress.advance(len(section.rows))
    return staged
