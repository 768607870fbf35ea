"""How many requests an hour, and how many lanes: arithmetic without a clock of its own."""

from collections import deque

HOUR = 3600.0
# An answer as quick as the best of its kind, times this, takes one lane more; one slower than the best times that, one less.
_AS_QUICK = 1.5
_SLOWER = 4.0
# Below this a difference is noise.
_NOISE = 0.005


def requests_for(actions: int, batch_size: int) -> int:
    """Return about how many requests so many actions take: the batches that write, and as many reads that look before them."""
    return 2 * -(-actions // max(1, batch_size))


class Budget:
    """So many requests in any hour, as a moving window: the first half at once, the rest spread over the hour."""

    def __init__(self, per_hour: int, window: float = HOUR) -> None:
        """Begin with nothing spent; `window` in seconds."""
        self.per_hour = max(1, per_hour)
        self._window = window
        self._spent: deque[float] = deque(maxlen=self.per_hour)

    def earliest(self, now: float) -> float:
        """Return the earliest moment at which one more request may leave."""
        while self._spent and self._spent[0] <= now - self._window:
            self._spent.popleft()
        used, left = len(self._spent), self.per_hour - len(self._spent)
        if used * 2 < self.per_hour or not self._spent:
            return now
        end = self._spent[0] + self._window
        if left == 0:
            return end
        return max(now, min(end, self._spent[-1] + (end - self._spent[-1]) / (left + 1)))

    def spend(self, now: float) -> None:
        """Count a request that leaves now."""
        self._spent.append(now)

    def finishing(self, requests: int, now: float) -> float:
        """Return in how many seconds so many more requests will have left, at this rhythm."""
        recent = sum(1 for moment in self._spent if moment > now - self._window)
        hours, rest = divmod(requests + recent, self.per_hour)
        return self._window * (hours + max(0, 2 * rest - self.per_hour) / self.per_hour)


class Growth:
    """How many lanes: from one up to `most`, one more while answers stay quick, half of them when refused."""

    def __init__(self, most: int) -> None:
        """Begin with one lane."""
        self.most = max(1, most)
        self.lanes = 1
        self._best: dict[tuple[str, int], float] = {}

    def answered(self, like: tuple[str, int], seconds: float) -> None:
        """Take how long an answer took; it is compared with the best of those `like` it."""
        best = self._best[like] = min(self._best.get(like, seconds), seconds)
        if seconds <= best * _AS_QUICK + _NOISE:
            self.lanes = min(self.lanes + 1, self.most)
        elif seconds > best * _SLOWER + _NOISE:
            self.lanes = max(1, self.lanes - 1)

    def halve(self) -> None:
        """Take a refusal by rate."""
        self.lanes = max(1, self.lanes // 2)
