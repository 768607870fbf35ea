"""Many values in few questions: `in` and `or` chunks, measured as they travel (odata-protocol.md §6).

Each chunk comes with the `$filter` text that asks for it, not yet percent-encoded.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from importer.odata.edm.primitives import EdmValue
from importer.odata.url.literals import encoded, write_literal

# Fits IIS's query string of 2,048 bytes with room for $select and the rest.
IN_BYTES = 1_800
IN_TERMS = 500
# ASP.NET Core OData takes 100 nodes: 20 terms of text, 16 with a date, 14 with two extras; 9 pairs
# (odata-protocol.md §4, "Node arithmetic").
OR_TERMS = 14
PAIR_TERMS = 9

Item = TypeVar("Item")


def in_chunks(
    name: str, values: Sequence[EdmValue], *, budget: int = IN_BYTES, limit: int = IN_TERMS
) -> Iterator[tuple[tuple[EdmValue, ...], str]]:
    """Yield (values, filter) so that each filter is at most `budget` bytes when encoded.

    A value too long for the budget goes alone.
    """
    room = budget - len(encoded(f"{name} in ()"))
    for chunk, literals in _chunks(values, write_literal, ",", room=room, limit=limit):
        yield chunk, f"{name} in ({','.join(literals)})"


def or_chunks(
    name: str, values: Sequence[EdmValue], *, budget: int = IN_BYTES, terms: int = OR_TERMS
) -> Iterator[tuple[tuple[EdmValue, ...], str]]:
    """Yield (values, filter) of at most `terms` comparisons and `budget` bytes when encoded."""
    for chunk, comparisons in _chunks(
        values, lambda value: _equals(name, value), " or ", room=budget, limit=terms
    ):
        yield chunk, " or ".join(comparisons)


def pair_chunks(
    keys: Sequence[Mapping[str, EdmValue]], *, budget: int = IN_BYTES, terms: int = PAIR_TERMS
) -> Iterator[tuple[tuple[Mapping[str, EdmValue], ...], str]]:
    """Yield (keys, filter) for composite keys: `(a eq 1 and b eq 2) or (a eq …)`."""
    for chunk, comparisons in _chunks(keys, _all_equal, " or ", room=budget, limit=terms):
        yield chunk, " or ".join(comparisons)


def in_filter(name: str, values: Sequence[EdmValue]) -> str:
    """Return `name in ('a','b')`."""
    return f"{name} in ({','.join(map(write_literal, values))})"


def or_filter(name: str, values: Sequence[EdmValue]) -> str:
    """Return `name eq 'a' or name eq 'b'`."""
    return " or ".join(_equals(name, value) for value in values)


def _equals(name: str, value: EdmValue) -> str:
    return f"{name} eq {write_literal(value)}"


def _all_equal(key: Mapping[str, EdmValue]) -> str:
    return f"({' and '.join(_equals(name, value) for name, value in key.items())})"


def _chunks(
    items: Sequence[Item], write: Callable[[Item], str], separator: str, *, room: int, limit: int
) -> Iterator[tuple[tuple[Item, ...], list[str]]]:
    """Yield items with their texts: at most `limit`, and `room` bytes with separators when encoded."""
    gap = len(encoded(separator))
    chunk: list[Item] = []
    texts: list[str] = []
    size = 0
    for item in items:
        text = write(item)
        cost = len(encoded(text)) + gap
        if chunk and (size + cost - gap > room or len(chunk) >= limit):
            yield tuple(chunk), texts
            chunk, texts, size = [], [], 0
        chunk.append(item)
        texts.append(text)
        size += cost
    if chunk:
        yield tuple(chunk), texts
