"""Excel's binary workbooks (.xlsb): one walk over the records of each part ([MS-XLSB]).

The format stores a result with every formula, so that none is without a value; formulas themselves are not read.
"""

import struct
from collections.abc import Iterator, Mapping
from functools import cached_property

from importer.problems import ConfigurationError, Place
from importer.sources.book import Grid, SheetPart
from importer.sources.cells import error_cell
from importer.sources.file_problems import NoSheets
from importer.sources.held import MAX_COLUMNS, HeldSheet
from importer.sources.lines import Details, Merge
from importer.sources.package import Package
from importer.sources.records import records, wide_text
from importer.sources.styles import Style, format_of
from importer.sources.table import letters_of

# Numbers of records ([MS-XLSB] §2.3).
_ROW, _COLUMNS, _MERGE, _SHEET, _WORKBOOK, _NAME, _EXTERN = 0, 60, 176, 156, 153, 39, 362
_TEXT_ITEM, _FORMAT, _FONT, _STYLE, _STYLES, _STYLES_END = 19, 44, 43, 47, 617, 618
_TABLE, _COMMENT = 660, 635
# Records of cells → what they hold; those from 12 on leave the column out: it is the next one.
_RK, _ERROR, _BOOLEAN, _REAL, _TEXT, _SHARED, _RICH = range(7)
_CELLS = dict(enumerate((_RK, _ERROR, _BOOLEAN, _REAL, _TEXT, _SHARED), start=2))
_CELLS |= dict(enumerate((_TEXT, _REAL, _BOOLEAN, _ERROR), start=8))  # of formulas
_CELLS |= dict(enumerate((_RK, _ERROR, _BOOLEAN, _REAL, _TEXT, _SHARED), start=13)) | {62: _RICH}
_SHORT = range(12, 19)
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
_STATES = {0: "visible", 1: "hidden", 2: "very_hidden"}
_AREAS, _CELL_REFERENCES = (0x3B, 0x5B, 0x7B), (0x3A, 0x5A, 0x7A)


