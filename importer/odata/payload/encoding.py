"""EDM values → JSON values and bytes. Decimals are written exactly, as numbers, never through float."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import Any
from uuid import UUID

import msgspec

from importer.odata.edm.lexical import write_binary, write_double, write_duration, write_moment, write_time
from importer.odata.edm.primitives import EdmValue

_AS_IT_IS = (str, bool, int, Decimal, type(None))
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode(value: EdmValue) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON value; a Decimal stays one and is written as a number by `to_json`."""
    if isinstance(value, _AS_IT_IS):
        return value
    if isinstance(value, UUID):  # in lower case: servers compare them as text (odata-protocol.md rule 9)
        return str(value)
    if isinstance(value, Mapping):
        return {name: encode(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    return _of_primitive(value)


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
