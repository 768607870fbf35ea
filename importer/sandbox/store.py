"""Entities in memory, written through to SQLite before an answer leaves; the witness of committed writes.

Entities live in families; all types below one root type share its keys: a user is found in `Resources` too.
"""

import bisect
import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from importer.odata.edm import Model
from importer.sandbox.typed import FRACTIONS, INTEGERS, Value

_SCHEMA = """
create table if not exists entity (
    -- `value` is the entity as JSON; `version` grows with every write and is its ETag.
    family  text    not null,
    key     text    not null,
    type    text    not null,
    value   text    not null,
    version integer not null,
    primary key (family, key)
) strict, without rowid;
create table if not exists journal (
    -- Committed writes in order; `op` is create, update or delete, `at` UTC with microseconds.
    n          integer primary key,
    op         text not null,
    entity_set text not null,
    id         text not null,
    at         text not null
) strict;
"""
_PUT = "insert or replace into entity values (?, ?, ?, ?, ?)"
_REMOVE = "delete from entity where family = ? and key = ?"
_NOTE = "insert into journal values (?, ?, ?, ?, ?)"
_encode = msgspec.json.Encoder(decimal_format="number").encode
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


@dataclass(frozen=True, slots=True)
class Entity:
    """One stored entity. `version` grows with every write and is its ETag."""

    type: str
    values: dict[str, Value]
    version: int = 1


