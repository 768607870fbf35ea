"""Rows that are one entity are united, property by property (recipe-language.md §5, `on_duplicate`)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias, cast

import msgspec

from importer.odata.edm import EdmValue, equal
from importer.planner.binding import BoundField
from importer.planner.binding.bound import Asked, Blank, Clear
from importer.planner.lookups import KeyRef, MadeRef, RecordRef, Reference, Resolver
from importer.planner.lookups.index import value_key
from importer.planner.lookups.known import first_key
from importer.planner.lookups.resolving import shown
from importer.planner.mapping import Record
from importer.problems import Problem, Severity
from importer.service import FetchedEntity

Value: TypeAlias = "EdmValue | Reference | Blank | Clear"

# Of two rows that agree, the one that may write more speaks.
_STRENGTH = {"never": 0, "if_blank": 1, "always": 2}


class DuplicateRows(Problem):
    """Two rows are one entity and disagree."""

    code: ClassVar[str] = "duplicate-rows"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = (
        'Rows {row} and {other} are the same {entity} and disagree on {property}: "{found}" / "{expected}".'
    )
    hint: ClassVar[str] = "Correct one of the rows, or say `on_duplicate: first` or `last` in the step"

    row: int
    other: int
    entity: str
    property: str


class MergedRows(Problem):
    """Two rows are one entity and agree."""

    code: ClassVar[str] = "merged-rows"
    severity: ClassVar[Severity] = Severity.NOTE
    text: ClassVar[str] = "Rows {row} and {other} are the same {entity} and agree."

    row: int
    other: int
    entity: str


@dataclass(eq=False, slots=True)
class Node:
    """One entity of the plan: the records that are it, and the service's entity if one was found."""

    records: list[Record]
    entity: FetchedEntity | None = None
    fields: list["MergedField"] = field(default_factory=list)

    @property
    def first(self) -> Record:
        """Return the record whose row stands for the entity: the first usable one."""
        if len(self.records) == 1:
            return self.records[0]
        return next((record for record in self.records if record.usable), self.records[0])

    @property
    def usable(self) -> list[Record]:
        """Return the records that nothing blocks or skips."""
        return [record for record in self.records if record.usable]

    @property
    def told(self) -> list[Record]:
        """Return the records that the plan names for the entity: the usable ones, or all where none is."""
        return self.records if len(self.records) == 1 else self.usable or self.records


class MergedField(msgspec.Struct):
    """One property of a node: what its rows say together, and the row it was taken from."""

    bound: BoundField
    value: Value
    record: Record
    position: int


def merge(node: Node, resolver: Resolver) -> Iterator[Problem]:
    """Unite the fields of a node's usable records; yield notes. Disagreements block all rows of the node."""
    usable = node.usable
    merged: dict[str, MergedField] = {}
    for record in usable:
        for position, bound in enumerate(record.step.fields):
            found = MergedField(bound, value_of(record, position, resolver), record, position)
            known = merged.get(bound.property.wire)
            merged[bound.property.wire] = found if known is None else _united(known, found, resolver, node)
    node.fields = list(merged.values())
    if len(usable) > 1 and usable[0].usable:
        first, *others = usable
        for other in others:
            yield MergedRows(
                place=other.place(),
                step=other.step.name,
                row=first.row.number,
                other=other.row.number,
                entity=_entity(node),
            )


def value_of(record: Record, position: int, resolver: Resolver) -> Value:
    """Return the value of a field with its reference resolved; one that could not be is blank (its record is blocked)."""
    value = record.values[position]
    if not isinstance(value, Asked):
        return value
    reference = resolver.reference(record, position)
    return Blank(there=False) if reference is None else reference


def _united(known: MergedField, found: MergedField, resolver: Resolver, node: Node) -> MergedField:
    """Return what two rows say of one property together: a blank agrees with everything."""
    if isinstance(found.value, Blank) and isinstance(known.value, Blank):
        return found if _says_more(found, known) else known
    if isinstance(found.value, Blank):
        return known
    if isinstance(known.value, Blank):
        return found
    if _agree(known, found, resolver):
        strengths = [_STRENGTH[resolver.known.policy(item.record, item.position)] for item in (known, found)]
        return found if strengths[1] > strengths[0] else known
    habit = found.record.step.rule.on_duplicate if known.record.step is found.record.step else "error"
    if habit in ("first", "last"):
        return known if habit == "first" else found
    _disagree(known, found, node)
    return known


def _says_more(found: MergedField, known: MergedField) -> bool:
    """Whether of two blanks the second is worth more: by its default, or by an empty cell where the first has no column."""
    defaults = [item.position in item.record.defaults for item in (known, found)]
    there = [isinstance(item.value, Blank) and item.value.there for item in (known, found)]
    return (defaults[1], there[1]) > (defaults[0], there[0])


def _agree(known: MergedField, found: MergedField, resolver: Resolver) -> bool:
    one, two = known.value, found.value
    if isinstance(one, Clear) or isinstance(two, Clear):
        return isinstance(one, Clear) and isinstance(two, Clear)
    if isinstance(one, KeyRef | RecordRef | MadeRef) or isinstance(two, KeyRef | RecordRef | MadeRef):
        return _same_target(one, two, resolver)
    left, right = cast("EdmValue", one), cast("EdmValue", two)  # blanks and references are told apart above
    exact = found.bound.exact
    if _in_match(found) and value_key(left, exact=exact) == value_key(right, exact=exact):
        return True  # what makes two rows one entity agrees by the comparison that made them so
    return equal(left, right)


def _same_target(one: object, two: object, resolver: Resolver) -> bool:
    """Whether two references, or a reference and a key (`departmentId` beside `department`), lead to one entity."""
    known = resolver.known
    if isinstance(one, KeyRef | RecordRef | MadeRef) and isinstance(two, KeyRef | RecordRef | MadeRef):
        return known.token(one) == known.token(two)
    keys = [first_key(entity) if (entity := known.key_of(item)) is not None else item for item in (one, two)]
    return keys[0] == keys[1]


def _in_match(found: MergedField) -> bool:
    return any(found.position in alternative for alternative in found.record.step.alternatives)


def _disagree(known: MergedField, found: MergedField, node: Node) -> None:
    texts = (shown(known.record.values[known.position]), shown(found.record.values[found.position]))
    for one, two, mine, theirs in ((known, found, *texts), (found, known, texts[1], texts[0])):
        one.record.problems.append(
            DuplicateRows(
                place=one.record.place(one.position),
                step=one.record.step.name,
                found=mine,
                expected=theirs,
                row=one.record.row.number,
                other=two.record.row.number,
                entity=_entity(node),
                property=one.bound.property.name,
            )
        )
    for record in node.records:
        # The whole group is left out: which of its rows is right nobody knows.
        if record.usable:
            record.problems.append(
                DuplicateRows(
                    place=record.place(),
                    step=record.step.name,
                    found=texts[0],
                    expected=texts[1],
                    row=known.record.row.number,
                    other=found.record.row.number,
                    entity=_entity(node),
                    property=known.bound.property.name,
                )
            )


def _entity(node: Node) -> str:
    return node.records[0].step.to
