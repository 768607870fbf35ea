"""What `template` made: the empty workbook that a customer fills in."""

from pathlib import Path

import msgspec

from importer.problems import ProblemGroup


class AllowedValues(msgspec.Struct, frozen=True, kw_only=True):
    """What a column takes. `values` are all of them; `column_of` instead: (sheet, position from 0) of the column that holds them.

    strict: nothing else is taken; else a person may answer a warning and go on.
    """

    values: tuple[str, ...] = ()
    column_of: tuple[str, int] | None = None
    strict: bool = False


class TemplateColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column. `headers` from the top row of the header down. kind: text, number, date, datetime, boolean or any.

    meaning, format: sentences for the person who fills it in; `found_by`: the set and properties by which a text finds an entity.
    """

    headers: tuple[str, ...]
    required: bool = False
    kind: str = "any"
    allowed: AllowedValues | None = None
    meaning: str = ""
    longest: int | None = None
    found_by: str | None = None


class TemplateSheet(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet. `header_row` is the last row of the header, `left` the first column, from 0."""

    name: str
    header_row: int
    columns: tuple[TemplateColumn, ...]
    left: int = 0
    locale: str = "iso"


class Templated(msgspec.Struct, frozen=True, kw_only=True):
    """A template, written to `path`."""

    path: Path
    recipe: str
    sheets: tuple[TemplateSheet, ...]
    problems: tuple[ProblemGroup, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 0."""
        return 0
