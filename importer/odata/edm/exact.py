"""Values that Python's own types cannot hold whole: seconds with more than six digits, days beyond the year 9999, shapes on a map.

.NET writes seven digits of a second, the standard allows twelve (OData CSDL §4.4): what is dropped would make two instants equal
that are not, and a key unfindable. Python's arithmetic on these gives plain values.
"""

from datetime import datetime, time, timedelta
from typing import Any


class Verbatim(str):
    """A value kept as the text it has in URLs and bodies, because no Python type holds it: a year after 9999, a geography."""

    __slots__ = ()


class ExactMoment(datetime):
    """An instant with digits of a second beyond microseconds: `finer`, without idle zeros, never empty."""

    finer: str = ""

    @classmethod
    def of(cls, plain: datetime, finer: str) -> datetime:
        """Return `plain` with more digits; as it is when they are zeros."""
        digits = finer.rstrip("0")
        if not digits:
            return plain
        found = cls(*plain.timetuple()[:6], plain.microsecond, plain.tzinfo)
        found.finer = digits
        return found

    def __eq__(self, other: object) -> bool:
        """Whether both are the same instant to the last digit."""
        return isinstance(other, datetime) and super().__eq__(other) and finer_of(other) == self.finer

    def __hash__(self) -> int:
        """Return a hash as equality wants it."""
        return hash((super().__hash__(), self.finer)) if self.finer else super().__hash__()

    def __lt__(self, other: Any) -> bool:  # noqa: ANN401 - as datetime's own
        """Whether this instant is earlier."""
        return bool(super().__lt__(other) or (super().__eq__(other) and self.finer < finer_of(other)))

    def __gt__(self, other: Any) -> bool:  # noqa: ANN401 - as datetime's own
        """Whether this instant is later."""
        return bool(super().__gt__(other) or (super().__eq__(other) and self.finer > finer_of(other)))

    def __le__(self, other: Any) -> bool:  # noqa: ANN401 - as datetime's own
        """Whether this instant is not later."""
        return not self > other

    def __ge__(self, other: Any) -> bool:  # noqa: ANN401 - as datetime's own
        """Whether this instant is not earlier."""
        return not self < other


class ExactTime(time):
    """A time of day with digits beyond microseconds."""

    finer: str = ""

    @classmethod
    def of(cls, plain: time, finer: str) -> time:
        """Return `plain` with more digits; as it is when they are zeros."""
        digits = finer.rstrip("0")
        if not digits:
            return plain
        found = cls(plain.hour, plain.minute, plain.second, plain.microsecond)
        found.finer = digits
        return found

    def __eq__(self, other: object) -> bool:
        """Whether both are the same to the last digit."""
        return isinstance(other, time) and super().__eq__(other) and finer_of(other) == self.finer

    def __hash__(self) -> int:
        """Return a hash as equality wants it."""
        return hash((super().__hash__(), self.finer)) if self.finer else super().__hash__()


class ExactDuration(timedelta):
    """A duration with digits beyond microseconds, counted away from zero."""

    finer: str = ""

    @classmethod
    def of(cls, plain: timedelta, finer: str, *, negative: bool) -> timedelta:
        """Return `plain` with more digits; as it is when they are zeros."""
        digits = finer.rstrip("0")
        if not digits:
            return plain
        found = cls(plain.days, plain.seconds, plain.microseconds)
        found.finer = f"-{digits}" if negative else digits
        return found

    def __eq__(self, other: object) -> bool:
        """Whether both are the same to the last digit."""
        return isinstance(other, timedelta) and super().__eq__(other) and finer_of(other) == self.finer

    def __hash__(self) -> int:
        """Return a hash as equality wants it."""
        return hash((super().__hash__(), self.finer)) if self.finer else super().__hash__()


def finer_of(value: Any) -> str:  # noqa: ANN401 - any value
    """Return the digits beyond microseconds, empty where there are none; of a negative duration with its sign."""
    return str(getattr(value, "finer", ""))
