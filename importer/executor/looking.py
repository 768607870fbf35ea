"""Reading what stands on the service now, for guards and recovery, in as few requests as it allows."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from importer.executor.values import Key, Values, identity, key_path, typed
from importer.odata.edm import EdmValue, Model, equal
from importer.odata.http import ReadFailed
from importer.odata.payload import parse_json
from importer.service import FetchedEntity, Service
from importer.text.cleaning import clean

# So few keys are cheaper asked one by one than by reading a set whole.
_FEW = 20


@dataclass(frozen=True, slots=True)
class Search:
    """By which sets of values, tried in turn, an entity would be found; `select` is what to read of it."""

    set: str
    type: str
    alternatives: tuple[Values, ...]
    select: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Looker:
    """Questions about current entities, many at a time."""

    service: Service

    def under_keys(
        self, entity_set: str, keys: Sequence[Key], select: Iterable[str]
    ) -> Mapping[Hashable, FetchedEntity]:
        """Return the entities under these keys by identity; missing ones are left out."""
        entities, names = self.service.entities, tuple(dict.fromkeys(select))
        single = {next(iter(key.values())): next(iter(key)) for key in keys if len(key) == 1}
        if len(single) > 1:
            found: Iterable[FetchedEntity] | None = entities.by_values(
                entity_set, next(iter(single.values())), single, names
            )
            if found is None and len(single) > _FEW:
                found = entities.read_all(entity_set, names)
            if found is not None:
                wanted = {identity(key) for key in keys}
                return {entity.identity: entity for entity in found if entity.identity in wanted}
        return entities.by_keys(entity_set, keys, names)

    def searched(self, searches: Sequence[Search]) -> list[list[FetchedEntity] | None]:
        """Return for each search what its first alternative with a hit finds; None: nothing to search by."""
        usable = [[item for item in search.alternatives if self._usable(search, item)] for search in searches]
        found: list[list[FetchedEntity] | None] = [[] if items else None for items in usable]
        for turn in range(max((len(items) for items in usable), default=0)):
            groups: dict[tuple[str, tuple[str, ...]], list[int]] = {}
            for number, items in enumerate(usable):
                if turn < len(items) and not found[number]:
                    groups.setdefault((searches[number].set, tuple(items[turn])), []).append(number)
            for (entity_set, names), numbers in groups.items():
                select = dict.fromkeys(
                    (*names, *(name for number in numbers for name in searches[number].select))
                )
                wanted = [usable[number][turn] for number in numbers]
                for number, hits in zip(
                    numbers, self._matching(entity_set, names, wanted, tuple(select)), strict=True
                ):
                    found[number] = hits
        return found

    def bound(self, entity_set: str, key: Key, navigation: str) -> str | None:
        """Return the path of what a navigation property leads to; empty for nothing, None: not to be read."""
        model = self.service.model
        own = model.sets[entity_set]
        target = model.sets.get(model.target_set(entity_set, navigation) or "")
        if target is None:
            return None
        names = model.key_of(target.type)
        options = f"?$select={','.join(key)}&$expand={navigation}($select={','.join(names)})"
        try:
            raw = parse_json(self.service.reader.get(key_path(own, key, model) + options, entity_set).body)
        except (ReadFailed, ValueError):
            return None
        found = raw.get(navigation) if isinstance(raw, dict) else None
        return key_path(target, typed(found, model, target.type), model) if isinstance(found, dict) else ""

    def _matching(
        self, entity_set: str, names: tuple[str, ...], wanted: Sequence[Values], select: tuple[str, ...]
    ) -> list[list[FetchedEntity]]:
        """Return for each item of `wanted` the entities that hold all its values."""
        name = _telling(names, wanted)
        # One that has no value in the property asked by would not be found by it.
        whole = any(item[name] is None for item in wanted)
        values = dict.fromkeys(item[name] for item in wanted)
        entities = self.service.entities
        found = None if whole else entities.by_values(entity_set, name, values, select)
        if found is None:
            found = entities.read_all(entity_set, select)  # type: ignore[assignment]
        shelves: dict[Hashable, list[FetchedEntity]] = {}
        for entity in found or ():
            shelves.setdefault(_shelf(entity.values.get(name)), []).append(entity)
        return [
            [
                entity
                for entity in shelves.get(_shelf(item[name]), ())
                if all(equal(value, entity.values.get(other)) for other, value in item.items())
            ]
            for item in wanted
        ]

    def _usable(self, search: Search, item: Values) -> bool:
        declared = self.service.model.properties_of(search.type)
        readable = all(name in declared and not declared[name].collection for name in item)
        return readable and any(value not in (None, "") for value in item.values())


def select_of(model: Model, type_name: str, *values: Iterable[str]) -> tuple[str, ...]:
    """Return the declared properties among these names: what `$select` may name."""
    declared = model.properties_of(type_name)
    return tuple(dict.fromkeys(name for names in values for name in names if name in declared))


def _telling(names: tuple[str, ...], wanted: Sequence[Values]) -> str:
    """Return the property with the fewest blanks and most different values: asking by it brings the least."""
    return max(
        names,
        key=lambda name: (
            -sum(item[name] is None for item in wanted),
            len({_shelf(item[name]) for item in wanted}),
        ),
    )


def _shelf(value: EdmValue) -> Hashable:
    if isinstance(value, str) or value is None:
        return clean(value or "")
    return "" if isinstance(value, Mapping | tuple) else value
