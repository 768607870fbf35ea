"""Columns × properties: the assignment of the greatest total, each to at most one (Kuhn–Munkres, with potentials)."""

from collections.abc import Mapping, Sequence
from math import inf


def assign(scores: Sequence[Mapping[str, float]]) -> tuple[str | None, ...]:
    """Return for each row (column of a sheet) the property it gets, or None; the sum of the scores is the greatest possible.

    A pair that is not in `scores` counts nothing and is never made.
    """
    names = sorted({name for row in scores for name, score in row.items() if score > 0})
    # A row may stay alone: it has a partner of its own that counts nothing.
    width = len(names) + len(scores)
    costs = [[-row.get(name, 0.0) for name in names] + [0.0] * len(scores) for row in scores]
    owners = _owners(costs, width)
    found: list[str | None] = [None] * len(scores)
    for position, row in enumerate(owners):
        if row is not None and position < len(names) and scores[row].get(names[position], 0.0) > 0:
            found[row] = names[position]
    return tuple(found)


def _owners(costs: Sequence[Sequence[float]], width: int) -> list[int | None]:
    """Return for each position of the width the row that has it; rows are added one by one along a shortest augmenting path."""
    rows = [0.0] * (len(costs) + 1)
    columns = [0.0] * (width + 1)
    owner = [0] * (width + 1)  # from 1; 0 is nobody, and position 0 is where a row waits
    for added in range(1, len(costs) + 1):
        owner[0] = added
        least, previous, used = [inf] * (width + 1), [0] * (width + 1), [False] * (width + 1)
        at = 0
        while owner[at]:
            used[at] = True
            at = _step(costs[owner[at] - 1], owner[at], at, (rows, columns, owner, least, previous, used))
        while at:
            owner[at] = owner[previous[at]]
            at = previous[at]
    return [item - 1 if item else None for item in owner[1:]]


_State = tuple[list[float], list[float], list[int], list[float], list[int], list[bool]]


def _step(costs: Sequence[float], row: int, at: int, state: _State) -> int:
    """Look from a row at every free position, move the potentials by the least way, and return the position it leads to."""
    rows, columns, owner, least, previous, used = state
    best, shortest = 0, inf
    for position in range(1, len(columns)):
        if used[position]:
            continue
        reduced = costs[position - 1] - rows[row] - columns[position]
        if reduced < least[position]:
            least[position], previous[position] = reduced, at
        if least[position] < shortest:
            best, shortest = position, least[position]
    for position in range(len(columns)):
        if used[position]:
            rows[owner[position]] += shortest
            columns[position] -= shortest
        else:
            least[position] -= shortest
    return best
