"""`--json`: one document on standard output, of the shape of `schemas/output-1.json`, whatever happens."""

import contextlib
import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from importer.sandbox import Faults, load_service, running
from tests.building import STAFF, TIMETTA, Project, Run, make_project, make_workbook, staff

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "output-1.json").read_text("utf-8"))
COMMANDS = (
    "init",
    "check",
    "plan",
    "show",
    "apply",
    "read",
    "template",
    "describe",
    "probe",
    "metadata_pull",
    "metadata_diff",
    "schema",
    "sandbox",
    "demo",
)
ENVELOPE = ["importer", "language", "command", "exit", "problems"]
# The keys of cli.md's table, after the envelope; new ones may come, none of these may go.
PROMISED = {
    "init": {"recipe", "steps", "left_out"},
    "check": {"steps"},
    "read": {"file", "kind", "encoding", "delimiter", "sheets", "rows"},
    "plan": {
        "plan",
        "reports",
        "service",
        "totals",
        "steps",
        "writes",
        "calls",
        "waves",
        "requests",
        "seconds_estimated",
    },
    "show": {"actions", "totals"},
    "apply": {"totals", "requests", "failed"},
    "describe": {"version", "schemas", "references", "counts", "sets", "singletons", "types"},
    "probe": {"batch", "in", "own_keys", "top_max", "paging", "etag", "count", "throttle", "seen"},
}


def strict(schema: Any, *, inner: bool = False) -> Any:
    """The schema with every key that is not named in it forbidden: what it does not describe, no command may write."""
    if isinstance(schema, list):
        return [strict(item, inner=inner) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: strict(value, inner=inner or name == "properties") for name, value in schema.items()}
    if (
        inner
        and found.get("type") == "object"
        and "properties" in found
        and "additionalProperties" not in found
    ):
        found["additionalProperties"] = False
    return found


def _strict_schema() -> dict[str, Any]:
    bodies = {*COMMANDS, "sql", "failure"}
    found: dict[str, Any] = strict(SCHEMA)
    found["$defs"] = {name: strict(item, inner=name not in bodies) for name, item in SCHEMA["$defs"].items()}
    return {**found, "unevaluatedProperties": False}


VALIDATOR = Draft202012Validator(_strict_schema())


def faults_of(document: dict[str, Any]) -> list[str]:
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"
        for error in VALIDATOR.iter_errors(document)
    ]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """Each command once, with everything a document can hold: warnings, blocked rows, failed and done actions, lookups."""
    folder = tmp_path_factory.mktemp("output")
    with running(load_service("timetta")) as service:
        project = make_project(folder, service.url, dialect="timetta")
        rows = staff(seed=4, people=8)
        rows["Сотрудники"][1][2] = "Отдел 99"
        rows["Сотрудники"].append(list(rows["Сотрудники"][2]))
        make_workbook(project.path("book.xlsx"), **rows)
        project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
        found = {
            "init": project.run(
                "init", project.path("book.xlsx"), "-o", project.path("draft.yaml"), "--json"
            ),
            "read": project.run("read", project.path("book.xlsx"), "--json"),
            "check": project.run("check", project.path("recipe.yaml"), "--json"),
            "describe": project.run("describe", "--json"),
            "describe-set": project.run("describe", "Users", "--values", "--json"),
            "probe": project.run("probe", "--write", "Departments", "--yes", "--json"),
            "metadata pull": project.run("metadata", "pull", "--json"),
            "metadata diff": project.run("metadata", "diff", "--json"),
            "schema": project.run("schema", "--json"),
            "schema-file": project.run("schema", "--service", "-o", project.path("s.json"), "--json"),
            "plan": project.run(
                "plan",
                project.path("recipe.yaml"),
                "-o",
                project.path("the.plan"),
                "--report",
                "html",
                "--report",
                "json",
                "--json",
            ),
            "show": project.run("show", project.path("the.plan"), "--json"),
        }
        service.sandbox.site.faults.answers.append(
            {
                "status": 500,
                "body": '{"error":{"code":"X","message":"Нет"}}',
                "content_type": "application/json",
                "method": "POST",
            }
        )
        found["apply-failed"] = project.run(
            "apply",
            project.path("the.plan"),
            "--yes",
            "--skip-blocked",
            "--json",
            "--batch-size",
            "1",
            "--concurrency",
            "1",
        )
        found["show-failed"] = project.run("show", project.path("the.plan"), "--json")
        found["apply"] = project.run(
            "apply", project.path("the.plan"), "--yes", "--skip-blocked", "--report", "html", "--json"
        )
        found["show-applied"] = project.run("show", project.path("the.plan"), "--report", "html", "--json")
        found["show-sql"] = project.run("show", project.path("the.plan"), "--sql", "--json")
        found["plan-again"] = project.run("plan", project.path("recipe.yaml"), "--exit-code", "--json")
    return found


