"""Rules of properties and lookups as models (recipe-language.md §6)."""

from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from importer.documents import unexpected
from importer.recipe.strict import ShortForms, Strict
from importer.recipe.value_types import (
    TEXT_SCHEMA,
    TEXTS_SCHEMA,
    VALUE_FORMS,
    By,
    Constant,
    MapKey,
    Separator,
    Switch,
    Text,
    Texts,
    Value,
    is_scalar,
    one_of,
)
from importer.text.translating import N_

_ORIGINS = ("column", "value")


def _long_field(value: object) -> object:
    if isinstance(value, list):
        return {"column": value}
    if isinstance(value, str):
        return {"value" if value.startswith("=") else "column": value}
    if is_scalar(value):
        return {"value": value}
    if isinstance(value, dict):
        return value
    raise unexpected("wrong-type", N_("a header, a list of headers, a constant, an =expression or a map"))


class LookupModel(Strict):
    """How a value finds another entity."""

    by: By | None = Field(
        None,
        description="Property of the target, `name` by default; of a list the first that finds something. "
        "`{initials: name}` finds `Иванов И.И.` Under `row_of`: a column of that step's table.",
    )
    in_: Text | None = Field(
        None,
        alias="in",
        description="Entity set to search, when the target is a base type or several sets hold it; the set bound "
        "to the navigation by default.",
    )
    where: dict[str, "NarrowingRule"] | None = Field(
        None,
        min_length=1,
        description="Property of the target → rule; narrows the candidates by constants or by cells of the row.",
    )
    row_of: Text | None = Field(
        None,
        description="Name of a step: `by` is then a column of its table, and the target is what that row became "
        "(legacy ids, outline numbers).",
    )
    compare: one_of("text", "exact") | None = Field(  # type: ignore[valid-type]
        None,
        description="`text` (the default): case, spaces, ё/е, kinds of quotes and dashes do not matter, and an "
        "exact match wins; `exact`: they all do.",
    )
    on_missing: one_of("error", "skip", "blank", "create") | None = Field(  # type: ignore[valid-type]
        None,
        description="When nothing is found: `error` (the default), `skip` the row, `blank`: as if the cell were "
        "blank, or `create` the entity.",
    )
    create: dict[str, "FieldRule"] | None = Field(
        None,
        min_length=1,
        description="With `on_missing: create`: further fields of the entity that is made, property → rule.",
    )
    on_ambiguous: one_of("error", "skip", "blank") | None = Field(  # type: ignore[valid-type]
        None,
        description="When several are found: `error` (the default), `skip` the row, or `blank`: as if the cell "
        "were blank.",
    )


class NarrowingModel(LookupModel):
    """A value that narrows the candidates of a lookup."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [key]} for key in _ORIGINS],
            "dependentSchemas": {"column": {"properties": {"value": False}}},
        }
    )

    column: Texts | None = Field(
        None,
        description="Header of a column, or a list of headers of which the first present wins. Either this or "
        "`value`.",
    )
    value: Value | None = Field(
        None,
        description='A constant (a text is written `="Employee"`) or an `=expression`. Either this or `column`.',
    )
    optional: Switch = Field(
        default=False,
        description="`true`: the column may be missing from the file, and counts as blank. `false` by default.",
    )
    apply: Text | None = Field(
        None, description="Filters for the cell, in turn: `digits`, `title | left(50)`."
    )
    split: Separator | None = Field(
        None,
        description="Separator; the value becomes a list for a collection, and each item goes through the rest.",
    )
    map: MapKey | None = Field(
        None,
        description='Value table, inline or the name of one of `maps`; `"*"` stands for everything else.',
    )
    format: Text | None = Field(
        None,
        description="Pattern of dates or numbers in texts, `dd.MM.yyyy HH:mm` or `#,##0.00`; the locale's by "
        "default.",
    )

    @model_validator(mode="after")
    def _one_origin(self) -> "NarrowingModel":
        if {"column", "value"} <= self.model_fields_set:
            raise unexpected("key-conflict", N_("a field has one origin"), found="`column`, `value`")
        if not {"column", "value"} & self.model_fields_set:
            raise unexpected("missing-key", "column")
        return self


class FieldModel(NarrowingModel):
    """The rule by which one property gets its value."""

    default: Constant | None = Field(
        None, description="Used when the cell is blank, and only when the entity is created."
    )
    on_blank: one_of("keep", "clear", "error", "skip") = Field(  # type: ignore[valid-type]
        "keep",
        description="A blank cell: `keep` (the default) sends nothing, `clear` sends null, `error` is a problem, "
        "`skip` leaves the row out and counts it.",
    )
    update: one_of("always", "never", "if_blank") | None = Field(  # type: ignore[valid-type]
        None,
        description="On an existing entity: `always` (the default), `never` (only on create), or `if_blank`. "
        "Properties that found the entity: `never` by default.",
    )
    collection: one_of("add", "replace") | None = Field(  # type: ignore[valid-type]
        None, description="Of collections: `add` the missing items (the default), or `replace` the whole."
    )
    type: Text | None = Field(
        None, description="EDM type of a property that an open type does not declare: `Edm.String`."
    )
    description: Text | None = Field(
        None, description="Why the field is as it is; shown in the report beside it."
    )


_FIELD_FORMS = (
    {**TEXT_SCHEMA, "description": "A header, or =expression."},
    TEXTS_SCHEMA["anyOf"][1],
    *VALUE_FORMS,
)
NarrowingRule = Annotated[
    NarrowingModel,
    BeforeValidator(_long_field),
    ShortForms("A header, a list of headers, a constant, an =expression, or a map.", *_FIELD_FORMS),
]
FieldRule = Annotated[
    FieldModel,
    BeforeValidator(_long_field),
    ShortForms(
        "The rule of a property: a header, a list of headers of which the first present wins, a constant, "
        "an =expression, or a map.",
        *_FIELD_FORMS,
    ),
]
