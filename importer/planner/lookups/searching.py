"""Who is called so? Candidates of the service, of this plan, and among the rows left out (recipe-language.md §6.4)."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from importer.odata.edm import EdmValue, equal
from importer.planner.binding.bound import Asked, Blank, BoundLookup, BoundProperty, BoundWhere, Clear
from importer.planner.lookups.index import read_path, value_key
from importer.planner.lookups.known import Known, UnresolvedError, first_key
from importer.planner.lookups.references import KeyRef, MadeRef, RecordRef, Reference
from importer.planner.mapping.conversion import Context, NotConvertible, convert
from importer.planner.mapping.record import Record
from importer.service import FetchedEntity

Wanted: TypeAlias = "Reference | EdmValue"


class Found(msgspec.Struct, frozen=True):
    """What one search found. `left_out`: only rows that are left out; `old`: by a value that the plan changes."""

    candidates: tuple[KeyRef | RecordRef, ...]
    left_out: tuple[Record, ...] = ()
    old: bool = False


@dataclass
class Search:
    """Searches among everything that is known. `undecidable` holds references that are in the middle of being resolved."""

    known: Known
    undecidable: set[tuple[int, int]] = field(default_factory=set)
    # Types of which some record is not identified yet: what is found of them may change.
    unsettled: frozenset[str] = frozenset()
    _found: dict[Hashable, Found] = field(default_factory=dict)
    # By the ids of lookup and question: entities of the service that are the answer for whoever asks.
    _sure: dict[tuple[int, int], KeyRef] = field(default_factory=dict)

    def settle(self, unsettled: Iterable[str]) -> None:
        """Forget what was found, because more is known now."""
        self.unsettled = frozenset(unsettled)
        self._found.clear()
        self._sure.clear()

    def sure(self, lookup: BoundLookup, asked: Asked) -> KeyRef | None:
        """Return the entity that this very question found before, where nothing that may still happen changes that."""
        return self._sure.get((id(lookup), id(asked)))

    def remember(self, lookup: BoundLookup, asked: Asked, found: Found) -> None:
        """Remember the answer to a question that has no narrowings; `asked` lives as long as its record."""
        only = found.candidates[0]
        if not asked.where and not found.old and isinstance(only, KeyRef) and self._lasts(lookup):
            self._sure[id(lookup), id(asked)] = only

    def look(self, lookup: BoundLookup, text: EdmValue, where: tuple[Wanted, ...], record: Record) -> Found:
        """Return who is called `text` and fits `where`; `record` is who asks.

        Raises:
            UnresolvedError: a reference of a candidate decides, and is not resolved yet.
        """
        key = (id(lookup), value_key(text, exact=True), self.where_key(where), record.step.rule.table.locale)
        found = self._found.get(key)
        if found is None:
            found = self._look(lookup, text, where, record)
            if self._lasts(lookup):
                self._found[key] = found
        return found

    def _lasts(self, lookup: BoundLookup) -> bool:
        """Whether what was found stays so: no step writes such entities, or all records that do are identified and resolved.

        A step of a base type writes them too: its rows may be entities of the type that is looked up.
        """
        is_a = self.known.model.is_a
        types = self.known.planned.types
        writing = {kind for kind in types if is_a(kind, lookup.type) or is_a(lookup.type, kind)}
        return not writing or (not self.undecidable and writing.isdisjoint(self.unsettled))

    def records(self, lookup: BoundLookup, property_: BoundProperty, value: EdmValue) -> list[Record]:
        """Return the records that a property of `by` finds, whatever becomes of them."""
        find, exact = self.known.planned.find, lookup.exact
        return [
            record
            for kind in self.known.making(lookup.type)
            for record in find(kind, property_, value, exact=exact)
        ]

    def where_key(self, where: tuple[Wanted, ...]) -> Hashable:
        """Return narrowings as something to look up by."""
        return tuple(
            ("ref", self.known.token(value))
            if isinstance(value, KeyRef | RecordRef | MadeRef)
            else value_key(value, exact=False)
            for value in where
        )

    def value_of(self, candidate: Reference, property_: BoundProperty) -> object:
        """Return what a candidate's property holds."""
        if isinstance(candidate, KeyRef):
            return read_path(candidate.entity.values, property_.path)
        if isinstance(candidate, MadeRef):
            return candidate.made.text
        position = candidate.record.step.at.get(property_.wire)
        return None if position is None else candidate.record.values[position]

    def _look(self, lookup: BoundLookup, text: EdmValue, where: tuple[Wanted, ...], record: Record) -> Found:
        left_out: list[Record] = []
        for property_ in lookup.by:
            value = typed(property_, text, record)
            if value is None:
                continue
            current, old = self._entities(lookup, property_, value, where)
            made: list[Record] = []
            for other in self._writers(lookup, property_, value, where):
                (left_out if self.known.left_out(other) else made).append(other)
            chosen: list[KeyRef | RecordRef] = [KeyRef(lookup.set, item) for item in current]
            chosen += map(RecordRef, made)
            if chosen:
                # One entity may be written in two ways, and only one of them exactly: the order of rows must not tell.
                return Found(tuple(self._distinct(self._exact_first(chosen, property_, value))))
            if old and not left_out:
                return Found(tuple(self._distinct([KeyRef(lookup.set, item) for item in old])), old=True)
        return Found((), tuple(left_out))

    def _writers(
        self, lookup: BoundLookup, property_: BoundProperty, value: EdmValue, where: tuple[Wanted, ...]
    ) -> Iterable[Record]:
        """Yield the records that give an entity the value, or would if they were not left out."""
        for other in self.records(lookup, property_, value):
            identity = self.known.identities.get(other.number)
            entity = identity.entity if identity is not None else None
            takes = self.known.takes(other, other.step.at[property_.wire], entity)
            if takes and self._fits(self.known.together(other), entity, lookup, where):
                yield other

    def _entities(
        self, lookup: BoundLookup, property_: BoundProperty, value: EdmValue, where: tuple[Wanted, ...]
    ) -> tuple[list[FetchedEntity], list[FetchedEntity]]:
        """Return (entities that keep the value, entities to which this plan gives another)."""
        current: list[FetchedEntity] = []
        old: list[FetchedEntity] = []
        table = self.known.tables.get(lookup.set)
        for entity in table.all([property_], [value], [lookup.exact]) if table is not None else ():
            changers = self.known.finders(lookup.type, entity)
            if not self._fits((), entity, lookup, where) and not self._fits(changers, entity, lookup, where):
                continue
            renamed = any(self._overwrites(other, entity, property_, value, lookup) for other in changers)
            (old if renamed else current).append(entity)
        return current, old

    def _overwrites(
        self,
        record: Record,
        entity: FetchedEntity,
        property_: BoundProperty,
        value: EdmValue,
        lookup: BoundLookup,
    ) -> bool:
        position = record.step.at.get(property_.wire)
        if (
            position is None
            or isinstance(record.values[position], Asked | Blank | Clear)
            or not self.known.takes(record, position, entity)
        ):
            return False
        return value_key(record.values[position], exact=lookup.exact) != value_key(value, exact=lookup.exact)  # type: ignore[arg-type]

    def _distinct(self, candidates: list[KeyRef | RecordRef]) -> list[KeyRef | RecordRef]:
        found: dict[int, KeyRef | RecordRef] = {}
        for candidate in candidates:
            found.setdefault(self.known.token(candidate), candidate)
        return list(found.values())

    def _exact_first(
        self, candidates: list[KeyRef | RecordRef], property_: BoundProperty, value: EdmValue
    ) -> list[KeyRef | RecordRef]:
        """Return the candidates that have exactly the text, if any: an exact match wins."""
        if len(candidates) < 2:
            return candidates
        return [item for item in candidates if self.value_of(item, property_) == value] or candidates

    def _fits(
        self,
        records: Iterable[Record],
        entity: FetchedEntity | None,
        lookup: BoundLookup,
        where: tuple[Wanted, ...],
    ) -> bool:
        """Whether an entity satisfies the narrowings: unless what `records` write to it, else what it holds, contradicts."""
        for narrowing, wanted in zip(lookup.where, where, strict=True):
            written = [
                fits
                for record in records
                if (fits := self._written_fits(record, entity, narrowing, wanted)) is not None
            ]
            if written:
                if not all(written):
                    return False
            elif entity is not None and not self._stored_fits(entity, narrowing, wanted):
                return False
        return True

    def _stored_fits(self, entity: FetchedEntity, narrowing: BoundWhere, wanted: Wanted) -> bool:
        stored = read_path(entity.values, narrowing.property.path)
        if isinstance(wanted, KeyRef | RecordRef | MadeRef):
            target = self.known.key_of(wanted)
            return target is not None and first_key(target) == stored
        return _same(stored, wanted)

    def _written_fits(
        self, record: Record, entity: FetchedEntity | None, narrowing: BoundWhere, wanted: Wanted
    ) -> bool | None:
        """Return whether what a record writes is what is wanted; None where it writes nothing."""
        position = record.step.at.get(narrowing.property.wire)
        if position is None or not self.known.takes(record, position, entity):
            return None
        value = record.values[position]
        if isinstance(value, Clear):
            return wanted is None
        if isinstance(value, Blank):
            clears = (
                entity is not None and value.there and record.step.fields[position].rule.on_blank == "clear"
            )
            return wanted is None if clears else None
        if isinstance(value, Asked):
            return self._reference_fits(record, position, wanted)
        if isinstance(wanted, KeyRef | RecordRef | MadeRef):
            target = self.known.key_of(wanted)
            return target is not None and first_key(target) == value
        return _same(value, wanted)

    def _reference_fits(self, record: Record, position: int, wanted: Wanted) -> bool | None:
        key = (record.number, position)
        if key in self.undecidable:
            return None  # a circle of narrowings contradicts nothing
        if key not in self.known.references:
            raise UnresolvedError(record, position)
        reference = self.known.references[key]
        if reference is None or isinstance(reference, Blank):
            return None
        return isinstance(wanted, KeyRef | RecordRef | MadeRef) and self.known.token(
            reference
        ) == self.known.token(wanted)


def typed(property_: BoundProperty, text: EdmValue, record: Record) -> EdmValue:
    """Return the text as a value of the property's type, or None when it cannot be one."""
    if property_.type == "Edm.String":
        return text if isinstance(text, str) else str(text)
    context = Context(
        record.step.rule.table.locale, record.place(), record.step.name, record.step.enums, record.step.flags
    )
    try:
        return convert(text, text if isinstance(text, str) else str(text), property_, context)
    except NotConvertible:
        return None


def _same(left: object, right: object) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        return value_key(left, exact=False) == value_key(right, exact=False)
    return equal(left, right)  # type: ignore[arg-type]
