"""Makes Macintosh.xlsm: days counted from 1904, Excel tables and defined names, a very hidden sheet, several tables on a sheet.

It holds no macros; the name and the content type are those of a workbook that may.

    python samples/names_1904/make_names.py
"""

import random
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from making import Mapped, Page, expected, file_truth, new_book, packed, write
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

SEED = 1904


def contents():
    """Return the files by name."""
    seeded, book, mapped = random.Random(SEED), new_book(), Mapped()
    book.epoch = CALENDAR_MAC_1904
    page, rates, lists = (
        Page(book.create_sheet(name), state=state)
        for name, state in (("Data", "visible"), ("Rates", "hidden"), ("Lists", "very_hidden"))
    )
    rates.sheet.sheet_state, lists.sheet.sheet_state = "hidden", "veryHidden"
    staff = mapped.step("staff", "Users", ("code", "name", "firstWorkDay", "lastWorkDay"))
    page.put("B2", "Staff of the design studio")
    page.row(4, ("No.", "Name", "Since", "Until", "Seen", "Starts"), "B")
    page.truth["header_row"] = 4
    for number in range(10):
        row, since = number + 5, date(2008, 1, 7) + timedelta(days=seeded.randrange(6000))
        # A day typed as a number: in this workbook it counts from 1904.
        serial = number == 4
        until = "30 June 2026" if number == 2 else date(2026, 6, 30) if number == 5 else None
        page.row(
            row,
            (f"S-{number}", f"Person {number}", (since - date(1904, 1, 1)).days if serial else since, until),
            "B",
        )
        if number == 0:
            page.put(f"F{row}", datetime(2026, 2, 3, 14, 30), shown="DD.MM.YYYY HH:MM")  # noqa: DTZ001 - a cell has no zone
            page.put(f"G{row}", time(9, 15), shown="HH:MM")
        staff.row(
            row,
            {
                "code": f"S-{number}",
                "name": f"Person {number}",
                "firstWorkDay": since.isoformat(),
                "lastWorkDay": "2026-06-30" if until else None,
            },
        )
    page.sheet.add_table(Table(displayName="Staff", ref="B4:G14"))
    page.truth["tables"] = [{"name": "Staff", "range": "B4:G14"}]
    page.put("B17", "Not of the table")
    page.row(18, ("No.", "Name", "Since", "Until"), "B")
    page.row(19, ("X-1", "Nobody", date(2020, 1, 1)), "B")
    page.says("second-table", "18")

    rates.head(1, ("Role", "Rate", "Valid from"))
    lines = mapped.step("rates", "RateMatrixLines", ("rateMatrix", "role", "rate"))
    for number, (role, rate) in enumerate((("Designer", 90.5), ("Editor", 75), ("Total", 165.5)), start=2):
        rates.row(number, (role, rate, date(2026, 1, 1)))
        if role != "Total":
            lines.row(number, {"rateMatrix": "2026", "role": role, "rate": f"{rate}"})
    book.defined_names["Rates_2026"] = DefinedName("Rates_2026", attr_text="Rates!$A$1:$C$3")
    lists.head(1, ("Code", "Role"))
    lists.row(2, ("D", "Designer"))
    roles = mapped.step("roles", "Roles", ("code", "name"))
    roles.row(2, {"code": "D", "name": "Designer"})
    content = packed(book, _with_macros)
    truth = file_truth("xlsm", [page, rates, lists])
    return {
        "Macintosh.xlsm": content,
        "expected.json": expected({"Macintosh.xlsm": truth}, {"studio.yaml": mapped}),
    }


def _with_macros(name, data):
    if name != "[Content_Types].xml":
        return data
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return data.replace(plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")


if __name__ == "__main__":
    write(__file__, contents())
