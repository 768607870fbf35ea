"""Every format says the same of the same workbook: values, and what lies behind them."""

import io
import struct
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook
from unit.sources.binaries import at, biff, biff5, compound, record, rk, row, wide, xlsb

from importer.sources import Cell, CellKind
from importer.sources.books import open_book
from importer.sources.inspection import inspect

FILES = Path(__file__).parent / "files"
KINDS = ("xlsx", "xls", "ods")
ROWS = [
    ["ФИО", "Код", "Дата", "Момент", "Время", "Длит", "Доля", "Сумма", "Флаг", "Ошибка", "Формула"],
    [
        "Иванов",
        Decimal(42),
        date(2026, 1, 31),
        datetime.fromisoformat("2026-01-31T15:30:20"),
        time(9, 15),
        timedelta(hours=30),
        Decimal("0.125"),
        Decimal("1234.5"),
        True,
        "#N/A",
        Decimal(2),
    ],
    [
        "Петров",
        Decimal(7),
        date(1999, 12, 31),
        datetime.fromisoformat("2026-01-31T00:00:00"),
        time(0),
        timedelta(hours=1, minutes=5),
        Decimal("0.5"),
        Decimal(-5),
        False,
        "#DIV/0!",
        "ab",
    ],
    ["Сидоров", Decimal(1234), *[None] * 7, "#N/A", None],
    ["отступ\nперенос", *[None] * 10],
    ["Итого", *[None] * 10],
    ["внизу", *[None] * 10],
]


@pytest.fixture
def written(tmp_path):
    """Write bytes as a file."""

    def make(data: bytes, name: str = "book.xlsx") -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return make


@pytest.mark.parametrize("kind", KINDS)
def test_values(kind, opened, values):
    """What LibreOffice calculated is read with exact values and kinds; errors are errors."""
    table = opened(FILES / f"libreoffice.{kind}", header="none")
    rows = list(table.sections[0].rows)

    assert values(table) == ROWS
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 7, 10]
    assert [rows[n].cells[1].text for n in (1, 2, 3)] == ["00042", "00007", "0012 34"]
    assert [rows[n].cells[9].kind for n in (1, 2, 3)] == [CellKind.ERROR] * 3


@pytest.mark.parametrize("kind", KINDS)
def test_what_lies_behind(kind):
    """Hidden rows, columns and sheets, merges, indents, outlines, notes and struck texts are seen in all formats."""
    path = FILES / f"libreoffice.{kind}"
    facts = inspect(path)
    first, second, third = facts.sheets

    assert facts.kind == kind
    assert [(sheet.name, sheet.state) for sheet in facts.sheets] == [
        ("Лист", "visible"),
        ("Тайный", "hidden"),
        ("O'Neil 2", "visible"),
    ]
    assert (first.hidden_rows, first.hidden_columns, first.merged) == ((3,), ("H",), ("A7:B8",))
    assert (first.rows, first.columns, third.rows, third.columns, second.columns) == (10, 11, 2, 2, 2)
    assert [problem.code for problem in facts.problems] == ["cell-notes", "struck-through", "hidden-rows"]
    assert ["(A2)" in facts.problems[0].message(), "(A4)" in facts.problems[1].message()] == [True, True]
    assert facts.rows[4].cells["A"].indent == 2
    assert facts.rows[1].cells["G"].format == "0.0%"
    book = open_book(path, path.name)
    assert book.grid(book.sheets[0]).lines.details().outlines == {4: 2}


@pytest.mark.parametrize("kind", KINDS)
def test_named_ranges(kind, opened, values, refused):
    """A defined name is a range in all formats; one whose cells are gone is said."""
    path = FILES / f"libreoffice.{kind}"

    assert [row[0] for row in values(opened(path, range="люди"))] == ["Иванов", "Петров", "Сидоров"]
    assert "#REF!" in refused(path, range="Битое").message()
    assert refused(path, range="Никто").code == "unknown-range"


