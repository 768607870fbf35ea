"""The guesses, measured: drafts of six workbooks against what a person maps, each read, checked and planned on its service."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from importer.sandbox import running
from importer.sandbox.services import plain_service
from tests.building import Project, make_project, make_workbook

sys.path.insert(0, str(Path(__file__).parent))

import workbooks

SERVICES = Path(__file__).parent / "services"
SAMPLE = Path(__file__).parents[3] / "samples" / "onboarding"

# The fields of samples/onboarding/onboarding.yaml that a workbook can tell of: all but the constant `licensed`.
ONBOARDING: workbooks.Expected = {
    "Отделы": ("Departments", {"code": "Код", "name": "Отдел", "leadDepartment": "Входит в"}),
    "Сотрудники": (
        "Users",
        {
            "email": "E-mail",
            "name": "ФИО",
            "code": "Таб. №",
            "position": "Должность",
            "department": "Отдел",
            "supervisor": "Руководитель",
            "role": "Роль",
            "level": "Уровень",
            "firstWorkDay": "Дата приёма",
            "decimalValue1": "Ставка, руб./ч",
        },
    ),
    "Клиенты": (
        "Organizations",
        {
            "code": "Код",
            "name": "Наименование",
            "phone": "Телефон",
            "postalAddress": "Адрес",
            "manager": "Менеджер",
        },
    ),
    "Проекты": (
        "Projects",
        {
            "code": "Шифр",
            "name": "Проект",
            "organization": "Заказчик",
            "manager": "РП",
            "billingType": "Тип",
            "startDate": "Начало",
            "endDate": "Окончание",
            "description": "Комментарий",
        },
    ),
}
# A column that nobody mapped by hand and that a guess may map all the same.
SPARE = {("Сотрудники", "description")}


@pytest.fixture
def onboarding(project: Project) -> Project:
    shutil.copy(SAMPLE / "onboarding.xlsx", project.path("book.xlsx"))
    return project


@pytest.fixture
def trade(tmp_path: Path) -> Iterator[Project]:
    yield from _project(tmp_path, "trade", workbooks.TRADE)


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Project]:
    yield from _project(tmp_path, "bureau", workbooks.BUREAU)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Project]:
    yield from _project(tmp_path, "ledger", workbooks.LEDGER)


@pytest.fixture
def journey(tmp_path: Path) -> Iterator[Project]:
    yield from _project(tmp_path, "journey", workbooks.JOURNEY)


@pytest.fixture
def messy(project: Project) -> Project:
    make_workbook(project.path("book.xlsx"), **workbooks.MESSY)
    return project


def _project(folder: Path, service: str, sheets: workbooks.Sheets) -> Iterator[Project]:
    pack = plain_service((SERVICES / f"{service}.xml").read_bytes(), service)
    with running(pack) as found:
        make_workbook(folder / "book.xlsx", **sheets)
        yield make_project(folder, found.url)


def drafted(project: Project, *more: object) -> dict[str, Any]:
    found = project.run("init", project.path("book.xlsx"), "--force", "--json", *more)
    assert found.exit == 0, found.out
    return found.document


def measure(document: dict[str, Any], expected: workbooks.Expected) -> tuple[float, list[str]]:
    """Return the share of fields that are right, and the guesses in the recipe that are wrong."""
    right, wanted, wrong = 0, 0, []
    steps = {step["sheet"]: step for step in document["steps"]}
    for sheet, (to, fields) in expected.items():
        step = steps.get(sheet, {"to": "", "fields": []})
        assert step["to"] == to, sheet
        active = {item["property"]: item["column"] for item in step["fields"] if item["active"]}
        wanted += len(fields)
        right += sum(active.get(name) == header for name, header in fields.items())
        wrong += [
            f"{sheet}: {name} ← {header}"
            for name, header in active.items()
            if fields.get(name) != header and (sheet, name) not in SPARE
        ]
    return right / wanted, wrong


@pytest.mark.parametrize(
    ("name", "expected", "least"),
    [
        ("onboarding", ONBOARDING, 0.96),
        ("trade", workbooks.TRADE_EXPECTED, 1.0),
        ("bureau", workbooks.BUREAU_EXPECTED, 1.0),
        ("ledger", workbooks.LEDGER_EXPECTED, 1.0),
        ("journey", workbooks.JOURNEY_EXPECTED, 1.0),
        ("messy", workbooks.MESSY_EXPECTED, 1.0),
    ],
)
def test_measured(name: str, expected: workbooks.Expected, least: float, request: Any) -> None:
    """Nine fields of ten are right and none is wrong; the recipe checks without errors, and a plan can be made of it."""
    project: Project = request.getfixturevalue(name)

    share, wrong = measure(drafted(project), expected)

    assert wrong == []
    assert share >= least
    assert project.run("check", project.path("book.yaml")).exit == 0
    assert project.plan("book.yaml").exit in (0, 4)


def test_every_guess_says_why(onboarding: Project) -> None:
    """Above each field of the recipe stands how sure it is, and why."""
    drafted(onboarding)
    lines = onboarding.path("book.yaml").read_text("utf-8").splitlines()

    fields = [n for n, line in enumerate(lines) if line.startswith("      ") and line[6] not in " #"]

    assert len(fields) > 20
    assert all(lines[n - 1].lstrip().startswith(("# 0.", "# 1.")) for n in fields)


def test_references_are_found(onboarding: Project) -> None:
    """References lead to the sets that a person means, by what the values are: names on the service, or on another sheet."""
    steps = {step["to"]: step for step in drafted(onboarding)["steps"]}
    users = {item["property"]: item for item in steps["Users"]["fields"]}
    projects = {item["property"]: item for item in steps["Projects"]["fields"]}

    assert "13 of 14" in users["department"]["evidence"]
    assert "sheet Отделы" in users["department"]["evidence"]
    assert "the service" in users["role"]["evidence"]
    assert projects["organization"]["lookup"] == "Organizations"
    assert projects["billingType"]["by"] == ["code"]
    assert {"from": "Фикс", "to": "FixedBid"} in projects["billingType"]["map"]
    assert steps["Users"]["match"] == [["email"]]
    assert steps["Departments"]["match"][0] == ["code"]


def test_personal_data_stays_in_the_workbook(onboarding: Project) -> None:
    """Neither a name nor an address of a person stands in the recipe."""
    drafted(onboarding)
    text = onboarding.path("book.yaml").read_text("utf-8")

    assert "Громова" not in text
    assert "severveter" not in text
