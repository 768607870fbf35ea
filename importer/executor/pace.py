"""How many lanes, how large a batch: one lane more while answers stay as quick, half of them when refused."""

from dataclasses import dataclass

from importer.executor.composing import Sending
from importer.odata.batch.json_format import written
from importer.odata.batch.sizing import BYTES

# Single requests never go wider (odata-protocol.md §6, "Ladder").
SINGLE_LANES = 4
_AS_QUICK = 1.5
_SLOWER = 3.0


@dataclass
class Pace:
    """What the service takes: `size` operations in a batch, `lanes` requests at a time."""

    size: int
    most: int
    lanes: int = 1
    batches: bool = True
    proved: bool = False  # a batch was answered as one
    slowest: float = 0.0
    _best: float | None = None

    def answered(self, operations: int, seconds: float) -> None:
        """Take the time of an answer; seconds are of the whole request."""
        self.slowest = max(self.slowest, seconds)
        each = seconds / max(operations, 1)
        self._best = each if self._best is None else min(self._best, each)
        if each <= self._best * _AS_QUICK:
            self.lanes = min(self.lanes + 1, self.limit)
        elif each > self._best * _SLOWER:
            self.lanes = max(1, self.lanes - 1)

    def refused(self) -> None:
        """Take a refusal by rate."""
        self.lanes = max(1, self.lanes // 2)

    def smaller(self, operations: int) -> None:
        """Take a refusal by size of a batch that held so many."""
        self.size = max(1, min(self.size, operations // 2))

    def no_batch(self) -> None:
        """Step down to single requests, for the rest of the run."""
        self.batches = False
        self.lanes = min(self.lanes, self.limit)

    @property
    def limit(self) -> int:
        """Return the most lanes at present."""
        return self.most if self.batches else min(self.most, SINGLE_LANES)


def take(queue: list[Sending], pace: Pace) -> tuple[Sending, ...]:
    """Take the next request's worth from the end of `queue`: one alone, or as many as fit a batch."""
    first = queue.pop()
    parcel, room = [first], BYTES - len(written(first.operation))
    if first.alone or not pace.batches:
        return (first,)
    while queue and len(parcel) < pace.size and not queue[-1].alone:
        room -= len(written(queue[-1].operation)) + 1
        if room < 0:
            break
        parcel.append(queue.pop())
    return tuple(parcel)
