"""The header row, found by the columns asked for (recipe-language.md §4, `header`)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from importer.sources.lines import Merge
from importer.sources.table import Cell, CellKind, Column, letters_of, numbered_header
from importer.text.cleaning import clean
from importer.text.folding import fold

TOP = 50


class HeadLine(NamedTuple):
    """One of the first lines: its number, its filled cells by column, from 0, how many values are written."""

    number: int
    cells: dict[int, Cell]
    width: int = 0


def find_header(lines: Sequence[HeadLine], needed: Sequence[Sequence[str]]) -> HeadLine | None:
    """Return the header row among the first lines, or None when none is filled.

    The first that holds all the columns needed (of a list of headers one is enough); when none does, the
    one that holds most of them, the first of equals; when none holds any, the one that looks most like a
    header.
    """
    best, most = None, 0
    for line in lines:
        if not line.cells:
            continue
        texts = Counter(fold(cell.text) for cell in line.cells.values())
        held = sum(any(_holds(texts, header) for header in headers) for headers in needed)
        if held == len(needed):
            return line
        if held > most:
            best, most = line, held
    return best or guess_header(lines) or next((line for line in lines if line.cells), None)


def guess_header(lines: Sequence[HeadLine]) -> HeadLine | None:
    """Return the line that looks like a header, or None: the most distinct texts, and a filled line below."""
    best, most = None, 0
    for position, line in enumerate(lines):
        texts = {fold(cell.text) for cell in line.cells.values() if cell.kind is CellKind.TEXT}
        followed = any(below.cells for below in lines[position + 1 :])
        if len(texts) > most and followed:
            best, most = line, len(texts)
    return best


def join_headers(upper: HeadLine, lower: HeadLine, merged: Iterable[Merge]) -> HeadLine:
    """Return two header rows as one: `Верх / Низ`; a merged upper cell stands over all its columns."""
    above = dict(upper.cells)
    last = max((*upper.cells, *lower.cells))
    for merge in merged:
        if merge.top == upper.number and merge.left in upper.cells:
            for column in range(merge.left + 1, min(merge.right, last) + 1):
                above.setdefault(column, upper.cells[merge.left])
    cells = {}
    for column in sorted({*upper.cells, *lower.cells}):
        texts = [clean(row[column].text) for row in (above, lower.cells) if column in row]
        text = " / ".join(dict.fromkeys(filter(None, texts)))
        cells[column] = Cell(text, letters_of(column), CellKind.TEXT, text)
    return HeadLine(lower.number, cells, max(upper.width, lower.width))


def columns_of(header: Mapping[int, Cell] | None, used: Iterable[int]) -> tuple[Column, ...]:
    """Return the columns of a table: those `used`, from the left; `header` None where the header is blank."""
    found = []
    for index, position in enumerate(used):
        cell = header.get(position) if header else None
        text = clean(cell.text).replace("\n", " ") if cell is not None and cell.text else None
        found.append(Column(letters_of(position), text, index))
    return tuple(found)


def _holds(texts: Mapping[str, int], header: str) -> bool:
    if fold(header) in texts:
        return True
    numbered = numbered_header(header)
    return numbered is not None and texts.get(fold(numbered[0]), 0) >= max(2, numbered[1])
