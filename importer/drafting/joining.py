"""Surname, first name and patronymic in columns of their own, where the set has one name: a column made of them."""

import re

import msgspec

from importer.drafting.sheets import Column, Sheet
from importer.drafting.targets import Offer
from importer.drafting.thesaurus import concepts_of
from importer.drafting.words import words_of
from importer.sources import Cell, CellKind

_PARTS = ("last name", "first name", "middle name")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_CERTAIN = 0.95


def joined_names(sheet: Sheet, offer: Offer) -> Sheet:
    """Return the sheet with one column in the place of the parts of a name, if the set takes names whole."""
    whole = any(item.names_entity for item in offer.targets.values())
    apart = any(item.concepts.get("last name", 0) >= _CERTAIN for item in offer.targets.values())
    parts = [column for part in _PARTS if (column := _column_of(part, sheet)) is not None]
    if not whole or apart or len(parts) < 2 or _column_of("full name", sheet) is not None:
        return sheet
    letters = {column.letters for column in parts}
    rest = [column for column in sheet.columns if column.letters not in letters]
    position = min(n for n, column in enumerate(sheet.columns) if column.letters in letters)
    return msgspec.structs.replace(sheet, columns=(*rest[:position], _joined(parts), *rest[position:]))


def _column_of(concept: str, sheet: Sheet) -> Column | None:
    return next(
        (
            column
            for column in sheet.columns
            if column.header and concepts_of(words_of(column.header)).get(concept, 0) >= _CERTAIN
        ),
        None,
    )


def _joined(parts: list[Column]) -> Column:
    values = tuple(
        _cell([cell for cell in cells if cell])
        for cells in zip(*(part.values for part in parts), strict=True)
    )
    names = ", ".join(_reference(part.written) for part in parts)
    return Column(
        letters="+".join(part.letters for part in parts),
        header=" + ".join(part.header for part in parts),
        written=" + ".join(part.written for part in parts),
        values=values,
        cells=tuple(cell for cell in values if cell is not None),
        expression=f'=join(" ", {names})',
        means="full name",
    )


def _cell(cells: list[Cell]) -> Cell | None:
    text = " ".join(cell.text for cell in cells)
    return Cell(text, cells[0].column, CellKind.TEXT, text) if cells else None


def _reference(header: str) -> str:
    if _IDENTIFIER.fullmatch(header):
        return f"row.{header}"
    escaped = header.replace("\\", "\\\\").replace('"', '\\"')
    return f'row["{escaped}"]'
