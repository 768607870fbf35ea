"""Workbooks: exact values, kinds and addresses."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importer.sources import Cell, CellKind


def only_cell(table):
    (section,) = table.sections
    return list(section.rows)[-1].cells[0]


@pytest.mark.parametrize(
    ("value", "code", "expected", "kind", "text"),
    [
        (7.1, "General", Decimal("7.1"), CellKind.NUMBER, "7.1"),
        (5.0, "General", Decimal(5), CellKind.NUMBER, "5"),
        (-2.5, "General", Decimal("-2.5"), CellKind.NUMBER, "-2.5"),
        (0, "General", Decimal(0), CellKind.NUMBER, "0"),
        (1e-7, "General", Decimal("1E-7"), CellKind.NUMBER, "0.0000001"),
        (42, "00000", Decimal(42), CellKind.NUMBER, "00042"),
        (-42, "00000", Decimal(-42), CellKind.NUMBER, "-00042"),
        (2.5, "0", Decimal("2.5"), CellKind.NUMBER, "3"),
        (1, "00", Decimal(1), CellKind.NUMBER, "01"),
        (1.1, "00.0", Decimal("1.1"), CellKind.NUMBER, "01.1"),
        (1, "00.0", Decimal(1), CellKind.NUMBER, "01.0"),
        (-0.2, "00", Decimal("-0.2"), CellKind.NUMBER, "00"),
        (1e15, "00000", Decimal(10**15), CellKind.NUMBER, "1000000000000000"),
        (1.5, "0.00", Decimal("1.5"), CellKind.NUMBER, "1.5"),
        (0.5, "0%", Decimal("0.5"), CellKind.NUMBER, "0.5"),
        (True, "General", True, CellKind.BOOLEAN, "true"),
        (date(2026, 1, 31), "dd.mm.yyyy", date(2026, 1, 31), CellKind.DATE, "2026-01-31"),
        (
            datetime.fromisoformat("2026-01-31T15:30"),
            "dd.mm.yyyy hh:mm",
            datetime.fromisoformat("2026-01-31T15:30"),
            CellKind.DATETIME,
            "2026-01-31T15:30:00",
        ),
        (
            datetime.fromisoformat("2026-01-31T00:00"),
            "dd.mm.yyyy hh:mm",
            datetime.fromisoformat("2026-01-31T00:00"),
            CellKind.DATETIME,
            "2026-01-31T00:00:00",
        ),
        (
            datetime.fromisoformat("2026-01-31T00:00"),
            '"hour" d mmm yy',
            date(2026, 1, 31),
            CellKind.DATE,
            "2026-01-31",
        ),
        (time(9, 15), "hh:mm", time(9, 15), CellKind.TIME, "09:15:00"),
        (timedelta(hours=30), "[h]:mm", timedelta(hours=30), CellKind.DURATION, "PT30H"),
        (" ООО \xa0 «я»\u200b", "General", "ООО «я»", CellKind.TEXT, "ООО «я»"),
        ("31.01.2026", "dd.mm.yyyy", "31.01.2026", CellKind.TEXT, "31.01.2026"),
    ],
)
def test_value(book, opened, value, code, expected, kind, text):
    """A cell has the exact value, its kind, and the text that counts where text is wanted."""

    def change(sheet):
        sheet["A2"] = value
        sheet["A2"].number_format = code

    cell = only_cell(opened(book([["Колонка"]], change)))

    assert (cell.value, cell.kind, cell.text, cell.column) == (expected, kind, text, "A")
    assert type(cell.value) is type(expected)


def test_errors_and_formulas_without_a_value_are_seen(book, opened):
    """An error cell and a formula never calculated are never blanks, wherever they stand."""

    def change(sheet):
        sheet["B2"] = "#N/A"
        sheet["B2"].data_type = "e"
        sheet["D4"] = "=1+1"

    rows = list(opened(book([["А", "Б"], ["x"]], change)).sections[0].rows)

    assert rows[0].cells[1] == Cell("#N/A", "B", CellKind.ERROR, "#N/A")
    assert (rows[1].number, rows[1].cells[-1].column, rows[1].cells[-1].kind) == (4, "D", CellKind.FORMULA)


def test_a_sheet_of_formulas_alone(book, opened):
    """Formulas never calculated are rows, also when the sheet holds nothing else."""
    rows = list(opened(book([[None, "=1+1"], [None, "=A1"]]), header="none").sections[0].rows)

    assert [[cell.kind for cell in row.cells] for row in rows] == [[CellKind.FORMULA]] * 2


def test_1904_dates(book, opened):
    """Workbooks made on old Macs count days from 1904."""

    def change(sheet):
        sheet.parent.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        sheet["A2"] = date(2026, 1, 31)

    assert only_cell(opened(book([["А"]], change))).value == date(2026, 1, 31)


def test_sheet_by_name_number_and_pattern(book, opened, values, refused):
    """A sheet is named without regard to case, numbered from 1, or one of several; hidden ones are not the default."""

    def change(sheet):
        sheet.sheet_state = "hidden"
        for title in ("Отдел 1", "Отдел 2"):
            sheet.parent.create_sheet(title).append(["А"])
            sheet.parent[title].append([title])

    path = book([["А"], ["скрытый"]], change, title="Тайный")

    assert values(opened(path)) == [["Отдел 1"]]
    assert values(opened(path, sheet="ОТДЕЛ 2")) == [["Отдел 2"]]
    assert values(opened(path, sheet=1)) == [["скрытый"]]
    assert [section.sheet for section in opened(path, sheet="отдел*").sections] == ["Отдел 1", "Отдел 2"]
    problem = refused(path, sheet="Отдел 3")
    assert problem.code == "unknown-sheet"
    assert "Отдел 1" in problem.advice()
    assert refused(path, sheet=9).code == "unknown-sheet"


def test_cells_far_apart(raw_book, sheet_xml, opened, values):
    """Two cells at the far corners of a sheet do not cost the memory of all between."""
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    table = opened(raw_book(sheet_xml(far)), header="none")

    assert values(table) == [[Decimal(1), None], [None, Decimal(2)]]
    assert [(row.number, row.cells[1].column) for row in table.sections[0].rows] == [
        (1, "XFD"),
        (1048576, "XFD"),
    ]


def test_more_cells_than_fit_in_memory(raw_book, sheet_xml, refused, monkeypatch):
    """A sheet of too many cells is refused, and what to do is said."""
    monkeypatch.setattr("importer.sources.held._MAX_HELD", 3)
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="XFD{n}"><v>1</v></c></row>' for n in (1, 1048576)
    )

    problem = refused(raw_book(sheet_xml(rows)), header="none")
    assert problem.code == "file-unreadable"
    assert "empty rows" in problem.advice()


def test_styled_blanks_far_away_are_no_matter(raw_book, sheet_xml, opened, values):
    """Cells that only have a style, to the end of the sheet, do not count."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'

    assert values(opened(raw_book(sheet_xml(rows)), header="none")) == [[Decimal(1)]]