@pytest.mark.parametrize("kind", KINDS)
def test_agrees_with_calamine(kind):
    """Dates, numbers and texts are those that an independent reader finds."""
    path = FILES / f"libreoffice.{kind}"
    book = open_book(path, path.name)
    other = CalamineWorkbook.from_path(str(path))
    for part in book.sheets:
        found = {}
        lines = book.grid(part).lines
        for line in lines.read():
            for n, raw in enumerate(line.values, start=lines.left):
                if raw != "" and not (isinstance(raw, Cell) and raw.kind is CellKind.ERROR):
                    value = raw.value if isinstance(raw, Cell) else raw
                    found[line.number, n] = float(value) if isinstance(value, Decimal) else value
        sheet = other.get_sheet_by_name(part.name)
        left = sheet.start[1]
        for number, values in enumerate(sheet.iter_rows(), start=1):
            for n, value in enumerate(values, start=left):
                mine = found.get((number, n), "")
                if kind == "ods" and isinstance(mine, (bool, datetime, time, timedelta)):
                    continue  # calamine knows no styles of OpenDocument
                if value != "" and not (isinstance(value, str) and value.startswith("#")):
                    assert (mine.date() if type(mine) is datetime and type(value) is date else mine) == value


def test_agrees_with_openpyxl():
    """The .xlsx of LibreOffice holds for openpyxl what it holds for us."""
    sheet = openpyxl.load_workbook(FILES / "libreoffice.xlsx", data_only=True).worksheets[0]
    facts = inspect(FILES / "libreoffice.xlsx")
    for line in facts.rows:
        for letters, cell in line.cells.items():
            value = sheet[f"{letters}{line.row}"].value
            if cell.type == "number":
                assert Decimal(cell.value) == Decimal(str(value))
            elif cell.type in ("text", "error"):
                assert cell.value == value


SHEET = (
    record(390)
    + record(60, struct.pack("<4IH", 2, 2, 2000, 0, 1))
    + record(391)
    + record(145)
    + row(1)
    + record(7, at(0) + struct.pack("<I", 0))
    + record(6, at(1) + wide("Код"))
    + row(2, hidden=True)
    + record(7, at(0) + struct.pack("<I", 1))
    + record(2, at(1, 1) + rk(42))
    + record(5, at(2, 2) + struct.pack("<d", 46053.5))
    + record(3, at(3) + b"\x2a")
    + record(4, at(4) + b"\1")
    + row(4, outline=2)
    + record(8, at(0, 3) + wide("ф") + struct.pack("<HII", 0, 0, 0))
    + record(9, at(1) + struct.pack("<d", 2.5) + struct.pack("<HII", 0, 0, 0))
    + record(11, at(3) + b"\x07" + struct.pack("<HII", 0, 0, 0))
    + record(1, at(9))
    + record(62, at(10) + b"\0" + wide("богатый"))
    + record(146)
    + record(177, struct.pack("<I", 1))
    + record(176, struct.pack("<4I", 3, 4, 0, 0))
    + record(178)
)
NAMES = record(362, struct.pack("<IIii", 1, 0, 0, 0)) + record(
    39,
    struct.pack("<IBI", 0, 0, 0xFFFFFFFF)
    + wide("Имя")
    + struct.pack("<IBHIIHH", 15, 0x3B, 0, 0, 1, 0, 0x4001),
)
TABLE = record(660, struct.pack("<4I", 0, 3, 0, 1) + bytes(48) + wide("t") + wide("Таблица"))
COMMENTS = record(635, struct.pack("<5I", 0, 1, 1, 2, 2) + bytes(16))


def binary(**more):
    """Write the binary workbook of these tests."""
    formats = ("00000", "dd.mm.yyyy hh:mm")
    return xlsb(
        SHEET, formats=formats, texts=("ФИО", "Иванов"), names=NAMES, table=TABLE, comments=COMMENTS, **more
    )


