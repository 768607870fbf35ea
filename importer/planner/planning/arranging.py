"""What is made, and in which wave: everything an action refers to is made before it (recipe-language.md §5)."""

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from importer.plan import Verb
from importer.planner.comparing import Difference
from importer.planner.deciding import Decider, Decision
from importer.planner.lookups import MadeEntity, MadeRef, RecordRef, Resolver
from importer.planner.mapping import Record
from importer.planner.ordering import Edge, Order, order

Maker: TypeAlias = Decision | MadeEntity


class Arrangement(msgspec.Struct, frozen=True):
    """Decisions, entities that lookups make, and their order. What is ordered goes by its `id`."""

    decider: Decider
    resolver: Resolver
    made: tuple[MadeEntity, ...]
    order: Order

    @property
    def makers(self) -> list[Maker]:
        """Return everything that makes an entity, in the order of its rows."""
        return [*(item for item in self.decider.decisions if item.verb is Verb.CREATE), *self.made]

    def maker(self, value: object) -> Maker | None:
        """Return what makes the entity that a value refers to, when it is not there yet."""
        return _maker(value, self.decider, self.resolver)

    def wave(self, maker: Maker) -> int:
        """Return when a maker runs."""
        return self.order.waves[id(maker)]


def arrange(decider: Decider, resolver: Resolver) -> Arrangement:
    """Return the order of what is made; circles that cannot be broken are blocked, and all is ordered again."""
    while True:
        made = _made(decider)
        found = Arrangement(decider, resolver, made, Order())
        by_id: dict[object, Maker] = {id(item): item for item in found.makers}
        ordered = order(
            list(by_id), [edge for item in found.makers for edge in _edges(item, decider, resolver)]
        )
        if not ordered.cycles:
            return Arrangement(decider, resolver, made, ordered)
        for members in ordered.cycles:
            decider.block_cycle([item for member in members if isinstance(item := by_id[member], Decision)])


def recognised_by(decision: Decision, resolver: Resolver) -> Iterator[tuple[Record, tuple[int, ...]]]:
    """Yield the alternatives of `match` that the rows of an entity fill, in the recipe's order, each with a row that says it.

    Whatever the order of the rows, they are the same.
    """
    found: dict[tuple[int, str], tuple[Record, tuple[int, ...]]] = {}
    for record in decision.node.usable:
        values = resolver.known.identities[record.number].values
        for number, (names, positions, shared) in enumerate(
            zip(record.step.match_text, record.step.alternatives, values, strict=True)
        ):
            if shared is not None:
                found.setdefault((number, names), (record, positions))
    for name in sorted(found, key=lambda item: item[0]):
        yield found[name]


def edge_breaks(difference: Difference) -> bool:
    """Whether a reference may be written after its entity was made."""
    bound = difference.field.bound
    return (
        bound.property.nullable
        and not bound.required
        and bound.writable_on_update
        and not bound.property.bind
    )


def _edges(item: Maker, decider: Decider, resolver: Resolver) -> Iterator[Edge]:
    if isinstance(item, MadeEntity):
        for value in item.where:
            if (target := _maker(value, decider, resolver)) is not None:
                yield Edge(id(item), id(target), "", breakable=False)
        return
    for difference in item.differences:
        if (target := _maker(difference.after, decider, resolver)) is not None:
            yield Edge(id(item), id(target), difference.field.bound.property.wire, edge_breaks(difference))


def _maker(value: object, decider: Decider, resolver: Resolver) -> Maker | None:
    if isinstance(value, MadeRef):
        return value.made
    if isinstance(value, RecordRef) and resolver.known.key_of(value) is None:
        return decider.of(value.record)
    return None


def _made(decider: Decider) -> tuple[MadeEntity, ...]:
    """Return the entities that lookups make and some row that goes on refers to."""
    wanted: dict[int, MadeEntity] = {}
    for decision in decider.decisions:
        for difference in decision.differences:
            _want(difference.after, wanted)
    return tuple(wanted.values())


def _want(value: object, wanted: dict[int, MadeEntity]) -> None:
    if isinstance(value, MadeRef) and id(value.made) not in wanted:
        for inner in value.made.where:
            _want(inner, wanted)
        wanted[id(value.made)] = value.made