class BinaryWorkbook:
    """An .xlsb as a `Book`."""

    kind = "xlsb"

    def __init__(self, package: Package) -> None:
        """`package` has a binary workbook part."""
        self.shown: str = package.shown
        self.place: Place = package.place
        self._package = package

    @cached_property
    def sheets(self) -> tuple[SheetPart, ...]:
        """Return the sheets with cells; charts, dialogs and macros are left out."""
        relations = self._package.relations(self._package.workbook_part)
        found = []
        for state, name, relation in self._bundles:
            kind, part = relations.get(relation, ("", ""))
            if kind == "worksheet":
                found.append(SheetPart(name, _STATES.get(state, "visible"), part))
        if not found:
            raise ConfigurationError(NoSheets(place=self.place, found=self.shown))
        return tuple(found)

    @cached_property
    def defined_names(self) -> Mapping[str, str]:
        """Return defined names → the cells they refer to; `#REF!` for anything but one rectangle."""
        externals: list[int] = []
        found = {}
        for number, content in self._records(self._package.workbook_part):
            if number == _EXTERN:
                (count,) = self._fields("<I", content, 0)
                for n in range(min(count, len(content) // 12)):
                    _, first, last = self._fields("<Iii", content, 4 + 12 * n)
                    externals.append(first if first == last else -1)
            elif number == _NAME:
                (flags,) = self._fields("<I", content, 0)
                name, end = self._text(content, 9)
                if not flags & 0x21:  # hidden, built in
                    found[name] = self._reference(content[end:], externals)
        return found

    def tables(self, sheet: SheetPart) -> Mapping[str, str]:
        """Return the Excel tables of a sheet: name → range."""
        found = {}
        for kind, part in self._package.relations(sheet.part).values():
            for number, content in self._records(part) if kind == "table" else ():
                if number == _TABLE:
                    top, bottom, left, right = self._fields("<4I", content, 0)
                    name, end = self._text(content, 64)
                    shown, _ = self._text(content, end)
                    found[shown or name] = f"{letters_of(left)}{top + 1}:{letters_of(right)}{bottom + 1}"
        return found

    def grid(self, sheet: SheetPart) -> Grid:
        """Return a sheet, read."""
        return self._held(sheet).grid()

    def details(self, sheet: SheetPart) -> Details:
        """Return styles and outlines."""
        return self._held(sheet).details()

    @cached_property
    def _bundles(self) -> tuple[tuple[int, str, str], ...]:
        found = []
        for number, content in self._records(self._package.workbook_part):
            if number == _SHEET:
                (state,) = self._fields("<I", content, 0)
                relation, end = self._text(content, 8)
                name, _ = self._text(content, end)
                found.append((state, name, relation))
        return tuple(found)

    @cached_property
    def _since_1904(self) -> bool:
        return any(
            number == _WORKBOOK and content[:1] and content[0] & 1
            for number, content in self._records(self._package.workbook_part)
        )

    @cached_property
    def _strings(self) -> tuple[str, ...]:
        part = self._package.part_of("sharedStrings")
        texts = (content for number, content in self._records(part) if number == _TEXT_ITEM)
        return tuple(self._text(content, 1)[0] for content in texts)

    @cached_property
    def _styles(self) -> tuple[Style, ...]:
        codes: dict[int, str] = {}
        struck: list[bool] = []
        found: list[Style] = []
        inside = False
        for number, content in self._records(self._package.part_of("styles")):
            if number == _FORMAT:
                (key,) = self._fields("<H", content, 0)
                codes[key] = self._text(content, 2)[0]
            elif number == _FONT:
                struck.append(bool(self._fields("<H", content, 2)[0] & 0x8))
            elif number in (_STYLES, _STYLES_END):
                inside = number == _STYLES
            elif number == _STYLE and inside:
                key, font = self._fields("<HH", content, 2)
                indent = content[11] if len(content) > 11 else 0
                code = codes.get(key) or format_of(key)
                through = font < len(struck) and struck[font]
                found.append(Style(None if code in (None, "General") else code, indent, through))
        return tuple(found)

    def _held(self, sheet: SheetPart) -> HeldSheet:
        held = HeldSheet(self.shown, sheet)
        walk = _Walk(held, self._styles, self._strings, since_1904=self._since_1904)
        if self._package.part(sheet.part) is None:
            raise self._package.broken(f"no part {sheet.part}")
        try:
            for number, content in self._records(sheet.part):
                walk.look_at(number, content)
        except (ValueError, IndexError, struct.error) as error:
            raise self._package.broken(f"{sheet.part}: {error}") from None
        for kind, part in self._package.relations(sheet.part).values():
            for number, content in self._records(part) if kind == "comments" else ():
                if number == _COMMENT:
                    row, _, column = self._fields("<3I", content, 4)
                    held.notes.append(f"{letters_of(column)}{row + 1}")
        return held

    def _reference(self, formula: bytes, externals: list[int]) -> str:
        if len(formula) < 5 or formula[4] not in (*_AREAS, *_CELL_REFERENCES):
            return "#REF!"
        (length,) = self._fields("<I", formula, 0)
        if formula[4] in _AREAS and length == 15:
            index, top, bottom, left, right = self._fields("<HIIHH", formula, 5)
        elif formula[4] in _CELL_REFERENCES and length == 9:
            index, top, left = self._fields("<HIH", formula, 5)
            bottom, right = top, left
        else:
            return "#REF!"
        owner = externals[index] if index < len(externals) else -1
        if not 0 <= owner < len(self._bundles):
            return "#REF!"
        name = self._bundles[owner][1].replace("'", "''")
        # The two high bits of a column say whether it is relative.
        first, last = letters_of(left & 0x3FFF), letters_of(right & 0x3FFF)
        return f"'{name}'!${first}${top + 1}:${last}${bottom + 1}"

    def _records(self, part: str | None) -> Iterator[tuple[int, bytes]]:
        data = self._package.part(part) if part else None
        try:
            yield from records(data or b"")
        except ValueError as error:
            raise self._package.broken(f"{part}: {error}") from None

    def _fields(self, layout: str, content: bytes, start: int) -> tuple[int, ...]:
        try:
            return struct.unpack_from(layout, content, start)
        except struct.error:
            raise self._package.broken("a record is cut") from None

    def _text(self, content: bytes, start: int) -> tuple[str, int]:
        try:
            return wide_text(content, start)
        except (ValueError, struct.error) as error:
            raise self._package.broken(str(error)) from None


class _Walk:
    """The cells of one sheet as their records go by."""

    def __init__(
        self, held: HeldSheet, styles: tuple[Style, ...], strings: tuple[str, ...], *, since_1904: bool
    ) -> None:
        self._held, self._styles, self._strings, self._since_1904 = held, styles, strings, since_1904
        self._row, self._column = 0, -1

    def look_at(self, number: int, content: bytes) -> None:
        if (kind := _CELLS.get(number)) is not None:
            self._cell(kind, content, 0 if number in _SHORT else 4)
        elif number == 1:  # a blank
            (self._column,) = struct.unpack_from("<i", content)
        elif number == 12:  # a blank in the next column
            self._column += 1
        elif number == _ROW:
            self._start_row(content)
        elif number == _COLUMNS:
            low, high, _, _, flags = struct.unpack_from("<4IH", content)
            if flags & 1:
                self._held.hidden_columns.update(dict.fromkeys(range(low, min(high + 1, MAX_COLUMNS))))
        elif number == _MERGE:
            top, bottom, left, right = struct.unpack_from("<4I", content)
            self._held.merged.append(Merge(top + 1, left, bottom + 1, right))

    def _start_row(self, content: bytes) -> None:
        (row,) = struct.unpack_from("<I", content)
        self._row, self._column = row + 1, -1
        flags = content[11]
        if flags & 0x10:
            self._held.hidden_rows.add(self._row)
        if flags & 0x7:
            self._held.outlines[self._row] = flags & 0x7

    def _cell(self, kind: int, content: bytes, start: int) -> None:
        self._column = struct.unpack_from("<i", content)[0] if start else self._column + 1
        number = int.from_bytes(content[start : start + 3], "little")
        style = self._styles[number] if number < len(self._styles) else Style()
        at = start + 4
        if kind in (_RK, _REAL):
            value = _rk(content, at) if kind == _RK else struct.unpack_from("<d", content, at)[0]
            self._held.put_number(self._row, self._column, value, style, since_1904=self._since_1904)
        elif kind == _BOOLEAN:
            self._held.put(self._row, self._column, content[at] != 0, style)
        elif kind == _ERROR:
            error = error_cell(_ERRORS.get(content[at], "#N/A"), letters_of(max(self._column, 0)))
            self._held.put(self._row, self._column, error, style)
        elif kind == _SHARED:
            (index,) = struct.unpack_from("<I", content, at)
            if index >= len(self._strings):
                place = f"{letters_of(max(self._column, 0))}{self._row}"
                raise ValueError(f"{place} names text {index} of {len(self._strings)}")
            self._held.put(self._row, self._column, self._strings[index], style)
        else:
            text, _ = wide_text(content, at + (kind == _RICH))
            self._held.put(self._row, self._column, text, style)


def _rk(content: bytes, start: int) -> float:
    """Return a number in four bytes ([MS-XLSB] §2.5.123): a whole one or the upper half of a double, perhaps by 100."""
    (bits,) = struct.unpack_from("<i", content, start)
    if bits & 2:
        value = float(bits >> 2)
    else:
        (value,) = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<i", bits & ~3))
    return value / 100 if bits & 1 else value
