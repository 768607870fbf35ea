"""Which lines are rows, and what is said about the others."""

import pytest

from importer.problems import CellPlace
from importer.sources import CellKind


def test_header_is_found_below_titles(book, opened):
    """The header is the first row that holds all the columns needed; everything above it is outside."""

    def change(sheet):
        sheet.merge_cells("A1:C1")

    rows = [["Оргструктура"], [], ["Отдел", "Кого"], ["Отдел", "Код ", "Е-mail"], ["ИТ", 1], ["Сбыт", 2]]
    (section,) = opened(book(rows, change), [["код"], ["нет", "отдел"]]).sections

    assert (section.header_row, len(section.rows), section.outside) == (4, 2, 3)
    assert [column.header for column in section.columns] == ["Отдел", "Код", "Е-mail"]
    assert [row.number for row in section.rows] == [5, 6]


def test_when_no_row_holds_all_the_one_that_holds_most_is_taken(book, opened):
    """A misspelt header does not lose the header row."""
    rows = [["Список"], ["ФИО", "Отдел", "Код"], ["Иванов", "ИТ", "1"]]

    assert opened(book(rows), [["ФИО"], ["Подразделение"]]).sections[0].header_row == 2
    assert opened(book(rows), [["Имя"], ["Подразделение"]]).sections[0].header_row == 2


def test_header_beyond_the_first_fifty_rows_is_not_looked_for(book, opened):
    """Only the top fifty rows are tried."""
    rows = [["a"]] + [["b"]] * 49 + [["ФИО"], ["Иванов"]]

    assert opened(book(rows), [["ФИО"]]).sections[0].header_row != 51
    assert opened(book(rows), [["ФИО"]], header=51).sections[0].header_row == 51


def test_header_by_number_and_none(book, opened, values, refused):
    """A number is the row's; with `none` the columns are letters."""
    path = book([["x", "y"], ["ФИО", "Код"], ["Иванов", "1"]])

    assert values(opened(path, header=2)) == [["Иванов", "1"]]
    (section,) = opened(path, header="none").sections
    assert len(section.rows) == 3
    assert [column.letters for column in section.find("b")] == ["B"]
    assert section.find("ФИО") == ()
    assert refused(path, header=9).found == "9"


def test_equal_headers_are_told_apart(book, opened):
    """The bare name of two equal headers finds both, each with its number finds one."""
    (section,) = opened(book([["Отдел", "ОТДЕЛ ", "Код (1)"], ["a", "b", "c"]]), [["Отдел (2)"]]).sections

    assert [column.letters for column in section.find("отдел")] == ["A", "B"]
    assert [column.letters for column in section.find("Отдел (2)")] == ["B"]
    assert section.find("Отдел (3)") == ()
    assert [column.letters for column in section.find("код (1)")] == ["C"]
    assert section.find("Код (2)") == ()


def test_header_on_two_lines_counts_as_one_with_a_space(book, opened):
    """A line break inside a header is a space."""
    (section,) = opened(book([["Дата\nприёма"], ["x"]])).sections

    assert section.find("дата приема")[0].header == "Дата приёма"


def test_blank_rows_and_repeated_headers_are_no_rows(book, opened, values):
    """Lines that are no rows are counted; a repeated header is said."""
    rows = [["ФИО", "Код"], ["Иванов", "1"], [" ", "-"], ["фио", "КОД"], ["ФИО", "2"]]
    table = opened(book(rows), blank=("-",))

    assert values(table) == [["Иванов", "1"], ["ФИО", "2"]]
    assert (table.rows, table.outside) == (2, 2)
    (problem,) = table.problems
    assert (problem.code, problem.place) == ("repeated-header", CellPlace("book.xlsx", "Лист", None, 4))


def test_vertical_merges_are_filled(book, opened, values):
    """The value of a vertical merge stands in each of its rows; one across is not spread, nor one over the header."""

    def change(sheet):
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("B5:C5")
        sheet.merge_cells("C1:C2")
        sheet.merge_cells("A6:A8")

    rows = [["Отдел", "ФИО", "Код"], ["ИТ", "a"], [None, "b"], [None, "c"], [None, "d"], ["Сбыт", "e"]]
    table = opened(book(rows, change), header=1)

    filled = [["ИТ", "a", None], ["ИТ", "b", None], ["ИТ", "c", None], [None, "d", None], ["Сбыт", "e", None]]
    assert values(table) == filled


def test_a_header_merged_down_stands_in_its_lowest_row(book, opened, values):
    """Of two header rows the lower one is the header; what is merged over both is one of its columns."""

    def change(sheet):
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")

    rows = [["Роль", "Уровни"], [None, "L1", "L2"], ["Аналитик", 1, 2]]
    table = opened(book(rows, change), [["Роль"], ["L1"]])

    assert [column.header for column in table.sections[0].columns] == ["Роль", "L1", "L2"]
    assert values(table) == [["Аналитик", 1, 2]]


