"""What became of each row; the counts always add up to the rows read (recipe-language.md §5, *Accounting*)."""

from collections.abc import Iterable, Iterator, Mapping

from importer.plan import Fate, RowFate, StepTotals, Verb
from importer.planner.binding import Binding, BoundStep
from importer.planner.deciding import Decider, Decision
from importer.planner.lookups import Resolver
from importer.planner.mapping import Record
from importer.planner.planning.composing import Composer
from importer.planner.staging import Staged
from importer.problems import Problem

_FATES = {Verb.CREATE: Fate.CREATE, Verb.UPDATE: Fate.UPDATE, Verb.UNCHANGED: Fate.UNCHANGED}


def fates_of(decider: Decider, composer: Composer) -> Iterator[RowFate]:
    """Yield what became of each row that became a record."""
    for decision in decider.decisions:
        for record in decision.node.records:
            yield _fate(decision, record, composer.action_of(decision, record))


def problems_of(decider: Decider, resolver: Resolver) -> Iterator[Problem]:
    """Yield the problems of rows, and the notes. Of a row that is skipped nothing is told but that it is."""
    for decision in decider.decisions:
        for record in decision.node.records:
            yield from dict.fromkeys(record.problems if record.skipped is None else ())
        yield from decision.notes
    yield from dict.fromkeys(resolver.notes)


def totals(binding: Binding, staged: Staged, fates: Iterable[RowFate]) -> list[StepTotals]:
    """Return the counts of each step."""
    counts = {step.name: dict.fromkeys(Fate, 0) for step in binding.steps}
    for fate in fates:
        counts[fate.step][fate.fate] += 1
    return [_totals(step, counts[step.name], staged.outside[step.name]) for step in binding.steps]


def _fate(decision: Decision, record: Record, number: int) -> RowFate:
    step, place = record.step.name, record.place()
    if record.skipped is not None:
        return RowFate(step, place, Fate.SKIP, number, record.skipped)
    if record.problems:
        return RowFate(step, place, Fate.BLOCKED, number, record.problems[0].code)
    first = decision.node.first
    if record is not first:
        return RowFate(step, place, Fate.MERGED, number, f"row {first.row.number}")
    return RowFate(step, place, _FATES[decision.verb], number)


def _totals(step: BoundStep, counts: Mapping[Fate, int], outside: int) -> StepTotals:
    return StepTotals(
        name=step.name,
        to=step.to,
        rows=sum(counts.values()),
        outside=outside,
        not_for_step=counts[Fate.NOT_FOR_STEP],
        merged=counts[Fate.MERGED],
        create=counts[Fate.CREATE],
        update=counts[Fate.UPDATE],
        unchanged=counts[Fate.UNCHANGED],
        skip=counts[Fate.SKIP],
        blocked=counts[Fate.BLOCKED],
    )