class Store:
    """All entities of one service. Not locked: the server holds one lock around each request."""

    def __init__(self, model: Model, path: Path | None = None) -> None:
        """Open the file, or keep everything in memory.

        Raises:
            ValueError: the file is no store, is one of another service, or another sandbox has it open.
        """
        self.model = model
        self.journal: list[dict[str, Any]] = []
        self._families: dict[str, dict[str, Entity]] = {}
        self._orders: dict[str, list[str]] = {}
        self._indexes: dict[tuple[str, str, bool], dict[Value, set[str]]] = {}
        self._kinds: dict[str, frozenset[str]] = {}
        # What a group has replaced so far, (family, key, entity before); None: no group is open.
        self._undo: list[tuple[str, str, Entity | None]] | None = None
        self._connection = sqlite3.connect(
            path or ":memory:", check_same_thread=False, isolation_level=None, timeout=1
        )
        try:
            self._open()
        except sqlite3.Error as error:
            self._connection.close()
            raise ValueError(f"{path}: {error}") from None
        except ValueError:
            self._connection.close()
            raise

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever stored."""
        return not self._families and not self.journal

    @property
    def counter(self) -> int:
        """Return the number of the next write, from 1, over the whole life of the store."""
        return len(self.journal) + 1

    def family(self, type_name: str) -> str:
        """Return the root type whose keys a type shares."""
        return [declared.name for declared in self.model.lineage(type_name)][-1]

    def get(self, type_name: str, key: str) -> Entity | None:
        """Return the entity of a type, or of a type derived from it, under a key."""
        found = self._families.get(self.family(type_name), {}).get(key)
        return found if found is not None and found.type in self._types(type_name) else None

    def taken(self, type_name: str, key: str) -> bool:
        """Whether any entity of the family has the key."""
        return key in self._families.get(self.family(type_name), {})

    def all(self, type_name: str) -> list[Entity]:
        """Return the entities of a type and of those derived from it, in the order they came."""
        types, family = self._types(type_name), self._families.get(self.family(type_name), {})
        return [item for item in family.values() if item.type in types]

    def after(self, type_name: str, key: Value) -> Iterator[Entity]:
        """Yield the entities in the order of their single key, those greater than `key`; None: all."""
        family, types = self.family(type_name), self._types(type_name)
        entities = self._families.get(family, {})
        order = self._orders.get(family)
        if order is None:
            order = self._orders[family] = sorted(entities, key=lambda item: self._rank(family, item))
        start = 0
        if key is not None:
            start = bisect.bisect_right(order, key, key=lambda item: self._rank(family, item))
        for position in range(start, len(order)):
            entity = entities[order[position]]
            if entity.type in types:
                yield entity

    def having(
        self, type_name: str, name: str, values: Iterable[Value], *, folded: bool = False
    ) -> list[Entity]:
        """Return the entities of a type, and of those derived, whose property is one of the values.

        `folded`: texts are compared without regard to case, and the values are given so.
        """
        family, types = self.family(type_name), self._types(type_name)
        entities = self._families.get(family, {})
        index = self._indexes.get((family, name, folded))
        if index is None:
            index = self._indexes[family, name, folded] = {}
            for key, entity in entities.items():
                index.setdefault(_indexed(entity, name, folded), set()).add(key)
        keys = dict.fromkeys(key for value in values for key in sorted(index.get(value, ())))
        return [entities[key] for key in keys if entities[key].type in types]

    def put(self, entity_set: str, key: str, entity: Entity, operation: str) -> None:
        """Store an entity and commit it."""
        row = (self.family(entity.type), key, entity.type, _encode(entity.values).decode(), entity.version)
        self._commit(_PUT, row, (operation, entity_set, key))
        self._place(key, entity)

    def remove(self, entity_set: str, type_name: str, key: str) -> None:
        """Remove an entity and commit that."""
        family = self.family(type_name)
        self._commit(_REMOVE, (family, key), ("delete", entity_set, key))
        self._take_away(family, key)

    @contextlib.contextmanager
    def group(self) -> Iterator[Callable[[], None]]:
        """Make what is written in the block one transaction; the function yielded says that it is to be undone."""
        self._undo, length, failed = [], len(self.journal), False

        def fail() -> None:
            nonlocal failed
            failed = True

        self._connection.execute("begin")
        try:
            yield fail
        except BaseException:
            failed = True
            raise
        finally:
            undo, self._undo = self._undo, None
            self._connection.execute("rollback" if failed else "commit")
            if failed:
                del self.journal[length:]
                for family, key, before in reversed(undo):
                    self._take_away(family, key)
                    if before is not None:
                        self._place(key, before)

    @contextlib.contextmanager
    def planting(self) -> Iterator[None]:
        """Make the seed of a new store one transaction: killed meanwhile, it is still new."""
        self._connection.execute("begin")
        yield
        self._connection.execute("commit")

    def plant(self, key: str, entity: Entity) -> None:
        """Store an entity that was always there: no write of anybody."""
        row = (self.family(entity.type), key, entity.type, _encode(entity.values).decode(), entity.version)
        self._connection.execute(_PUT, row)
        self._place(key, entity)

    def uproot(self, type_name: str, key: str) -> None:
        """Remove an entity that the service itself had planted: no write of anybody."""
        self._connection.execute(_REMOVE, (self.family(type_name), key))
        self._take_away(self.family(type_name), key)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _open(self) -> None:
        # Exclusive: a second sandbox on the same folder would not see what this one keeps in memory.
        self._connection.execute("pragma locking_mode = exclusive")
        self._connection.execute("pragma journal_mode = wal")
        self._connection.execute("pragma synchronous = normal")
        self._connection.execute("begin immediate")
        self._connection.execute("commit")
        self._connection.executescript(_SCHEMA)
        for family, key, kind, value, version in self._connection.execute("select * from entity"):
            if kind not in self.model.types:
                raise ValueError(f"the store holds entities of {kind}, which the metadata do not have")
            self._families.setdefault(family, {})[key] = Entity(kind, _decode(value), version)
        for n, operation, entity_set, key, at in self._connection.execute("select * from journal order by n"):
            self.journal.append({"n": n, "op": operation, "set": entity_set, "id": key, "at": at})

    def _types(self, type_name: str) -> frozenset[str]:
        found = self._kinds.get(type_name)
        if found is None:
            found = self._kinds[type_name] = frozenset((type_name, *self.model.derived_of(type_name)))
        return found

    def _rank(self, family: str, key: str) -> Value:
        declared = self.model.properties_of(family)[self.model.key_of(family)[0]]
        return Decimal(key) if self.model.underlying(declared.type) in (*INTEGERS, *FRACTIONS) else key

    def _place(self, key: str, entity: Entity) -> None:
        family = self.family(entity.type)
        entities = self._families.setdefault(family, {})
        before = entities.get(key)
        if self._undo is not None:
            self._undo.append((family, key, before))
        if before is None and family in self._orders:
            bisect.insort(self._orders[family], key, key=lambda item: self._rank(family, item))
        entities[key] = entity
        self._reindex(family, key, before, entity)

    def _take_away(self, family: str, key: str) -> None:
        before = self._families[family].pop(key, None)
        if self._undo is not None:
            self._undo.append((family, key, before))
        self._orders.pop(family, None)
        self._reindex(family, key, before, None)

    def _reindex(self, family: str, key: str, before: Entity | None, after: Entity | None) -> None:
        for (indexed, name, folded), index in self._indexes.items():
            if indexed != family:
                continue
            if before is not None:
                index.get(_indexed(before, name, folded), set()).discard(key)
            if after is not None:
                index.setdefault(_indexed(after, name, folded), set()).add(key)

    def _commit(self, statement: str, row: tuple[Any, ...], entry: tuple[str, str, str]) -> None:
        at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        n, (operation, entity_set, key) = self.counter, entry
        if self._undo is None:
            self._connection.execute("begin")
        self._connection.execute(statement, row)
        self._connection.execute(_NOTE, (n, operation, entity_set, key, at))
        if self._undo is None:
            self._connection.execute("commit")
        self.journal.append({"n": n, "op": operation, "set": entity_set, "id": key, "at": at})


def _indexed(entity: Entity, name: str, folded: bool) -> Value:
    value = entity.values.get(name)
    return value.casefold() if folded and isinstance(value, str) else _hashable(value)


def _hashable(value: Value) -> Value:
    return _encode(value) if isinstance(value, dict | list) else value
