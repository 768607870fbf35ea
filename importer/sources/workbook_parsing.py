"""A sheet cell by cell through an XML parser: for sheets written in an unusual way, and for `read`."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import NamedTuple
from xml.parsers import expat

from importer.sources.cells import error_cell, formula_cell
from importer.sources.held import MAX_COLUMNS, HeldSheet
from importer.sources.lines import Merge, Raw
from importer.sources.ranges import parse_range
from importer.sources.styles import Style
from importer.sources.table import index_of, letters_of
from importer.sources.workbook_facts import styled_value
from importer.sources.xml_names import local_name

# More than Excel can point at; an empty one costs five bytes of the part and sixty of memory.
_MAX_STRINGS = 8_000_000
# `_x000D_` in texts of workbooks is a character that XML cannot hold (ECMA-376 part 1, §22.9.2.19).
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PRESERVE = "http://www.w3.org/XML/1998/namespace}space"


class SharedTexts(NamedTuple):
    """The shared strings by their numbers, and the numbers of those that are struck through, at least in part."""

    texts: tuple[str, ...] = ()
    struck: frozenset[int] = frozenset()


def parse(
    data: bytes, held: HeldSheet, styles: Sequence[Style], strings: SharedTexts, *, since_1904: bool
) -> None:
    """Put the cells of a sheet into `held`.

    Raises:
        ValueError: the part is no well-formed sheet.
        ConfigurationError: more cells than can be held.
    """
    reader = _Sheet(held, styles, strings, since_1904=since_1904)
    run(data, reader.start, reader.end, reader.characters)


def read_strings(data: bytes) -> SharedTexts:
    """Return the shared strings: runs joined, without phonetic texts.

    Raises:
        ValueError: the part is not well formed.
    """
    reader = _Strings()
    run(data, reader.start, reader.end, reader.characters)
    return SharedTexts(tuple(reader.found), frozenset(reader.struck))


def run(
    data: bytes,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    characters: Callable[[str], None],
) -> None:
    """Let expat go through `data`; names come as `namespace}name`.

    Raises:
        ValueError: it is not well formed, or has a DOCTYPE.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat's own signature
    except (expat.ExpatError, LookupError) as error:
        raise ValueError(str(error)) from None


def _refuse(*_: object) -> None:
    raise ValueError("it holds a DOCTYPE")


def _unescaped(text: str) -> str:
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


