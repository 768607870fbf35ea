"""Which rows are one entity: those that share a value of some alternative of `match`, or find one entity (recipe-language.md §5)."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import ClassVar

import msgspec

from importer.planner.lookups import Known, Resolver, identify, levels
from importer.planner.lookups.problems import AmbiguousMatch, RowsConflict
from importer.planner.lookups.resolving import key_text, shown
from importer.planner.mapping import Record
from importer.problems import Problem, Severity
from importer.service import FetchedEntity


class SameEntity(Problem):
    """Two rows find one entity of the service by different values."""

    code: ClassVar[str] = "duplicate-rows"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "Rows {row} and {other} both find {found} on the service."
    hint: ClassVar[str] = "Leave one of the rows out, or correct its match value"

    row: int
    other: int


def group_all(records: Sequence[Record], resolver: Resolver) -> list[list[Record]]:
    """Identify all records and return those of each entity together, in the order of the first rows.

    Rows that share one alternative of `match` and differ in an earlier one, and those that find one entity by different values,
    are blocked; the same ones whatever the order of the rows.
    """
    known, done = resolver.known, list[Record]()
    groups = _Groups((), known)
    waiting = {record.step.position: record.step.type for record in records}
    for level in levels(records, known):
        resolver.search.settle(waiting.values())
        identify(level, resolver)
        done.extend(level)
        groups = _Groups(sorted(done, key=lambda record: record.number), known)
        known.group(groups.found)
        for record in level:
            waiting.pop(record.step.position, None)
    resolver.search.settle(())
    for bucket in groups.in_conflict:
        _tell_differing(bucket, known)
    for one, two in groups.finding_one:
        _tell_same_entity(one, two, known)
    for members in groups.found:
        _tell_several(members, groups.entities)
    return groups.found


class _Bucket(msgspec.Struct, frozen=True):
    """Records that share the values of an alternative; `differing`: the earlier alternative in which some of them differ."""

    names: str
    records: tuple[Record, ...]
    differing: str | None


class _Groups:
    """The records of each entity, and the conflicts on the way. `entities`: record number → the entity it found itself."""

    def __init__(self, records: Sequence[Record], known: Known) -> None:
        self._records, self._known = records, known
        # Record number → the number of its group's first record, and the groups; only of records that are not alone.
        self._root: dict[int, int] = {}
        self._members: dict[int, list[Record]] = {}
        kinds = tuple(dict.fromkeys(record.step.type for record in records))
        self._related = {kind: [other for other in kinds if known.model.is_a(kind, other)] for kind in kinds}
        self.entities = {
            record.number: entity
            for record in records
            if (entity := known.identities[record.number].entity) is not None
        }
        self.in_conflict: list[_Bucket] = []
        self.finding_one: list[tuple[list[Record], list[Record]]] = []
        for bucket in self._buckets():
            if bucket.differing is not None:
                self.in_conflict.append(bucket)
            else:
                for other in bucket.records[1:]:
                    self._union(bucket.records[0], other)
        self._join_found()
        self.found = [
            sorted(self._group(record), key=lambda item: item.number)
            if record.number in self._root
            else [record]
            for record in records
            if self._root.get(record.number, record.number) == record.number
        ]

    def _group(self, record: Record) -> list[Record]:
        """Return the records that are one entity with this one, as far as they are united."""
        return self._members.get(self._root.get(record.number, record.number)) or [record]

    def _buckets(self) -> Iterator[_Bucket]:
        """Yield what records share: each filled alternative, for every related type of the plan."""
        firsts: dict[tuple[str, str, Hashable], Record] = {}
        found: dict[tuple[str, str, Hashable], list[Record]] = {}
        for record in self._records:
            related = self._related[record.step.type]
            values = self._known.identities[record.number].values
            for names, shared in zip(record.step.match_text, values, strict=True):
                for kind in related if shared is not None else ():
                    key = (kind, names, shared)
                    first = firsts.setdefault(key, record)
                    if first is not record:
                        found.setdefault(key, [first]).append(record)
        for (_, names, _), records in found.items():
            yield _Bucket(names, tuple(records), self._differing(names, records))

    def _differing(self, names: str, records: Sequence[Record]) -> str | None:
        """Return the first earlier alternative that several records have filled, and differently."""
        said: dict[str, Hashable] = {}
        for record in records:
            for earlier, value in _earlier(record, names, self._known):
                if said.setdefault(earlier, value) != value:
                    return earlier
        return None

    def _join_found(self) -> None:
        """Make records that find one entity of the service one, and keep those of one step that do so by different values."""
        finders: dict[Hashable, Record] = {}
        for record in self._records:
            entity = self.entities.get(record.number)
            if entity is None:
                continue
            other = finders.setdefault((self._known.root(record.step.type), entity.identity), record)
            if other is record:
                continue
            one, two = self._group(other), self._group(record)
            if one is not two:
                if not {item.step.position for item in one}.isdisjoint(item.step.position for item in two):
                    self.finding_one.append((list(one), list(two)))
                self._union(record, other)

    def _union(self, record: Record, other: Record) -> None:
        """Make the groups of two records one, under its first record's number."""
        one, two = sorted(self._root.setdefault(item.number, item.number) for item in (record, other))
        for item in (record, other):
            self._members.setdefault(self._root[item.number], [item])
        if one != two:
            moved = self._members.pop(two)
            self._members[one].extend(moved)
            self._root.update((item.number, one) for item in moved)


