"""One sheet × one set → a step: which column is which property, what is left, what is missing."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import msgspec

from importer.drafting.assigning import assign
from importer.drafting.evidence import evidence_of
from importer.drafting.fitting import profile
from importer.drafting.judging import Candidate, Judge
from importer.drafting.matching import match_of
from importer.drafting.sheets import Column, Sheet
from importer.drafting.targets import Offer
from importer.drafting.thesaurus import is_row_number
from importer.drafting.words import words_of
from importer.odata.edm.writable import set_allows
from importer.results.init import DraftedColumn, DraftedField, DraftedProperty, DraftedStep
from importer.service import Service
from importer.text.translating import N_, translate

# A guess stands in the recipe from here on; from `_WORTH` on it is shown to a person.
THRESHOLD = 0.6
_WORTH = 0.4
# Two properties nearer to each other than this are hard to tell apart; the guess then counts less.
_NEAR, _PENALTY = 0.05, 0.06
_SERVICE_ONLY = frozenset({"Edm.DateTimeOffset"})
_PROFILES: Mapping[str, str] = {
    "email": N_("addresses"),
    "date": N_("dates"),
    "number": N_("numbers"),
    "boolean": N_("yes or no"),
    "text": N_("texts"),
}


class Guess(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the columns of a sheet: column → its candidate, and the runner-up where there is one."""

    chosen: Mapping[str, Candidate]
    seconds: Mapping[str, Candidate]

    @property
    def sure(self) -> float:
        """Return the sum of the scores of what would stand in a recipe."""
        return sum(item.score for item in self.chosen.values() if item.score >= THRESHOLD)


def guess(judge: Judge) -> Guess:
    """Return the assignment of the greatest total, with a little less for what is ambiguous."""
    columns = [column for column in judge.sheet.columns if column.header and not _is_counter(column)]
    found = [judge.candidates(column) for column in columns]
    names = assign([{name: item.score for name, item in row.items()} for row in found])
    taken = set(names)
    chosen: dict[str, Candidate] = {}
    seconds: dict[str, Candidate] = {}
    for column, row, name in zip(columns, found, names, strict=True):
        if name is None:
            continue
        best = row[name]
        others = [item for other, item in row.items() if other not in taken]
        second = max(others, key=lambda item: item.score, default=None)
        if second is not None and best.score - second.score < _NEAR and second.score >= _WORTH:
            best = msgspec.structs.replace(best, score=best.score - _PENALTY)
            seconds[column.letters] = second
        chosen[column.letters] = best
    return Guess(chosen=chosen, seconds=seconds)


def step_of(
    judge: Judge, found: Guess, service: Service, *, name: str, evidence: str, named: bool
) -> DraftedStep:
    """Return the step that a guess amounts to."""
    sheet, offer = judge.sheet, judge.offer
    by_letters = {column.letters: column for column in sheet.columns}
    fields = tuple(
        _field(column, found.chosen[column.letters], found.seconds.get(column.letters))
        for column in sheet.columns
        if column.letters in found.chosen and found.chosen[column.letters].score >= _WORTH
    )
    active = {item.property: by_letters[item.letters] for item in fields if item.active}
    matched = match_of(service, offer, active)
    told = {item.letters for item in fields}
    return DraftedStep(
        name=name,
        sheet=sheet.name,
        to=offer.to,
        fields=fields,
        match=matched.alternatives,
        match_evidence=matched.evidence,
        match_sure=matched.sure,
        evidence=evidence,
        mode=_mode(service, offer),
        header_row=sheet.header_row,
        named=named,
        first=sheet.first,
        columns=tuple(_left(column, judge) for column in sheet.columns if column.letters not in told),
        needed=needed_of(offer, active),
        notes=_notes(sheet),
    )


def needed_of(offer: Offer, mapped: Mapping[str, object]) -> tuple[DraftedProperty, ...]:
    """Return what an entity needs and nothing fills."""
    wires = {offer.targets[name].bound.path[0] for name in mapped} | set(mapped)
    return tuple(
        DraftedProperty(property=item.name, type=item.bound.type or (item.to or ""), certain=item.required)
        for item in offer.targets.values()
        if (item.required or item.usual) and not {item.name, item.bound.wire} & wires
    )


def _field(column: Column, found: Candidate, second: Candidate | None) -> DraftedField:
    target = found.target
    active, reason = found.score >= THRESHOLD, ""
    if active and target.bound.type in _SERVICE_ONLY and _has_no_zone(column):
        active, reason = False, translate("its dates have no time zone, and the property wants one")
    return DraftedField(
        property=target.name,
        column=column.written,
        expression=column.expression,
        letters=column.letters,
        score=round(found.score, 2),
        evidence=evidence_of(column, found, second),
        active=active,
        reason=reason,
        lookup=target.to,
        in_set=target.to if target.said else None,
        by=_written_by(found),
        initials=found.found.initials if found.found is not None and not found.values else False,
        values=found.values,
    )


def _written_by(found: Candidate) -> tuple[str, ...] | None:
    """Return the properties of a lookup as they must be written; None where the default is the same."""
    if found.target.to is None:
        return None
    initials = found.found is not None and found.found.initials
    return None if found.by in (("name",), ("Name",)) and not initials else found.by


def _has_no_zone(column: Column) -> bool:
    return any("Z" not in text and "+" not in text for text in column.texts[:50])


def _mode(service: Service, offer: Offer) -> str:
    insert, update = (set_allows(service.model, offer.to, name) for name in ("Insertable", "Updatable"))
    return "upsert" if insert and update else "create" if insert else "update"


def _is_counter(column: Column) -> bool:
    """Whether a column only numbers the rows: headed so, and going up by one from the first."""
    if not is_row_number(words_of(column.header)):
        return False
    numbers = [
        int(text) for cell in column.cells if (text := cell.text.strip(". ")).isdecimal() and len(text) < 9
    ]
    steps = [after - before for before, after in pairwise(numbers)]
    if numbers and numbers[0] > 1:
        return False
    return len(numbers) * 10 >= len(column.cells) * 9 and steps.count(1) * 10 >= len(steps) * 8


def _left(column: Column, judge: Judge) -> DraftedColumn:
    """Return what is known of a column that became nothing, with the numbered properties that could hold it."""
    if _is_counter(column):
        note = translate("numbers the rows")
    else:
        kind = profile(column, judge.context.locale)
        note = translate("{filled} of {rows} filled").format(filled=len(column.cells), rows=column.rows)
        if kind:
            note += f", {translate(_PROFILES[kind])}"
        if slots := _slots(kind, judge.offer):
            note += "; " + translate("numbered properties of this kind: {names}").format(
                names=", ".join(slots)
            )
    return DraftedColumn(column=column.written, letters=column.letters, note=note)


def _slots(kind: str, offer: Offer) -> Sequence[str]:
    wanted = {
        "number": ("Edm.Decimal", "Edm.Double", "Edm.Int32"),
        "date": ("Edm.Date",),
        "text": ("Edm.String",),
    }
    names = [
        item.name for item in offer.targets.values() if item.slot and item.bound.type in wanted.get(kind, ())
    ]
    return [*names[:3], "…"] if len(names) > 3 else names


def _notes(sheet: Sheet) -> tuple[str, ...]:
    if not sheet.double:
        return ()
    row = sheet.header_row or 1
    text = translate("rows {above} and {row} look like one header; the columns are named by row {row} alone")
    return (text.format(above=row - 1, row=row),)