@pytest.mark.parametrize(("hidden", "count", "problems"), [("include", 3, ["hidden-rows"]), ("skip", 1, [])])
def test_hidden_rows(book, opened, hidden, count, problems):
    """Hidden rows are read with a warning that counts them, or skipped."""

    def change(sheet):
        sheet.row_dimensions[2].hidden = True
        sheet.row_dimensions[4].hidden = True
        sheet.row_dimensions[5].hidden = True

    table = opened(book([["ФИО"], ["a"], ["b"], ["c"], []], change), hidden=hidden)

    assert table.rows == count
    assert [problem.code for problem in table.problems] == problems
    assert all(problem.count == 2 for problem in table.problems)


def test_columns_without_a_header_are_kept_when_filled(book, opened):
    """A note beside the table belongs to its row."""
    (section,) = opened(book([["ФИО", None, None], ["a", None, "прим."], [None, "b"]]), header=1).sections

    assert [column.header for column in section.columns] == ["ФИО", None, None]
    assert len(section.rows) == 2
    assert next(iter(section.rows)) in section.rows
    assert "x" not in section.rows


def test_clean_false_leaves_texts_alone(book, opened, values):
    """With `clean: false` a text is what the file holds."""
    assert values(opened(book([["ФИО "], ["  a  b "]]), [["ФИО"]], clean=False)) == [["  a  b "]]


@pytest.mark.parametrize("asked", ["B2:C3", "$B$2:$C$3", "C3:B2", "Таблица1", "имя"])
def test_range(book, opened, values, asked):
    """A range is a rectangle, an Excel table or a defined name."""
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.table import Table

    def change(sheet):
        sheet.add_table(Table(displayName="Таблица1", ref="B2:C3"))
        sheet.parent.defined_names["Имя"] = DefinedName("Имя", attr_text="'Л''ист'!$B$2:$C$3")

    rows = [["x"] * 4, ["x", "ФИО", "Код", "x"], ["x", "a", "b", "x"], ["x"] * 4]
    table = opened(book(rows, change, title="Л'ист"), range=asked)

    assert values(table) == [["a", "b"]]
    assert [column.letters for column in table.sections[0].columns] == ["B", "C"]


def test_range_with_an_open_end(book, opened, values):
    """`B2:` goes to the end of the sheet."""
    assert values(opened(book([["x", "x"], ["x", "ФИО"], ["x", "a"], ["x", "b"]]), range="B2:")) == [
        ["a"],
        ["b"],
    ]


def test_range_that_is_none(book, refused):
    """An unknown range is named with the nearest; a table of another sheet is not read from this one."""
    from openpyxl.worksheet.table import Table

    def change(sheet):
        sheet.add_table(Table(displayName="Люди", ref="A1:A2"))
        sheet.parent.create_sheet("Другой").append(["x"])

    path = book([["ФИО"], ["a"]], change)

    assert "Люди" in refused(path, range="Лйди").advice()
    assert refused(path, range="A0:B2").code == "unknown-range"
    assert refused(path, range="Люди", sheet="Другой").code == "unknown-range"
    assert refused(path, range="X50:Z90").code == "empty-table"


def test_codes_and_midnights_survive_a_range_and_a_merge(book, opened):
    """What a format says about a number also holds in the rows of its merge."""

    def change(sheet):
        sheet["B3"].number_format = "000"
        sheet.merge_cells("B3:B4")

    rows = [["x"], [None, "Код", "ФИО"], [None, 7, "a"], [None, None, "b"]]
    (section,) = opened(book(rows, change), range="B2:").sections

    assert [(row.cells[0].text, row.cells[0].kind) for row in section.rows] == [("007", CellKind.NUMBER)] * 2


@pytest.mark.parametrize(
    ("below", "row"),
    [
        ([[], ["Товар", "Цена"], ["Стол", 100]], 5),
        ([[], ["Прайс"], [], ["Товар", "Цена"], ["Стол", 100]], 7),
        ([[], ["Прайс"], ["Товар", "Цена"], ["Стол", 100]], 6),
        ([[], ["Пётр", 7], ["Олег", 8]], None),
        ([[], ["Пётр", "нет"], [], ["Олег", "да"]], None),
        ([[], ["Итого", 12]], None),
    ],
)
def test_a_second_table_below_an_empty_row(book, opened, values, below, row):
    """Words over values below an empty row are told as a second header; nothing is left out for it."""
    table = opened(book([["ФИО", "Часы"], ["Анна", 5], ["Иван", 7], *below]), [["ФИО"]])

    told = [problem.row for problem in table.problems if problem.code == "second-table"]
    assert told == ([row] if row else [])
    assert len(values(table)) == 2 + sum(map(bool, below))