def _earlier(record: Record, names: str, known: Known) -> Iterator[tuple[str, Hashable]]:
    """Yield the alternatives that a record has filled before the one called `names`."""
    for earlier, value in zip(record.step.match_text, known.identities[record.number].values, strict=True):
        if earlier == names:
            return
        if value is not None:
            yield earlier, value


def _tell_differing(bucket: _Bucket, known: Known) -> None:
    """Tell every row of the bucket two that differ: itself and another, where it has the alternative filled."""
    said = [
        (record, dict(_earlier(record, bucket.names, known)).get(bucket.differing or ""))
        for record in bucket.records
    ]
    filled = [(record, value) for record, value in said if value is not None]
    first = filled[0]
    second = next(item for item in filled if item[1] != first[1])
    for record, value in said:
        one = record if value is not None else first[0]
        two = second[0] if value in (None, first[1]) else first[0]
        position = one.step.alternatives[one.step.match_text.index(bucket.differing or "")][0]
        name = one.step.fields[position].property.name
        record.problems.append(
            RowsConflict(
                place=record.place(position if one is record else None),
                step=record.step.name,
                found=_said(one, name),
                expected=_said(two, name),
                row=one.row.number,
                other=two.row.number,
                by=bucket.names,
                property=name,
            )
        )


def _tell_same_entity(one: Sequence[Record], two: Sequence[Record], known: Known) -> None:
    entity = next(found for record in one if (found := known.identities[record.number].entity) is not None)
    for members, others in ((one, two), (two, one)):
        for record in members:
            record.problems.append(
                SameEntity(
                    place=record.place(),
                    step=record.step.name,
                    found=f"{record.step.to}({key_text(entity)})",
                    row=others[0].row.number,
                    other=record.row.number,
                )
            )


def _tell_several(members: Sequence[Record], entities: Mapping[int, FetchedEntity]) -> None:
    """Block rows that are one entity and find several on the service."""
    if len(members) == 1:
        return
    found = {
        entity.identity: entity for record in members if (entity := entities.get(record.number)) is not None
    }
    if len(found) > 1:
        keys = ", ".join(key_text(entity) for entity in found.values())
        for record in members:
            values = ", ".join(f'"{shown(record.values[n])}"' for n in record.step.alternatives[0])
            record.problems.append(
                AmbiguousMatch(
                    place=record.place(),
                    step=record.step.name,
                    found=values,
                    expected=", ".join(record.step.match_text),
                    count=len(found),
                    set=record.step.to,
                    keys=keys,
                )
            )


def _said(record: Record, name: str) -> str:
    position = next((n for n, item in enumerate(record.step.fields) if item.property.name == name), None)
    return "" if position is None else shown(record.values[position])
