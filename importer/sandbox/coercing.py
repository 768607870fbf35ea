"""What a careless service makes of values, in silence, before it stores them (odata-protocol.md §1, rule 8)."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation

from importer.odata.edm import Model, Property
from importer.sandbox.typed import FRACTIONS, Value

_DAY = re.compile(r"(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_FIFTEEN = Context(prec=15)  # digits that a binary double holds


def coerced(value: Value, declared: Property, model: Model, coerces: tuple[str, ...]) -> Value:
    """Return the value as a service with these coercions takes it; what is not its affair stays."""
    kind = model.underlying(declared.type)
    for name in coerces:
        coerce = _COERCIONS.get(name)
        if coerce is not None:
            value = coerce(value, kind, declared)
    return value


def is_dropped(declared: Property, coerces: tuple[str, ...]) -> bool:
    """Whether the service takes a computed property and never stores it."""
    terms = {item.term.rpartition(".")[2] for item in declared.annotations}
    return "computed" in coerces and "Computed" in terms


def _day(value: Value, kind: str, _: Property) -> Value:
    """2023-02-29 becomes 2023-03-01."""
    match = _DAY.fullmatch(value) if kind == "Edm.Date" and isinstance(value, str) else None
    if match is None:
        return value
    try:
        first = date(int(match[1]), int(match[2]), 1)
        return (first + timedelta(days=int(match[3]) - 1)).isoformat()
    except (ValueError, OverflowError):
        return value


def _rounded(value: Value, kind: str, declared: Property) -> Value:
    """To the property's scale, or else to 15 digits."""
    if kind not in FRACTIONS or isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return value
    try:
        found = _FIFTEEN.plus(Decimal(value))
        if isinstance(declared.scale, int):
            found = found.quantize(Decimal(1).scaleb(-declared.scale))
    except InvalidOperation:
        return value
    return found


def _trimmed(value: Value, kind: str, _: Property) -> Value:
    return value.strip() if kind == "Edm.String" and isinstance(value, str) else value


def _cut(value: Value, kind: str, declared: Property) -> Value:
    is_text = kind == "Edm.String" and isinstance(value, str)
    return value[: declared.max_length] if is_text else value


_COERCIONS: Mapping[str, Callable[[Value, str, Property], Value]] = {
    "days": _day,
    "rounding": _rounded,
    "trimming": _trimmed,
    "lengths": _cut,
}
