"""Reading a workbook with provenance, against bare calamine over the same file."""

import datetime as dt
import tempfile
import time
from pathlib import Path

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from benchmarks.workbooks import as_excel_writes
from importer.sources import TableSpec, open_table

ROWS = 20_000
ROUNDS = 5


def main() -> None:
    """Print the ratio of the fastest rounds."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "book.xlsx"
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Лист")
        sheet.append([f"Колонка {n}" for n in range(12)])
        for n in range(ROWS):
            sheet.append(
                [
                    n,
                    f"Сотрудник {n}",
                    dt.date(2024, 1, 1 + n % 28),
                    n / 4,
                    "текст",
                    "ещё текст",
                    n,
                    "а",
                    "б",
                    "в",
                    True,
                    f"код {n}",
                ]
            )
        book.save(path)
        as_excel_writes(path)
        ours, bare = [], []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            sum(1 for _ in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows())
            bare.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            table = open_table(TableSpec(files=(path,), shown=("book.xlsx",)), [["Колонка 1"]])
            count = sum(1 for section in table.sections for _ in section.rows)
            ours.append(time.perf_counter() - begun)
            assert count == ROWS
    print(
        f"reader    {ROWS} rows of 12: {min(ours):.2f} s, bare calamine {min(bare):.2f} s: ratio {min(ours) / min(bare):.1f}"
    )
