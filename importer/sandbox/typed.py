"""JSON values against the EDM: what is stored is canonical, so that it compares as it stands."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias
from uuid import UUID

from importer.odata.edm import Model, Property
from importer.sandbox.refusals import Refused, bad_input

# A JSON value in canonical form: numbers are int or Decimal, instants texts in UTC with microseconds.
Value: TypeAlias = Any
Values: TypeAlias = Mapping[str, Value]

INTEGERS = {"Edm.Byte": 8, "Edm.SByte": 7, "Edm.Int16": 15, "Edm.Int32": 31, "Edm.Int64": 63}
FRACTIONS = ("Edm.Decimal", "Edm.Double", "Edm.Single")
_ANYTHING = ("Edm.Untyped", "Edm.Geography", "Edm.Geometry")
_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\d{0,6}(Z|z|[+-]\d{2}:\d{2})")
_DURATION = re.compile(r"[+-]?P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,12})?)?")
_NOTHING: Mapping[str, Value] = {
    "Edm.Boolean": False,
    "Edm.Guid": str(UUID(int=0)),
    "Edm.String": "",
    "Edm.Date": "0001-01-01",
    "Edm.DateTimeOffset": "0001-01-01T00:00:00.000000Z",
    "Edm.TimeOfDay": "00:00:00",
    "Edm.Duration": "PT0S",
}


def canonical(value: Value, declared: Property, model: Model) -> Value:
    """Return the value as it is stored.

    Raises:
        Refused: it is not of the property's type.
    """
    if value is None:
        if not declared.nullable and not declared.collection:
            raise bad_input(f"The property '{declared.name}' is not nullable.")
        return [] if declared.collection else None
    if declared.collection:
        if not isinstance(value, list):
            raise _wrong(value, declared)
        return [_one(item, declared, model) for item in value]
    return _one(value, declared, model)


def empty_value(declared: Property, model: Model) -> Value:
    """Return what a property holds when nobody says it: its default, null, or else .NET's."""
    if declared.collection:
        return []
    kind = model.underlying(declared.type)
    if declared.default is not None:
        return _default(declared.default, kind)
    if declared.nullable:
        return None
    if kind in model.enums:
        return next(iter(model.enums[kind].members), None)
    return {} if kind in model.types else _NOTHING.get(kind, 0)


def guid(text: str) -> str:
    """Return a Guid in lower case.

    Raises:
        ValueError: it is none.
    """
    if not _GUID.fullmatch(text):
        raise ValueError(text)
    return text.lower()


def moment(text: str) -> str:
    """Return an instant in UTC with microseconds, further digits cut: such texts compare as the instants do.

    Raises:
        ValueError: it is none, or has no offset.
    """
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    found = datetime.fromisoformat(match[1] + match[2].upper())
    return found.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def number(text: str) -> Decimal:
    """Return a finite number.

    Raises:
        ValueError: it is none.
    """
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None
    if not found.is_finite():
        raise ValueError(text)
    return found


def _one(value: Value, declared: Property, model: Model) -> Value:
    kind = model.underlying(declared.type)
    if kind in model.enums:
        return _member(value, declared, model.enums[kind].members)
    if kind in model.types:
        return _complex(value, declared, kind, model)
    try:
        return _primitive(value, kind, declared)
    except (ValueError, OverflowError):
        raise _wrong(value, declared) from None


def _primitive(value: Value, kind: str, declared: Property) -> Value:
    if kind.startswith(_ANYTHING):
        return value
    if isinstance(value, bool) is not (kind == "Edm.Boolean"):
        raise ValueError(value)
    if kind == "Edm.Boolean":
        return value
    if kind in INTEGERS:
        return _integer(value, kind)
    if kind in FRACTIONS:
        # Numbers as text are IEEE754Compatible's, and taken by ASP.NET at any time.
        return value if isinstance(value, int) else number(str(value))
    if not isinstance(value, str):
        raise ValueError(value)  # noqa: TRY004 - any mismatch is one error
    return _text(value, kind, declared)


def _text(value: str, kind: str, declared: Property) -> str:
    if kind == "Edm.Guid":
        return guid(value)
    if kind == "Edm.Date":
        if not _DAY.fullmatch(value):
            raise ValueError(value)
        return date.fromisoformat(value).isoformat()
    if kind == "Edm.DateTimeOffset":
        return moment(value)
    if kind == "Edm.TimeOfDay" and not _TIME.fullmatch(value):
        raise ValueError(value)
    if kind == "Edm.Duration" and not _DURATION.fullmatch(value):
        raise ValueError(value)
    longest = declared.max_length
    if kind == "Edm.String" and longest is not None and len(value) > longest:
        raise bad_input(f"The field {declared.name} must be a string with a maximum length of {longest}.")
    return value


def _integer(value: Value, kind: str) -> int:
    found = number(str(value))
    low = 0 if kind == "Edm.Byte" else -(2 ** INTEGERS[kind])
    # The range first: an exponent of a million digits must never become an int.
    if not low <= found < 2 ** INTEGERS[kind] or found != int(found):
        raise ValueError(value)
    return int(found)


def _member(value: Value, declared: Property, members: Mapping[str, int]) -> str:
    folded = {name.lower(): name for name in members}
    words = value.split(",") if isinstance(value, str) else []
    names = [folded[word.strip().lower()] for word in words if word.strip().lower() in folded]
    if not words or len(names) != len(words):
        raise _wrong(value, declared)
    return ",".join(names)


def _complex(value: Value, declared: Property, kind: str, model: Model) -> dict[str, Value]:
    if not isinstance(value, dict):
        raise _wrong(value, declared)
    properties = model.properties_of(kind)
    found = {name: empty_value(item, model) for name, item in properties.items()}
    for name, item in value.items():
        if name in properties:
            found[name] = canonical(item, properties[name], model)
        elif not name.startswith("@") and not model.is_open(kind):
            raise bad_input(f"The property '{name}' does not exist on type '{kind}'.")
    return found


def _default(text: str, kind: str) -> Value:
    if kind == "Edm.Boolean":
        return text == "true"
    if kind in INTEGERS or kind in FRACTIONS:
        found = number(text)
        return int(found) if kind in INTEGERS else found
    return text


def _wrong(value: Value, declared: Property) -> Refused:
    found = f"Cannot convert the literal '{value}' of property '{declared.name}'"
    return bad_input(f"{found} to the expected type '{declared.type}'.")
