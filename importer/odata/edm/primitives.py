"""The primitive types, their Python types, and when two values are equal (recipe-language.md §6.6).

| EDM | Python | | EDM | Python |
|---|---|---|---|---|
| String | str | | Date | date |
| Boolean | bool | | DateTimeOffset | datetime, aware |
| Byte SByte Int16 Int32 Int64 | int | | TimeOfDay | time |
| Decimal | Decimal | | Duration | timedelta |
| Single Double | float | | Binary Stream | bytes |
| Guid | UUID | | an enumeration | str: member names, joined by commas for flags |

A complex value is a dict, a collection a tuple.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal, localcontext
from typing import TypeAlias
from uuid import UUID

from importer.text.cleaning import clean

EdmValue: TypeAlias = (
    "str | bool | int | Decimal | float | UUID | date | datetime | time | timedelta | bytes "
    "| tuple[EdmValue, ...] | Mapping[str, EdmValue] | None"
)

PRIMITIVES: Mapping[str, type] = {
    "Edm.String": str,
    "Edm.Boolean": bool,
    "Edm.Byte": int,
    "Edm.SByte": int,
    "Edm.Int16": int,
    "Edm.Int32": int,
    "Edm.Int64": int,
    "Edm.Decimal": Decimal,
    "Edm.Single": float,
    "Edm.Double": float,
    "Edm.Guid": UUID,
    "Edm.Date": date,
    "Edm.DateTimeOffset": datetime,
    "Edm.TimeOfDay": time,
    "Edm.Duration": timedelta,
    "Edm.Binary": bytes,
    "Edm.Stream": bytes,
}

INTEGERS: Mapping[str, tuple[int, int]] = {
    "Edm.Byte": (0, 255),
    "Edm.SByte": (-128, 127),
    "Edm.Int16": (-32_768, 32_767),
    "Edm.Int32": (-(2**31), 2**31 - 1),
    "Edm.Int64": (-(2**63), 2**63 - 1),
}

# Enough digits that no difference of two numbers of a service is rounded; what overflows is infinite, not
# an error.
_EXACT = Context(prec=200, traps=[])


_TEXTS, _NUMBERS = (str, type(None)), (Decimal, int, float)


def equal(left: EdmValue, right: EdmValue, *, scale: int | None = None) -> bool:
    """Whether two values of one property are the same.

    Decimals by value (at the property's `scale`, where it has one: CAP rounds beyond it, odata-protocol.md
    §3), dates by day, instants by instant, text after `clean` with empty as null, collections as multisets.
    A complex value on the left need not name every property of the one on the right.
    """
    if left is right or left == right:
        return True
    if isinstance(left, _TEXTS) and isinstance(right, _TEXTS):
        return clean(left or "") == clean(right or "")
    if left is None or right is None:
        return False
    if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
        return scale is not None and _as_near(Decimal(left), Decimal(right), scale)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and Counter(map(_hashable, left)) == Counter(map(_hashable, right))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return all(equal(value, right.get(name)) for name, value in left.items())
    return False


def _as_near(left: Decimal, right: Decimal, scale: int) -> bool:
    """Whether both round to the same, or one is the other rounded, whichever way a half goes."""
    one, two = _at_scale(left, scale), _at_scale(right, scale)
    if one == two or (one != left and two != right):
        return one == two
    with localcontext(_EXACT):
        return abs(left - right) * 2 <= Decimal(1).scaleb(-scale)


def _at_scale(number: Decimal, scale: int) -> Decimal:
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= -scale:
        return number  # infinite, or without digits to round
    # As many digits as the number has: the usual 28 would refuse longer ones.
    digits = max(1, number.adjusted() + scale + 2)
    return number.quantize(Decimal(1).scaleb(-scale), context=Context(prec=digits))


def _hashable(value: EdmValue) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return frozenset((name, _hashable(item)) for name, item in value.items())
    # A list is what was kept as it was sent: the coordinates of a shape, a property that nobody declares.
    return tuple(map(_hashable, value)) if isinstance(value, tuple | list) else value