cells = st.one_of(
    st.none(),
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff_"),
        max_size=8,
    ),
    st.integers(-(10**12), 10**12),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 6)),
    st.booleans(),
    st.dates(date(1901, 1, 1), date(2099, 12, 31)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(cells, min_size=1, max_size=6), min_size=1, max_size=8))
def test_agrees_with_openpyxl(book, opened, rows):
    """Every filled cell has the address and the value that openpyxl reads."""
    rows = [
        [None if isinstance(value, str) and value.startswith("=") else value for value in row] for row in rows
    ]
    path = book([["Заголовок"], *rows])
    sheet = openpyxl.load_workbook(path, read_only=True).active
    expected = {}
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            if cell.value not in (None, "") and getattr(cell, "data_type", "") != "e":
                value = cell.value
                expected[cell.coordinate] = value.date() if isinstance(value, datetime) else value
    sheet.parent.close()

    found = {}
    for row in opened(path, header=1, clean=False).sections[0].rows:
        for cell in row.cells:
            if cell.kind not in (CellKind.BLANK, CellKind.ERROR):
                found[f"{cell.column}{row.number}"] = (
                    float(cell.value) if isinstance(cell.value, Decimal) else cell.value
                )
    assert found == {at: float(v) if type(v) is int else v for at, v in expected.items()}


def test_a_panic_of_the_library_is_a_problem():
    """The library's panics, whose type nobody can import, are damaged files; an interrupt stays one."""
    from importer.problems import ConfigurationError, FilePlace
    from importer.sources.workbook import _translated

    panic = type("PanicException", (BaseException,), {})
    with pytest.raises(ConfigurationError), _translated(FilePlace("a.xlsx")):
        raise panic("out of bounds")
    with pytest.raises(KeyboardInterrupt), _translated(FilePlace("a.xlsx")):
        raise KeyboardInterrupt


