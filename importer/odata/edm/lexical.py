"""The texts of primitive values, the same in URLs and bodies (OData ABNF §7): exact out, forgiving in.

Reading raises ValueError for every text that is not one. Text is neither quoted nor percent-encoded here.
"""

import re
from base64 import urlsafe_b64encode
from binascii import a2b_base64
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import isinf, isnan
from uuid import UUID

from importer.odata.edm.exact import ExactDuration, ExactMoment, ExactTime, Verbatim, finer_of
from importer.odata.edm.primitives import INTEGERS

# dateValue, dateTimeOffsetValue, timeOfDayValue, durationValue of the ABNF. However, servers write seven
# digits of a second, and some leave the zone or the whole clock away (timetta.md §3; odata-protocol.md §4).
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:\d{2})?)?", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?(Z|[+-]\d{2}:\d{2})?",
    re.ASCII | re.IGNORECASE,
)
# Years that Python's dates do not reach: -0044, 0000, 12026 (dateValue allows them).
_FAR_DAY = re.compile(r"(?:-\d{4,9}|0000|[1-9]\d{4,8})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", re.ASCII)
_FAR_MOMENT = re.compile(
    _FAR_DAY.pattern + r"T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,12})?)?(?:Z|[+-]\d{2}:\d{2})",
    re.ASCII,
)
_TIME = re.compile(r"(\d{2}:\d{2})(?::(\d{2})(?:\.(\d+))?)?", re.ASCII)
_DURATION = re.compile(
    r"([+-])?P(?=[\dT])(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,14})(?:\.(\d+))?S)?)?",
    re.ASCII,
)
_INTEGER = re.compile(r"[+-]?\d{1,20}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:E[+-]?\d{1,6})?", re.ASCII | re.IGNORECASE)
_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_SPECIAL = {"INF": "inf", "-INF": "-inf", "NaN": "nan"}
_DAY_MICROS, _HOUR_MICROS, _MINUTE_MICROS = 86_400_000_000, 3_600_000_000, 60_000_000


def write_moment(value: datetime) -> str:
    """Return an instant in UTC with the fraction it has, `2026-01-31T09:00:00.5Z`; no zone means UTC."""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        moment, zone = aware.astimezone(UTC), "Z"
    except OverflowError:  # the first and last day of all, east or west of Greenwich
        moment, zone = aware, aware.isoformat()[-6:]
    return _with_finer(moment.replace(tzinfo=None).isoformat(), finer_of(value)) + zone


def read_moment(text: str) -> datetime | Verbatim:
    """Return an instant in UTC, with all its digits of a second; an absent zone is UTC. A year beyond Python's is kept as its text."""
    match = _MOMENT.fullmatch(text)
    if match is None or text.startswith("0000"):
        if _FAR_MOMENT.fullmatch(text):
            return Verbatim(text)
        raise ValueError(f"{text!r} is no instant")
    day, clock, zone = match.groups()
    found = datetime.combine(date.fromisoformat(day), read_time(clock) if clock else time(), UTC)
    if zone not in (None, "Z", "z"):
        aware = datetime.fromisoformat(found.replace(tzinfo=None).isoformat() + zone)
        try:
            found = aware.astimezone(UTC)
        except OverflowError:
            # .NET's least instant means "never", whatever zone the server wrote it in (timetta.md §3).
            return datetime.min.replace(tzinfo=UTC) if found.year == 1 else Verbatim(text)
    finer = clock.partition(".")[2][6:] if clock else ""
    return ExactMoment.of(found, finer) if finer else found


def read_date(text: str) -> date | Verbatim:
    """Return a day; one beyond Python's years as its text. A time part is an error unless it is midnight: so some services send a day."""
    match = _DAY.fullmatch(text)
    if match is None or text.startswith("0000"):
        if _FAR_DAY.fullmatch(text):
            return Verbatim(text)
        raise ValueError(f"{text!r} is no day")
    return date.fromisoformat(match[1])


def write_time(value: time) -> str:
    """Return a time of day with the fraction it has."""
    return _with_finer(value.replace(tzinfo=None).isoformat(), finer_of(value))


def read_time(text: str) -> time:
    """Return a time of day, with all its digits of a second."""
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no time of day")
    clock, seconds, fraction = match.groups()
    found = time.fromisoformat(f"{clock}:{seconds or '00'}").replace(microsecond=_micros(fraction))
    return ExactTime.of(found, fraction[6:]) if fraction and len(fraction) > 6 else found


