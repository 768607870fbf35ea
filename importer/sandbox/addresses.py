"""Request paths → what they mean: a set, an entity, a navigation. The sandbox's own reading of URLs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from importer.odata.edm import EntitySet, Model
from importer.sandbox.refusals import bad_query, not_found
from importer.sandbox.typed import FRACTIONS, INTEGERS, Value, Values, guid, moment, number

_SEGMENT = re.compile(r"([^(]+)(?:\((.*)\))?", re.DOTALL)
_NAMED = re.compile(r"\s*(\w+)\s*=\s*([\w.]*'(?:[^']|'')*'|[^',]*?)\s*(?:,|$)")
_TEXT = re.compile(r"'(?:[^']|'')*'")
_ENUM_PREFIX = re.compile(r"^[A-Za-z_][\w.]*\.\w+(?=')")


@dataclass(frozen=True, slots=True)
class Address:
    """A resource: the set, the key of one of its entities, and what follows (`$count` or a navigation)."""

    entity_set: EntitySet
    key: str | None = None
    rest: str | None = None
    key_values: Values = field(default_factory=dict)


def read_path(path: str, model: Model, *, exact: bool = False) -> Address:
    """Return what a decoded path below the root means. Names of sets count in any case, as on ASP.NET.

    `exact`: they count only as they are declared.

    Raises:
        Refused: there is nothing like it.
    """
    segments = _split(path.strip("/"))
    match = _SEGMENT.fullmatch(segments[0])
    entity_set = _set_named(match[1], model, exact=exact) if match else None
    if entity_set is None or match is None or len(segments) > 2:
        raise not_found()
    rest = segments[1] if len(segments) == 2 else None
    if match[2] is None:
        if rest not in (None, "$count"):
            raise not_found()
        return Address(entity_set, None, rest)
    values = read_key_values(match[2], model, entity_set.type)
    return Address(entity_set, key_of(values, model.key_of(entity_set.type)), rest, values)


def read_key(predicate: str, model: Model, type_name: str) -> str:
    """Return the stored form of a key predicate, written without its parentheses.

    Raises:
        Refused: it is no key of the type.
    """
    return key_of(read_key_values(predicate, model, type_name), model.key_of(type_name))


def read_key_values(predicate: str, model: Model, type_name: str) -> dict[str, Value]:
    """Return the values of a key predicate, in canonical form.

    Raises:
        Refused: it is no key of the type.
    """
    names, declared = model.key_of(type_name), model.properties_of(type_name)
    found: dict[str, str] = dict.fromkeys(names[:1], predicate)
    if "=" in _TEXT.sub("", predicate):
        position, found = 0, {}
        while match := _NAMED.match(predicate, position):
            found[match[1]] = match[2]
            position = match.end()
            if position == len(predicate):
                break
        found = found if position == len(predicate) else {}
    if set(found) != set(names):
        raise bad_query(f"The key in '({predicate})' is not one of type '{type_name}'.")
    return {name: _value(text.strip(), model.underlying(declared[name].type)) for name, text in found.items()}


def key_of(values: Values, names: tuple[str, ...]) -> str:
    """Return the stored form of an entity's key."""
    return "\x1f".join(str(values[name]) for name in names)


def predicate_of(values: Values, model: Model, type_name: str) -> str:
    """Return the key predicate of an entity as it stands in a Location."""
    names, declared = model.key_of(type_name), model.properties_of(type_name)
    written = [_written(values[name], model.underlying(declared[name].type)) for name in names]
    if len(names) == 1:
        return f"({written[0]})"
    return "(" + ",".join(f"{name}={text}" for name, text in zip(names, written, strict=True)) + ")"


def _set_named(name: str, model: Model, *, exact: bool) -> EntitySet | None:
    if name in model.sets or exact:
        return model.sets.get(name)
    return next((found for known, found in model.sets.items() if known.lower() == name.lower()), None)


def _value(text: str, kind: str) -> Value:
    text = _ENUM_PREFIX.sub("", text)
    quoted = _TEXT.fullmatch(text) is not None
    if quoted is not (kind not in _BARE):
        raise bad_query(f"{text} is no key of type '{kind}'.")
    if quoted:
        return text[1:-1].replace("''", "'")
    try:
        return _BARE[kind](text)
    except (ValueError, OverflowError):
        raise bad_query(f"{text} is no key of type '{kind}'.") from None


def _written(value: Value, kind: str) -> str:
    if kind in _BARE:
        return quote(str(value).lower() if isinstance(value, bool) else str(value), safe="")
    return quote("'" + str(value).replace("'", "''") + "'", safe="'")


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


# Key types that are written without quotes; texts and enumerations are written with them.
_BARE: Mapping[str, Callable[[str], Value]] = {
    **dict.fromkeys(INTEGERS, int),
    **dict.fromkeys(FRACTIONS, number),
    "Edm.Guid": guid,
    "Edm.Boolean": _boolean,
    "Edm.DateTimeOffset": moment,
    "Edm.Date": str,
    "Edm.TimeOfDay": str,
}


def _split(path: str) -> list[str]:
    """Split at slashes that stand outside parentheses and quotes."""
    parts, depth, quoted = [""], 0, False
    for sign in path:
        if sign == "'":
            quoted = not quoted
        elif not quoted and sign in "()":
            depth += 1 if sign == "(" else -1
        if sign == "/" and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return parts