NAMES = [
    "init",
    "read",
    "check",
    "describe",
    "describe-set",
    "probe",
    "metadata pull",
    "metadata diff",
    "schema",
    "schema-file",
    "plan",
    "show",
    "apply-failed",
    "show-failed",
    "apply",
    "show-applied",
    "show-sql",
    "plan-again",
]


@pytest.mark.parametrize("name", NAMES)
def test_shape(runs: dict[str, Run], name: str) -> None:
    """Every document has the shape of the schema, with no key that it does not name; standard error is empty."""
    ended = runs[name]
    document = ended.document

    assert faults_of(document) == []
    assert list(document)[:5] == ENVELOPE
    assert document["exit"] == ended.exit
    assert document["command"] == name.partition("-")[0]
    if name != "show-sql":
        assert set(document) >= PROMISED.get(document["command"], set())
    assert ended.err == ""
    assert "\033" not in ended.out


def test_exit_codes_of_a_good_day(runs: dict[str, Run]) -> None:
    """0, 4 for blocked rows also where changes were asked for, 7 with a failed action, 0 when all is done."""
    expected = {
        "read": 0,
        "check": 0,
        "describe": 0,
        "describe-set": 0,
        "probe": 0,
        "metadata pull": 0,
        "metadata diff": 0,
        "schema": 0,
        "schema-file": 0,
        "plan": 4,
        "show": 0,
        "apply-failed": 7,
        "show-failed": 0,
        "apply": 0,
    }

    assert {name: runs[name].exit for name in expected} == expected
    assert (runs["show-applied"].exit, runs["show-sql"].exit, runs["plan-again"].exit) == (0, 0, 4)


def test_totals_are_sums(runs: dict[str, Run]) -> None:
    """Totals are the sums of the steps; writes are creates, updates and deletes; the filters of `show` never change them."""
    document = runs["plan"].document
    for name in (
        "rows",
        "outside",
        "not_for_step",
        "merged",
        "create",
        "update",
        "unchanged",
        "skip",
        "blocked",
    ):
        assert document["totals"][name] == sum(step[name] for step in document["steps"])
    for verb in ("create", "update", "delete", "call"):
        assert document["totals"]["actions"][verb] == sum(step["actions"][verb] for step in document["steps"])
    counts = document["totals"]["actions"]

    assert document["writes"] == counts["create"] + counts["update"] + counts["delete"] > 0
    assert document["totals"] == runs["show"].document["totals"]


def test_places_are_complete(runs: dict[str, Run]) -> None:
    """A problem of several cells names each, with file, sheet, cell and row."""
    merged = next(
        problem for problem in runs["plan"].document["problems"] if problem["code"] == "merged-rows"
    )
    missing = next(problem for problem in runs["plan"].document["problems"] if problem["code"] == "not-found")

    assert merged["count"] == len(merged["places"])
    assert missing["places"][0]["cell"] == f"C{missing['places'][0]['row']}"
    assert missing["near"]


def test_states_follow_the_journal(runs: dict[str, Run]) -> None:
    """Before an apply everything is pending; after a failure the failed action has the service's words; then all is done."""
    before, failed, after = (runs[name].document for name in ("show", "show-failed", "show-applied"))
    broken = [action for action in failed["actions"] if action["state"] == "failed"]
    writing = [action for action in after["actions"] if action["action"] == "create"]

    assert {action["state"] for action in before["actions"] if action["action"] == "create"} == {"pending"}
    assert [(action["status"], action["code"], action["message"]) for action in broken] == [(500, "X", "Нет")]
    assert runs["apply-failed"].document["failed"][0]["id"] == broken[0]["id"]
    assert {action["state"] for action in writing} == {"done"}
    assert all(action["key"] for action in writing)


def test_a_report_in_json_is_what_show_says(runs: dict[str, Run]) -> None:
    """`--report json` writes the document of `show`."""
    written = json.loads(Path(runs["plan"].document["reports"]["json"]).read_text("utf-8"))

    assert faults_of(written) == []
    assert written["actions"] == runs["show"].document["actions"]


