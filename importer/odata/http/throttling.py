"""How fast we ask, and how long a service asks us to wait (RFC 9110 §10.2.3), judged by its own clock."""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Longer than this is told to a person instead of being waited for.
PATIENCE = 300.0
# Without a word about how long: what a gateway's burst needs.
PAUSE = 1.0


class Pace:
    """Keeps requests of all threads at most so many a second, evenly spaced."""

    def __init__(
        self,
        per_second: float,
        *,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with no request sent yet; `clock` and `pause` count seconds."""
        self._gap = 1 / per_second
        self._pause, self._clock = pause, clock
        self._next = clock()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next request may leave."""
        with self._lock:
            now = self._clock()
            mine = max(now, self._next)
            self._next = mine + self._gap
        if mine > now:
            self._pause(mine - now)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait: from a number, or from a date against the answer's own `Date`; None when not said."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text)
    then = _date(text)
    if then is None:
        return None
    now = _date(headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (then - now).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
