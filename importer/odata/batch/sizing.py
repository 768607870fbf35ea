"""How many operations go into one batch: a count and a number of bytes (odata-protocol.md §6)."""

from collections.abc import Iterable, Iterator, Sequence

from importer.odata.batch.json_format import written
from importer.odata.batch.operations import Operation

# Fits ASP.NET's 100 parts and CAP's 100 kB.
OPERATIONS = 100
BYTES = 90_000


def packed(
    operations: Iterable[Operation], *, limit: int = OPERATIONS, room: int = BYTES
) -> Iterator[tuple[Operation, ...]]:
    """Yield batches of at most `limit` operations and `room` bytes; one too large for the room goes alone."""
    batch: list[Operation] = []
    size = 0
    for operation in operations:
        length = len(written(operation)) + 1
        if batch and (len(batch) >= limit or size + length > room):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(operation)
        size += length
    if batch:
        yield tuple(batch)


def halved(batch: Sequence[Operation]) -> tuple[tuple[Operation, ...], ...]:
    """Return a refused batch in two, one operation as it is: 413 and 429 can be about size (rule 12)."""
    middle = (len(batch) + 1) // 2
    return tuple(tuple(part) for part in (batch[:middle], batch[middle:]) if part)
