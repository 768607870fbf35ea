"""Where a problem is: in a recipe, in a cell, in a file as a whole, or in an entity of the service."""

from typing import TypeAlias

import msgspec

from importer.text.translating import translate


class RecipePlace(msgspec.Struct, frozen=True):
    """A spot in a YAML, XML or text file that a person edits. `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    # The characters meant, from `column` on; 0 when unknown. For the caret line on the console only.
    length: int = 0

    def __str__(self) -> str:
        """Return `recipe.yaml:24:17`."""
        return f"{self.file}:{self.line}:{self.column}"

    def as_json(self) -> dict[str, object]:
        """Return the place in the shape of cli.md, *JSON*."""
        return {"file": self.file, "line": self.line, "column": self.column}


class CellPlace(msgspec.Struct, frozen=True):
    """A cell of a workbook or text file. `row` is the number the spreadsheet shows, from 1."""

    book: str
    sheet: str | None
    column: str | None  # "C"; letters, as in the spreadsheet; None: the row as a whole
    row: int

    def __str__(self) -> str:
        """Return `book.xlsx › Sheet › C18`, or `… › row 18` for a row as a whole."""
        cell = f"{self.column}{self.row}" if self.column else translate("row {row}").format(row=self.row)
        return " › ".join(part for part in (self.book, self.sheet, cell) if part)

    def as_json(self) -> dict[str, object]:
        """Return the place in the shape of cli.md, *JSON*."""
        place: dict[str, object] = {"file": self.book, "sheet": self.sheet, "row": self.row}
        if self.column:
            place["cell"] = f"{self.column}{self.row}"
        return place


class FilePlace(msgspec.Struct, frozen=True):
    """A file, or a sheet of it, as a whole."""

    file: str
    sheet: str | None = None

    def __str__(self) -> str:
        """Return `book.xlsx › Sheet`."""
        return f"{self.file} › {self.sheet}" if self.sheet else self.file

    def as_json(self) -> dict[str, object]:
        """Return the place in the shape of cli.md, *JSON*."""
        return {"file": self.file, "sheet": self.sheet} if self.sheet else {"file": self.file}


class EntityPlace(msgspec.Struct, frozen=True):
    """An entity of the service, or a whole set or the service (`key` None)."""

    set: str
    key: str | None = None

    def __str__(self) -> str:
        """Return `Users(7)`."""
        return f"{self.set}({self.key})" if self.key is not None else self.set

    def as_json(self) -> dict[str, object]:
        """Return the place in the shape of cli.md, *JSON*."""
        return {"set": self.set, "key": self.key} if self.key is not None else {"set": self.set}


Place: TypeAlias = RecipePlace | CellPlace | FilePlace | EntityPlace


def place_from_json(value: dict[str, object]) -> Place:
    """Return the place that `as_json` made."""
    sheet = value.get("sheet")
    sheet = sheet if isinstance(sheet, str) else None
    match value:
        case {"line": int(line), "column": int(column), "file": str(file)}:
            return RecipePlace(file, line, column)
        case {"row": int(row), "file": str(file)}:
            cell = value.get("cell")
            letters = str(cell).rstrip("0123456789") if cell else None
            return CellPlace(file, sheet, letters, row)
        case {"file": str(file)}:
            return FilePlace(file, sheet)
        case {"set": str(name)}:
            key = value.get("key")
            return EntityPlace(name, None if key is None else str(key))
    raise ValueError(f"not a place: {value!r}")
