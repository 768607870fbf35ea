"""Tables as models: which rows of which file, and how they are read (recipe-language.md §4)."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from importer.documents import unexpected
from importer.recipe.strict import ShortForms, Strict
from importer.recipe.value_types import (
    TEXT_SCHEMA,
    TEXTS_SCHEMA,
    BlankTexts,
    Delimiter,
    Encoding,
    Header,
    LocaleName,
    Separator,
    Sheet,
    Switch,
    Text,
    Texts,
    Timezone,
    UnpivotColumns,
    one_of,
)
from importer.text.translating import N_


def _long_source(value: object) -> object:
    return {"file": value} if isinstance(value, str | list) else value


def _named_table(value: object) -> object:
    """Return `from: Отделы` as a sheet; whether it names a table is seen by `normalising`."""
    if isinstance(value, str) and value.strip():
        return {"sheet": value}
    if isinstance(value, dict):
        return value
    raise unexpected("wrong-type", N_("a text (the name of a table or of a sheet) or a map"))


class TreeModel(Strict):
    """Rows that form a tree, as 1C exports them."""

    column: Text = Field(description="The column whose value names the rows.")
    by: one_of("indent", "outline", "number") = Field(  # type: ignore[valid-type]
        description="What makes a row a child: indent (of the cell, or leading spaces), outline (Excel's row groups), "
        "or number (1.2.3 in the column)."
    )
    parent: Text = Field(
        description="Name of the column to add: the value of the nearest row above with a smaller level."
    )


class UnpivotModel(Strict):
    """Columns that become rows."""

    columns: UnpivotColumns = Field(description='Headers, or the first and the last of them: "Янв..Дек".')
    name: Text = Field(description="Name of the column to add that holds the header.")
    value: Text = Field(description="Name of the column to add that holds the value.")


class SplitModel(Strict):
    """One row that becomes one row per item of a cell."""

    column: Text = Field(description="The column that holds several items.")
    by: Separator = Field(description="What stands between them.")


class TableModel(Strict):
    """Which rows of which file, and how they are read."""

    file: Texts | None = Field(
        None,
        description="Path relative to the recipe, or an =expression over params; glob; list, read one after another.",
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
        description="auto: found by the columns needed; or the number of a row; or [3, 4]: two header rows joined as "
        "Верх / Низ; or none: columns are A, B, …",
    )
    encoding: Encoding | None = Field(
        None, description="Of text files: auto, or a name such as cp1251 or utf-8."
    )
    delimiter: Delimiter | None = Field(None, description="Of text files: auto, or one of , ; \\t |")
    locale: LocaleName | None = Field(
        None,
        description="How text cells are read as numbers, dates, booleans; typed Excel cells never need it.",
    )
    timezone: Timezone | None = Field(
        None, description="IANA name for date-times without a zone: Europe/Moscow."
    )
    blank: BlankTexts | None = Field(None, description="Texts that count as blank besides empty cells.")
    clean: Switch | None = Field(
        None, description="Trim, collapse spaces, drop zero-width characters, Unicode NFC; true by default."
    )
    hidden: one_of("include", "skip") | None = Field(  # type: ignore[valid-type]
        None, description="Hidden rows, and rows an Excel filter hides: include (with a warning) or skip."
    )
    fill_down: BlankTexts | None = Field(None, description="Columns where a blank repeats the value above.")
    tree: TreeModel | None = Field(
        None, description="Rows form a tree by indent, outline or number; adds a column with the value above."
    )
    unpivot: UnpivotModel | None = Field(
        None, description="Wide to long: one row for each filled cell of the columns named."
    )
    when: Text | None = Field(
        None,
        description="Expression; rows for which it is false are not part of the table (total lines, titles).",
    )


Source = Annotated[
    TableModel,
    BeforeValidator(_long_source),
    ShortForms(
        "The file, and defaults for every table: a path, a list of paths, or a map.", *TEXTS_SCHEMA["anyOf"]
    ),
]
From = Annotated[
    TableModel,
    BeforeValidator(_named_table),
    ShortForms("The table of that name, else the sheet of that name in source; or a table.", TEXT_SCHEMA),
]
