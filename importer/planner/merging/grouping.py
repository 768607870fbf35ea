"""Which rows are one entity: those that share a value of some alternative of `match`, or find one entity (recipe-language.md §5)."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from importer.planner.lookups import Known, Resolver, identify, levels
from importer.planner.lookups.problems import AmbiguousMatch, RowsConflict
from importer.planner.lookups.resolving import key_text, shown
from importer.planner.mapping import Record
from importer.problems import Problem, Severity
from importer.service import FetchedEntity


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True)
class _Bucket:
    """Records that share the values of an alternative; `differing`: the earlier alternative in which some of them differ."""

    names: str
    records: tuple[Record, ...]
    differing: str | None


class _Groups:
    """The records of each entity, and the conflicts on the way. `entities`: record number → the entity it found itself."""

    def __init__(self, records: Sequence[Record], known: Known) -> None:
        self._records, self._known = records, known
        self._root = {record.number: record.number for record in records}
        self._members = {record.number: [record] for record in records}
        self._types = tuple(dict.fromkeys(record.step.type for record in records))
        self.entities = {n: e for n in self._root if (e := known.identities[n].entity) is not None}
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
            sorted(self._members[n], key=lambda record: record.number)
            for n in self._root
            if self._root[n] == n
        ]

    def _buckets(self) -> Iterator[_Bucket]:
        """Yield what records share: each filled alternative, for every related type of the plan."""
        found: dict[tuple[str, str, Hashable], list[Record]] = {}
        for record in self._records:
            related = [kind for kind in self._types if self._known.model.is_a(record.step.type, kind)]
            values = self._known.identities[record.number].values
            for names, shared in zip(record.step.match_text, values, strict=True):
                for kind in related if shared is not None else ():
                    found.setdefault((kind, names, shared), []).append(record)
        for (_, names, _), records in found.items():
            if len(records) > 1:
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
            if self._root[record.number] != self._root[other.number]:
                one, two = (self._members[self._root[item.number]] for item in (other, record))
                if not {item.step.position for item in one}.isdisjoint(item.step.position for item in two):
                    self.finding_one.append((list(one), list(two)))
                self._union(record, other)

    def _union(self, record: Record, other: Record) -> None:
        """Make the groups of two records one, under its first record's number."""
        one, two = sorted((self._root[record.number], self._root[other.number]))
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
