"""Bad input and unsafe wishes: one clear message each, an exit code, never a traceback."""

import zipfile
from pathlib import Path

import pytest

from importer.sandbox import Faults, Running, load_service, running
from tests.building import STAFF, TIMETTA, Project, make_project, make_workbook, staff


@pytest.fixture
def ready(project: Project) -> Project:
    """A project with a good recipe and workbook."""
    make_workbook(project.path("book.xlsx"), **staff(seed=2, people=5))
    project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
    return project


def _replace(project: Project, old: str, new: str) -> None:
    path = project.path("recipe.yaml")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


BAD_FILES = {
    "missing": (None, "file-missing"),
    "protected": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 600
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 600,
        "file-unreadable",
    ),
    "html": (b"<!DOCTYPE html><html><body>Login</body></html>", "file-unreadable"),
    "csv": ("ФИО;E-mail\nИванов;i@x.ru\n".encode("cp1251"), "file-unreadable"),
    "nothing": (b"", "file-unreadable"),
    "cut": (b"PK\x03\x04" + b"\0" * 100, "file-unreadable"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_a_bad_workbook_is_one_problem(ready: Project, case: str) -> None:
    """A workbook that cannot be read ends in one problem that says what it is, and exit 3."""
    data, code = BAD_FILES[case]
    path = ready.path("book.xlsx")
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    ended = ready.plan()

    assert ended.exit == 3
    assert set(ended.codes) == {code}
    assert "Traceback" not in ended.out + ended.err


def test_an_empty_sheet_is_one_problem(ready: Project) -> None:
    """A sheet without a filled cell says so."""
    make_workbook(ready.path("book.xlsx"), Отделы=staff(seed=2, people=5)["Отделы"], Сотрудники=[])
    ended = ready.plan()

    assert ended.exit == 3
    assert ended.codes == ["empty-table"]


def test_a_zip_bomb_is_not_opened(ready: Project) -> None:
    """A small file that would unpack to gigabytes is refused before anything unpacks it."""
    with zipfile.ZipFile(ready.path("book.xlsx"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * 300_000_000)
    ended = ready.plan()

    assert (ended.exit, ended.codes) == (3, ["file-unreadable"])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("name: ФИО", "name: ФИО сотрудника", "unknown-column"),
        ("email: E-mail", "email: E-mail\n      emial: E-mail", "unknown-property"),
        ("to: Users", "to: User", "unknown-entity-set"),
        ("from: Сотрудники", "from: Сотрудник", "unknown-sheet"),
        ("match: email", "match: emal", "match-not-in-fields"),
        ("match: email", "match: email\n    abcent: {}", "unknown-key"),
    ],
)
def test_a_wrong_name_in_the_recipe_is_one_problem_at_its_place(
    ready: Project, old: str, new: str, code: str
) -> None:
    """Check and plan name the code, the line, and exit 3."""
    _replace(ready, old, new)
    checked = ready.run("check", ready.path("recipe.yaml"), "--json")
    planned = ready.plan()

    for ended in (checked, planned):
        assert ended.exit == 3
        problems = [problem for problem in ended.document["problems"] if problem["severity"] == "error"]
        assert [problem["code"] for problem in problems] == [code]
        assert all(
            place["line"] > 0 and place["column"] > 0 for place in problems[0]["places"] if "line" in place
        )


def test_a_service_that_is_down(ready: Project) -> None:
    """Nobody listens: service-unreachable, exit 5."""
    make_project(ready.folder, "http://127.0.0.1:9/odata")
    ended = ready.plan()

    assert (ended.exit, ended.codes) == (5, ["service-unreachable"])


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"status": 401, "body": ""}, "login-refused"),
        ({"status": 200, "body": "<html><title>Sign in</title></html>"}, "not-odata"),
        (
            {
                "status": 403,
                "body": '{"error":{"code":"x","message":"no"}}',
                "content_type": "application/json",
            },
            "access-denied",
        ),
    ],
)
def test_a_service_that_answers_something_else(ready: Project, answer: dict[str, object], code: str) -> None:
    """A refused login, a login page, a missing right: one problem, exit 5."""
    with running(load_service("timetta"), faults=Faults(answers=[{**answer, "count": 100}])) as service:
        make_project(ready.folder, service.url)
        ended = ready.plan()

    assert ended.exit == 5
    assert set(ended.codes) == {code}


