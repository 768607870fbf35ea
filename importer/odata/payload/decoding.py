"""JSON values → EDM values, as forgiving as servers make necessary: numbers as texts, names of 4.0 and 4.01.

The texts themselves (seven digits of a second, both alphabets of base64) are read by `edm.lexical`.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from math import isinf
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from importer.odata.edm.lexical import (
    read_binary,
    read_boolean,
    read_date,
    read_decimal,
    read_double,
    read_duration,
    read_integer,
    read_moment,
    read_time,
)
from importer.odata.edm.model import Model
from importer.odata.edm.primitives import INTEGERS, EdmValue
from importer.odata.edm.properties import Property
from importer.odata.edm.types import EnumType

# Complex values inside each other; a service that sends more means to break us.
_MAX_DEPTH = 50
# Texts of one property whose values are kept: days and references repeat from entity to entity.
_KEPT = 2_048
_ABSENT = object()

ValueReader: TypeAlias = Callable[[Any], EdmValue]


class NotDecodable(ValueError):  # noqa: N818 - says what is the matter with a value
    """A JSON value is not of the type that the metadata promise."""


def entity_decoder(
    model: Model, type_name: str, names: Iterable[str], *, dynamic: bool = False
) -> Callable[[Mapping[str, Any]], dict[str, EdmValue]]:
    """Return what decodes the raw entities of a type: of the structural properties declared, those among `names` that are sent.

    An entity that says it is of a derived type (`@odata.type`) is read as one; with `dynamic`, of an open type also what nobody
    declares, by the type that is sent beside it. The function raises NotDecodable when a value is not of its type; the property is named.
    """
    asked = tuple(names)
    of_type: dict[str, Callable[[Mapping[str, Any]], dict[str, EdmValue]]] = {}

    def decode_all(raw: Mapping[str, Any]) -> dict[str, EdmValue]:
        stated = stated_type(raw, model, type_name)
        read = of_type.get(stated)
        if read is None:
            read = of_type[stated] = _decoder(model, stated, asked, dynamic=dynamic)
        return read(raw)

    return decode_all


def stated_type(raw: Mapping[str, Any], model: Model, expected: str) -> str:
    """Return the type that an object says it is of, where that is `expected` or derives from it (OData JSON §4.6.3)."""
    stated = raw.get("@odata.type") or raw.get("@type")
    if not isinstance(stated, str):
        return expected
    name = stated.rpartition("#")[2]
    return name if model.is_a(name, expected) else expected


def _decoder(
    model: Model, type_name: str, names: tuple[str, ...], *, dynamic: bool
) -> Callable[[Mapping[str, Any]], dict[str, EdmValue]]:
    declared = model.properties_of(type_name)
    readers = [(name, value_reader(declared[name], model)) for name in names if name in declared]
    known = {*declared, *model.navigation_of(type_name)}
    others = names if dynamic and model.is_open(type_name) else ()
    undeclared = [name for name in others if name not in known and "@" not in name]

    def decode_all(raw: Mapping[str, Any]) -> dict[str, EdmValue]:
        found: dict[str, EdmValue] = {}
        name = ""
        try:
            for name, read in readers:
                value = raw.get(name, _ABSENT)
                if value is None or (read is _text and type(value) is str):
                    found[name] = value
                elif value is not _ABSENT:
                    found[name] = read(value)
            for name in undeclared:
                if name in raw:
                    found[name] = _dynamic(raw, name, model, 0)
        except NotDecodable as error:
            raise NotDecodable(f"{name}: {error}") from None
        return found

    return decode_all


def _dynamic(raw: Mapping[str, Any], name: str, model: Model, depth: int) -> EdmValue:
    """Return a property that nobody declares: of the type beside it (`x@odata.type`: `#Decimal`), else as JSON has it."""
    value = raw[name]
    stated = raw.get(f"{name}@odata.type") or raw.get(f"{name}@type")
    if isinstance(value, dict) and not isinstance(stated, str):
        stated = value.get("@odata.type") or value.get("@type")
    if not isinstance(stated, str):
        return value  # type: ignore[no-any-return]
    kind = stated.rpartition("#")[2]
    many = kind.startswith("Collection(") and kind.endswith(")")
    kind = kind.removeprefix("Collection(").removesuffix(")").rpartition("#")[2] if many else kind
    kind = kind if "." in kind else f"Edm.{kind}"
    return _decoded(value, kind, model, collection=many, depth=depth)


def value_reader(declared: Property, model: Model) -> ValueReader:
    """Return what decodes the values of one property that are not null; values that repeat are read once.

    The function raises NotDecodable.
    """
    name = model.underlying(declared.type)
    if declared.collection or name not in _READERS:
        return lambda value: _decoded(value, declared.type, model, collection=declared.collection, depth=0)
    if name == "Edm.String":
        return _text
    from_text = _FROM_TEXT.get(name)
    if from_text is None:
        exact = Decimal if name == "Edm.Decimal" else None
        return lambda value: value if type(value) is exact else _primitive(value, name)
    known: dict[Any, EdmValue] = {}

    def read(value: Any) -> EdmValue:  # noqa: ANN401 - any JSON value
        if type(value) is not str:
            return _primitive(value, name)
        found = known.get(value)
        if found is None:
            try:
                found = from_text(value)
            except (ValueError, OverflowError):
                raise NotDecodable(f"{_shown(value)} is no {name}") from None
            if len(known) >= _KEPT:
                known.clear()
            known[value] = found
        return found

    return read


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
        return _primitive(value, name)
    if name in model.enums:
        return _members(value, model, name)
    if name in model.types:
        if not isinstance(value, dict):
            raise NotDecodable(f"{_shown(value)} is no {name}")
        return _structured(value, model, name, depth + 1)
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if not key.startswith("@")}
    return value  # type: ignore[no-any-return]


def _primitive(value: Any, name: str) -> EdmValue:  # noqa: ANN401 - any JSON value
    try:
        return _READERS[name](value)
    except (ValueError, TypeError, OverflowError):
        raise NotDecodable(f"{_shown(value)} is no {name}") from None


def _structured(raw: Mapping[str, Any], model: Model, type_name: str, depth: int) -> dict[str, EdmValue]:
    if depth > _MAX_DEPTH:
        raise NotDecodable("it is nested too deeply")
    type_name = stated_type(raw, model, type_name)
    declared = model.properties_of(type_name)
    is_open = model.is_open(type_name)
    found: dict[str, EdmValue] = {}
    for name, value in raw.items():
        if is_open and name not in declared and "@" not in name:
            found[name] = _dynamic(raw, name, model, depth)
        elif name in declared:
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
    if isinstance(value, int) or value.lstrip("-").isdecimal():
        return _named(int(value), enum)
    words = [word.strip() for word in value.split(",")]
    if enum.flags and all(word in enum.members for word in words):
        words.sort(key=lambda word: enum.members[word])
    return ",".join(words)


def _named(number: int, enum: EnumType) -> str:
    """Return the members behind a number, as ASP.NET writes enumerations when told to; the number itself where it has none."""
    for member, value in enum.members.items():
        if value == number:
            return member
    parts = sorted(
        (value, member) for member, value in enum.members.items() if value and value & number == value
    )
    rest = number
    for value, _ in parts:
        rest &= ~value
    single = [member for value, member in parts if value & (value - 1) == 0]
    return ",".join(single) if enum.flags and number > 0 and not rest and single else str(number)


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a value for a message; of a nested one only what it is."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return repr(value)


def integer(type_name: str, value: Any) -> int:  # noqa: ANN401 - any JSON value
    """Return a whole number of an EDM type, also written as a text or with a point.

    Raises:
        ValueError, TypeError: it is none.
    """
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
        raise NotDecodable(f"{_shown(value)} is no Edm.String")
    # Some services send a number or boolean for an untyped property: what a person would see of it.
    return str(value).lower() if isinstance(value, bool) else str(value)


def _guid(text: str) -> UUID:
    """Return a Guid, also without hyphens; read by msgspec, in a third of the time of `UUID(text)`."""
    try:
        return msgspec.convert(text, UUID)
    except msgspec.ValidationError:
        raise ValueError("no Guid") from None


def _from_text(read: Callable[[str], Any]) -> Callable[[Any], Any]:
    def reader(value: Any) -> Any:  # noqa: ANN401 - any JSON value
        if not isinstance(value, str):
            raise TypeError("no text")
        return read(value)

    return reader


def _integer_of(type_name: str) -> Callable[[Any], int]:
    return lambda value: integer(type_name, value)


# Types that are texts in JSON.
_FROM_TEXT: Mapping[str, Callable[[str], EdmValue]] = {
    "Edm.Guid": _guid,
    "Edm.Date": read_date,
    "Edm.DateTimeOffset": read_moment,
    "Edm.TimeOfDay": read_time,
    "Edm.Duration": read_duration,
    "Edm.Binary": read_binary,
}
_READERS: Mapping[str, ValueReader] = {
    "Edm.String": _text,
    "Edm.Boolean": _boolean,
    "Edm.Decimal": _decimal,
    "Edm.Double": _double,
    "Edm.Single": _double,
    **{name: _from_text(read) for name, read in _FROM_TEXT.items()},
    **{name: _integer_of(name) for name in INTEGERS},
}
