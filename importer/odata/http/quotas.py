"""What answers say about how many requests are still allowed, and when to come back; judged by the service's own clock.

Understood: `Retry-After` (RFC 9110 §10.2.3), `X-Rate-Limit-*` as AspNetCoreRateLimit writes it (a period and an instant; timetta.md §6),
`X-RateLimit-*` (a moment in Unix time, or seconds), `RateLimit-*` and `RateLimit` of the IETF drafts (seconds).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

_NUMBER = re.compile(r"\d{1,18}(?:\.\d{1,9})?", re.ASCII)
_PAIR = re.compile(r'(?:^|[;,\s])"?([A-Za-z]+)"?\s*=\s*"?(\d{1,18})', re.ASCII)
_FRACTION = re.compile(r"(\.\d{6})\d+")
# Numbers above it are moments, in seconds since 1970; below it, seconds from now.
_MOMENT = 1_000_000_000
# As long as any wait: some thirty thousand years.
_EVER = 1e12


class Quota(msgspec.Struct, frozen=True):
    """How many requests are left, and for how many seconds that holds. `limit`: how many there were, where it is told."""

    remaining: int
    reset: float | None = None
    limit: int | None = None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait: from a number, or from a date against the answer's own `Date`; None when not said.

    However absurd: whether so long is waited for is decided elsewhere.
    """
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,1000}(?:\.\d{1,9})?", text, re.ASCII):
        return min(float(text), _EVER)
    then = _date(text)
    return None if then is None else _until(then, headers)


def read_quota(headers: Mapping[str, str]) -> Quota | None:
    """Return what an answer says about requests left; None when it says nothing that can be read."""
    if "ratelimit" in headers:
        found = {name.lower(): int(digits) for name, digits in _PAIR.findall(headers["ratelimit"])}
        remaining = found.get("r", found.get("remaining"))
        if remaining is not None:
            return Quota(remaining, found.get("t", found.get("reset")), found.get("limit"))
    for prefix in ("x-rate-limit-", "x-ratelimit-", "ratelimit-"):
        left = _whole(headers.get(prefix + "remaining", ""))
        if left is not None:
            return Quota(
                left,
                _reset(headers.get(prefix + "reset", ""), headers),
                _whole(headers.get(prefix + "limit", "")),
            )
    return None


def _whole(text: str) -> int | None:
    """Return a number; a negative one means none left, a period such as `1h` is no number."""
    text = text.partition(",")[0].partition(";")[0].strip()
    if text.startswith("-") and _NUMBER.fullmatch(text[1:]):
        return 0
    return int(text) if _NUMBER.fullmatch(text) and "." not in text else None


def _reset(text: str, headers: Mapping[str, str]) -> float | None:
    text = text.strip()
    if _NUMBER.fullmatch(text):
        seconds = float(text)
        if seconds < _MOMENT:
            return seconds
        return max(0.0, seconds - _now(headers).timestamp())
    then = _date(text)
    return None if then is None else _until(then, headers)


def _until(then: datetime, headers: Mapping[str, str]) -> float:
    return max(0.0, (then - _now(headers)).total_seconds())


def _now(headers: Mapping[str, str]) -> datetime:
    """Return the moment of the answer by the service's clock, which may be wrong, like its other moments."""
    return _date(headers.get("date", "")) or datetime.now(UTC)


def _date(text: str) -> datetime | None:
    """Return a moment, written as mail and HTTP write it or by ISO 8601, whatever its number of digits."""
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        try:
            found = datetime.fromisoformat(_FRACTION.sub(r"\1", text))
        except ValueError:
            return None
    try:
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except OverflowError:
        return None
