"""How often may be asked: so many requests a second, so many an hour (timetta.md §6)."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from importer.sandbox.habits import Habits
from importer.sandbox.replies import Reply

_HOUR = 3_600


class Throttle:
    """Counts requests. `clock` counts seconds."""

    def __init__(self, habits: Habits, clock: Callable[[], float] = time.monotonic) -> None:
        """Count as the habits say."""
        self._habits, self._clock = habits, clock
        self._recent: deque[float] = deque()
        self._begin, self._used = clock(), 0
        self._lock = threading.Lock()

    def refusal(self) -> Reply | None:
        """Count a request; return the refusal where there were too many."""
        habits = self._habits
        with self._lock:
            now = self._clock()
            if habits.throttle is not None:
                while self._recent and self._recent[0] <= now - 1:
                    self._recent.popleft()
                if len(self._recent) >= habits.throttle:
                    return self._refused(habits.throttle_status, habits.retry_after)
                self._recent.append(now)
            if habits.rate_limit is not None:
                if now - self._begin >= _HOUR:
                    self._begin, self._used = now, 0
                if self._used >= habits.rate_limit:
                    return self._refused(429, max(1, round(self._begin + _HOUR - now)))
                self._used += 1
        return None

    def headers(self) -> Mapping[str, str]:
        """Return `X-Rate-Limit-*`, where this service says them."""
        if self._habits.rate_limit is None:
            return {}
        with self._lock:
            left = timedelta(seconds=self._begin + _HOUR - self._clock())
            # Seven digits, as .NET writes instants.
            reset = (datetime.now(UTC) + left).isoformat(timespec="microseconds").replace("+00:00", "0Z")
            remaining = str(max(0, self._habits.rate_limit - self._used))
        return {"x-rate-limit-limit": "1h", "x-rate-limit-remaining": remaining, "x-rate-limit-reset": reset}

    def _refused(self, status: int, wait: int | None) -> Reply:
        # 403 is the gateway's: plain text, no word of OData.
        text = b"Forbidden" if status == 403 else b"API calls quota exceeded!"
        headers = {"content-type": "text/plain"} | ({} if wait is None else {"retry-after": str(wait)})
        return Reply(status, headers, text)
