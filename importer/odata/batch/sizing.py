"""How many operations go into one batch: a count and a number of bytes (odata-protocol.md §6)."""

from collections.abc import Iterable, Iterator

from importer.odata.batch.formats import Format, length
from importer.odata.batch.operations import Operation

# Fits ASP.NET's 100 parts and CAP's 100 kB.
OPERATIONS = 100
BYTES = 90_000


def packed(
    operations: Iterable[Operation],
    *,
    form: Format = Format.JSON,
    limit: int = OPERATIONS,
    room: int = BYTES,
) -> Iterator[tuple[Operation, ...]]:
    """Yield batches of at most `limit` operations and `room` bytes; one too large for the room goes alone."""
    batch: list[Operation] = []
    size = 0
    for operation in operations:
        own = length(form, operation)
        if batch and not fits(len(batch), size, own, limit=limit, room=room):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(operation)
        size += own
    if batch:
        yield tuple(batch)


def fits(count: int, size: int, more: int, *, limit: int, room: int = BYTES) -> bool:
    """Whether an operation of `more` bytes still goes into a batch of `count` operations and `size` bytes."""
    return count < limit and size + more <= room
