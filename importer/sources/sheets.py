"""Which sheets of a workbook are asked for."""

from fnmatch import fnmatchcase

from importer.problems import ConfigurationError, Place, nearest
from importer.sources.book import Book, SheetPart
from importer.sources.file_problems import UnknownSheet
from importer.text.folding import fold


def pick_sheets(book: Book, asked: str | int | None, place: Place | None) -> tuple[SheetPart, ...]:
    """Return the sheets asked for: by name, by glob, by number from 1; None is the first visible one.

    Raises:
        ConfigurationError: `unknown-sheet`.
    """
    sheets = book.sheets
    if asked is None:
        return tuple(sheet for sheet in sheets if sheet.state == "visible")[:1] or sheets[:1]
    if isinstance(asked, int):
        found = [sheets[asked - 1]] if 1 <= asked <= len(sheets) else []
    else:
        found = [sheet for sheet in sheets if sheet.name == asked]
        found = found or [sheet for sheet in sheets if fold(sheet.name) == fold(asked)]
        if not found and any(sign in asked for sign in "*?["):
            found = [sheet for sheet in sheets if fnmatchcase(fold(sheet.name), fold(asked))]
    if not found:
        names = [sheet.name for sheet in sheets]
        listed, near = ", ".join(names), nearest(str(asked), names)
        where = place or book.place
        raise ConfigurationError(
            UnknownSheet(place=where, found=str(asked), file=book.shown, sheets=listed, near=near)
        )
    return tuple(found)