def test_binary_workbook(written, opened, values, refused):
    """An .xlsb is read with its errors, codes, dates and results of formulas."""
    path = written(binary())
    facts = inspect(path)
    (sheet,) = facts.sheets

    assert (facts.kind, sheet.hidden_rows, sheet.hidden_columns, sheet.merged) == (
        "xlsb",
        (2,),
        ("C",),
        ("A4:A5",),
    )
    assert [(table.name, table.range) for table in sheet.tables] == [("Таблица", "A1:B4")]
    assert values(opened(path)) == [
        ["Иванов", Decimal(42), datetime.fromisoformat("2026-01-31T12:00"), "#N/A", True, None],
        ["ф", Decimal("2.5"), None, "#DIV/0!", None, "богатый"],
    ]
    assert facts.rows[1].cells["B"].format == "00000"
    assert [problem.code for problem in facts.problems] == ["cell-notes", "struck-through", "hidden-rows"]
    assert "C2" in facts.problems[0].message()
    assert values(opened(path, range="Имя")) == [["Иванов", Decimal(42)]]
    assert values(opened(path, range="Таблица")) == [["Иванов", Decimal(42)], ["ф", Decimal("2.5")]]


def test_binary_workbook_agrees_with_calamine():
    """The records are those that an independent reader understands."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(binary())).get_sheet_by_index(0)
    noon = datetime.fromisoformat("2026-01-31T12:00")

    assert sheet.to_python()[1][:5] == ["Иванов", 42.0, noon, "", True]


def test_binary_workbook_of_1904(written, opened):
    """Days count from 1904 where the workbook says so."""
    first, _ = opened(written(binary(since_1904=True))).sections[0].rows

    assert first.cells[2].value == datetime.fromisoformat("2030-02-01T12:00")


@pytest.mark.parametrize(
    "sheet",
    [
        row(1) + record(7, at(0) + struct.pack("<I", 9)),
        row(1) + record(2, b"\0"),
        row(1) + record(6, at(0) + struct.pack("<I", 999)),
        row(1) + record(5, at(20_000) + bytes(8)),
        record(0, b"")[:-1] + b"\x7f",
    ],
)
def test_damaged_binary_workbook(written, refused, sheet):
    """A record that is cut or points beyond what there is makes the file a damaged one."""
    assert "damaged" in refused(written(xlsb(sheet))).message()


CELLS = (
    biff(0x204, struct.pack("<HHHH", 0, 0, 0, 3) + "ФИО".encode("cp1251"))
    + biff(0x203, struct.pack("<HHHd", 1, 0, 1, 42))
    + biff(0x203, struct.pack("<HHHd", 1, 1, 2, 1.5))
    + biff(0x205, struct.pack("<HHHBB", 1, 2, 0, 0x2A, 1))
    + biff(0x205, struct.pack("<HHHBB", 1, 3, 0, 1, 0))
)


@pytest.mark.parametrize(("since_1904", "day"), [(False, date(1900, 1, 1)), (True, date(1904, 1, 2))])
@pytest.mark.parametrize("wrapped", [True, False])
def test_excel_5(written, opened, values, since_1904, day, wrapped):
    """A workbook of Excel 5 in a code page is read, also as a bare stream; days count from its own beginning."""
    stream = biff5(CELLS, formats=("00000", "dd.mm.yyyy hh:mm"), since_1904=since_1904)
    path = written(compound(Book=stream) if wrapped else stream, "old.xlsx")
    noon = datetime.combine(day, time(12))

    assert values(opened(path, header=1)) == [[Decimal(42), noon, "#N/A", True]]
    assert inspect(path).kind == "xls"
    assert inspect(path).rows[1].cells["A"].format == "00000"


def test_protected_excel_5(written, refused):
    """A protected .xls is said to be so."""
    assert "password" in refused(written(compound(Book=biff5(CELLS, protected=True)))).message()


CONTENT = """<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="S">{}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def document(rows: str, **parts: str) -> bytes:
    """Write an OpenDocument spreadsheet of one sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", CONTENT.format(rows))
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def cell(kind: str = "", text: str = "", formula: str = "", columns: int = 1, **office: object) -> str:
    found = {"office:value-type": kind, "table:formula": formula, "table:number-columns-repeated": columns}
    found |= {f"office:{name.replace('_', '-')}": value for name, value in office.items()}
    typed = " ".join(f'{name}="{value}"' for name, value in found.items() if value)
    return f"<table:table-cell {typed}>{text}</table:table-cell>"


def test_document_cells(written, opened, values):
    """Repeated cells and rows are written out; notes and ruby texts are no part of a text; spaces are kept."""
    note = "<office:annotation><text:p>тайна</text:p></office:annotation>"
    words = "<text:p>а<text:s text:c='2'/>б<text:ruby-text>нет</text:ruby-text></text:p><text:p>в</text:p>"
    number, truth = cell("float", value=5, columns=2), cell("boolean", boolean_value="true")
    length, share = cell("time", time_value="PT25H00M00S"), cell("percentage", value=0.1)
    rows = (
        f"<table:table-row>{cell('string', note + words)}{number}"
        "<table:table-cell table:number-columns-repeated='16381'/></table:table-row>"
        f"<table:table-row table:number-rows-repeated='2'>{truth}{length}{share}</table:table-row>"
        "<table:table-row table:number-rows-repeated='1048573'><table:table-cell table:number-columns-repeated='16384'/>"
        "</table:table-row>"
    )
    path = written(document(rows))
    day = timedelta(hours=25)

    assert values(opened(path, header="none", clean=False)) == [
        ["а  б\nв", Decimal(5), Decimal(5)],
        [True, day, Decimal("0.1")],
        [True, day, Decimal("0.1")],
    ]
    assert [problem.code for problem in opened(path, header="none").problems] == ["cell-notes"]


def test_document_errors_and_formulas(written, opened):
    """Errors are known by their text too; a formula without any result is one never calculated."""
    formula = "of:=[.A1]"
    rows = "".join(
        f"<table:table-row>{item}</table:table-row>"
        for item in (
            cell("string", "<text:p>Err:502</text:p>", formula),
            cell("", "", formula),
            cell("string", "<text:p>#N/A</text:p>"),
            cell("date", "<text:p>x</text:p>", date_value="-0044-03-15"),
        )
    )
    cells = [row.cells[0] for row in opened(written(document(rows)), header="none").sections[0].rows]

    assert [(cell.kind, cell.text) for cell in cells] == [
        (CellKind.ERROR, "Err:502"),
        (CellKind.FORMULA, ""),
        (CellKind.TEXT, "#N/A"),
        (CellKind.TEXT, "x"),
    ]


def test_document_refused(written, refused):
    """Encrypted, damaged and other documents are one clear problem each."""
    manifest = {"META-INF/manifest.xml": "<a><encryption-data/></a>"}
    assert "password" in refused(written(document("", **manifest))).message()
    assert "damaged" in refused(written(document("<table:table-row>"))).message()
    assert (
        "damaged"
        in refused(written(document(f"<table:table-row>{cell('float')}</table:table-row>"))).message()
    )
    text = document("").replace(b"office:spreadsheet", b"office:presentatio")
    assert "damaged" in refused(written(text)).message()  # its checksum
    with zipfile.ZipFile(written(b"", "odt"), "w") as archive:
        archive.writestr("content.xml", CONTENT.format("").replace("office:spreadsheet", "office:text"))
    assert "no spreadsheet" in refused(written((written(b"", "x").parent / "odt").read_bytes())).message()


def test_a_million_filled_rows_by_repetition(written, refused):
    """A document that says a hundred times a million rows costs no memory."""
    many = cell("float", value=1, columns=16384)
    rows = f"<table:table-row table:number-rows-repeated='1048576'>{many}</table:table-row>"

    assert "more than can be read" in refused(written(document(rows))).message()