def test_sql_says_how_to_open_the_plan(runs: dict[str, Run]) -> None:
    """`--sql` names a read-only address and the views."""
    document = runs["show-sql"].document

    assert document["sql"].startswith("file:///")
    assert document["sql"].endswith("?mode=ro")
    assert document["views"] == ["actions", "changes", "problems", "journal"]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A project whose recipe is good and whose service answers 401."""
    folder = tmp_path_factory.mktemp("broken")
    with running(
        load_service("timetta"), faults=Faults(answers=[{"status": 401, "body": "", "count": 10_000}])
    ) as service:
        project = make_project(folder, service.url)
        make_workbook(project.path("book.xlsx"), **staff(seed=1, people=3))
        project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
        project.path("bad.yaml").write_text("recipe: 1\nsteps: []\nnonsense: 1\n", "utf-8")
        project.path("no.plan").write_text("this is no plan", "utf-8")
        project.path("page.xml").write_text("<html></html>", "utf-8")
        yield project


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", "missing.yaml"], 3),
        (["check", "bad.yaml"], 3),
        (["check", "recipe.yaml"], 5),
        (["check", "recipe.yaml", "--profile", "nobody"], 3),
        (["check", "recipe.yaml", "--offline"], 5),
        (["plan", "missing.yaml"], 3),
        (["plan", "recipe.yaml"], 5),
        (["plan", "bad.yaml"], 3),
        (["show", "missing.plan"], 3),
        (["show", "no.plan"], 3),
        (["show", "."], 3),
        (["show", "book.xlsx", "--sql"], 3),
        (["apply", "missing.plan", "--yes"], 3),
        (["apply", "no.plan", "--yes"], 3),
        (["apply", "missing.yaml", "--yes"], 3),
        (["read", "missing.csv"], 3),
        (["read", "."], 3),
        (["read", "book.xlsx", "--sheet", "Нет"], 3),
        (["read", "book.xlsx", "--range", "nonsense"], 3),
        (["describe"], 5),
        (["describe", "--metadata", "missing.xml"], 3),
        (["describe", "--metadata", "page.xml"], 5),
        (["probe"], 5),
        (["probe", "--write", "Users"], 2),
        (["metadata", "pull"], 5),
        (["metadata", "diff"], 3),
        (["metadata", "diff", "--against", "page.xml", "--metadata", "page.xml"], 5),
        (["metadata", "nonsense"], 2),
        (["sandbox", "--metadata", "missing.xml"], 3),
        (["sandbox", "--metadata", "page.xml"], 5),
        (["sandbox", "--faults", "page.xml"], 3),
        (["demo", "."], 3),
        (["plan"], 2),
        (["nonsense"], 2),
        (["apply", "x.plan", "--nonsense"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_failures_are_documents_too(
    broken: Project, arguments: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be done ends in one document with problems and the exit code, and nothing else anywhere."""
    monkeypatch.chdir(broken.folder)
    ended = broken.run(*arguments, "--json")
    told = broken.run(*arguments)

    assert (ended.exit, told.exit) == (code, code)
    assert faults_of(ended.document) == []
    assert ended.document["problems"]
    assert (ended.err, told.out) == ("", "")
    assert told.err.strip()
    assert "Traceback" not in told.err
    assert all(problem["message"] and "{" not in problem["message"] for problem in ended.document["problems"])


def test_plans_with_changes_leave_with_ten_when_asked(project: Project) -> None:
    """`plan --exit-code`: 10 with changes, 0 without; never 10 unasked."""
    make_workbook(project.path("book.xlsx"), **staff(seed=5, people=4))
    project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
    unasked, asked = project.plan(), project.plan("recipe.yaml", "the.plan", "--exit-code")
    project.apply()
    again = project.plan("recipe.yaml", "two.plan", "--exit-code")

    assert (unasked.exit, asked.exit, again.exit) == (0, 10, 0)
    assert again.document["writes"] == 0


def test_the_demo_is_one_document(tmp_path: Path) -> None:
    """`demo --json`: the steps with their exit codes, the paths, and that nothing was written twice."""
    ended = Project(tmp_path).run("demo", tmp_path / "demo", "--json")
    document = ended.document

    assert faults_of(document) == []
    assert (ended.exit, ended.err) == (0, "")
    assert [(step["exit"], step["expected"]) for step in document["steps"]] == [
        (code, code) for code in (0, 4, 0, 0, 4)
    ]
    assert document["writes"] > 0
    assert document["writes_after"] == 0
    assert all(Path(path).is_file() for path in [document["plan"], *document["reports"]])
    shutil.rmtree(tmp_path / "demo")


def test_the_demo_finds_another_port_and_never_writes_into_somebodys_folder(tmp_path: Path) -> None:
    """With its port taken the demo runs on a free one; a second demo in the same folder is refused, and changes nothing."""
    project = Project(tmp_path)
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):  # somebody else's server holds it just as well
            held.enter_context(socket.create_server(("127.0.0.1", 8901)))
        first = project.run("demo", tmp_path / "demo", "--json")
    before = {path: path.read_bytes() for path in (tmp_path / "demo").rglob("*") if path.is_file()}
    again = project.run("demo", tmp_path / "demo", "--json")

    assert first.exit == 0
    assert not first.document["url"].startswith("http://127.0.0.1:8901/")
    assert (again.exit, again.codes) == (3, ["already-there"])
    assert {path: path.read_bytes() for path in (tmp_path / "demo").rglob("*") if path.is_file()} == before
