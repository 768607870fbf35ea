"""Python values as OData URL literals, and back (OData ABNF §7, "Literal Data Values").

Literals are not percent-encoded here: that is the work of `encoded`, and only once.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from uuid import UUID

from importer.odata.edm.exact import Verbatim
from importer.odata.edm.lexical import (
    read_binary,
    read_boolean,
    read_date,
    read_decimal,
    read_double,
    read_duration,
    read_guid,
    read_integer,
    read_moment,
    read_time,
    write_binary,
    write_decimal,
    write_double,
    write_duration,
    write_moment,
    write_time,
)
from importer.odata.edm.primitives import INTEGERS, EdmValue

# An enumeration's literal: 'Member', or with its type before it, which 4.0 demands.
_ENUM = re.compile(r"(?:[\w.]+)?'([\w, -]*)'|([\w-]+)")
# A shape on a map or plane (geographyPoint and its like): kept as it is, never looked into.
_SHAPE = re.compile(r"(?:geography|geometry)'SRID=\d{1,5};[A-Za-z]+\([A-Za-z0-9(),. +-]*\)'", re.IGNORECASE)
_SHAPES = ("Edm.Geography", "Edm.Geometry")


def write_literal(value: EdmValue, enum: str | None = None) -> str:
    """Return `value` as it stands in a `$filter` or key predicate; `enum` is the type name of an enumeration.

    Raises:
        TypeError: `value` is of no EDM primitive type; that is our mistake, not the user's.
    """
    if value is None:
        return "null"
    if isinstance(value, Verbatim):
        return str(value)
    if enum is not None and isinstance(value, str):
        return f"{enum}'{value}'"
    for kind, write in _WRITERS:
        if isinstance(value, kind):
            return write(value)
    raise TypeError(f"no literal for {type(value).__name__}")


def read_literal(text: str, type_name: str) -> EdmValue:
    """Return the value of a literal of a primitive type; other types are enumerations, written `NS.E'A'` (4.0), `'A'` or `A`.

    Raises:
        ValueError: it is no literal of this type.
    """
    if text == "null":
        return None
    read = _READERS.get(type_name)
    if read is not None:
        return read(text)
    if type_name.startswith(_SHAPES) and _SHAPE.fullmatch(text):
        return Verbatim(text)
    match = _ENUM.fullmatch(text)
    if match is None or type_name.startswith("Edm."):
        raise ValueError(f"{text!r} is no {type_name}")
    return ",".join(word.strip() for word in (match[1] or match[2] or "").split(","))


def encoded(text: str) -> str:
    """Return `text` percent-encoded for a URL: everything but unreserved signs, `+` as %2B, space as %20."""
    return quote(text, safe="")


def _write_text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"  # SQUOTE-in-string


def _read_text(text: str) -> str:
    inner = text[1:-1]
    if len(text) < 2 or text[0] != "'" or text[-1] != "'" or "'" in inner.replace("''", ""):
        raise ValueError(f"{text!r} is no text in quotes")
    return inner.replace("''", "'")


def _prefixed(prefix: str, read: Callable[[str], EdmValue]) -> Callable[[str], EdmValue]:
    """Return a reader of `prefix'…'`, or of the bare text: 4.01 lets the prefix go."""

    def reader(text: str) -> EdmValue:
        bare = text.startswith(f"{prefix}'") and text.endswith("'")
        return read(text[len(prefix) + 1 : -1] if bare else text)

    return reader


def _integer(type_name: str) -> Callable[[str], EdmValue]:
    return lambda text: read_integer(text, type_name)


# One writer per primitive, looked through in order: Python's bool is an int, datetime a date. Guids are lower
# case: servers compare them as text (odata-protocol.md, rule 9).
_WRITERS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (str, _write_text),
    (bool, lambda value: str(value).lower()),
    (int, str),
    (Decimal, write_decimal),
    (float, write_double),
    (UUID, str),
    (datetime, write_moment),
    (date, date.isoformat),
    (time, write_time),
    (timedelta, lambda value: f"duration'{write_duration(value)}'"),
    (bytes, lambda value: f"binary'{write_binary(value)}'"),
)
_READERS: Mapping[str, Callable[[str], EdmValue]] = {
    "Edm.String": _read_text,
    "Edm.Boolean": read_boolean,
    "Edm.Decimal": read_decimal,
    "Edm.Single": read_double,
    "Edm.Double": read_double,
    "Edm.Guid": read_guid,
    "Edm.DateTimeOffset": read_moment,
    "Edm.Date": read_date,
    "Edm.TimeOfDay": read_time,
    "Edm.Duration": _prefixed("duration", read_duration),
    "Edm.Binary": _prefixed("binary", read_binary),
    **{name: _integer(name) for name in INTEGERS},
}
