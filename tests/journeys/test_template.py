"""`template`: the workbook for the customer, filled in and planned."""

import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from importer.sandbox import load_service, running
from tests.building import Project, make_project

RECIPE = """\
recipe: 1
service: service
source: {file: customer.xlsx, locale: ru}
steps:
  - name: departments
    from: Отделы
    to: Departments
    match: name
    fields:
      name: Отдел
      code: {column: Код, optional: true, description: As in the staff list}
  - name: users
    from: {sheet: Сотрудники, header: 3}
    to: Users
    match: email
    fields:
      email: E-mail
      name: ФИО
      department: Отдел
      role: Роль
      isActive: Работает
      firstWorkDay: Дата приёма
"""

CROSS = """\
recipe: 1
service: service
params: {set: {type: text, required: true}}
source: {file: plan.xlsx, locale: ru, sheet: План, header: 2, unpivot: {columns: Янв..Дек, name: Месяц, value: Часы}}
steps:
  - to: Departments
    match: code
    fields:
      code: =row.Отдел ~ row.Месяц
      name: Отдел
      description: =row.Часы ~ params.set
"""


@pytest.fixture
def wired(project: Project) -> Project:
    project.path("recipe.yaml").write_text(RECIPE, "utf-8")
    return project


def made(project: Project, *more: object) -> Workbook:
    found = project.run(
        "template", project.path("recipe.yaml"), "-o", project.path("t.xlsx"), "--force", *more
    )
    assert found.exit == 0, found.err
    return load_workbook(project.path("t.xlsx"))


def lists(book: Workbook, sheet: str) -> dict[str, tuple[str, str]]:
    """First cell → source and style of its drop-down."""
    rules = book[sheet].data_validations.dataValidation
    return {
        str(rule.sqref).partition(":")[0]: (rule.formula1, rule.errorStyle)
        for rule in rules
        if rule.type == "list"
    }


def prompts(book: Workbook, sheet: str) -> dict[str, str]:
    """First cell → what is said beside it."""
    rules = book[sheet].data_validations.dataValidation
    return {str(rule.sqref).partition(":")[0]: rule.prompt for rule in rules}


def test_headers_marks_and_lists(wired: Project) -> None:
    """Sheets and headers are the recipe's; what is required is marked; lists hold what is known."""
    book = made(wired)
    people = book["Сотрудники"]

    assert book.sheetnames[:2] == ["Отделы", "Сотрудники"]
    assert [cell.value for cell in people[3]] == ["E-mail", "ФИО", "Отдел", "Роль", "Работает", "Дата приёма"]
    assert people["A3"].fill.start_color.rgb != people["C3"].fill.start_color.rgb
    assert prompts(book, "Сотрудники")["A3"].startswith("Required.")
    assert people.column_dimensions["A"].number_format == "@"
    assert lists(book, "Сотрудники")["C4"] == ("'Отделы'!$A$2:$A$5001", "warning")
    roles, answers = lists(book, "Сотрудники")["D4"], lists(book, "Сотрудники")["E4"]
    assert answers[1] == "stop"
    assert [cell.value for cell in book["Lists"]["B"] if cell.value] == ["да", "нет"]
    assert "Архитектор" in [cell.value for cell in book["Lists"]["A"]]
    assert roles[0].startswith("'Lists'!$A$1:")
    assert book["Lists"].sheet_state == "hidden"


def test_it_explains_itself_in_the_language_asked_for(wired: Project) -> None:
    """The sheet of explanations speaks the customer's language, with the words of the recipe's author."""
    book = made(wired, "--lang", "ru")
    words = [
        str(value) for row in book["Как заполнять"].iter_rows(values_only=True) for value in row if value
    ]

    assert any("Обязательно" in text for text in words)
    assert any("As in the staff list" in text for text in words)


def test_filled_in_it_is_planned(wired: Project) -> None:
    """What the customer filled in is read by the recipe it was made from; the second time nothing is left to do."""
    book = made(wired)
    book["Отделы"].append(["Отдел продаж", "007"])
    book["Сотрудники"].append(["i@example.ru", "Иванов И.", "Отдел продаж", "Архитектор", "да", "01.02.2024"])
    book.save(wired.path("filled.xlsx"))

    planned = wired.plan("recipe.yaml", "the.plan", wired.path("filled.xlsx"))
    applied = wired.apply()
    again = wired.plan("recipe.yaml", "again.plan", wired.path("filled.xlsx"))

    assert (planned.exit, planned.document["totals"]["create"]) == (0, 2)
    assert (applied.exit, again.document["writes"]) == (0, 0)


def test_empty_it_is_told_to_be_empty(wired: Project) -> None:
    """Planning the template as it is says that there are no rows, and nothing worse."""
    made(wired)
    found = wired.plan("recipe.yaml", "the.plan", wired.path("t.xlsx"))

    assert found.document["problems"] == [] or set(found.codes) == {"empty-table"}


def test_columns_that_become_rows(wired: Project) -> None:
    """A cross table is laid out as a customer would write it: every month between the first and the last, in two header rows."""
    wired.path("recipe.yaml").write_text(CROSS, "utf-8")
    book = made(wired, "--set", "set=Departments")
    page = book["План"]

    assert [cell.value for cell in page[2]][:4] == ["Отдел", "Янв", "Фев", "Мар"]
    assert page["B3"].column == 2
    assert page.max_column == 13
    book["План"].append(["Отдел продаж", 1, None, 3])
    book.save(wired.path("filled.xlsx"))
    shown = wired.run("preview", wired.path("recipe.yaml"), "--json", "--set", "set=Departments")
    assert shown.exit == 3  # the recipe's own file is not there
    planned = wired.plan("recipe.yaml", "the.plan", wired.path("filled.xlsx"), "--set", "set=Departments")
    assert planned.document["totals"]["rows"] == 2


def test_nothing_is_overwritten(wired: Project) -> None:
    """A workbook that somebody is filling in is not replaced unless that is asked for."""
    wired.path("t.xlsx").write_bytes(b"mine")

    found = wired.run("template", wired.path("recipe.yaml"), "-o", wired.path("t.xlsx"))

    assert (found.exit, wired.path("t.xlsx").read_bytes()) == (2, b"mine")


def test_headers_that_look_like_formulas_stay_texts(tmp_path: Path) -> None:
    """A header or a value of a list that begins with `=` is shown, never calculated."""
    with running(load_service("timetta")) as sandbox:
        project = make_project(tmp_path, sandbox.url, dialect="timetta")
        project.path("recipe.yaml").write_text(
            RECIPE.replace("ФИО", "+ФИО").replace(
                "role: Роль", 'role: {column: "=1+1", map: {"=2+2": Архитектор}}'
            ),
            "utf-8",
        )
        book = made(project)

    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert "=1+1" in [cell.value for cell in book["Сотрудники"][3]]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_and_keeps_it(wired: Project, tmp_path: Path) -> None:
    """LibreOffice opens it, calculates it, and writes it again with its headers and drop-downs."""
    made(wired)
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/office",
        "--convert-to",
        "xlsx",
        "--outdir",
    ]
    subprocess.run(
        [*command, str(tmp_path / "out"), str(wired.path("t.xlsx"))],
        check=True,
        capture_output=True,
        timeout=120,
    )

    book = load_workbook(tmp_path / "out" / "t.xlsx")
    assert [cell.value for cell in book["Сотрудники"][3]][:2] == ["E-mail", "ФИО"]
    assert len(lists(book, "Сотрудники")) == 3
    assert not [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("#")
    ]
