"""Records find the entities of the service that they already are (recipe-language.md §5, *match*).

A match property may be a reference, so a record is identified after those it refers to. Depth is bounded by a stack of our own, not by
Python's.
"""

from collections.abc import Hashable, Iterable, Iterator, Sequence

from importer.planner.binding.bound import BLANKS, Asked, Blank, BoundStep
from importer.planner.lookups.index import Index, read_path, value_key
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
    _Identifier(resolver, records).run()


def _needs(step: BoundStep, other: BoundStep, known: Known) -> bool:
    """Whether the match of one step refers to entities that another makes; its own do not count."""
    if other is step or other.type == step.type:
        return False
    lookups = (step.fields[n].lookup for alternative in step.alternatives for n in alternative)
    return any(lookup is not None and known.model.is_a(other.type, lookup.type) for lookup in lookups)


def _referring(step: BoundStep) -> tuple[int, ...]:
    """Return the positions of match properties that are references."""
    match = {n for alternative in step.alternatives for n in alternative}
    return tuple(sorted(match.intersection(step.looked_up)))


class _Identifier:
    """Identifies the records of one level; what is the same for all rows of a step is worked out once."""

    def __init__(self, resolver: Resolver, records: Sequence[Record]) -> None:
        self._resolver, self._known, self._records = resolver, resolver.known, records
        self._waiting = {record.number for record in records}
        self._references = {id(record.step): _referring(record.step) for record in records}
        self._indexes: dict[int, list[tuple[tuple[int, ...], Index | None]]] = {}

    def run(self) -> None:
        for record in self._records:
            if record.number not in self._waiting:
                continue
            self._waiting.discard(record.number)
            if self._references[id(record.step)]:
                self._after_others(record)
            else:
                self._known.identify(record, self._identity(record))

    def _after_others(self, start: Record) -> None:
        """Identify a record, and before it those that its match refers to."""
        stack = [(start, self._before(start))]
        while stack:
            record, before = stack[-1]
            following = next((other for other in before if other.number in self._waiting), None)
            if following is not None:
                self._waiting.discard(following.number)
                stack.append((following, self._before(following)))
                continue
            self._known.identify(record, self._identity(record))
            stack.pop()

    def _before(self, record: Record) -> Iterator[Record]:
        """Yield the records that a record's match refers to, by their texts alone."""
        for position in self._references[id(record.step)]:
            value, lookup = record.values[position], record.step.fields[position].lookup
            if lookup is None or not isinstance(value, Asked):
                continue
            for property_ in lookup.by:
                text = typed(property_, value.text, record)
                if text is not None:
                    yield from self._resolver.search.records(lookup, property_, text)

    def _identity(self, record: Record) -> Identity:
        step = record.step
        values = tuple(
            [_alternative(record, alternative, self._resolver) for alternative in step.alternatives]
        )
        if not any(values) and record.usable:
            expected = ", ".join(step.match_text)
            record.problems.append(
                BlankMatch(place=record.place(step.alternatives[0][0]), step=step.name, expected=expected)
            )
        for number, (alternative, index) in enumerate(self._ways(step)):
            said = values[number]
            if said is None:
                continue
            found = _NONE if index is None else index.get(said, _NONE)
            if index is None or len(found) > 1:
                found = self._entities(record, alternative)
            if len(found) == 1:
                conflict = _conflict(record, found[0], number, self._known) if number else None
                if conflict is not None:
                    record.problems.append(conflict)
                return Identity(found[0], number, values)
            if found:
                record.problems.append(_ambiguous_match(record, alternative, found))
                break
        return Identity(None, None, values)

    def _entities(self, record: Record, positions: tuple[int, ...]) -> list[FetchedEntity]:
        """Return the entities that hold what the record says in an alternative; of several the exact one wins."""
        step = record.step
        values = [_match_value(record, position, self._known) for position in positions]
        if any(value is _NOWHERE for value in values):
            return []
        fields = [step.fields[position] for position in positions]
        return self._known.tables[step.to].find(
            [bound.property for bound in fields],
            values,  # type: ignore[arg-type]
            [bound.exact for bound in fields],
        )

    def _ways(self, step: BoundStep) -> list[tuple[tuple[int, ...], Index | None]]:
        """Return the alternatives of a step, each with the entities by its values; None where these are references."""
        found = self._indexes.get(step.position)
        if found is None:
            table = self._known.tables.get(step.to)
            found = self._indexes[step.position] = []
            for alternative in step.alternatives:
                fields = [step.fields[position] for position in alternative]
                index: Index | None = {}
                if table is not None:
                    index = (
                        None
                        if any(bound.lookup is not None for bound in fields)
                        else table.index([b.property for b in fields], [b.exact for b in fields])
                    )
                found.append((alternative, index))
        return found


def _alternative(
    record: Record, positions: tuple[int, ...], resolver: Resolver
) -> tuple[Hashable, ...] | None:
    """Return what the record says in an alternative, or None where it says nothing.

    Within a composite a blank nullable property means null.
    """
    if len(positions) == 1:
        only = record.values[positions[0]]
        if not isinstance(only, Asked):
            exact = record.step.fields[positions[0]].exact
            return None if isinstance(only, BLANKS) else (value_key(only, exact=exact),)
    keys: list[Hashable] = []
    filled = False
    telling = record.step.telling(positions)
    for position in positions:
        value, bound = record.values[position], record.step.fields[position]
        found = resolver.reference(record, position) if isinstance(value, Asked) else value
        if isinstance(value, Asked) and found is None:
            return None  # it was told why
        if isinstance(found, BLANKS):
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


def _match_value(record: Record, position: int, known: Known) -> object:
    value = record.values[position]
    if not isinstance(value, Asked):
        return None if isinstance(value, BLANKS) else value
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


_NONE: list[FetchedEntity] = []


class _Nowhere:
    """A reference to an entity that the service does not hold: nothing there can match it."""


_NOWHERE = _Nowhere()
