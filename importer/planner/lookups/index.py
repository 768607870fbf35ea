"""Entities and records by what people call them: exact and folded, once per property."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from importer.odata.edm import EdmValue
from importer.planner.binding.bound import BLANKS, Asked, BoundProperty
from importer.planner.mapping.record import Record
from importer.service import FetchedEntity
from importer.text.folding import fold

# Entities by the values of some properties, in the form of `value_key`.
Index: TypeAlias = Mapping[Hashable, list[FetchedEntity]]

_NUMBERS = (Decimal, int, float)
# What stands in a record where no value is known.
UNREAD = (Asked, *BLANKS)


def value_key(value: EdmValue, *, exact: bool) -> Hashable:
    """Return the form in which a value is looked up: texts folded unless `exact`; an empty text is a blank."""
    if isinstance(value, str):
        return (value if exact else fold(value)) or None
    if isinstance(value, _NUMBERS) and not isinstance(value, bool):
        return Decimal(value)
    return tuple(value_key(item, exact=exact) for item in value) if isinstance(value, tuple) else value


def read_path(values: Mapping[str, EdmValue], path: Sequence[str]) -> EdmValue:
    """Return the value at a path of properties: ("Address", "City")."""
    found: EdmValue = values.get(path[0])
    if len(path) == 1:
        return found
    for part in path[1:]:
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    return found


@dataclass
class EntityTable:
    """What was fetched of one set. `complete`: everything; else only what was asked for."""

    set: str
    type: str
    entities: Sequence[FetchedEntity]
    complete: bool = True
    _indexes: dict[tuple[tuple[str, ...], tuple[bool, ...]], dict[Hashable, list[FetchedEntity]]] = field(
        default_factory=dict
    )
    _by_identity: dict[Hashable, FetchedEntity] | None = None

    def find(
        self, properties: Sequence[BoundProperty], values: Sequence[EdmValue], exact: Sequence[bool]
    ) -> list[FetchedEntity]:
        """Return the entities whose properties are `values`; an exact match wins over a folded one."""
        found = self.all(properties, values, exact)
        if len(found) > 1:
            same = [
                item
                for item in found
                if all(read_path(item.values, p.path) == v for p, v in zip(properties, values, strict=True))
            ]
            return same or found
        return found

    def all(
        self, properties: Sequence[BoundProperty], values: Sequence[EdmValue], exact: Sequence[bool]
    ) -> list[FetchedEntity]:
        """Return the entities whose properties are `values`, however they are spelled where that does not count."""
        return self.index(properties, exact).get(
            tuple(value_key(v, exact=e) for v, e in zip(values, exact, strict=True)), []
        )

    def by_identity(self, identity: Hashable) -> FetchedEntity | None:
        """Return the entity under a key."""
        if self._by_identity is None:
            self._by_identity = {entity.identity: entity for entity in self.entities}
        return self._by_identity.get(identity)

    def words(self, property_: BoundProperty) -> Iterator[tuple[str, FetchedEntity]]:
        """Yield every text that a property holds, with its entity; for near misses."""
        for entity in self.entities:
            value = read_path(entity.values, property_.path)
            if isinstance(value, str) and value:
                yield value, entity

    def index(self, properties: Sequence[BoundProperty], exact: Sequence[bool]) -> Index:
        """Return the entities by what these properties hold; made once."""
        name = (tuple([item.wire for item in properties]), tuple(exact))
        found = self._indexes.get(name)
        if found is None:
            found = self._indexes[name] = {}
            paths = [(item.path, e) for item, e in zip(properties, exact, strict=True)]
            for entity in self.entities:
                key = tuple([value_key(read_path(entity.values, path), exact=e) for path, e in paths])
                found.setdefault(key, []).append(entity)
        return found


@dataclass
class Planned:
    """The records of this plan by entity type and property. `left_out` are those that mapping blocked or skipped already."""

    records: Sequence[Record]
    left_out: frozenset[int] = frozenset()
    _indexes: dict[tuple[str, str, bool], dict[Hashable, list[Record]]] = field(default_factory=dict)
    _by_type: dict[str, list[Record]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the records by type."""
        self.left_out = frozenset(record.number for record in self.records if not record.usable)
        for record in self.records:
            self._by_type.setdefault(record.step.type, []).append(record)

    @property
    def types(self) -> Iterable[str]:
        """Return the types that steps make."""
        return self._by_type.keys()

    def find(self, type_name: str, property_: BoundProperty, value: EdmValue, *, exact: bool) -> list[Record]:
        """Return the records of exactly this type whose property is `value`; of rows that say the same one stands for all."""
        name = (type_name, property_.wire, exact)
        index = self._indexes.get(name)
        if index is None:
            index = self._indexes[name] = self._index(*name)
        return index.get(value_key(value, exact=exact), [])

    def says(self, record: Record) -> Hashable:
        """Return what is equal for rows of a step that say the same."""
        return (record.step.position, tuple(record.values), record.number in self.left_out)

    def _index(self, type_name: str, wire: str, exact: bool) -> dict[Hashable, list[Record]]:
        index: dict[Hashable, list[Record]] = {}
        told: dict[Hashable, set[Hashable]] = {}
        for record in self._by_type.get(type_name, ()):
            position = record.step.at.get(wire)
            if position is None or isinstance(record.values[position], UNREAD):
                continue
            key = value_key(record.values[position], exact=exact)  # type: ignore[arg-type]
            if key is None:
                continue
            known = told.setdefault(key, set())
            says = self.says(record)
            if says not in known:
                known.add(says)
                index.setdefault(key, []).append(record)
        return index

    def words(self, type_name: str, property_: BoundProperty) -> Iterator[tuple[str, Record]]:
        """Yield every text that the records of a type give a property."""
        for record in self._by_type.get(type_name, ()):
            position = record.step.at.get(property_.wire)
            value = None if position is None else record.values[position]
            if isinstance(value, str):
                yield value, record
