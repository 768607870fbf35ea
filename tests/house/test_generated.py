"""What is generated is what is committed: `make docs` would change nothing."""

import io
import runpy
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.house.generating import ROOT, SAMPLE, generated, sample_files, sample_scripts

FILES = dict(generated())


def cells(book: Workbook) -> dict[tuple[str, str], tuple[object, str, str]]:
    return {
        (sheet.title, cell.coordinate): (cell.value, cell.data_type, cell.number_format)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_up_to_date(path: Path):
    """Schemas agree with the models, copies with their source."""
    assert path.read_bytes() == FILES[path]


def test_workbook():
    """The committed workbook has the cells that its script makes."""
    script = runpy.run_path(str(SAMPLE / "make_workbook.py"))
    made = load_workbook(io.BytesIO(script["content"]()))

    assert cells(made) == cells(load_workbook(SAMPLE / "onboarding.xlsx"))
    assert [sheet.merged_cells.ranges for sheet in made] == [
        sheet.merged_cells.ranges for sheet in load_workbook(SAMPLE / "onboarding.xlsx")
    ]


def test_workbook_twice():
    """The script makes the same bytes each time."""
    script = runpy.run_path(str(SAMPLE / "make_workbook.py"))

    assert script["content"]() == script["content"]()


@pytest.mark.parametrize("script", sample_scripts(), ids=lambda path: path.parent.name)
def test_samples(script: Path):
    """Each sample and what is expected of it are what its script makes; a workbook has the same cells."""
    for name, content in sample_files(script).items():
        committed = script.with_name(name).read_bytes()
        if committed[:2] != b"PK":
            assert content == committed, name
        else:
            made, there = load_workbook(io.BytesIO(content)), load_workbook(io.BytesIO(committed))
            assert cells(made) == cells(there), name
            assert [layout(sheet) for sheet in made] == [layout(sheet) for sheet in there], name


def layout(sheet: Worksheet) -> tuple[object, ...]:
    """What a sheet has besides cells."""
    rows = sheet.row_dimensions
    return (
        sheet.sheet_state,
        sorted(map(str, sheet.merged_cells.ranges)),
        {number: (rows[number].hidden, rows[number].outlineLevel) for number in rows},
        sorted(letters for letters, column in sheet.column_dimensions.items() if column.hidden),
        dict(sheet.tables.items()),
    )
