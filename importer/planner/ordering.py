"""Waves: an action runs when everything it refers to is made. Cycles are broken by a second write, or told (recipe-language.md §5)."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec


class Edge(msgspec.Struct, frozen=True):
    """`source` refers to `target` by a property; `breakable`: it may be written later."""

    source: Hashable
    target: Hashable
    property: str
    breakable: bool


@dataclass(slots=True)
class Order:
    """The waves of the actions (from 1), the edges that must be written later, and the chains that cannot be broken."""

    waves: dict[Hashable, int] = field(default_factory=dict)
    later: list[Edge] = field(default_factory=list)
    cycles: list[tuple[Hashable, ...]] = field(default_factory=list)


def order(actions: Sequence[Hashable], edges: Sequence[Edge]) -> Order:
    """Return when each action may run; edges to anything else count as fulfilled.

    Deterministic: ties are broken by the order of `actions`. An action that cannot be ordered stands in one of `cycles`, and what
    depends on it has no wave.
    """
    return _Ordering(actions, edges).ordered()


class _Ordering:
    def __init__(self, actions: Sequence[Hashable], edges: Sequence[Edge]) -> None:
        self._result = Order()
        self._left = dict.fromkeys(actions)
        # Edges to actions that have no wave yet, and all that counted on the way.
        self._open: dict[Hashable, dict[Edge, None]] = {action: {} for action in actions}
        self._incoming: dict[Hashable, list[Edge]] = {}
        self._wave = dict.fromkeys(actions, 1)
        for edge in edges:
            if edge.target in self._open:
                self._open[edge.source][edge] = None
                self._incoming.setdefault(edge.target, []).append(edge)

    def ordered(self) -> Order:
        self._take([action for action in self._left if not self._open[action]])
        while self._left:
            chain = self._cycle()
            weakest = next((edge for edge in chain if edge.breakable), None)
            if weakest is None:
                self._result.cycles.append(tuple(edge.source for edge in chain))
                self._drop(edge.source for edge in chain)
            else:
                del self._open[weakest.source][weakest]
                self._result.later.append(weakest)
                self._take([weakest.source] if not self._open[weakest.source] else [])
        return self._result

    def _take(self, ready: Sequence[Hashable]) -> None:
        """Give waves to what waits for nothing any more, and to all that waited only for it."""
        while ready:
            following: list[Hashable] = []
            for action in ready:
                self._result.waves[action] = self._wave[action]
                del self._left[action]
                for edge in self._incoming.get(action, ()):
                    if edge not in self._open[edge.source]:
                        continue  # broken: it is written later
                    del self._open[edge.source][edge]
                    self._wave[edge.source] = max(self._wave[edge.source], self._wave[action] + 1)
                    if not self._open[edge.source] and edge.source in self._left:
                        following.append(edge.source)
            ready = following

    def _cycle(self) -> list[Edge]:
        """Return the edges of one cycle among the actions that are left; there is one, since none of them is ready."""
        current = next(iter(self._left))
        path: list[Edge] = []
        seen: dict[Hashable, int] = {}
        while current not in seen:
            seen[current] = len(path)
            edge = next(iter(self._open[current]))
            path.append(edge)
            current = edge.target
        return path[seen[current] :]

    def _drop(self, members: Iterable[Hashable]) -> None:
        """Leave out a cycle and everything that depends on it."""
        gone = list(members)
        while gone:
            action = gone.pop()
            if action in self._left:
                del self._left[action]
                gone.extend(
                    edge.source for edge in self._incoming.get(action, ()) if edge in self._open[edge.source]
                )
