"""How many operations go into one request, and in which form: smaller when refused for size, a step down when refused as such."""

from dataclasses import dataclass
from itertools import pairwise

from importer.executor.composing import Sending
from importer.odata.batch import Format, length
from importer.odata.batch.sizing import fits

# Single requests never go wider (odata-protocol.md §6, "Ladder").
SINGLE_LANES = 4
# From the best form to none at all; each step is taken once and remembered.
LADDER: tuple[Format | None, ...] = (Format.JSON, Format.MULTIPART, None)


@dataclass
class Packing:
    """What the service takes: `size` operations in a batch of a `form`; None: single requests. `most`: lanes at most.

    proved: so many operations were answered as one batch; a batch that large is not too large. slowest: the longest that a
    request took, in seconds.
    """

    size: int
    most: int = 1
    form: Format | None = Format.JSON
    proved: int = 0
    slowest: float = 0.0

    def answered(self, operations: int, seconds: float) -> None:
        """Take an answer to so many operations."""
        self.slowest = max(self.slowest, seconds)
        if operations > 1:
            self.proved = max(self.proved, operations)

    def smaller(self, operations: int) -> None:
        """Take a refusal by size of a batch that held so many."""
        self.size = max(1, min(self.size, operations // 2))

    def step_down(self, refused: Format) -> None:
        """Take the next form of the ladder, for the rest of the run, unless another request in that form did it before."""
        if self.form is refused:
            self.form = next((after for before, after in pairwise(LADDER) if before is refused), None)
            self.proved = 0

    def lanes(self, lanes: int) -> int:
        """Return how many of these lanes may be used."""
        return min(lanes, self.most if self.form is not None else min(self.most, SINGLE_LANES))


def take(queue: list[Sending], packing: Packing) -> tuple[Sending, ...]:
    """Take the next request's worth from the end of `queue`: one alone, or as many as fit a batch."""
    first = queue.pop()
    form = packing.form
    if first.alone or form is None:
        return (first,)
    parcel, size = [first], length(form, first.operation)
    while queue and not queue[-1].alone:
        more = length(form, queue[-1].operation)
        if not fits(len(parcel), size, more, limit=packing.size):
            break
        size += more
        parcel.append(queue.pop())
    return tuple(parcel)
