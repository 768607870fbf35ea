"""How fast we ask: one `Pace` for all threads of a connection, reads and writes alike.

It begins with one lane and takes one more for each answer that comes as quickly as the best of its kind; a refusal halves the lanes.
It never exceeds the lanes, the requests a second, the requests an hour, and what the service says is left.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from importer.odata.http.budgets import Budget, Growth
from importer.odata.http.quotas import Quota, read_quota, retry_after

__all__ = ["PATIENCE", "PAUSE", "Held", "Pace", "Turn", "retry_after"]

# Longer than this is told to a person instead of being waited for.
PATIENCE = 300.0
# Without a word about how long: what a gateway's burst needs.
PAUSE = 1.0
# So few requests left, or this part of all: from here on they are spread over the time they must last …
_FEW = 50
_PART = 0.1
# … but nobody waits longer than this for one.
_SPREAD = 10.0


class Held(Exception):  # noqa: N818 - an event, told to a person by whoever wanted to send
    """The service takes no requests for so many `seconds`, which is longer than we wait. Nothing was sent."""

    def __init__(self, seconds: float) -> None:
        """Keep how long."""
        super().__init__(f"{seconds:.0f} seconds")
        self.seconds = seconds


class Turn:
    """One request's place among all."""

    def __init__(self, pace: "Pace", begun: float) -> None:
        """Begin now."""
        self._pace, self._begun = pace, begun

    def answered(self, kind: str, status: int, headers: Mapping[str, str], size: int) -> None:
        """Say what came of it. Requests of one `kind` and alike in `size` (bytes both ways) take alike long."""
        self._pace.answered(kind, status, headers, size, self._begun)


class Pace:
    """Lets requests of all threads leave. A thread has one turn at a time; a turn inside its turn is the same one."""

    def __init__(
        self,
        per_second: float | None = None,
        *,
        most: int = 8,
        per_hour: int | None = None,
        pause: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with no request sent yet; `most` is the most lanes.

        `clock` and `pause` count seconds; a pause that returns something true was cut short: nobody wants to wait any more.
        """
        self._gap = 1 / per_second if per_second else 0.0
        self._pause, self._clock = pause, clock
        self._budget = Budget(per_hour) if per_hour else None
        self._growth = Growth(most)
        self._next = self._open = clock()
        self._scarce: tuple[int, float] | None = None  # requests left, until when
        self._busy = 0
        self._begun = self._halved = 0
        self._free = threading.Condition()
        self._own = threading.local()

    @property
    def per_hour(self) -> int | None:
        """Return how many requests an hour are allowed, where somebody said so."""
        return self._budget.per_hour if self._budget else None

    @property
    def most(self) -> int:
        """Return the most lanes there may be."""
        return self._growth.most

    @property
    def lanes(self) -> int:
        """Return how many requests may be on their way at present."""
        lanes = min(self._growth.lanes, self._growth.most)
        return lanes if self._scarce is None else max(1, min(lanes, self._scarce[0]))

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Wait for a lane and for the moment at which a request may leave, and hold the lane.

        Raises:
            Held: the service wants us to wait for longer than we do, or somebody wants to stop.
        """
        if getattr(self._own, "inside", False):
            # The moment was waited for when the turn began; another request in it waits for another one.
            if not self._own.fresh:
                self._moment()
            self._own.fresh = False
            yield Turn(self, self._clock())
            return
        with self._free:
            self._free.wait_for(lambda: self._busy < self.lanes)
            self._busy += 1
        try:
            self._moment()
            self._own.inside = self._own.fresh = True
            yield Turn(self, self._clock())
        finally:
            self._own.inside = False
            with self._free:
                self._busy -= 1
                self._free.notify_all()

    def delay(self) -> float:
        """Return in how many seconds the next request may leave."""
        with self._free:
            now = self._clock()
            return max(0.0, max(self._open, self._budget.earliest(now) if self._budget else now) - now)

    def finishing(self, requests: int) -> float | None:
        """Return in how many seconds so many more requests could all have left, by the hour's budget; None without one."""
        with self._free:
            return self._budget.finishing(requests, self._clock()) if self._budget else None

    def hold(self, seconds: float) -> None:
        """Let no request leave for so many seconds."""
        with self._free:
            self._open = max(self._open, self._clock() + seconds)

    def refused(self) -> None:
        """Take a refusal by rate: half the lanes. Those that were on their way together are one refusal."""
        with self._free:
            if self._begun > self._halved:
                self._halved = self._begun
                self._growth.halve()

    def answered(self, kind: str, status: int, headers: Mapping[str, str], size: int, begun: float) -> None:
        """Take an answer: how long it took, what it says is left, how long it asks us to wait."""
        quota, wait = read_quota(headers), retry_after(headers)
        refused = status == 429 or (status == 503 and wait is not None)
        if refused:
            self.refused()
            if wait is not None:
                self.hold(wait)
        with self._free:
            if quota is not None:
                self._told(quota)
            if not refused:
                self._growth.answered((kind, size.bit_length()), self._clock() - begun)
                self._free.notify_all()

    def _told(self, quota: Quota) -> None:
        now = self._clock()
        reset = 0.0 if quota.reset is None else quota.reset
        if quota.remaining == 0:
            self._open = max(self._open, now + (PAUSE if quota.reset is None else reset))
            self._scarce = None
        elif quota.remaining <= (_FEW if quota.limit is None else min(_FEW, quota.limit * _PART)):
            # Answers overtake each other: the smallest number counts until the time is over.
            left = quota.remaining
            if self._scarce is not None and now < self._scarce[1]:
                left = min(left, self._scarce[0])
            self._scarce = (left, now + reset)
        else:
            self._scarce = None

    def _moment(self) -> None:
        """Return when a request may leave, and count it."""
        now = self._clock()
        while True:
            with self._free:
                held = self._open - now
                until = max(self._open, self._next, self._budget.earliest(now) if self._budget else now)
                if until <= now:
                    self._count(now)
                    return
            if held > PATIENCE:
                raise Held(held)
            if self._pause(until - now):
                raise Held(until - now)
            # A clock that stands still must not keep us here.
            now = max(self._clock(), until)

    def _count(self, now: float) -> None:
        self._begun += 1
        gap = self._gap
        if self._scarce is not None:
            left, until = self._scarce
            if now >= until:
                self._scarce = None
            else:
                gap = max(gap, min((until - now) / (left + 1), _SPREAD))
        self._next = now + gap
        if self._budget is not None:
            self._budget.spend(now)
