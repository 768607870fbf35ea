"""Which new entities get a key of ours, and which: made of what the entity is recognised by, the same in every run (timetta.md §13, 7)."""

from collections.abc import Hashable, Iterable, Mapping

from importer.planner.binding.bound import Asked, Blank, Clear
from importer.planner.binding.lookups import created_by
from importer.planner.deciding import Decision
from importer.planner.keys import may_choose, own_key
from importer.planner.lookups import EntityTable, KeyRef, MadeEntity, RecordRef
from importer.planner.lookups.index import value_key
from importer.planner.lookups.known import first_key
from importer.planner.mapping import Record
from importer.planner.planning.arranging import Arrangement, Maker, recognised_by
from importer.service import Service


def choose_keys(
    arrangement: Arrangement, service: Service, tables: Mapping[str, EntityTable], *, keys: str, salt: str
) -> Mapping[int, str]:
    """Return `id` of maker → the GUID proposed for it; a key already taken by an entity of other values is salted."""
    if keys == "server":
        return {}
    names = _Names(arrangement, service.url)
    proposed: dict[str, list[Maker]] = {}
    for maker in arrangement.makers:
        entity_set, kind = target_of(maker)
        if not may_choose(service.model, entity_set, kind):
            continue
        name = service.model.key_of(kind)[0]
        if not service.facts(entity_set, kind)[name].computed and not _has_key(maker, name):
            proposed.setdefault(entity_set, []).append(maker)
    own: dict[int, str] = {}
    replaced = {name for name, kept in service.own_keys.items() if not kept}
    for entity_set, makers in proposed.items():
        if entity_set in replaced:
            continue
        name = service.model.key_of(target_of(makers[0])[1])[0]
        taken = _taken(
            service, tables.get(entity_set), entity_set, name, [names.key(maker) for maker in makers]
        )
        for maker in makers:
            key = names.key(maker)
            own[id(maker)] = str(
                own_key(service.url, entity_set, names.values(maker), salt) if key in taken else key
            )
    return own


def target_of(maker: Maker) -> tuple[str, str]:
    """Return the set and type of what is made."""
    if isinstance(maker, MadeEntity):
        return maker.lookup.set, maker.lookup.type
    return maker.node.first.step.to, maker.node.first.step.type


def _has_key(maker: Maker, name: str) -> bool:
    """Whether the rows say the key themselves."""
    return isinstance(maker, Decision) and any(
        item.field.bound.property.wire == name and item.after is not None for item in maker.differences
    )


def _taken(
    service: Service, table: EntityTable | None, entity_set: str, name: str, keys: Iterable[Hashable]
) -> set[Hashable]:
    if table is not None and table.complete:
        return {key for key in keys if table.by_identity((key,)) is not None}
    found = service.entities.by_keys(entity_set, [{name: key} for key in keys], [])  # type: ignore[dict-item]
    return {identity[0] for identity in found}  # type: ignore[index]


class _Names:
    """What makes each new entity recognisable; references in it by what makes their targets recognisable, made before."""

    def __init__(self, arrangement: Arrangement, url: str) -> None:
        self._arrangement, self._known, self._url = arrangement, arrangement.resolver.known, url
        self._values: dict[int, dict[str, Hashable]] = {}
        self._keys: dict[int, Hashable] = {}
        for maker in sorted(arrangement.makers, key=arrangement.wave):
            self._values[id(maker)] = values = self._match_values(maker)
            self._keys[id(maker)] = own_key(url, target_of(maker)[0], values)

    def key(self, maker: Maker) -> Hashable:
        return self._keys[id(maker)]

    def values(self, maker: Maker) -> Mapping[str, Hashable]:
        return self._values[id(maker)]

    def _match_values(self, maker: Maker) -> dict[str, Hashable]:
        if isinstance(maker, MadeEntity):
            values: dict[str, Hashable] = {created_by(maker.lookup).wire: value_key(maker.text, exact=False)}
            for where, value in zip(maker.lookup.where, maker.where, strict=True):
                values[where.property.wire] = self._stable(value)
            return values
        for record, positions in recognised_by(maker, self._arrangement.resolver):
            return {record.step.fields[n].property.wire: self._field(record, n) for n in positions}
        return {"row": str(maker.node.first.place())}

    def _field(self, record: Record, position: int) -> Hashable:
        value = record.values[position]
        if not isinstance(value, Asked):
            return None if isinstance(value, Blank | Clear) else value_key(value, exact=False)
        reference = self._known.references.get((record.number, position))
        maker = self._arrangement.maker(reference)
        if maker is not None and id(maker) not in self._keys:
            # A circle that is broken: the target is made later, and only its name is known.
            return value_key(value.text, exact=False)
        return self._stable(reference)

    def _stable(self, value: object) -> Hashable:
        """Return something that is the same whenever the recipe runs: the key of what is there, the proposed key of what is made."""
        if isinstance(value, KeyRef | RecordRef) and (entity := self._known.key_of(value)) is not None:
            return str(first_key(entity))
        maker = self._arrangement.maker(value)
        if maker is not None:
            return str(self._keys[id(maker)])
        return None if value is None or isinstance(value, Blank) else value_key(value, exact=False)  # type: ignore[arg-type]
