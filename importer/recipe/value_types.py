"""Single values of the language: how each is checked, and its JSON Schema beside it, so that they agree."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from importer.documents import unexpected
from importer.text.locales import is_locale
from importer.text.translating import N_

TEXT_SCHEMA: dict[str, Any] = {"type": "string", "pattern": r"\S"}
TEXTS_SCHEMA: dict[str, Any] = {
    "anyOf": [TEXT_SCHEMA, {"type": "array", "items": TEXT_SCHEMA, "minItems": 1, "uniqueItems": True}]
}
# Constants that are no texts; editors see a date as a text.
VALUE_FORMS: tuple[dict[str, Any], ...] = ({"type": "number"}, {"type": "boolean"})
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+ ?(Z|[+-][0-9:]+)?)?$"
_PATH_SCHEMA: dict[str, Any] = {"type": "string", "pattern": r"^\s*[^=\s]"}
_SERVICE = r"^[\w.-]+$"


def is_scalar(value: object) -> bool:
    """Whether a value is a constant of YAML: a text, number, date, true or false."""
    return isinstance(value, str | bool | int | Decimal | date)


def _text(value: object) -> object:
    if isinstance(value, str) and value.strip():
        return value
    raise unexpected("wrong-type", N_("a text"))


def _texts(value: object, at: tuple[str | int, ...] = ()) -> tuple[str, ...]:
    if isinstance(value, str) and value.strip():
        return (value,)
    if not isinstance(value, list) or not value:
        raise unexpected("wrong-type", N_("a text or a list of texts"), at=at)
    for number, item in enumerate(value):
        if isinstance(item, dict) and item:
            raise unexpected("unknown-key", str(next(iter(item))), at=(*at, number))
        if not isinstance(item, str) or not item.strip():
            raise unexpected("wrong-type", N_("a text or a list of texts"), at=(*at, number))
        if item in value[:number]:
            raise unexpected("wrong-type", N_("each text once"), at=(*at, number))
    return tuple(value)


def _blank_texts(value: object) -> object:
    return () if value == [] else _texts(value)


def _paths(value: object) -> object:
    found = _texts(value)
    for number, item in enumerate(found):
        if item.lstrip().startswith("="):
            at = (number,) if isinstance(value, list) else ()
            raise unexpected(
                "wrong-type", N_("a path; this version of the importer reads no expressions here"), at=at
            )
    return found


def _constant(value: object) -> object:
    if is_scalar(value) and value != "":
        return value
    raise unexpected("wrong-type", N_("a text, number, date, true, false or =expression"))


def _value(value: object) -> object:
    if isinstance(value, str) and not value.startswith("="):
        raise unexpected(
            "wrong-type",
            N_('a constant or an =expression (a text is written ="Employee", a header under `column`)'),
        )
    return _constant(value)


def _version(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        raise unexpected("wrong-type", N_("a whole number"))
    return value


def _switch(value: object) -> object:
    if isinstance(value, bool):
        return value
    raise unexpected("wrong-type", N_("true or false"))


def _count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _header(value: object) -> object:
    if value in ("auto", "none") or _count(value):
        return value
    raise unexpected("wrong-type", N_("auto, none or the number of a row"), near=("auto", "none"))


def _sheet(value: object) -> object:
    if (isinstance(value, str) and value.strip()) or _count(value):
        return value
    raise unexpected("wrong-type", N_("the name of a sheet, or its number from 1"))


def _match(value: object) -> object:
    if isinstance(value, dict):
        for key in value:
            if key != "any":
                raise unexpected("unknown-key", str(key))
        if not isinstance(value.get("any"), list) or not value["any"]:
            raise unexpected("wrong-type", N_("a property, a list of properties, or {any: [...]}"))
        return tuple(_alternative(item, ("any", number)) for number, item in enumerate(value["any"]))
    return (_texts(value),)


def _alternative(value: object, at: tuple[str | int, ...]) -> tuple[str, ...]:
    if isinstance(value, dict) and value:
        raise unexpected("unknown-key", str(next(iter(value))), at=at)
    return _texts(value, at)


def _delimiter(value: object) -> object:
    if value in ("auto", ",", ";", "\t", "\\t", "|"):
        return {"auto": None, "\\t": "\t"}.get(str(value), value)
    raise unexpected("wrong-type", N_('auto, ",", ";", "\\t" or "|"'))


def _encoding(value: object) -> object:
    return None if value == "auto" else _text(value)


def _service(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(_SERVICE, value):
        return value
    raise unexpected("wrong-type", N_("the name of a profile of importer.yaml, never a URL"))


def _value_table(value: object) -> object:
    if not isinstance(value, dict) or not value:
        raise unexpected("wrong-type", N_("a map of words to values, such as Да: true"))
    for word, item in value.items():
        if not is_scalar(item) or item == "":
            raise unexpected("wrong-type", N_("a text, number, date, true, false or =expression"), at=(word,))
    return value


def _map(value: object) -> object:
    return _text(value) if isinstance(value, str) else _value_table(value)


def one_of(*words: str) -> Any:  # noqa: ANN401 - a type, made here
    """Return the type of a word of a list."""

    def check(value: object) -> object:
        if value in words:
            return value
        raise unexpected("wrong-type", ", ".join(words), near=words)

    return Annotated[str, BeforeValidator(check), WithJsonSchema({"enum": list(words)})]


def _checked_locale(value: object) -> object:
    if isinstance(value, str) and is_locale(value):
        return value
    raise unexpected("wrong-type", N_("iso, or a locale like ru, en, de-CH"), near=("iso", "ru", "en"))


LocaleName = Annotated[
    str,
    BeforeValidator(_checked_locale),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$",
            "examples": ["iso", "ru", "en", "de", "de-CH"],
        }
    ),
]

_CONSTANT_SCHEMA: dict[str, Any] = {"anyOf": [{"type": "string", "minLength": 1}, *VALUE_FORMS]}
_TABLE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": _CONSTANT_SCHEMA,
    "minProperties": 1,
}
_POSITION_SCHEMA: dict[str, Any] = {"type": "integer", "minimum": 1}
_MATCH_SCHEMA: dict[str, Any] = {
    "anyOf": [
        *TEXTS_SCHEMA["anyOf"],
        {
            "type": "object",
            "properties": {"any": {"type": "array", "items": TEXTS_SCHEMA, "minItems": 1}},
            "required": ["any"],
            "additionalProperties": False,
        },
    ]
}

Text = Annotated[str, BeforeValidator(_text), WithJsonSchema(TEXT_SCHEMA)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_texts), WithJsonSchema(TEXTS_SCHEMA)]
BlankTexts = Annotated[
    tuple[str, ...],
    BeforeValidator(_blank_texts),
    WithJsonSchema({"anyOf": [TEXT_SCHEMA, {"type": "array", "items": TEXT_SCHEMA, "uniqueItems": True}]}),
]
Paths = Annotated[
    tuple[str, ...],
    BeforeValidator(_paths),
    WithJsonSchema(
        {
            "anyOf": [
                _PATH_SCHEMA,
                {"type": "array", "items": _PATH_SCHEMA, "minItems": 1, "uniqueItems": True},
            ]
        }
    ),
]
Constant = Annotated[Any, BeforeValidator(_constant), WithJsonSchema(_CONSTANT_SCHEMA)]
Value = Annotated[
    Any,
    BeforeValidator(_value),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": f"^=|{_DATE}"}, *VALUE_FORMS]}),
]
Switch = Annotated[bool, BeforeValidator(_switch), WithJsonSchema({"type": "boolean"})]
ValueTable = Annotated[dict[str, Any], BeforeValidator(_value_table), WithJsonSchema(_TABLE_SCHEMA)]
MapKey = Annotated[Any, BeforeValidator(_map), WithJsonSchema({"anyOf": [TEXT_SCHEMA, _TABLE_SCHEMA]})]
Header = Annotated[
    Any, BeforeValidator(_header), WithJsonSchema({"anyOf": [{"enum": ["auto", "none"]}, _POSITION_SCHEMA]})
]
Sheet = Annotated[Any, BeforeValidator(_sheet), WithJsonSchema({"anyOf": [TEXT_SCHEMA, _POSITION_SCHEMA]})]
MatchRule = Annotated[tuple[tuple[str, ...], ...], BeforeValidator(_match), WithJsonSchema(_MATCH_SCHEMA)]
Delimiter = Annotated[
    str | None, BeforeValidator(_delimiter), WithJsonSchema({"enum": ["auto", ",", ";", "\t", "\\t", "|"]})
]
Encoding = Annotated[str | None, BeforeValidator(_encoding), WithJsonSchema(TEXT_SCHEMA)]
Service = Annotated[str, BeforeValidator(_service), WithJsonSchema({"type": "string", "pattern": _SERVICE})]
Version = Annotated[int, BeforeValidator(_version), WithJsonSchema({"const": 1})]
