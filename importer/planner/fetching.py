"""Between the passes: the entities that matching and lookups need, in the fewest requests (odata-protocol.md §6, *Lookups by name*).

A filter of the service is exact, so under `compare: text` it proves presence only: as soon as one value is not found exactly,
the set is read whole and folded here. Values that are no texts, and texts under `compare: exact`, are believed not to be there
where they are the one way to recognise an entity; of a lookup they are not, because a person wants to see what is near.
Small sets are read whole at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from importer.odata.edm import EdmValue
from importer.planner.binding import BoundField, BoundLookup, BoundProperty, BoundStep
from importer.planner.binding.bound import BLANKS, Asked
from importer.planner.lookups import EntityTable
from importer.planner.lookups.index import read_path, value_key
from importer.planner.mapping import Record
from importer.progress import Progress
from importer.service import FetchedEntity, Service
from importer.text.translating import N_

# One page of a thousand costs what one filter of a hundred names costs.
_SMALL = 5_000
_MANY = 2_000  # distinct values; about twenty questions


@dataclass
class Need:
    """What is wanted of one set: properties to read, and values asked for. `whole`: no filter can answer it.

    asked: properties tried in turn → values. together: properties that count together → their values; `doubted` are those of
    them whose absence only the whole set can prove.
    """

    select: dict[str, None] = field(default_factory=dict)
    asked: dict[tuple[str, ...], dict[EdmValue, None]] = field(default_factory=dict)
    properties: dict[str, BoundProperty] = field(default_factory=dict)
    together: dict[tuple[str, ...], dict[tuple[EdmValue, ...], None]] = field(default_factory=dict)
    doubted: set[tuple[str, ...]] = field(default_factory=set)
    whole: bool = False


def needs_of(steps: Sequence[BoundStep], records: Iterable[Record]) -> dict[str, Need]:
    """Return what must be known of each set before records can be matched and resolved."""
    needs: dict[str, Need] = {}
    for step in steps:
        need = needs.setdefault(step.to, Need())
        for item in step.fields:
            if not item.property.bind:
                need.select[item.property.read] = None
            if item.lookup is not None:
                _need_lookup(needs, item.lookup)
    # Equal cells share one question: what was asked once need not be asked again.
    asked_already: set[tuple[int, int]] = set()
    for record in records:
        _ask(needs, record)
        for position in record.step.looked_up:
            lookup = record.step.fields[position].lookup
            for asked in (record.values[position], record.defaults.get(position)):
                if lookup is None or not isinstance(asked, Asked):
                    continue
                key = (id(lookup), id(asked))
                if key not in asked_already:
                    asked_already.add(key)
                    _ask_lookup(needs, lookup, asked)
    return needs


def fetch(service: Service, needs: Mapping[str, Need], progress: Progress) -> dict[str, EntityTable]:
    """Return the fetched entities by set.

    Raises:
        ServiceError: a set cannot be read.
    """
    tables: dict[str, EntityTable] = {}
    progress.phase(N_("reading the service"), len(needs))
    for name, need in needs.items():
        tables[name] = _table(service, name, need)
        progress.advance()
    return tables


def _need_lookup(needs: dict[str, Need], lookup: BoundLookup) -> None:
    need = needs.setdefault(lookup.set, Need())
    for property_ in lookup.by:
        need.select[property_.read] = None
    for where in lookup.where:
        if not where.property.bind:
            need.select[where.property.read] = None
        if where.lookup is not None:
            _need_lookup(needs, where.lookup)


def _ask(needs: Mapping[str, Need], record: Record) -> None:
    """Ask for what the record is recognised by; where a filter cannot tell it, for the whole set."""
    step, need = record.step, needs[record.step.to]
    for alternative in step.alternatives if not need.whole else ():
        fields, values = [step.fields[n] for n in alternative], [record.values[n] for n in alternative]
        if any(not _askable(item, value) for item, value in zip(fields, values, strict=True)):
            if len(fields) == 1 and isinstance(values[0], BLANKS):
                continue
            need.whole = True
            return
        wires = tuple([item.property.wire for item in fields])
        if len(step.alternatives) > 1 or any(_is_folded(item) for item in fields):
            need.doubted.add(wires)
        asked = need.together.setdefault(wires, {})
        asked[tuple(values)] = None  # type: ignore[arg-type]
        need.whole = need.whole or (len(asked) > _MANY and wires in need.doubted)
        return


def _askable(bound: BoundField, value: object) -> bool:
    """Whether a filter can ask for a value of a record; whether its type can be asked for is known to `Entities`."""
    return not isinstance(value, (Asked, *BLANKS)) and value not in (None, "") and not bound.property.bind


def _is_folded(bound: BoundField) -> bool:
    return bound.property.type == "Edm.String" and not bound.exact


def _ask_lookup(needs: Mapping[str, Need], lookup: BoundLookup, asked: Asked) -> None:
    need = needs[lookup.set]
    if need.whole and not lookup.where:
        return
    if lookup.where or any(item.type != "Edm.String" for item in lookup.by):
        need.whole = True
    _add(need, lookup.by, asked.text)
    for where, value in zip(lookup.where, asked.where, strict=True):
        if where.lookup is not None and isinstance(value, Asked):
            _ask_lookup(needs, where.lookup, value)


def _add(need: Need, properties: Sequence[BoundProperty], value: EdmValue) -> None:
    """Remember a value; too many of them are a reason to read the set whole."""
    wires = tuple([item.wire for item in properties])
    asked = need.asked.get(wires)
    if asked is None:
        asked = need.asked[wires] = {}
        need.properties.update((item.wire, item) for item in properties)
    asked[value] = None
    need.whole = need.whole or len(asked) > _MANY


def _table(service: Service, name: str, need: Need) -> EntityTable:
    kind, entities = service.model.sets[name].type, service.entities
    if not need.whole and sum(map(len, need.asked.values())) <= _MANY:
        size = entities.count(name)
        if size is not None and size > _SMALL and (found := _partly(service, name, need)) is not None:
            return EntityTable(name, kind, found, complete=False)
    return EntityTable(name, kind, list(entities.read_all(name, tuple(need.select))))


def _partly(service: Service, name: str, need: Need) -> list[FetchedEntity] | None:
    """Return the entities of the values asked for, or None when one is not found exactly: then only the whole set tells."""
    found: dict[object, FetchedEntity] = {}
    for wires, together in need.together.items():
        entities = service.entities.by_tuples(name, wires, together, tuple(need.select))
        if entities is None:
            return None
        found.update((entity.identity, entity) for entity in entities)
        held = {
            tuple([value_key(entity.values.get(wire), exact=True) for wire in wires]) for entity in entities
        }
        if wires in need.doubted and not held.issuperset(
            tuple([value_key(value, exact=True) for value in one]) for one in together
        ):
            return None
    for wires, values in need.asked.items():
        missing: list[EdmValue] = list(values)
        for wire in wires:
            entities = service.entities.by_values(name, wire, missing, tuple(need.select)) if missing else []
            if entities is None:
                return None
            found.update((entity.identity, entity) for entity in entities)
            path = need.properties[wire].path
            have = {value_key(read_path(entity.values, path), exact=True) for entity in entities}
            missing = [value for value in missing if value_key(value, exact=True) not in have]
        if missing:
            return None
    return list(found.values())
