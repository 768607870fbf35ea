"""The cells of a column: equal keys of different types, blanks, what is remembered."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from importer.sources import Cell, CellKind
from importer.sources.cells import ColumnCells, coded_cell


@pytest.mark.parametrize("order", [(True, 1, 1.0, False, 0, -0.0), (0.0, False, 1.0, True, 1)])
def test_booleans_are_no_numbers(order):
    """True and 1 are equal to Python, and two kinds of cells all the same, whichever comes first."""
    cells = ColumnCells(0, cleaned=True, blank=frozenset())

    for raw in (*order, *order):
        kind = CellKind.BOOLEAN if isinstance(raw, bool) else CellKind.NUMBER
        assert cells[raw].kind is kind
        assert cells[raw].text == (("true" if raw else "false") if isinstance(raw, bool) else str(int(raw)))


def test_equal_values_are_one_cell():
    """A value is made once, blanks are one cell, and a cell stays what it is."""
    cells = ColumnCells(2, cleaned=True, blank=frozenset({"-"}))
    odd = Cell("#N/A", "C", CellKind.ERROR, "#N/A")

    assert cells["текст"] is cells["текст"]
    assert cells[""] is cells["  "] is cells[" - "]
    assert cells[odd] is odd
    assert cells[date(2024, 1, 31)] == Cell(date(2024, 1, 31), "C", CellKind.DATE, "2024-01-31")
    assert cells[datetime.fromisoformat("2024-01-31T00:00:00")].kind is CellKind.DATETIME


@pytest.mark.parametrize("cleaned", [True, False])
@pytest.mark.parametrize("blank", [frozenset(), frozenset({"-", "н/д"})])
@pytest.mark.parametrize("raw", ["", " ", "\u200b", "-", " Н/Д ", "а", "-а", "1", 0, False, 2.5])
def test_fills_says_what_the_cell_says(raw, cleaned, blank):
    """The short way to know that a value is not blank agrees with the cell."""
    cells = ColumnCells(0, cleaned=cleaned, blank=blank)

    assert (raw != "" and cells.fills(raw)) == (cells[raw].kind is not CellKind.BLANK)


@pytest.mark.parametrize(
    ("value", "text"),
    [(42.0, "00042"), (-1.0, "-00001"), (-42.0, "-00042"), (41.6, "00042"), (123456.0, "123456")],
)
def test_codes_keep_their_zeros(value, text):
    """The displayed text, as Excel shows it."""
    assert coded_cell(value, "00000", "A").text == text
    assert coded_cell(value, "00000", "A").value == Decimal(str(value))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_impossible_numbers_are_errors(value):
    """No spreadsheet writes them, but a program may."""
    cells = ColumnCells(0, cleaned=True, blank=frozenset())

    assert cells[value].kind is coded_cell(value, "000", "A").kind is CellKind.ERROR
