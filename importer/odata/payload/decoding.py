"""JSON values → EDM values, as forgiving as servers make necessary: numbers as texts, names of 4.0 and 4.01.

The texts themselves (seven digits of a second, both alphabets of base64) are read by `edm.lexical`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isinf
from typing import Any

import msgspec

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
)
from importer.odata.edm.model import Model
from importer.odata.edm.primitives import INTEGERS, EdmValue

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_BOM = b"\xef\xbb\xbf"
# Complex values inside each other; a service that sends more means to break us.
_MAX_DEPTH = 50


class NotDecodable(ValueError):  # noqa: N818 - says what is the matter with a value
    """A JSON value is not of the type that the metadata promise."""


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a collection: raw entities, the next link as written, the count if it was sent."""

    entities: list[dict[str, Any]]
    next_link: str | None
    count: int | None


def parse_json(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON value of `body`; numbers with a point are Decimals.

    Raises:
        ValueError: it is no JSON, or nested beyond reason.
    """
    try:
        return _DECODER.decode(body.removeprefix(_BOM))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None


def read_page(body: bytes) -> Page:
    """Return the page in an answer; control information is read in both spellings (OData JSON §4.5).

    Raises:
        ValueError: it is no collection of entities.
    """
    value = parse_json(body)
    if not _is_collection(value):
        raise ValueError("no collection of entities")
    link = control(value, "nextLink")
    return Page(value["value"], str(link) if link else None, _count(control(value, "count")))


def control(value: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return control information under its 4.0 or 4.01 spelling: `@odata.etag`, `@etag`."""
    found = value.get(f"@odata.{name}")
    return found if found is not None else value.get(f"@{name}")


def decode_entity(raw: Mapping[str, Any], model: Model, type_name: str) -> dict[str, EdmValue]:
    """Return the declared structural properties of a raw entity; others are left out.

    Raises:
        NotDecodable: a value is not of its type; its property is named.
    """
    return _structured(raw, model, type_name, 0)


def decode(value: Any, type_name: str, model: Model, *, collection: bool = False) -> EdmValue:  # noqa: ANN401 - any JSON value
    """Return the EDM value of a JSON value; of a type that nobody declares, the value as it is.

    Raises:
        NotDecodable: it is not of the type.
    """
    return _decoded(value, type_name, model, collection=collection, depth=0)


def _decoded(
    value: Any,  # noqa: ANN401 - any JSON value
    type_name: str,
    model: Model,
    *,
    collection: bool,
    depth: int,
) -> EdmValue:
    if value is None:
        return None
    if collection:
        if not isinstance(value, list):
            raise NotDecodable(f"{_shown(value)} is no collection")
        return tuple(_decoded(item, type_name, model, collection=False, depth=depth) for item in value)
    name = model.underlying(type_name)
    if name in _READERS:
        try:
            return _READERS[name](value)  # type: ignore[no-any-return]
        except (ValueError, TypeError, OverflowError):
            raise NotDecodable(f"{_shown(value)} is no {name}") from None
    if name in model.enums:
        return _members(value, model, name)
    if name in model.types:
        if not isinstance(value, dict):
            raise NotDecodable(f"{_shown(value)} is no {name}")
        return _structured(value, model, name, depth + 1)
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if not key.startswith("@")}
    return value  # type: ignore[no-any-return]


def _structured(raw: Mapping[str, Any], model: Model, type_name: str, depth: int) -> dict[str, EdmValue]:
    if depth > _MAX_DEPTH:
        raise NotDecodable("it is nested too deeply")
    declared = model.properties_of(type_name)
    found: dict[str, EdmValue] = {}
    for name, value in raw.items():
        if name in declared:
            kind, many = declared[name].type, declared[name].collection
            try:
                found[name] = _decoded(value, kind, model, collection=many, depth=depth)
            except NotDecodable as error:
                raise NotDecodable(f"{name}: {error}") from None
    return found


def _members(value: Any, model: Model, name: str) -> str:  # noqa: ANN401 - any JSON value
    """Return an enumeration's members; flags in the order of their values, so that equal ones look equal."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise NotDecodable(f"{_shown(value)} is no {name}")
    enum = model.enums[name]
    words = [word.strip() for word in str(value).split(",")]
    if enum.flags and all(word in enum.members for word in words):
        words.sort(key=lambda word: enum.members[word])
    return ",".join(words)


def _is_collection(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    entities = value.get("value") if isinstance(value, dict) else None
    return isinstance(entities, list) and all(isinstance(item, dict) for item in entities)


def _count(value: Any) -> int | None:  # noqa: ANN401 - any JSON value
    try:
        return _integer("Edm.Int64", value)
    except (ValueError, TypeError):
        return None


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a value for a message; of a nested one only what it is."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return repr(value)


def _integer(type_name: str, value: Any) -> int:  # noqa: ANN401 - any JSON value
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise TypeError("no number")
    if isinstance(value, Decimal):
        # The exponent is looked at first: 1e999999999 written out would fill the memory.
        if value.adjusted() > 20 or value != value.to_integral_value():
            raise ValueError("not a whole number of its type")
        value = int(value)
    return read_integer(str(value), type_name)


def _decimal(value: Any) -> Decimal:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return read_decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError("no number")
    return Decimal(value)


def _double(value: Any) -> float:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return read_double(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError("no number")
    found = float(value)
    if isinf(found):
        raise ValueError("too large")
    return found


def _boolean(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    return value if isinstance(value, bool) else _from_text(read_boolean)(value)


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict | list):
        raise TypeError("no text")
    # Some services send a number or boolean for an untyped property: what a person would see of it.
    return str(value).lower() if isinstance(value, bool) else str(value)


def _from_text(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    def reader(value: Any) -> Any:  # noqa: ANN401 - any JSON value
        if not isinstance(value, str):
            raise TypeError("no text")
        return read(value)

    return reader


def _integer_of(type_name: str) -> Callable[[Any], int]:
    return lambda value: _integer(type_name, value)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "Edm.String": _text,
    "Edm.Boolean": _boolean,
    "Edm.Decimal": _decimal,
    "Edm.Double": _double,
    "Edm.Single": _double,
    "Edm.Guid": _from_text(read_guid),
    "Edm.Date": _from_text(read_date),
    "Edm.DateTimeOffset": _from_text(read_moment),
    "Edm.TimeOfDay": _from_text(read_time),
    "Edm.Duration": _from_text(read_duration),
    "Edm.Binary": _from_text(read_binary),
    **{name: _integer_of(name) for name in INTEGERS},
}
