"""`range`: a rectangle of cells, written `B4:H200` or `B4:`, or the name of a table or a defined name."""

import re
from dataclasses import replace

import msgspec

from importer.problems import ConfigurationError, FilePlace, Place, nearest
from importer.sources.book import Book, SheetPart
from importer.sources.file_problems import ForeignRange, NoRectangle, UnknownRange
from importer.sources.table import index_of
from importer.text.folding import fold

_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(:)?(?:\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?")

_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ROWS = re.compile(r"\$?([0-9]{1,7}):\$?([0-9]{1,7})")


class Bounds(msgspec.Struct, frozen=True):
    """A rectangle of cells: rows from 1, columns from 0, both ends included; None is open."""

    top: int = 1
    left: int = 0
    bottom: int | None = None
    right: int | None = None

    def cuts_columns(self) -> bool:
        """Whether some columns lie outside."""
        return self.left > 0 or self.right is not None


class Area(msgspec.Struct, frozen=True):
    """What a `range` means in a workbook; `owner` is the sheet that a table or a defined name lies on."""

    bounds: Bounds
    owner: str | None = None


def parse_range(text: str) -> Bounds | None:
    """Return the rectangle of `B4:H200`, `B4:` or `B4`, or None."""
    match = _RANGE.fullmatch(text.strip())
    if match is None or int(match[2]) == 0 or (match[4] is not None and match[3] is None):
        return None
    top, left = int(match[2]), index_of(match[1])
    if match[4] is not None:
        bottom, right = int(match[5]), index_of(match[4])
        return Bounds(min(top, bottom), min(left, right), max(top, bottom), max(left, right))
    return Bounds(top, left) if match[3] else Bounds(top, left, top, left)


def find_area(book: Book, text: str, place: Place | None) -> Area:
    """Return what `range` means in this workbook: cells, a table, a defined name.

    Raises:
        ConfigurationError: `unknown-range`: nothing is named so, or what is named so is no rectangle of cells.
    """
    if bounds := parse_range(text):
        return Area(bounds)
    known: dict[str, str] = {}
    for sheet in book.sheets:
        for name, cells in book.tables(sheet).items():
            known[name] = f"{sheet.name}!{cells}"
    for name, reference in book.defined_names.items():
        if not name.startswith("_xlnm"):
            known.setdefault(name, reference)
    found = next((reference for name, reference in known.items() if fold(name) == fold(text)), None)
    if found is None:
        raise unknown_range(text, book.shown, place, tuple(known))
    owner, _, cells = found.lstrip("=").rpartition("!")
    bounds = None if "#REF!" in found else _named_bounds(cells)
    if bounds is None:
        where = place or book.place
        raise ConfigurationError(NoRectangle(place=where, found=text, file=book.shown, expected=found))
    return Area(bounds, owner.strip("'").replace("''", "'") or None)


def _named_bounds(cells: str) -> Bounds | None:
    """Return the rectangle of what a name refers to: also whole columns `$A:$C` and whole rows `$3:$9`."""
    if match := _COLUMNS.fullmatch(cells):
        left, right = sorted(map(index_of, match.groups()))
        return Bounds(left=left, right=right)
    if match := _ROWS.fullmatch(cells):
        top, bottom = sorted(map(int, match.groups()))
        return Bounds(max(top, 1), 0, bottom)
    return parse_range(cells)


def area_on(area: Area, sheet: SheetPart, text: str, shown: str, place: Place | None) -> Bounds:
    """Return the rectangle on `sheet`.

    Raises:
        ConfigurationError: the name lies on another sheet.
    """
    if area.owner is not None and fold(area.owner) != fold(sheet.name):
        problem = ForeignRange(
            place=place or FilePlace(shown, sheet.name), found=text, sheet=area.owner, file=shown
        )
        raise ConfigurationError(replace(problem, expected=sheet.name))
    return area.bounds


def unknown_range(
    text: str, shown: str, place: Place | None, names: tuple[str, ...] = ()
) -> ConfigurationError:
    """Return the error to raise when nothing is called `text`."""
    where = place or FilePlace(shown)
    return ConfigurationError(UnknownRange(place=where, found=text, file=shown, near=nearest(text, names)))
