"""`preview`, `check --explain` and `migrate` at the command line."""

from importer.sandbox import Running
from tests.building import Project, make_workbook

RECIPE = """\
recipe: 1
service: service
params: {domain: example.ru}
source: {file: book.xlsx, locale: ru}
steps:
  - name: users
    to: Users
    match: email
    fields:
      email: =row.Логин ~ "@" ~ params.domain
      name: ФИО
      department: Отдел
      firstWorkDay: Дата
    expect: [rows > 0]
"""
ROWS = [
    ["Логин", "ФИО", "Отдел", "Дата"],
    ["anna", "Анна", "Сбыт", "01.02.2026"],
    ["oleg", "Олег", None, "вчера"],
]


def prepared(project: Project) -> None:
    make_workbook(project.path("book.xlsx"), Люди=ROWS)
    project.path("recipe.yaml").write_text(RECIPE, "utf-8")


def test_preview(project: Project, sandbox: Running) -> None:
    """Cells become typed values; what is wrong stands at its property, and nothing is looked up."""
    prepared(project)
    found = project.run("preview", project.path("recipe.yaml"), "--set", "domain=firm.ru", "--json").document
    first, second = found["steps"][0]["records"]

    assert (found["exit"], found["steps"][0]["types"]["department"]) == (0, "Departments by name")
    assert first["values"] == {
        "email": "anna@firm.ru",
        "name": "Анна",
        "department": "Сбыт",
        "firstWorkDay": "2026-02-01",
    }
    assert (second["fate"], second["values"]["department"], second["problems"]) == (
        "blocked",
        None,
        {"firstWorkDay": "bad-date"},
    )


def test_preview_tells_the_remarks(project: Project, sandbox: Running) -> None:
    """What a plan would remark on in the values shown is told by `preview` too."""
    odd = [ROWS[0], ["anna", "Aнна", "Сб\u00adыт", "01.02.2026"]]
    make_workbook(project.path("book.xlsx"), Люди=odd)
    project.path("recipe.yaml").write_text(RECIPE, "utf-8")
    found = project.run("preview", project.path("recipe.yaml"), "--json").document

    assert [(item["code"], item["places"][0]["cell"]) for item in found["problems"]] == [
        ("look-alike", "B2"),
        ("invisible-characters", "C2"),
    ]
    assert found["steps"][0]["records"][0]["values"]["department"] == "Сбыт"


UNPIVOTED = """\
recipe: 1
service: service
source: {file: book.xlsx, unpivot: {columns: "1..2", name: День, value: Часы}, timezone: Europe/Moscow}
steps:
  - to: Users
    match: email
    fields:
      email: =row.Логин ~ row.День
      decimalValue1: Часы
"""


def test_preview_names_the_property_that_got_nothing(project: Project, sandbox: Running) -> None:
    """Two properties read one cell, and only one of them cannot: that one is named."""
    make_workbook(project.path("book.xlsx"), Люди=[["Логин", "1", "2"], ["a@x", "#N/A", 8]])
    project.path("recipe.yaml").write_text(UNPIVOTED, "utf-8")
    found = project.run("preview", project.path("recipe.yaml"), "--json").document

    assert [row["problems"] for row in found["steps"][0]["records"]] == [{"decimalValue1": "cell-error"}, {}]


def test_preview_offline(project: Project, sandbox: Running) -> None:
    """With metadata kept from the last time no service is needed."""
    prepared(project)
    assert project.run("check", project.path("recipe.yaml")).exit == 0
    found = project.run("preview", project.path("recipe.yaml"), "--offline", "--rows", "1")

    assert found.exit == 0
    assert "email = anna@example.ru" in found.out
    assert project.run(
        "preview", project.path("recipe.yaml"), "--offline", "--step", "user", "--json"
    ).codes == ["unknown-definition"]


def test_explain(project: Project, sandbox: Running) -> None:
    """`check --explain` shows what every field became."""
    prepared(project)
    run = project.run("check", project.path("recipe.yaml"), "--explain")
    fields = project.run("check", project.path("recipe.yaml"), "--json").document["steps"][0]["fields"]

    assert run.exit == 0
    assert "departmentId" in run.out
    assert "Departments by name" in run.out
    assert fields[0]["value"] == '=row.Логин ~ "@" ~ params.domain'
    assert (fields[2]["pair"], fields[2]["column"], fields[2]["cell"]) == ("departmentId", "Отдел", "C1")


def test_a_plan_stops_at_what_it_cannot_carry_out(project: Project, sandbox: Running) -> None:
    """`expect` is checked, and stops a plan with its line."""
    prepared(project)
    run = project.plan()

    assert (run.exit, run.codes) == (3, ["not-planned-yet"])
    assert run.document["problems"][0]["places"][0]["line"] == 14


def test_migrate(project: Project) -> None:
    """Version 1 is the only one: there is nothing to do."""
    prepared(project)
    run = project.run("migrate", project.path("recipe.yaml"))

    assert (run.exit, "nothing to do" in run.out) == (0, True)
