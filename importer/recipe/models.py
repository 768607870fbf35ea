"""The language as pydantic models: the guard at the edge, and the source of the JSON Schema.

A short form is accepted wherever the language has one (recipe-language.md §6.1) and rewritten by
`normalising`; descriptions hold the sentences of the reference. Checks of single values are in `value_types`.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from importer.documents import unexpected
from importer.recipe.value_types import (
    TEXT_SCHEMA,
    TEXTS_SCHEMA,
    VALUE_FORMS,
    BlankTexts,
    Constant,
    Delimiter,
    Encoding,
    Header,
    LocaleName,
    MapKey,
    MatchRule,
    Paths,
    Service,
    Sheet,
    Switch,
    Text,
    Texts,
    Value,
    ValueTable,
    Version,
    is_scalar,
    one_of,
)
from importer.text.translating import N_

_ORIGINS = ("column", "value")


class _ShortForms:
    """Writes the short forms of a model into its schema, beside the long one."""

    def __init__(self, description: str, *forms: dict[str, Any]) -> None:
        self._description, self._forms = description, forms

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"description": self._description, "anyOf": [*self._forms, handler(core)]}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, hide_input_in_errors=True)


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


def _long_source(value: object) -> object:
    return {"file": value} if isinstance(value, str | list) else value


def _named_table(value: object) -> object:
    """Return `from: Отделы` as a sheet; whether it names a table is seen by `normalising`."""
    if isinstance(value, str) and value.strip():
        return {"sheet": value}
    if isinstance(value, dict):
        return value
    raise unexpected("wrong-type", N_("a text (the name of a table or of a sheet) or a map"))


class LookupModel(_Strict):
    """How a value finds another entity."""

    by: Texts | None = Field(
        None, description="Property of the target; a list is tried in order until one finds something."
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
    compare: one_of("text", "exact") | None = Field(  # type: ignore[valid-type]
        None,
        description="text: case, spaces, ё/е, kinds of quotes and dashes do not matter; exact: they all do.",
    )
    on_missing: one_of("error", "skip", "blank", "create") | None = Field(  # type: ignore[valid-type]
        None,
        description="When nothing is found: error, skip the row, treat it as blank, or create the entity.",
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
    map: MapKey | None = Field(None, description="Value table: inline, or a name from maps.")

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
    description: Text | None = Field(None, description="Why; shown in the report beside the field.")


_FIELD_FORMS = (
    {**TEXT_SCHEMA, "description": "A header, or =expression."},
    TEXTS_SCHEMA["anyOf"][1],
    *VALUE_FORMS,
)
NarrowingRule = Annotated[
    NarrowingModel,
    BeforeValidator(_long_field),
    _ShortForms("A header, a list of headers, a constant, an =expression, or a map.", *_FIELD_FORMS),
]
FieldRule = Annotated[
    FieldModel,
    BeforeValidator(_long_field),
    _ShortForms(
        "The rule of a property: a header, a list of headers of which the first present wins, a constant, "
        "an =expression, or a map.",
        *_FIELD_FORMS,
    ),
]


class TableModel(_Strict):
    """Which rows of which file, and how they are read."""

    file: Paths | None = Field(
        None, description="Path relative to the recipe; glob; list, read one after another."
    )
    sheet: Sheet | None = Field(
        None, description="Name, glob, or number from 1; the first visible sheet by default."
    )
    range: Text | None = Field(
        None,
        description="B4:H200, B4: (open end), an Excel table or a defined name; the used cells by default.",
    )
    header: Header | None = Field(
        None,
        description="auto: found by the columns needed; or the number of a row; or none: columns are A, B, …",
    )
    encoding: Encoding | None = Field(
        None, description="Of text files: auto, or a name such as cp1251 or utf-8."
    )
    delimiter: Delimiter | None = Field(None, description="Of text files: auto, or one of , ; \\t |")
    locale: LocaleName | None = Field(
        None,
        description="How text cells are read as numbers, dates, booleans; typed Excel cells never need it.",
    )
    blank: BlankTexts | None = Field(None, description="Texts that count as blank besides empty cells.")
    clean: Switch | None = Field(
        None, description="Trim, collapse spaces, drop zero-width characters, Unicode NFC; true by default."
    )
    hidden: one_of("include", "skip") | None = Field(  # type: ignore[valid-type]
        None, description="Hidden rows, and rows an Excel filter hides: include (with a warning) or skip."
    )
    when: Text | None = Field(
        None,
        description="Expression; rows for which it is false are not part of the table (total lines, titles).",
    )


Source = Annotated[
    TableModel,
    BeforeValidator(_long_source),
    _ShortForms(
        "The file, and defaults for every table: a path, a list of paths, or a map.", *TEXTS_SCHEMA["anyOf"]
    ),
]
From = Annotated[
    TableModel,
    BeforeValidator(_named_table),
    _ShortForms("The table of that name, else the sheet of that name in source; or a table.", TEXT_SCHEMA),
]


class StepModel(_Strict):
    """Rows of one table becoming entities of one set."""

    model_config = ConfigDict(
        json_schema_extra={
            "dependentSchemas": {
                "on_missing": {"properties": {"mode": {"const": "update"}}, "required": ["mode"]},
            }
        }
    )

    name: Text | None = Field(None, description="Unique; the entity set's name by default.")
    description: Text | None = Field(None, description="For the reviewer.")
    from_: From | None = Field(
        None,
        alias="from",
        description="The table: one of tables, a sheet of the source, or a map; the source by default.",
    )
    when: Text | None = Field(None, description="Expression; other rows are left to other steps.")
    to: Text = Field(description="Entity set.")
    mode: one_of("upsert", "create", "update") = Field(  # type: ignore[valid-type]
        "upsert",
        description="upsert; create: make the missing, leave the existing; update: change the existing only.",
    )
    match: MatchRule = Field(
        description="How an entity already there is recognised: a property, a list of properties that count "
        "together, or {any: [...]} of these, tried in turn."
    )
    on_missing: one_of("error", "skip") | None = Field(  # type: ignore[valid-type]
        None, description="Only with mode: update. A row whose entity is not there: error (blocked) or skip."
    )
    on_duplicate: one_of("error", "first", "last") = Field(  # type: ignore[valid-type]
        "error", description="Rows of one entity that disagree: error, or the first or last filled value."
    )
    fields: dict[str, FieldRule] = Field(description="Property → rule: what to write.", min_length=1)

    @model_validator(mode="after")
    def _missing_only_on_update(self) -> "StepModel":
        if self.on_missing is not None and self.mode != "update":
            found = f"`on_missing`, `mode: {self.mode}`"
            raise unexpected(
                "key-conflict", N_("`on_missing` of a step goes with `mode: update`"), found=found
            )
        return self


class RecipeModel(_Strict):
    """A recipe: which rows to read, which entities they are, how to recognise them, and what to write."""

    recipe: Version = Field(description="Version of the language: 1. The first key.")
    description: Text | None = Field(
        None, description="What this is for; printed on the first page of every report."
    )
    service: Service | None = Field(
        None, description="Name of a connection profile. Never a URL, never a secret."
    )
    source: Source | None = Field(None, description="The file, and defaults for every table.")
    tables: dict[str, TableModel] | None = Field(
        None, description="Named tables; needed only when two steps read the same range or files differ."
    )
    maps: dict[str, ValueTable] | None = Field(None, description="Value tables used by more than one field.")
    lookups: dict[str, LookupModel] | None = Field(
        None, description="Entity set → how people refer to its entities, once for all steps."
    )
    steps: list[StepModel] = Field(min_length=1, description="What to make of the rows.")


# Keys of the language that later versions of the importer read.
LATER_KEYS = frozenset(
    {
        "params",
        "include",
        "aliases",
        "filters",
        "limits",
        "mask",
        "timezone",
        "fill_down",
        "tree",
        "unpivot",
        "split",
        "type",
        "under",
        "then",
        "absent",
        "expect",
        "row_of",
        "create",
        "format",
        "collection",
        "remember",
        "initials",
    }
)


def _keys(model: type[BaseModel]) -> tuple[str, ...]:
    return tuple(info.alias or name for name, info in model.model_fields.items())


# For near misses: which keys stand where (documents.validate).
KNOWN_KEYS: Mapping[str, tuple[str, ...]] = {
    "": _keys(RecipeModel),
    "steps": _keys(StepModel),
    "fields/": _keys(FieldModel),
    "where/": _keys(NarrowingModel),
    "source": _keys(TableModel),
    "tables/": _keys(TableModel),
    "from": _keys(TableModel),
    "lookups/": _keys(LookupModel),
    "match": ("any",),
}
