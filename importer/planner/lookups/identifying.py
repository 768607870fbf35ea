"""Records find the entities of the service that they already are (recipe-language.md §5, *match*).

A match property may be a reference, so a record is identified after those it refers to. Depth is bounded by a stack of our own, not by
Python's.
"""

from collections.abc import Hashable, Iterable, Sequence

from importer.planner.binding.bound import Asked, Blank, BoundStep, Clear
from importer.planner.lookups.index import EntityTable, read_path, value_key
from importer.planner.lookups.known import Identity, Known, first_key
from importer.planner.lookups.problems import AmbiguousMatch, MatchConflict
from importer.planner.lookups.references import KeyRef, MadeRef, RecordRef
from importer.planner.lookups.resolving import Resolver, key_text, shown
from importer.planner.lookups.searching import typed
from importer.planner.mapping.problems import BlankMatch
from importer.planner.mapping.record import Record
from importer.service import FetchedEntity


def levels(records: Sequence[Record], known: Known) -> Iterable[list[Record]]:
    """Yield the records in the order in which they can be identified: what others refer to in their `match` comes first.

    Steps whose matches refer to each other stand on one level.
    """
    by_step: dict[int, list[Record]] = {}
    for record in records:
        by_step.setdefault(record.step.position, []).append(record)
    left = {position: found[0].step for position, found in by_step.items()}
    while left:
        ready = [
            n for n, step in left.items() if not any(_needs(step, other, known) for other in left.values())
        ]
        ready = ready or list(left)
        # All steps of related types go together: their rows may be one entity.
        yield [record for position in ready for record in by_step[position]]
        for position in ready:
            del left[position]


def identify(records: Sequence[Record], resolver: Resolver) -> None:
    """Find for each record the entity it is; references of `match` are resolved on the way."""
    waiting = {record.number for record in records}
    for record in records:
        if record.number in waiting:
            _identify(record, waiting, resolver)


def _needs(step: BoundStep, other: BoundStep, known: Known) -> bool:
    """Whether the match of one step refers to entities that another makes; its own do not count."""
    if other is step or other.type == step.type:
        return False
    lookups = (step.fields[n].lookup for alternative in step.alternatives for n in alternative)
    return any(lookup is not None and known.model.is_a(other.type, lookup.type) for lookup in lookups)


def _identify(start: Record, waiting: set[int], resolver: Resolver) -> None:
    stack = [(start, _before(start, resolver))]
    waiting.discard(start.number)
    while stack:
        record, before = stack[-1]
        following = next((other for other in before if other.number in waiting), None)
        if following is not None:
            waiting.discard(following.number)
            stack.append((following, _before(following, resolver)))
            continue
        resolver.known.identify(record, _identity(record, resolver))
        stack.pop()


def _before(record: Record, resolver: Resolver) -> Iterable[Record]:
    """Yield the records that a record's match refers to, by their texts alone."""
    for position in sorted({n for alternative in record.step.alternatives for n in alternative}):
        value, lookup = record.values[position], record.step.fields[position].lookup
        if lookup is None or not isinstance(value, Asked):
            continue
        for property_ in lookup.by:
            text = typed(property_, value.text, record)
            if text is not None:
                yield from resolver.search.records(lookup, property_, text)


def _identity(record: Record, resolver: Resolver) -> Identity:
    step = record.step
    values = tuple(_alternative(record, alternative, resolver) for alternative in step.alternatives)
    if all(value is None for value in values) and record.usable:
        expected = ", ".join(step.match_text)
        record.problems.append(
            BlankMatch(place=record.place(step.alternatives[0][0]), step=step.name, expected=expected)
        )
    table = resolver.known.tables.get(step.to)
    for number, alternative in enumerate(step.alternatives):
        found = (
            _entities(record, table, alternative, resolver.known)
            if table is not None and values[number] is not None
            else []
        )
        if len(found) == 1:
            conflict = _conflict(record, found[0], number, resolver.known)
            if conflict is not None:
                record.problems.append(conflict)
            return Identity(found[0], number, values)
        if len(found) > 1:
            record.problems.append(_ambiguous_match(record, alternative, found))
            break
    return Identity(None, None, values)


def _alternative(record: Record, positions: Sequence[int], resolver: Resolver) -> tuple[Hashable, ...] | None:
    """Return what the record says in an alternative, or None where it says nothing.

    Within a composite a blank nullable property means null.
    """
    keys: list[Hashable] = []
    filled = False
    telling = record.step.telling(positions)
    for position in positions:
        value, bound = record.values[position], record.step.fields[position]
        found = resolver.reference(record, position) if isinstance(value, Asked) else value
        if isinstance(value, Asked) and found is None:
            return None  # it was told why
        if isinstance(found, Blank | Clear):
            if len(positions) == 1 or not bound.property.nullable:
                return None
            keys.append(None)
            continue
        filled = filled or position in telling
        if isinstance(found, KeyRef | RecordRef | MadeRef):
            keys.append(("ref", resolver.known.token(found)))
        else:
            keys.append(value_key(found, exact=bound.exact))
    return tuple(keys) if filled else None


def _entities(
    record: Record, table: EntityTable, positions: Sequence[int], known: Known
) -> list[FetchedEntity]:
    values = [_match_value(record, position, known) for position in positions]
    if any(value is _NOWHERE for value in values):
        return []
    fields = [record.step.fields[position] for position in positions]
    return table.find([bound.property for bound in fields], values, [bound.exact for bound in fields])  # type: ignore[arg-type]


def _match_value(record: Record, position: int, known: Known) -> object:
    value = record.values[position]
    if not isinstance(value, Asked):
        return None if isinstance(value, Blank | Clear) else value
    reference = known.references.get((record.number, position))
    if reference is None or isinstance(reference, Blank):
        return None
    entity = known.key_of(reference)
    return _NOWHERE if entity is None else first_key(entity)


def _conflict(record: Record, entity: FetchedEntity, number: int, known: Known) -> MatchConflict | None:
    """Return a problem when an earlier alternative is filled on both sides and differs."""
    for position in (n for alternative in record.step.alternatives[:number] for n in alternative):
        bound = record.step.fields[position]
        wanted, stored = _match_value(record, position, known), read_path(entity.values, bound.property.path)
        if wanted in (None, "") or stored in (None, ""):
            continue
        if wanted is _NOWHERE or value_key(wanted, exact=bound.exact) != value_key(stored, exact=bound.exact):  # type: ignore[arg-type]
            by = " + ".join(record.step.fields[n].property.name for n in record.step.alternatives[number])
            return MatchConflict(
                place=record.place(position),
                step=record.step.name,
                found=shown(record.values[position]),
                expected=str(stored),
                by=by,
                property=bound.property.name,
            )
    return None


def _ambiguous_match(record: Record, positions: Sequence[int], found: list[FetchedEntity]) -> AmbiguousMatch:
    names = " + ".join(record.step.fields[n].property.name for n in positions)
    values = ", ".join(f'"{shown(record.values[n])}"' for n in positions)
    keys = ", ".join(key_text(entity) for entity in found[:5])
    return AmbiguousMatch(
        place=record.place(positions[0]),
        step=record.step.name,
        found=values,
        expected=names,
        count=len(found),
        set=record.step.to,
        keys=keys,
    )


class _Nowhere:
    """A reference to an entity that the service does not hold: nothing there can match it."""


_NOWHERE = _Nowhere()
