"""`init`: from a workbook to a recipe that runs, in a project, at the command line."""

import shutil
from pathlib import Path

import pytest

from importer.sandbox import Running, load_service, running
from tests.building import Project, make_project, make_workbook

STAFF = [
    ["Сотрудник", "E-mail", "Отдел", "Хобби"],
    *([f"Имя {n}", f"p{n}@example.ru", "Сбыт" if n % 2 else "Склад", "бег"] for n in range(6)),
]
UNITS = [["Отдел", "Код"], ["Сбыт", "01"], ["Склад", "02"]]


@pytest.fixture
def book(project: Project) -> Path:
    return make_workbook(project.path("staff.xlsx"), Люди=STAFF, Отделы=UNITS)


def text(project: Project, name: str = "staff.yaml") -> str:
    return project.path(name).read_text("utf-8")


def test_a_draft_runs(project: Project, book: Path) -> None:
    """Two sheets become two steps; the recipe checks, plans, and applies."""
    found = project.run("init", book)
    assert found.exit == 0, found.err
    assert text(project).startswith("# yaml-language-server: $schema=.importer/schemas/recipe-1.json\n")
    assert project.path(".importer/schemas/recipe-1.json").is_file()

    assert project.run("check", project.path("staff.yaml")).exit == 0
    assert project.plan("staff.yaml").document["totals"]["create"] == 8
    assert project.apply().document["totals"]["created"] == 8
    assert project.plan("staff.yaml").document["writes"] == 0


def test_one_sheet_to_one_set(project: Project, book: Path) -> None:
    """`--to Set` is about the first visible sheet, or about `--sheet`; `Sheet=Set` names both."""
    project.run("init", book, "--to", "Users", "-o", project.path("a.yaml"))
    project.run("init", book, "--to", "Departments", "--sheet", "Отделы", "-o", project.path("b.yaml"))
    project.run(
        "init", book, "--to", "Отделы=Departments", "--to", "Люди=Users", "-o", project.path("c.yaml")
    )

    assert "to: Users" in text(project, "a.yaml")
    assert "from:" not in text(project, "a.yaml")
    assert "from: Отделы\n    to: Departments" in text(project, "b.yaml")
    assert text(project, "c.yaml").index("Departments") < text(project, "c.yaml").index("to: Users")
    for name in "abc":
        assert project.run("check", project.path(f"{name}.yaml")).exit == 0


def test_nothing_is_overwritten(project: Project, book: Path) -> None:
    """A recipe that is there stays, unless --force is said."""
    project.path("staff.yaml").write_text("mine", "utf-8")

    assert project.run("init", book).exit == 2
    assert text(project) == "mine"
    assert project.run("init", book, "--force").exit == 0
    assert text(project) != "mine"


def test_ours_stays_out_of_git(project: Project, book: Path) -> None:
    """`.importer/` is added to .gitignore once, and what stands there stays."""
    project.path(".gitignore").write_text("*.tmp", "utf-8")

    project.run("init", book)
    project.run("init", book, "--force")

    assert project.path(".gitignore").read_text("utf-8") == "*.tmp\n.importer/\n"


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (["--to", "Userz"], 2, "unknown-entity-set"),
        (["--to", "Нет=Users"], 3, "unknown-sheet"),
        (["--sheet", "Нет"], 3, "unknown-sheet"),
        (["--to", "Roles", "--sheet", "Числа"], 3, "nothing-guessed"),
    ],
)
def test_refusals(project: Project, arguments: list[str], code: int, problem: str) -> None:
    """What is not there is named with the nearest that is; where nothing can be guessed, nothing is written."""
    book = make_workbook(project.path("book.xlsx"), Люди=STAFF, Числа=[[1, 2], [3, 4]])

    found = project.run("init", book, *arguments, "--json")

    assert found.exit == code
    assert found.codes == [problem]
    assert not project.path("book.yaml").exists()


