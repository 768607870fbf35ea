"""A sheet's facts through an XML parser: for sheets written in an unusual way, and for `read`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from importer.sources.cells import error_cell, formula_cell
from importer.sources.styles import Style
from importer.sources.table import Cell, index_of, letters_of
from importer.sources.workbook_facts import MAX_COLUMNS, MAX_ROWS, SheetFacts
from importer.sources.xml_names import local_name


@dataclass(frozen=True, slots=True)
class Details:
    """What stands behind the values: row from 1, column from 0 → style index, formula without its `=`."""

    styles: Mapping[tuple[int, int], int] = field(default_factory=dict)
    formulas: Mapping[tuple[int, int], str] = field(default_factory=dict)


def parse(data: bytes, styles: Sequence[Style]) -> SheetFacts:
    """Return the facts of a sheet.

    Raises:
        ValueError: the part is no well-formed sheet.
    """
    return _read(data, styles).facts()


def parse_details(data: bytes) -> Details:
    """Return the styles and formulas of a sheet.

    Raises:
        ValueError: the part is no well-formed sheet.
    """
    reader = _read(data, ())
    return Details(reader.style_of, {at: text for at, text in reader.formulas.items() if text})


def _read(data: bytes, styles: Sequence[Style]) -> "_Reader":
    reader = _Reader(styles)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError as error:
        raise ValueError(str(error)) from None
    return reader


def _refuse(*_: object) -> None:
    raise ValueError("it holds a DOCTYPE")


class _Reader:
    """Handlers of expat; one method per element that says something."""

    def __init__(self, styles: Sequence[Style]) -> None:
        self.style_of: dict[tuple[int, int], int] = {}
        self.formulas: dict[tuple[int, int], str] = {}
        self._styles = styles
        self._row, self._column, self._kind = 0, -1, "n"
        self._has_formula, self._collecting, self._style = False, "", Style()
        self._texts: dict[str, list[str]] = {}
        self._odd: dict[int, dict[int, Cell]] = {}
        self._styled: dict[int, dict[int, Style]] = {}
        self._hidden: set[int] = set()
        self._columns: dict[int, None] = {}
        self._edges = [10_000_000, 0, MAX_COLUMNS, 0]  # of the filled cells: top, bottom, left, right
        self._starts = {
            "row": self._start_row,
            "c": self._start_cell,
            "f": self._start_formula,
            "col": self._column_of,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if handler := self._starts.get(local):
            handler(attributes)
        self._collecting = local if local in ("v", "f", "t") else ""

    def end(self, name: str) -> None:
        self._collecting = ""
        if local_name(name) == "c":
            self._end_cell()

    def characters(self, text: str) -> None:
        if self._collecting:
            self._texts.setdefault(self._collecting, []).append(text)

    def facts(self) -> SheetFacts:
        top, bottom, left, right = self._edges
        span = max(0, bottom - top + 1) * max(0, right - left + 1)
        return SheetFacts(self._odd, self._styled, frozenset(self._hidden), tuple(self._columns), span)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row, self._column = int(attributes.get("r", self._row + 1)), -1
        if attributes.get("hidden") in ("1", "true"):
            self._hidden.add(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r", "")
        letters = place.rstrip("0123456789")
        self._column = index_of(letters) if letters.isascii() and letters.isalpha() else self._column + 1
        if letters and place != letters:
            self._row = int(place[len(letters) :])
        if not (0 < self._row <= MAX_ROWS and self._column < MAX_COLUMNS):
            raise ValueError(f"no cell {place} is possible")
        self._kind, self._has_formula, self._texts = attributes.get("t", "n"), False, {}
        style = int(attributes.get("s", 0))
        if style:
            self.style_of[self._row, self._column] = style
        self._style = self._styles[style] if style < len(self._styles) else Style()

    def _start_formula(self, _: dict[str, str]) -> None:
        self._has_formula = True

    def _end_cell(self) -> None:
        value = "".join(self._texts.get("v", ()))
        if self._has_formula:
            self.formulas[self._row, self._column] = "".join(self._texts.get("f", ()))
        odd = None
        if self._has_formula and not value and self._kind != "str":
            odd = formula_cell(letters_of(self._column))
        elif self._kind == "e":
            odd = error_cell(value or "#N/A", letters_of(self._column))
        if odd is not None:
            self._odd.setdefault(self._row, {})[self._column] = odd
        elif value and (self._style.is_code or self._style.is_datetime):
            self._styled.setdefault(self._row, {})[self._column] = self._style
        if value or self._has_formula or self._texts.get("t"):
            top, bottom, left, right = self._edges
            self._edges = [
                min(top, self._row),
                max(bottom, self._row),
                min(left, self._column),
                max(right, self._column),
            ]

    def _column_of(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true"):
            low, high = int(attributes.get("min", 1)), int(attributes.get("max", 0))
            self._columns.update(dict.fromkeys(range(low - 1, min(high, MAX_COLUMNS))))
