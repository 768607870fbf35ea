"""What `importer read` shows of a file."""

from datetime import date

import pytest

from importer.problems import ConfigurationError
from importer.sources.inspection import CellFacts, NamedRange, inspect


def test_workbook(book):
    """Sheets with their facts, cells as they stand, and what a plan would say."""
    from openpyxl.styles import Alignment
    from openpyxl.worksheet.table import Table

    def change(sheet):
        sheet.merge_cells("A1:C1")
        sheet["B3"].number_format = "000"
        sheet["A3"].alignment = Alignment(indent=2)
        sheet["C4"].data_type = "e"
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["C"].hidden = True
        sheet.add_table(Table(displayName="Люди", ref="A2:C4"))
        sheet.parent.create_sheet("Тайный").sheet_state = "veryHidden"

    rows = [
        ["Список"],
        ["ФИО", "Код", "Дата"],
        [" Иванов ", 7, date(2026, 1, 31)],
        [True, "=1+1", "#N/A"],
        [" "],
    ]
    facts = inspect(book(rows, change), shown="book.xlsx")

    assert (facts.file, facts.kind, facts.encoding) == ("book.xlsx", "xlsx", None)
    first, second = facts.sheets
    assert (first.name, first.state, first.rows, first.columns, first.header_row) == (
        "Лист",
        "visible",
        5,
        3,
        2,
    )
    assert (first.merged, first.hidden_rows, first.hidden_columns) == (("A1:C1",), (4,), ("C",))
    assert first.tables == (NamedRange("Люди", "A2:C4"),)
    assert (second.name, second.state, second.header_row) == ("Тайный", "very_hidden", None)
    assert [row.row for row in facts.rows] == [1, 2, 3, 4]
    assert facts.rows[2].cells == {
        "A": CellFacts("text", " Иванов ", indent=2),
        "B": CellFacts("number", "7", format="000"),
        "C": CellFacts("date", "2026-01-31", format="yyyy-mm-dd"),
    }
    assert facts.rows[3].cells == {
        "A": CellFacts("boolean", value=True),
        "B": CellFacts("error", "", error="formula-without-value", formula="=1+1"),
        "C": CellFacts("error", "#N/A", error="#N/A"),
    }
    assert [problem.code for problem in facts.problems] == ["hidden-rows"]


def test_rows_sheet_range_and_header(book):
    """The options narrow what is shown."""

    def change(sheet):
        sheet.parent.create_sheet("Второй").append(["x", "y"])

    path = book([["a", "b"], ["c", 1.5], ["d"]], change)

    assert [row.row for row in inspect(path, rows=2).rows] == [1, 2]
    assert inspect(path, sheet="второй").rows[0].sheet == "Второй"
    assert list(inspect(path, range="B2:").rows[0].cells) == ["B"]
    assert inspect(path, header=2).sheets[0].header_row == 2
    assert inspect(path, header="none").sheets[0].header_row is None
    assert inspect(path, sheet="*", rows=4).rows[-1].sheet == "Второй"
    with pytest.raises(ConfigurationError):
        inspect(path, header=9)


def test_text(text):
    """Encoding and delimiter with how they were found; blocked lines are said."""
    facts = inspect(text("ФИО;Код\nИванов;1\nПетров\n", "cp1251"))

    assert (facts.kind, facts.encoding, facts.encoding_how) == ("csv", "cp1251", "guess")
    assert (facts.delimiter, facts.delimiter_how) == (";", "guess")
    assert (facts.sheets[0].rows, facts.sheets[0].columns, facts.sheets[0].header_row) == (3, 2, 1)
    assert facts.rows[1].cells["B"] == CellFacts("text", "1")
    assert [problem.code for problem in facts.problems] == [
        "guessed-encoding",
        "guessed-delimiter",
        "ragged-row",
    ]
    with pytest.raises(ConfigurationError):
        inspect(text("a;b"), range="Имя")


def test_missing_and_empty(tmp_path, book):
    """A missing file stops; an empty sheet is a problem among the facts."""
    with pytest.raises(ConfigurationError):
        inspect(tmp_path / "no.xlsx")
    assert [problem.code for problem in inspect(book([])).problems] == ["empty-table"]


def test_invisible_characters_are_told(book):
    """Each cell whose text loses them is told; the text is shown as it stands in the file."""
    facts = inspect(book([["Имя", "Код"], ["Ан\u00adна", "\u200b"], ["Иван", "7\ufeff"]]), shown="book.xlsx")

    assert facts.rows[1].cells["A"].value == "Ан\u00adна"
    assert [(str(item.place), item.code) for item in facts.problems] == [
        ("book.xlsx › Лист › A2", "invisible-characters"),
        ("book.xlsx › Лист › B3", "invisible-characters"),
    ]