def test_no_service(tmp_path: Path) -> None:
    """A service that is not there is exit 5."""
    project = make_project(tmp_path, "http://127.0.0.1:9/odata")
    book = make_workbook(project.path("staff.xlsx"), Люди=STAFF)

    assert project.run("init", book, "--to", "Users").exit == 5


def test_offline(tmp_path: Path) -> None:
    """With metadata from the last time a draft needs no service; what the service holds is then no evidence."""
    with running(load_service("timetta")) as service:
        project = make_project(tmp_path, service.url, dialect="timetta")
        book = make_workbook(project.path("staff.xlsx"), Люди=STAFF, Отделы=UNITS)
        assert project.run("init", book).exit == 0

    assert project.run("init", book, "--offline", "--force").exit == 0
    assert "2 of 2 different values are found in Departments by name (sheet Отделы)" in text(project)


def test_earlier_recipes_are_evidence(project: Project, book: Path) -> None:
    """A header that another recipe of the project maps means the same here, and the comment names the file."""
    project.path("old.yaml").write_text(
        "recipe: 1\nsteps:\n  - to: Users\n    match: email\n    fields:\n      email: E-mail\n      stringValue1: {column: Хобби}\n",
        "utf-8",
    )
    project.path("broken.yaml").write_text("recipe: [", "utf-8")

    project.run("init", book)

    assert (
        '# 0.99: "Хобби" is stringValue1 in old.yaml too; 6 of 6 values fit\n      stringValue1: Хобби'
        in text(project)
    )


def test_what_is_required_and_missing(project: Project) -> None:
    """A step without a property that is needed to create only updates, and says what is missing."""
    book = make_workbook(
        project.path("projects.xlsx"), Проекты=[["Шифр", "Проект"], ["P-1", "Один"], ["P-2", "Два"]]
    )

    document = project.run("init", book, "--json").document
    written = text(project, "projects.yaml")

    assert document["steps"][0]["mode"] == "update"
    assert {"manager", "billingType"} <= {item["property"] for item in document["steps"][0]["missing"]}
    assert "    mode: update\n" in written
    assert "nothing can be created without" in written
    assert project.run("check", project.path("projects.yaml")).exit == 0


def test_a_workbook_outside_of_the_project(
    project: Project, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Its recipe goes into the project, says that the file is elsewhere, and runs with the file on the command line."""
    book = make_workbook(tmp_path_factory.mktemp("mail") / "staff.xlsx", Люди=STAFF)

    assert project.run("init", book, "--to", "Users").exit == 0
    assert "the file lies outside the project" in text(project)
    assert project.run("check", project.path("staff.yaml"), book).exit == 0


def test_a_service_that_refuses_to_be_read(project: Project, sandbox: Running) -> None:
    """When entities may not be read, the draft is made of names and values, and says nothing of what the service holds."""
    rows = [[*row, "Архитектор"] for row in STAFF]
    rows[0][-1] = "Роль"
    book = make_workbook(project.path("staff.xlsx"), Люди=rows)
    assert project.run("init", book, "--to", "Users").exit == 0
    assert "are found in Roles by name (the service)" in text(project)

    body = '{"error": {"code": "Forbidden", "message": "No rights"}}'
    refusal = {"status": 403, "body": body, "content_type": "application/json", "method": "GET"}
    sandbox.sandbox.site.faults.answers.append({**refusal, "after": 1, "count": 1000})
    found = project.run("init", book, "--to", "Users", "--force")

    assert found.exit == 0, found.err
    assert "role: Роль" in text(project)
    assert "nothing is known of Roles to compare with" in text(project)


def test_the_sample_in_russian(project: Project) -> None:
    """The comments speak the language asked for."""
    shutil.copy(
        Path(__file__).parents[2] / "samples" / "onboarding" / "onboarding.xlsx", project.path("o.xlsx")
    )

    assert project.run("init", project.path("o.xlsx"), "--lang", "ru").exit == 0
    assert "«Отдел» похоже на department" in text(project, "o.yaml")
    assert project.run("check", project.path("o.yaml")).exit == 0
