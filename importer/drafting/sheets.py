"""A sheet as a guesser needs it: its header row, found by what looks like headers, and a sample of each column."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import msgspec

from importer.drafting.thesaurus import concepts_of, is_row_number, thesaurus
from importer.drafting.words import words_of
from importer.sources import Cell, CellKind, Row, TableSpec, open_table
from importer.text.cleaning import clean
from importer.text.folding import fold

_TOP = 50
_LONGEST = 60
_TOTALS = frozenset({"итого", "всего", "total", "totals", "subtotal", "sum"})
_DIGIT = re.compile(r"\d")


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column. `header` as it stands, "" where there is none; `written`: as a recipe names it.

    values: the cells of the sample, row by row, None where blank; cells: the filled ones. A column made of several has an
    `expression`, and `means` what its header should say.
    """

    letters: str
    header: str
    written: str
    values: tuple[Cell | None, ...]
    cells: tuple[Cell, ...]
    expression: str = ""
    means: str = ""

    @property
    def rows(self) -> int:
        """Return how many rows the sample has."""
        return len(self.values)

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the texts of the cells."""
        return tuple(cell.text for cell in self.cells)

    @property
    def distinct(self) -> int:
        """Return how many different texts there are."""
        return len({fold(text) for text in self.texts})


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet. `first`: whether it is what a recipe reads that names none. title: what stands above the header.

    double: the header seems to have two rows.
    """

    name: str | None
    header_row: int | None
    columns: tuple[Column, ...]
    rows: int
    first: bool
    title: str = ""
    double: bool = False
    since_1904: bool = False


def read_sheet(
    path: Path,
    shown: str,
    name: str | None,
    *,
    first: bool,
    sample: int,
    encoding: str | None,
    delimiter: str | None,
) -> Sheet:
    """Return a sheet with at most `sample` rows below its header.

    Raises:
        ConfigurationError: it is not there, or cannot be read.
    """
    spec = TableSpec(
        files=(path,), shown=(shown,), sheet=name, header="none", encoding=encoding, delimiter=delimiter
    )
    section = open_table(spec).sections[0]
    rows = [*islice(section.rows, _TOP + sample)]
    position = header_of(rows[:_TOP])
    if position is None:
        return Sheet(name=name, header_row=None, columns=(), rows=len(rows), first=first)
    header, below = rows[position], rows[position + 1 : position + 1 + sample]
    body = [row for row in below if not _is_total(row)]
    return Sheet(
        name=name,
        header_row=header.number,
        columns=_columns(header, body),
        rows=len(body),
        first=first,
        title=" ".join(cell.text for row in rows[:position] for cell in row.cells if _is_filled(cell))[:200],
        double=position > 0 and _is_upper(rows[position - 1], header),
        since_1904=section.since_1904,
    )


def header_of(rows: Sequence[Row]) -> int | None:
    """Return the position of the row that looks like a header: many different short texts, known words, filled cells below."""
    best, most = None, 0.0
    for position, row in enumerate(rows[:-1]):
        score = _headerlike(row)
        if score > most and any(_is_filled(cell) for cell in rows[position + 1].cells):
            best, most = position, score
    if best is None and rows:
        best = next((n for n, row in enumerate(rows) if _headerlike(row) > 0), None)
    return best


def _headerlike(row: Row) -> float:
    score, seen = 0.0, set()
    for cell in row.cells:
        if not _is_filled(cell):
            continue
        text = clean(cell.text)
        if cell.kind is not CellKind.TEXT or _is_value(text):
            score -= 1.0
            continue
        words = words_of(text)
        if words in seen:
            continue
        seen.add(words)
        known = max(concepts_of(words).values(), default=0.0)
        score += 1.0 + (1.0 if is_row_number(words) or words in thesaurus().phrases else known)
    # A title stands alone; so may the header of a list of one column, but then nothing else has more.
    return score if len(seen) > 1 else score * 0.4


def _is_value(text: str) -> bool:
    """Whether a text is more likely below a header than in it: an address, a number, a sentence."""
    return "@" in text or len(text) > _LONGEST or 2 * len(_DIGIT.findall(text)) >= len(text)


def _is_filled(cell: Cell) -> bool:
    return cell.kind is not CellKind.BLANK


def _is_upper(above: Row, header: Row) -> bool:
    """Whether the row above groups the columns of a header: filled over some of them, with equal headers below."""
    headers = Counter(fold(cell.text) for cell in header.cells if _is_filled(cell))
    groups = [cell for cell in above.cells if _is_filled(cell)]
    return len(groups) > 1 and any(count > 1 for count in headers.values())


def _is_total(row: Row) -> bool:
    """Whether a row sums up what stands above it, which no entity does."""
    first = next((cell.text for cell in row.cells if _is_filled(cell)), "")
    return fold(first).rstrip(" :.").partition(" ")[0] in _TOTALS


def _columns(header: Row, body: Sequence[Row]) -> tuple[Column, ...]:
    heads = [clean(cell.text).replace("\n", " ") if _is_filled(cell) else "" for cell in header.cells]
    total = Counter(fold(text) for text in heads if text)
    seen: Counter[str] = Counter()
    found = []
    for n, text in enumerate(heads):
        values = tuple(row.cells[n] if _is_filled(row.cells[n]) else None for row in body)
        cells = tuple(cell for cell in values if cell is not None)
        seen[fold(text)] += 1
        if not text and not cells:
            continue
        written = f"{text} ({seen[fold(text)]})" if text and total[fold(text)] > 1 else text
        letters = header.cells[n].column
        found.append(Column(letters=letters, header=text, written=written, values=values, cells=cells))
    return tuple(found)
