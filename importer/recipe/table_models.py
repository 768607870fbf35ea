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

    column: Text = Field(description="The column whose value names the rows of the tree.")
    by: one_of("indent", "outline", "number") = Field(  # type: ignore[valid-type]
        description="What makes a row a child: `indent` (of the cell, or leading spaces), `outline` (row groups "
        "of the spreadsheet), or `number` (`1.2.3` in the column)."
    )
    parent: Text = Field(
        description="Name of the column to add. It holds the value of the nearest row above with a smaller level."
    )


class UnpivotModel(Strict):
    """Columns that become rows."""

    columns: UnpivotColumns = Field(
        description="The columns that become rows: a list of headers, or the first and the last of them: "
        "`Янв..Дек`."
    )
    name: Text = Field(description="Name of the column to add that holds the header.")
    value: Text = Field(description="Name of the column to add that holds the value.")


class SplitModel(Strict):
    """One row that becomes one row per item of a cell."""

    column: Text = Field(description="The column whose cells hold several items.")
    by: Separator = Field(description="What stands between the items, such as `;`.")


class TableModel(Strict):
    """Which rows of which file, and how they are read."""

    file: Texts | None = Field(
        None,
        description="Path relative to the recipe, glob, list of these, or `=params.file`. Several files are read "
        "one after another.",
    )
    sheet: Sheet | None = Field(
        None,
        description="Name, glob, or number from 1; the first visible sheet by default. A glob reads all sheets "
        "that fit.",
    )
    range: Text | None = Field(
        None,
        description="`B4:H200`, `B4:` (open end), or the name of a table of the workbook or of a range; the used "
        "cells by default.",
    )
    header: Header | None = Field(
        None,
        description="`auto` (the default): the first row that holds every column needed; a row number; `[3, 4]`: "
        "two rows joined as `Верх / Низ`; `none`: the columns are `A`, `B`, …",
    )
    encoding: Encoding | None = Field(
        None,
        description="Of text files: `auto` (the default), or a name such as `cp1251` or `utf-8`. A guess is a "
        "warning.",
    )
    delimiter: Delimiter | None = Field(
        None,
        description="Of text files: `auto` (the default), or one of `,` `;` `\\t` `|`. A guess is a warning.",
    )
    locale: LocaleName | None = Field(
        None,
        description="How text cells are read as numbers, dates and booleans: `iso` (the default), `ru`, `en`, "
        "`de-CH`, … Typed cells of a workbook never need it.",
    )
    timezone: Timezone | None = Field(
        None, description="Time zone of date-times without one, such as `Europe/Moscow`."
    )
    blank: BlankTexts | None = Field(
        None, description='Texts that count as blank besides empty cells: `["-", н/д]`; none by default.'
    )
    clean: Switch | None = Field(
        None,
        description="`true` (the default): trim, collapse spaces, drop invisible characters, compose letters "
        "(Unicode NFC).",
    )
    hidden: one_of("include", "skip") | None = Field(  # type: ignore[valid-type]
        None,
        description="Hidden and filtered rows: `include` (the default, with a warning that counts them) or "
        "`skip`.",
    )
    fill_down: BlankTexts | None = Field(
        None,
        description="Columns in which a blank repeats the value above; none by default. Merged cells are filled "
        "without it.",
    )
    tree: TreeModel | None = Field(
        None,
        description="The rows form a tree, as 1C exports them: adds a column with the name of the parent row.",
    )
    unpivot: UnpivotModel | None = Field(
        None,
        description="Wide to long: one row for each filled cell of the columns named; blank cells give no row.",
    )
    when: Text | None = Field(
        None,
        description="Expression; rows for which it is false are not part of the table: total lines, section "
        "titles.",
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
