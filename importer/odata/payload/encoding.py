"""EDM values → JSON values and bytes. Decimals are written exactly, as numbers, never through float."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any
from uuid import UUID

import msgspec

from importer.odata.edm.exact import Verbatim
from importer.odata.edm.lexical import (
    write_binary,
    write_decimal,
    write_double,
    write_duration,
    write_moment,
    write_time,
)
from importer.odata.edm.model import Model
from importer.odata.edm.primitives import EdmValue

_AS_IT_IS = (str, bool, int, Decimal, type(None))
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode(value: EdmValue) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON value; a Decimal stays one and is written as a number by `to_json`.

    Raises:
        TypeError: `value` is of no EDM type; that is our mistake, not the user's.
    """
    if isinstance(value, _AS_IT_IS):
        if isinstance(value, Decimal) and not value.is_finite():
            return write_decimal(value)  # `INF` has no number in JSON
        return str(value) if isinstance(value, Verbatim) else value
    if isinstance(value, UUID):  # in lower case: servers compare them as text (odata-protocol.md rule 9)
        return str(value)
    if isinstance(value, Mapping):
        return {name: encode(item) for name, item in value.items()}
    if isinstance(value, tuple | list):  # a list: what is kept as it was sent, such as GeoJSON
        return [encode(item) for item in value]
    return _of_primitive(value)


def encode_as(value: EdmValue, type_name: str, model: Model) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON value in the form `IEEE754Compatible=true` (OData JSON §3.2): Int64 and Decimal as texts, also inside others.

    `type_name` is the type of the value, or of the items of a collection.
    """
    if isinstance(value, tuple):
        return [encode_as(item, type_name, model) for item in value]
    kind = model.underlying(type_name)
    if isinstance(value, Mapping):
        declared = model.properties_of(kind)
        return {
            name: encode_as(item, declared[name].type, model) if name in declared else encode(item)
            for name, item in value.items()
        }
    if kind == "Edm.Int64" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if kind == "Edm.Decimal" and isinstance(value, Decimal | int) and not isinstance(value, bool):
        return write_decimal(Decimal(value))
    return encode(value)


def to_json(value: object) -> bytes:
    """Return the bytes of a JSON value; Decimals are numbers with all their digits."""
    return _ENCODER.encode(value)


def _of_primitive(value: float | date | datetime | time | timedelta | bytes) -> Any:  # noqa: ANN401 - any JSON value
    match value:
        case float():
            return value if isfinite(value) else write_double(value)
        case datetime():  # before date, which it is too
            return write_moment(value)
        case date():
            return value.isoformat()
        case time():
            return write_time(value)
        case timedelta():
            return write_duration(value)
        case bytes():
            return write_binary(value)
        case _:
            raise TypeError(f"no JSON for {type(value).__name__}")