class _Runs:
    """The text of a rich text: its runs, joined; what is spoken (`rPh`) is not part of it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._piece: list[str] | None = None
        self._spoken = 0
        self._kept = False
        self.struck = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rPh":
            self._spoken += 1
        elif name == "t" and not self._spoken:
            self._piece, self._kept = [], attributes.get(_PRESERVE) == "preserve"
        elif name == "strike" and attributes.get("val") not in ("0", "false"):
            self.struck = True

    def end(self, name: str) -> None:
        if name == "rPh":
            self._spoken -= 1
        elif name == "t" and self._piece is not None:
            piece = "".join(self._piece)
            self._pieces.append(piece if self._kept else piece.strip(" \t\r\n"))
            self._piece = None

    def characters(self, text: str) -> None:
        if self._piece is not None:
            self._piece.append(text)

    def take(self) -> str:
        text = _unescaped("".join(self._pieces))
        self._pieces.clear()
        self.struck = False
        return text


class _Strings:
    def __init__(self) -> None:
        self.found: list[str] = []
        self.struck: list[int] = []
        self._runs = _Runs()
        self.characters = self._runs.characters

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._runs.start(local_name(name), attributes)

    def end(self, name: str) -> None:
        local = local_name(name)
        self._runs.end(local)
        if local == "si":
            if len(self.found) >= _MAX_STRINGS:
                raise ValueError(f"it holds more than {_MAX_STRINGS} texts")
            if self._runs.struck:
                self.struck.append(len(self.found))
            self.found.append(self._runs.take())


class _Sheet:
    """Handlers of expat; one method per element that says something."""

    def __init__(
        self, held: HeldSheet, styles: Sequence[Style], strings: SharedTexts, *, since_1904: bool
    ) -> None:
        self._held, self._styles, self._strings, self._since_1904 = held, styles, strings, since_1904
        self._row, self._column, self._kind, self._style = 0, -1, "n", Style()
        self._formula: str | None = None
        self._runs = _Runs()
        self._value: str | None = None
        self._collecting: list[str] | None = None
        self._inside = False
        self._starts = {
            "row": self._start_row,
            "c": self._start_cell,
            "col": self._columns,
            "mergeCell": self._merge,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if self._inside:
            if local in ("v", "f"):
                self._collecting = []
            else:
                self._runs.start(local, attributes)
        elif handler := self._starts.get(local):
            handler(attributes)

    def end(self, name: str) -> None:
        if not self._inside:
            return
        local = local_name(name)
        if local == "v" and self._collecting is not None:
            self._value, self._collecting = "".join(self._collecting), None
        elif local == "f" and self._collecting is not None:
            self._formula, self._collecting = "".join(self._collecting), None
        elif local == "c":
            self._inside = False
            self._end_cell()
        else:
            self._runs.end(local)

    def characters(self, text: str) -> None:
        if self._collecting is not None:
            self._collecting.append(text)
        elif self._inside:
            self._runs.characters(text)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row, self._column = int(attributes.get("r", self._row + 1)), -1
        if attributes.get("hidden") in ("1", "true"):
            self._held.hidden_rows.add(self._row)
        if (level := attributes.get("outlineLevel", "0")) != "0":
            self._held.outlines[self._row] = int(level)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r", "")
        letters = place.rstrip("0123456789")
        self._column = index_of(letters) if letters.isascii() and letters.isalpha() else self._column + 1
        if letters and place != letters:
            self._row = int(place[len(letters) :])
        style = int(attributes.get("s", 0))
        self._style = self._styles[style] if 0 <= style < len(self._styles) else Style()
        self._kind, self._inside = attributes.get("t", "n"), True
        self._formula, self._value = None, None

    def _end_cell(self) -> None:
        if self._runs.struck:
            self._held.strike(self._row, self._column)
        value, inline, letters = self._value or "", self._runs.take(), letters_of(self._column)
        if self._formula:
            self._held.formula(self._row, self._column, self._formula)
        if self._formula is not None and not value and self._kind != "str":
            self._put(formula_cell(letters))
        elif self._kind == "e":
            self._put(error_cell(value.strip() or "#N/A", letters))
        elif self._kind in ("str", "inlineStr"):
            self._put(inline or _unescaped(value))
        elif value.strip():
            self._typed(value.strip())
        else:
            self._put("")

    def _typed(self, value: str) -> None:
        if self._kind == "s":
            self._put(self._shared(int(value)))
        elif self._kind == "b":
            self._put(value.lower() in ("1", "true"))
        elif self._kind == "d":
            self._put(styled_value(_iso(value), self._style, self._column))
        else:
            self._held.put_number(
                self._row, self._column, float(value), self._style, since_1904=self._since_1904
            )

    def _put(self, raw: Raw) -> None:
        self._held.put(self._row, self._column, raw, self._style)

    def _shared(self, index: int) -> str:
        if not 0 <= index < len(self._strings.texts):
            place = f"{letters_of(self._column)}{self._row}"
            raise ValueError(f"{place} names text {index} of {len(self._strings.texts)}")
        if index in self._strings.struck:
            self._held.strike(self._row, self._column)
        return self._strings.texts[index]

    def _columns(self, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in ("1", "true"):
            low, high = int(attributes.get("min", 1)), int(attributes.get("max", 0))
            self._held.hidden_columns.update(dict.fromkeys(range(max(low, 1) - 1, min(high, MAX_COLUMNS))))

    def _merge(self, attributes: dict[str, str]) -> None:
        bounds = parse_range(attributes.get("ref", ""))
        if bounds and bounds.bottom is not None and bounds.right is not None:
            self._held.merged.append(Merge(bounds.top, bounds.left, bounds.bottom, bounds.right))


def _iso(value: str) -> Raw:
    if "T" in value:
        moment = datetime.fromisoformat(value.removesuffix("Z"))
        return moment.date() if moment.time() == time() else moment.replace(tzinfo=None)
    return time.fromisoformat(value) if ":" in value else date.fromisoformat(value)