def write_duration(value: timedelta) -> str:
    """Return a duration in the form of XML Schema's dayTimeDuration: `P1DT2H30M`."""
    total = value.days * _DAY_MICROS + value.seconds * 1_000_000 + value.microseconds
    finer = finer_of(value)
    sign, total = ("-", -total) if total < 0 or finer.startswith("-") else ("", total)
    finer = finer.removeprefix("-")
    days, rest = divmod(total, _DAY_MICROS)
    hours, rest = divmod(rest, _HOUR_MICROS)
    minutes, rest = divmod(rest, _MINUTE_MICROS)
    seconds = _without_zeros(f"{rest // 1_000_000}.{rest % 1_000_000:06}{finer}")
    parts = ((hours, f"{hours}H"), (minutes, f"{minutes}M"), (rest or finer, f"{seconds}S"))
    clock = "".join(text for number, text in parts if number)
    day = f"{days}D" if days else ""
    return f"{sign}P{day}{f'T{clock}' if clock else ''}" if day or clock else "PT0S"


def read_duration(text: str) -> timedelta:
    """Return a duration, with all its digits of a second."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no duration")
    sign, days, hours, minutes, seconds, fraction = match.groups()
    try:
        found = timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            microseconds=_micros(fraction),
        )
        signed = -found if sign == "-" else found
    except OverflowError:
        raise ValueError(f"{text!r} is too long a duration") from None
    return ExactDuration.of(signed, (fraction or "")[6:], negative=sign == "-")


def write_binary(value: bytes) -> str:
    """Return base64url with its padding."""
    return urlsafe_b64encode(value).decode()


def read_binary(text: str) -> bytes:
    """Return bytes of base64 in either alphabet, padded or not."""
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    if len(plain) % 4 == 1 or not plain.isascii():
        raise ValueError("no base64")
    return a2b_base64(plain + "=" * (-len(plain) % 4), strict_mode=True)


def write_decimal(value: Decimal) -> str:
    """Return all the digits, never `1E+3`, which not all services read; only monstrous exponents stay. `INF`, `-INF`, `NaN`."""
    if not value.is_finite():
        return "NaN" if value.is_nan() else ("INF" if value > 0 else "-INF")
    return f"{value:f}" if abs(value.adjusted()) < 400 else str(value)


def read_decimal(text: str) -> Decimal:
    """Return a finite decimal with all its digits."""
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"{text!r} is no number")
    return Decimal(text)


def write_double(value: float) -> str:
    """Return the shortest text that reads back the same; `INF`, `-INF`, `NaN`."""
    if isnan(value):
        return "NaN"
    if isinf(value):
        return "INF" if value > 0 else "-INF"
    return repr(value)


def read_double(text: str) -> float:
    """Return a floating number, or one of `INF`, `-INF`, `NaN`."""
    if text not in _SPECIAL and not _DECIMAL.fullmatch(text):
        raise ValueError(f"{text!r} is no number")
    return float(_SPECIAL.get(text, text))


def read_integer(text: str, type_name: str) -> int:
    """Return a whole number that its type can hold."""
    if not _INTEGER.fullmatch(text):
        raise ValueError(f"{text!r} is no whole number")
    number = int(text)
    least, greatest = INTEGERS[type_name]
    if not least <= number <= greatest:
        raise ValueError(f"{text} is out of range")
    return number


def read_boolean(text: str) -> bool:
    """Return true or false."""
    if text not in ("true", "false"):
        raise ValueError(f"{text!r} is no boolean")
    return text == "true"


def read_guid(text: str) -> UUID:
    """Return a Guid in either case."""
    if not _GUID.fullmatch(text):
        raise ValueError(f"{text!r} is no Guid")
    return UUID(text)


def _micros(fraction: str | None) -> int:
    return int((fraction or "0")[:6].ljust(6, "0"))


def _with_finer(text: str, finer: str) -> str:
    """Return an ISO text that ends in seconds with the digits beyond microseconds, and without idle zeros."""
    if not finer:
        return _without_zeros(text)
    return f"{text}{finer}" if "." in text else f"{text}.000000{finer}"


def _without_zeros(text: str) -> str:
    """Return a text that ends in seconds without the idle zeros of their fraction."""
    return text.rstrip("0").removesuffix(".") if "." in text else text