def test_notes_and_struck_texts_outside_the_range_are_no_matter(book, opened):
    """Only what stands beside the cells that are read is warned of."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Font

    def change(sheet):
        sheet["A1"].font = sheet["B4"].font = Font(strike=True)
        sheet["A1"].comment, sheet["B3"].comment = Comment("a", "b"), Comment("c", "d")

    path = book([["Список", None], ["ФИО", "Код"], ["Анна", 1], ["Иван", 2]], change)

    def told(**keys):
        return [(problem.code, problem.cells) for problem in opened(path, [["ФИО"]], **keys).problems]

    assert told() == [("cell-notes", "A1, B3"), ("struck-through", "A1, B4")]
    assert told(range="A2:B4") == [("cell-notes", "B3"), ("struck-through", "B4")]
    assert told(range="A2:A4") == []


@pytest.mark.parametrize("unusual", [False, True])
def test_texts_struck_through_in_part(raw_book, sheet_xml, opened, values, unusual):
    """A text of which some words are struck through is told and read whole, shared or in its cell."""
    from tests.unit.sources.conftest import MAIN, OFFICE, RELS

    run = "<r><rPr><strike{}/></rPr><t>нет</t></r>"
    texts = "".join(
        f"<si>{item}</si>"
        for item in (
            "<t>а</t>",
            f'<r><t xml:space="preserve">да </t></r>{run.format("")}',
            run.format(' val="0"'),
        )
    )
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
        f'<row r="2"><c r="A2" t="inlineStr"><is>{run.format("")}</is></c></row>'
    )
    if unusual:
        rows = rows.replace('<c r="A1"', '<c  r="A1"')
    rels = RELS.format("worksheet", "worksheets/sheet1.xml").replace(
        "</Relationships>",
        f'<Relationship Id="rId8" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    extra = {
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{texts}</sst>'.encode(),
        "xl/_rels/workbook.xml.rels": rels.encode(),
    }
    table = opened(raw_book(sheet_xml(rows), extra=extra), header="none")

    (problem,) = table.problems
    assert (problem.code, sorted(problem.cells.split(", "))) == ("struck-through", ["A2", "B1"])
    assert values(table) == [["а", "да нет", "нет"], ["нет", None, None]]


@pytest.mark.parametrize("kind", ["chartsheet", "dialogsheet", "xlMacrosheet"])
def test_sheets_that_are_no_data(raw_book, sheet_xml, opened, refused, values, kind):
    """Charts, dialogs and macros are passed over, whether by number, by pattern or by default."""
    from tests.unit.sources.conftest import OFFICE, RELS, WORKBOOK

    rels = RELS.format("worksheet", "worksheets/sheet1.xml").replace(
        "</Relationships>",
        f'<Relationship Id="rId8" Type="{OFFICE}/{kind}" Target="other/sheet1.xml"/></Relationships>',
    )
    extra = {
        "xl/workbook.xml": WORKBOOK.replace(
            "<sheets>", '<sheets><sheet name="D" sheetId="7" r:id="rId8"/>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": rels.encode(),
        "xl/other/sheet1.xml": b"<chartsheet/>",
    }
    path = raw_book(sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>'), extra=extra)

    for sheet in (None, 1, "*"):
        assert values(opened(path, header="none", sheet=sheet)) == [[1]]
    assert refused(path, sheet="D").sheets == "S"


def test_a_table_on_another_sheet(book, opened, values, refused):
    """A table's name finds its sheet; a sheet that is named beside it must be that one."""
    from openpyxl.worksheet.table import Table

    def change(sheet):
        other = sheet.parent.create_sheet("Склад")
        for row in (["Остатки"], ["Товар", "Цена"], ["Стол", 100], ["Итого", 100]):
            other.append(row)
        other.add_table(Table(displayName="Товары", ref="A2:B3"))

    path = book([["ФИО"], ["Анна"]], change)

    assert values(opened(path, [["Товар"]], range="товары")) == [["Стол", 100]]
    assert "Склад" in refused(path, range="Товары", sheet="Лист").message()
    problem = refused(path, range="Товар")
    assert (problem.code, [near.text for near in problem.near]) == ("unknown-range", ["Товары"])
