"""Functions of `$filter` (OData URL §5.1.1.5 to 5.1.1.9), and which types compare with which."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

from importer.odata.edm import Model
from importer.sandbox.typed import FRACTIONS, INTEGERS, Value

_GROUPS: Mapping[str, str] = {
    **dict.fromkeys((*INTEGERS, *FRACTIONS), "number"),
    "Edm.String": "text",
    "Edm.Guid": "guid",
    "Edm.Boolean": "boolean",
    "Edm.Date": "moment",
    "Edm.DateTimeOffset": "moment",
    "Edm.TimeOfDay": "time",
    "Edm.Duration": "duration",
}


@dataclass(frozen=True, slots=True)
class Function:
    """A function: the groups of its arguments, the EDM type of its result; it is never called with null."""

    arguments: tuple[str, ...]
    result: str
    compute: Callable[..., Value]


def group_of(kind: str | None, model: Model) -> str | None:
    """Return the group within which values of an EDM type compare; enumerations are texts; None: any."""
    if kind is None:
        return None
    if kind in model.types:
        return "entity"
    return "text" if kind in model.enums else _GROUPS.get(kind)


def _substring(text: str, start: int, length: int | None = None) -> str:
    return text[max(0, start) :] if length is None else text[max(0, start) : max(0, start) + max(0, length)]


def _round(value: Value) -> Decimal:
    return Decimal(value).to_integral_value(ROUND_HALF_UP)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _digits(start: int, end: int) -> Callable[[str], int | None]:
    return lambda text: int(text[start:end]) if text[start:end].isdigit() else None


FUNCTIONS: Mapping[str, Function] = {
    "contains": Function(("text", "text"), "Edm.Boolean", lambda text, part: part in text),
    "startswith": Function(("text", "text"), "Edm.Boolean", str.startswith),
    "endswith": Function(("text", "text"), "Edm.Boolean", str.endswith),
    "tolower": Function(("text",), "Edm.String", str.lower),
    "toupper": Function(("text",), "Edm.String", str.upper),
    "trim": Function(("text",), "Edm.String", str.strip),
    "length": Function(("text",), "Edm.Int32", len),
    "concat": Function(("text", "text"), "Edm.String", lambda left, right: left + right),
    "indexof": Function(("text", "text"), "Edm.Int32", str.find),
    "substring": Function(("text", "number", "number"), "Edm.String", _substring),
    "year": Function(("moment",), "Edm.Int32", _digits(0, 4)),
    "month": Function(("moment",), "Edm.Int32", _digits(5, 7)),
    "day": Function(("moment",), "Edm.Int32", _digits(8, 10)),
    "hour": Function(("moment",), "Edm.Int32", _digits(11, 13)),
    "minute": Function(("moment",), "Edm.Int32", _digits(14, 16)),
    "second": Function(("moment",), "Edm.Int32", _digits(17, 19)),
    "date": Function(("moment",), "Edm.Date", lambda moment: moment[:10]),
    "now": Function((), "Edm.DateTimeOffset", _now),
    "round": Function(("number",), "Edm.Decimal", _round),
    "floor": Function(("number",), "Edm.Decimal", math.floor),
    "ceiling": Function(("number",), "Edm.Decimal", math.ceil),
}