def test_html_in_the_middle_of_reading(ready: Project) -> None:
    """A page of a proxy instead of entities is never taken for an empty set."""
    with running(load_service("timetta")) as service:
        make_project(ready.folder, service.url, dialect="timetta")
        assert ready.run("check", ready.path("recipe.yaml"), "--json").exit == 0
        service.sandbox.site.faults.answers.append(
            {"status": 200, "body": "<html><title>Proxy</title></html>", "count": 1000, "method": "GET"}
        )
        ended = ready.plan()

    assert (ended.exit, set(ended.codes)) == (5, {"not-odata"})


def test_a_stale_plan_is_refused_until_it_has_begun(ready: Project, sandbox: Running) -> None:
    """A changed workbook makes the plan stale (exit 6) and nothing is written."""
    ready.plan()
    rows = staff(seed=2, people=5)
    rows["Сотрудники"][1][0] = "Другой"
    make_workbook(ready.path("book.xlsx"), **rows)
    ended = ready.apply()

    assert (ended.exit, ended.codes) == (6, ["plan-stale"])
    assert sandbox.journal == []


def test_another_service_is_always_refused(ready: Project, sandbox: Running) -> None:
    """A plan is never applied to a service it was not made for."""
    ready.plan()
    with running(load_service("timetta")) as other:
        make_project(ready.folder, other.url, dialect="timetta")
        ended = ready.apply()
        assert other.journal == []

    assert (ended.exit, ended.codes) == (6, ["wrong-service"])


def test_blocked_rows_need_a_word(ready: Project, sandbox: Running) -> None:
    """A plan with blocked rows is not applied without --skip-blocked: exit 4, nothing written."""
    rows = staff(seed=2, people=5)
    rows["Сотрудники"][1][2] = "Отдел 99"
    make_workbook(ready.path("book.xlsx"), **rows)
    assert ready.plan().exit == 4
    ended = ready.run("apply", ready.path("the.plan"), "--yes", "--json")

    assert ended.exit == 4
    assert sandbox.journal == []


def test_without_a_terminal_a_yes_is_needed(ready: Project, sandbox: Running) -> None:
    """Nobody can be asked: the error names --yes, exit 2."""
    ready.plan()
    ended = ready.run("apply", ready.path("the.plan"))

    assert ended.exit == 2
    assert "--yes" in ended.err
    assert sandbox.journal == []


def test_a_finished_plan_says_so(ready: Project, sandbox: Running) -> None:
    """A plan applies once: again there is nothing left to do, exit 0, no write."""
    ready.plan()
    ready.apply()
    writes = len(sandbox.journal)
    ended = ready.run("apply", ready.path("the.plan"), "--yes")

    assert ended.exit == 0
    assert "Nothing left to do" in ended.out
    assert len(sandbox.journal) == writes


def test_what_changed_on_the_service_is_not_overwritten(ready: Project, sandbox: Running) -> None:
    """An entity changed since the plan is blocked as entity-changed; the others are written."""
    ready.plan()
    ready.apply()
    rows = staff(seed=2, people=5)
    for row in rows["Сотрудники"][1:]:
        row[5] = "7,25"
    make_workbook(ready.path("book.xlsx"), **rows)
    ready.plan("recipe.yaml", "two.plan")
    victim = next(iter(sandbox.sandbox.site.store.all("WP.User")))
    victim.values["decimalValue1"] = 99
    ended = ready.apply("two.plan")

    assert ended.exit == 7
    assert ended.document["totals"] == {
        "created": 0,
        "updated": 4,
        "deleted": 0,
        "called": 0,
        "failed": 0,
        "blocked": 1,
        "unknown": 0,
        "pending": 0,
    }
    assert "entity-changed" in ended.codes
    assert victim.values["decimalValue1"] == 99


def test_wrong_usage_is_exit_two_also_in_json(ready: Project) -> None:
    """A wrong option leaves with 2; with --json the document says so."""
    ended = ready.run("plan", "--nonsense", "--json")

    assert (ended.exit, ended.document["exit"], ended.codes) == (2, 2, ["wrong-usage"])


def test_nothing_is_overwritten_without_force(ready: Project, tmp_path: Path) -> None:
    """A plan that is there stays there."""
    ready.path("kept.plan").write_text("mine")
    ended = ready.run("plan", ready.path("recipe.yaml"), "-o", ready.path("kept.plan"), "--json")

    assert (ended.exit, ended.codes) == (2, ["already-there"])
    assert ready.path("kept.plan").read_text() == "mine"
