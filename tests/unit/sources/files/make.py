"""Write the workbook that LibreOffice then converted; see README.md."""

import datetime as dt
import sys

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.workbook.defined_name import DefinedName

ROWS = [
    ["ФИО", "Код", "Дата", "Момент", "Время", "Длит", "Доля", "Сумма", "Флаг", "Ошибка", "Формула"],
    [
        "Иванов",
        42,
        dt.date(2026, 1, 31),
        dt.datetime.fromisoformat("2026-01-31T15:30:20"),
        dt.time(9, 15),
        dt.timedelta(hours=30),
        0.125,
        1234.5,
        True,
        "=NA()",
        "=1+1",
    ],
    [
        "Петров",
        7,
        dt.date(1999, 12, 31),
        dt.datetime.fromisoformat("2026-01-31T00:00"),
        dt.time(0, 0),
        dt.timedelta(hours=1, minutes=5),
        0.5,
        -5,
        False,
        "=1/0",
        '="a"&"b"',
    ],
    ["Сидоров", 1234, *[None] * 7, "=VLOOKUP(1,A1:B2,2,0)", '=""'],
    ["  отступ\nперенос", None],
]
FORMATS = {
    2: "00000",
    3: "dd.mm.yyyy",
    4: "dd.mm.yyyy hh:mm",
    5: "hh:mm",
    6: "[h]:mm",
    7: "0.0%",
    8: '#,##0.00" ₽"',
}

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "Лист"
for row in ROWS:
    sheet.append(row)
for number in range(2, 6):
    for column, code in FORMATS.items():
        sheet.cell(number, column).number_format = code
sheet["B4"].number_format = '0000" "00'
sheet["A5"].alignment = Alignment(indent=2)
sheet["A4"].font = Font(strike=True)
sheet["A2"].comment = Comment("примечание", "x")
sheet.row_dimensions[3].hidden = True
sheet.row_dimensions[4].outlineLevel = 2
sheet.column_dimensions["H"].hidden = True
sheet["A7"] = "Итого"
sheet.merge_cells("A7:B8")
sheet["A10"] = "внизу"
book.create_sheet("Тайный").append(["x", 1])
book["Тайный"].sheet_state = "hidden"
for row in (["p", "q"], [1, 2]):
    (book["O'Neil 2"] if "O'Neil 2" in book.sheetnames else book.create_sheet("O'Neil 2")).append(row)
book.defined_names["Люди"] = DefinedName("Люди", attr_text="'Лист'!$A$1:$C$4")
book.defined_names["Битое"] = DefinedName("Битое", attr_text="#REF!")
book.save(sys.argv[1])
