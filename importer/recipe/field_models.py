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
        description="Property of the target; a list is tried in order until one finds something. An item may be "
        "{initials: name}: Иванов И.И. finds the only one whose surname and initials fit. Under row_of: a column.",
    )
    in_: Text | None = Field(
        None,
        alias="in",
        description="Entity set to search, when the target is a base type or several sets hold it.",
    )
    where: dict[str, "NarrowingRule"] | None = Field(
        None,
        min_length=1,
        description="Property of the target → rule; narrows the candidates by constants or cells of the row.",
    )
    row_of: Text | None = Field(
        None,
        description="Name of a step: `by` is then a column of that step's table, and the target is the entity "
        "that row became (legacy ids, outline numbers).",
    )
    compare: one_of("text", "exact") | None = Field(  # type: ignore[valid-type]
        None,
        description="text: case, spaces, ё/е, kinds of quotes and dashes do not matter; exact: they all do.",
    )
    on_missing: one_of("error", "skip", "blank", "create") | None = Field(  # type: ignore[valid-type]
        None,
        description="When nothing is found: error, skip the row, treat it as blank, or create the entity.",
    )
    create: dict[str, "FieldRule"] | None = Field(
        None,
        min_length=1,
        description="With on_missing: create: further fields of the entity to create, property → rule.",
    )
    on_ambiguous: one_of("error", "skip", "blank") | None = Field(  # type: ignore[valid-type]
        None, description="When several are found: error, skip the row, or treat it as a blank cell."
    )


class NarrowingModel(LookupModel):
    """A value that narrows the candidates of a lookup."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [key]} for key in _ORIGINS]})

    column: Texts | None = Field(
        None, description="Header, or list of headers of which the first present wins."
    )
    value: Value | None = Field(
        None, description='A constant (a text is written ="Employee"), or =expression.'
    )
    optional: Switch = Field(
        default=False, description="true: the column may be missing from the file (counts as blank)."
    )
    apply: Text | None = Field(None, description="Filters for the cell: digits, title | left(50).")
    split: Separator | None = Field(
        None, description="Separator; the value becomes a list, and each item goes through the rest."
    )
    map: MapKey | None = Field(None, description="Value table: inline, or a name from maps.")
    format: Text | None = Field(
        None, description="Pattern of dates or numbers in texts: dd.MM.yyyy HH:mm, #,##0.00"
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

    default: Constant | None = Field(None, description="Used when blank, only when the entity is created.")
    on_blank: one_of("keep", "clear", "error", "skip") = Field(  # type: ignore[valid-type]
        "keep",
        description="keep: not sent; clear: send null; error: a problem; skip: leave the row out, counted.",
    )
    update: one_of("always", "never", "if_blank") | None = Field(  # type: ignore[valid-type]
        None, description="On an existing entity: always, never (create only), or if_blank."
    )
    collection: one_of("add", "replace") | None = Field(  # type: ignore[valid-type]
        None, description="Of collections: add missing items (the default), or replace the whole."
    )
    type: Text | None = Field(None, description="EDM type of a dynamic property of an open type: Edm.String.")
    description: Text | None = Field(None, description="Why; shown in the report beside the field.")


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
