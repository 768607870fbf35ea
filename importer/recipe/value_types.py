"""Single values of the language: how each is checked, and its JSON Schema beside it, so that they agree."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import msgspec
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
_PERCENT = r"^([0-9]{1,3}(?:\.[0-9]{1,4})?) ?%$"
# Before the property of `{initials: name}`; no property's name has it.
INITIALS = "~"
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
    if isinstance(value, list) and len(value) == 2 and all(map(_count, value)) and value[0] < value[1]:
        return tuple(value)
    raise unexpected(
        "wrong-type",
        N_("auto, none, the number of a row, or two of them: [3, 4]"),
        near=("auto", "none"),
    )


def _sheet(value: object) -> object:
    if (isinstance(value, str) and value.strip()) or _count(value):
        return value
    raise unexpected("wrong-type", N_("the name of a sheet, or its number from 1"))


class RememberModel(msgspec.Struct, frozen=True):
    """`{remember: Код}`: the columns whose value is kept in the id map."""

    columns: tuple[str, ...]


def _match(value: object) -> object:
    if isinstance(value, dict) and "any" in value:
        for key in value:
            if key != "any":
                raise unexpected("unknown-key", str(key))
        if not isinstance(value["any"], list) or not value["any"]:
            raise unexpected("wrong-type", N_("a property, a list of properties, or {any: [...]}"))
        return tuple(_alternative(item, ("any", number)) for number, item in enumerate(value["any"]))
    return (_alternative(value, ()),)


def _alternative(value: object, at: tuple[str | int, ...]) -> tuple[str, ...] | RememberModel:
    if not isinstance(value, dict):
        return _texts(value, at)
    for key in value:
        if key != "remember":
            raise unexpected("unknown-key", str(key), at=at)
    if not value:
        raise unexpected("wrong-type", N_("a property, a list of properties, or {remember: column}"), at=at)
    return RememberModel(_texts(value["remember"], (*at, "remember")))


def _by(value: object) -> tuple[str, ...]:
    """Return properties; of `{initials: name}` the property with a sign before it (see `INITIALS`)."""
    items = value if isinstance(value, list) else [value]
    found: list[str] = []
    for number, item in enumerate(items):
        at = (number,) if isinstance(value, list) else ()
        if isinstance(item, dict):
            for key in item:
                if key != "initials":
                    raise unexpected("unknown-key", str(key), at=at)
            if not isinstance(item.get("initials"), str) or not item["initials"].strip():
                raise unexpected("wrong-type", N_("a text"), at=(*at, "initials"))
            found.append(INITIALS + item["initials"])
        else:
            found.extend(_texts(item, at))
    if not found:
        raise unexpected("wrong-type", N_("a property, or a list of properties"))
    if len(set(found)) < len(found):
        raise unexpected("wrong-type", N_("each text once"))
    return tuple(found)


def _timezone(value: object) -> object:
    from zoneinfo import ZoneInfo, available_timezones  # noqa: PLC0415 - only where a zone is named

    text = _text(value)
    try:
        ZoneInfo(str(text))
    except (OSError, ValueError, KeyError):
        raise unexpected(
            "wrong-type", N_("a time zone such as Europe/Moscow"), near=sorted(available_timezones())
        ) from None
    return text


def _any_text(value: object) -> object:
    if isinstance(value, str) and value:
        return value
    raise unexpected("wrong-type", N_("a text"))


def _alias(value: object) -> object:
    if isinstance(value, dict):
        for key in value:
            if key != "custom":
                raise unexpected("unknown-key", str(key))
        if isinstance(value.get("custom"), str) and value["custom"].strip():
            return CustomLabel(value["custom"])
    elif isinstance(value, str) and value.strip():
        return value
    raise unexpected("wrong-type", N_("the name of a property, or {custom: label}"))


class CustomLabel(msgspec.Struct, frozen=True):
    """`{custom: Код 1С}`: a custom field by the label that people gave it."""

    label: str


def _columns_of_unpivot(value: object) -> object:
    if isinstance(value, str):
        first, dots, last = value.partition("..")
        if dots and first.strip() and last.strip():
            return (first.strip(), last.strip())
    elif isinstance(value, list):
        return list(_texts(value))
    raise unexpected("wrong-type", N_('a list of headers, or the first and the last: "Янв..Дек"'))


def _limit(value: object) -> object:
    if isinstance(value, str) and (match := re.fullmatch(_PERCENT, value)):
        return Share(Decimal(match[1]))
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise unexpected("wrong-type", N_("a whole number, or a percentage such as 20%"))


def _whole(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise unexpected("wrong-type", N_("a whole number"))


class Share(msgspec.Struct, frozen=True):
    """A percentage of a limit."""

    percent: Decimal


def _expectation(value: object) -> object:
    if isinstance(value, dict):
        for key in value:
            if key not in ("that", "else"):
                raise unexpected("unknown-key", str(key))
        if "that" not in value:
            raise unexpected("missing-key", "that")
        for key, item in value.items():
            if not isinstance(item, str) or not item.strip():
                raise unexpected("wrong-type", N_("a text"), at=(key,))
        return value
    if isinstance(value, str) and value.strip():
        return {"that": value}
    raise unexpected("wrong-type", N_("an expression, or {that: expression, else: text}"))


def long_parameter(value: object) -> object:
    """Return the long form of a parameter: a scalar is its default."""
    if is_scalar(value) and value != "":
        return {"default": value}
    if isinstance(value, dict):
        return value
    raise unexpected("wrong-type", N_("a default value, or a map"))


def _map_source(value: object) -> object:
    return _text(value) if isinstance(value, str) else _value_table(value)


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
_REMEMBER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "remember": {
            **TEXTS_SCHEMA,
            "description": "Columns whose value is the identity, kept in the id map: the service has no key of its own.",
        }
    },
    "required": ["remember"],
    "additionalProperties": False,
}
_ALTERNATIVE_SCHEMA: dict[str, Any] = {"anyOf": [*TEXTS_SCHEMA["anyOf"], _REMEMBER_SCHEMA]}
_MATCH_SCHEMA: dict[str, Any] = {
    "anyOf": [
        *_ALTERNATIVE_SCHEMA["anyOf"],
        {
            "type": "object",
            "properties": {
                "any": {
                    "type": "array",
                    "items": _ALTERNATIVE_SCHEMA,
                    "minItems": 1,
                    "description": "Tried in turn: the next when the values of one are blank or it finds nothing.",
                }
            },
            "required": ["any"],
            "additionalProperties": False,
        },
    ]
}
_INITIALS_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "initials": {
            **TEXT_SCHEMA,
            "description": "Property with the full name; Иванов И.И. finds the only one whose initials fit.",
        }
    },
    "required": ["initials"],
    "additionalProperties": False,
}
_BY_SCHEMA: dict[str, Any] = {
    "anyOf": [
        TEXT_SCHEMA,
        _INITIALS_SCHEMA,
        {
            "type": "array",
            "items": {"anyOf": [TEXT_SCHEMA, _INITIALS_SCHEMA]},
            "minItems": 1,
            "uniqueItems": True,
        },
    ]
}
_ALIAS_SCHEMA: dict[str, Any] = {
    "anyOf": [
        TEXT_SCHEMA,
        {
            "type": "object",
            "properties": {
                "custom": {**TEXT_SCHEMA, "description": "The label of a custom field, as people see it."}
            },
            "required": ["custom"],
            "additionalProperties": False,
        },
    ]
}
_EXPECTATION_SCHEMA: dict[str, Any] = {
    "anyOf": [
        TEXT_SCHEMA,
        {
            "type": "object",
            "properties": {
                "that": {**TEXT_SCHEMA, "description": "Expression over the table."},
                "else": {**TEXT_SCHEMA, "description": "What people are told when it is false."},
            },
            "required": ["that"],
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
# Properties of the target; `{initials: name}` is `INITIALS` and the property.
By = Annotated[tuple[str, ...], BeforeValidator(_by), WithJsonSchema(_BY_SCHEMA)]
Separator = Annotated[str, BeforeValidator(_any_text), WithJsonSchema({"type": "string", "minLength": 1})]
Timezone = Annotated[str, BeforeValidator(_timezone), WithJsonSchema(TEXT_SCHEMA)]
Alias = Annotated[Any, BeforeValidator(_alias), WithJsonSchema(_ALIAS_SCHEMA)]
# A list of headers, or (first, last) as a tuple.
UnpivotColumns = Annotated[
    Any,
    BeforeValidator(_columns_of_unpivot),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": r"\S\s*\.\..*\S"}, TEXTS_SCHEMA["anyOf"][1]]}),
]
Limit = Annotated[
    Any,
    BeforeValidator(_limit),
    WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "pattern": _PERCENT}]}),
]
Whole = Annotated[int, BeforeValidator(_whole), WithJsonSchema({"type": "integer", "minimum": 0})]
Expectation = Annotated[dict[str, str], BeforeValidator(_expectation), WithJsonSchema(_EXPECTATION_SCHEMA)]
Constant = Annotated[Any, BeforeValidator(_constant), WithJsonSchema(_CONSTANT_SCHEMA)]
Value = Annotated[
    Any,
    BeforeValidator(_value),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": f"^=|{_DATE}"}, *VALUE_FORMS]}),
]
Switch = Annotated[bool, BeforeValidator(_switch), WithJsonSchema({"type": "boolean"})]
ValueTable = Annotated[dict[str, Any], BeforeValidator(_value_table), WithJsonSchema(_TABLE_SCHEMA)]
MapKey = Annotated[Any, BeforeValidator(_map), WithJsonSchema({"anyOf": [TEXT_SCHEMA, _TABLE_SCHEMA]})]
MapSource = Annotated[
    Any, BeforeValidator(_map_source), WithJsonSchema({"anyOf": [TEXT_SCHEMA, _TABLE_SCHEMA]})
]
Header = Annotated[
    Any,
    BeforeValidator(_header),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": ["auto", "none"]},
                _POSITION_SCHEMA,
                {"type": "array", "items": _POSITION_SCHEMA, "minItems": 2, "maxItems": 2},
            ]
        }
    ),
]
Sheet = Annotated[Any, BeforeValidator(_sheet), WithJsonSchema({"anyOf": [TEXT_SCHEMA, _POSITION_SCHEMA]})]
MatchRule = Annotated[tuple[Any, ...], BeforeValidator(_match), WithJsonSchema(_MATCH_SCHEMA)]
Delimiter = Annotated[
    str | None, BeforeValidator(_delimiter), WithJsonSchema({"enum": ["auto", ",", ";", "\t", "\\t", "|"]})
]
Encoding = Annotated[str | None, BeforeValidator(_encoding), WithJsonSchema(TEXT_SCHEMA)]
Service = Annotated[str, BeforeValidator(_service), WithJsonSchema({"type": "string", "pattern": _SERVICE})]
Version = Annotated[int, BeforeValidator(_version), WithJsonSchema({"const": 1})]
