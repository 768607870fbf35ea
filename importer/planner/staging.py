"""First pass: the rows of all steps become records; every row that becomes none is accounted for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from importer.plan import Fate, RowFate
from importer.planner.binding import BoundStep
from importer.planner.mapping import Record, compile_step
from importer.problems import Problem
from importer.progress import Progress
from importer.text.translating import N_


@dataclass
class Staged:
    """What the first pass found. `outside` counts lines per step that are no rows; `fates` are of rows that became no record."""

    records: list[Record] = field(default_factory=list)
    fates: list[RowFate] = field(default_factory=list)
    outside: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def stage(steps: Sequence[BoundStep], today: date, progress: Progress) -> Staged:
    """Return the records of all steps, in the order of steps and rows."""
    staged = Staged()
    progress.phase(N_("reading rows"), sum(step.table.rows for step in steps))
    for step in steps:
        staged.outside[step.name] = step.table.outside
        for section in step.table.sections:
            map_row = compile_step(step, section, today, len(staged.records))
            for row in section.rows:
                mapped = map_row(row)
                staged.problems.extend(mapped.problems)
                if mapped.outside:
                    staged.outside[step.name] += 1
                elif mapped.not_for_step:
                    staged.fates.append(RowFate(step.name, row.place(), Fate.NOT_FOR_STEP, reason="when"))
                elif mapped.record is None:
                    staged.fates.append(RowFate(step.name, row.place(), Fate.SKIP, reason=mapped.skipped))
                else:
                    staged.records.append(mapped.record)
            progress.advance(len(section.rows))
    return staged
