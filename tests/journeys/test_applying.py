"""`apply` as people use it: a recipe at once, a step first, with failures, on a full disk, while somebody looks on."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from importer.sandbox import Faults, Habits, Running, load_service, running
from tests.building import STAFF, TIMETTA, Project, make_project, make_workbook, staff

PEOPLE = 6
ALL = 12 + PEOPLE
REFUSAL = {
    "status": 400,
    "body": '{"error":{"code":"Bad","message":"Нельзя"}}',
    "content_type": "application/json",
    "method": "POST",
}


@pytest.fixture
def ready(project: Project) -> Project:
    """A project with a good recipe and workbook."""
    make_workbook(project.path("book.xlsx"), **staff(seed=6, people=PEOPLE))
    project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
    return project


def _limited(project: Project, size: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command that may write no file beyond `size` bytes: what a full disk does, without filling one."""
    # The limit ends with the command: whoever measures the process still has something to write.
    script = (
        "import resource, sys; from importer.cli.main import run; most = resource.getrlimit(resource.RLIMIT_FSIZE);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, most[1])); code = run(sys.argv[1:]);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, most); sys.exit(code)"
    )
    command = [sys.executable, "-c", script, *map(str, arguments), "--project", str(project.folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_recipe_is_planned_shown_and_applied(ready: Project, sandbox: Running) -> None:
    """With a recipe: the plan is made where plans are, shown, and with a yes applied; again there is nothing to do."""
    first = ready.run("apply", ready.path("recipe.yaml"), "--yes")
    plans = list((ready.folder / ".importer" / "plans").glob("recipe-*.plan"))
    again = ready.run("apply", ready.path("recipe.yaml"), "--yes")

    assert (first.exit, again.exit) == (0, 0)
    assert len(plans) == 1
    assert f"{ALL} created" in first.out
    assert "Nothing to do" in again.out
    assert len(sandbox.journal) == ALL


def test_a_recipe_in_json_is_one_document(ready: Project) -> None:
    """`apply RECIPE --json` writes what `apply` did, and only that."""
    ended = ready.run("apply", ready.path("recipe.yaml"), "--yes", "--json")

    assert (ended.exit, ended.document["command"], ended.err) == (0, "apply", "")
    assert ended.document["totals"]["created"] == ALL


def test_a_recipe_with_blocked_rows_needs_a_word(ready: Project, sandbox: Running) -> None:
    """Blocked rows end it before anything is written, exit 4; --skip-blocked leaves them out and says how many."""
    rows = staff(seed=6, people=PEOPLE)
    rows["Сотрудники"][1][2] = "Отдел 99"
    make_workbook(ready.path("book.xlsx"), **rows)
    refused = ready.run("apply", ready.path("recipe.yaml"), "--yes")
    written = len(sandbox.journal)
    done = ready.run("apply", ready.path("recipe.yaml"), "--yes", "--skip-blocked")

    assert (refused.exit, written, done.exit) == (4, 0, 0)
    assert "--skip-blocked" in refused.err
    assert "blocked rows were left out" in done.out


def test_a_step_goes_first(ready: Project, sandbox: Running) -> None:
    """--step does that step only; the rest stays pending and is done by the next apply."""
    ready.plan()
    first = ready.apply("the.plan", "--step", "departments")
    written = len(sandbox.journal)
    rest = ready.apply("the.plan")

    assert (first.exit, written) == (0, 12)
    assert (first.document["totals"]["created"], first.document["totals"]["pending"]) == (12, PEOPLE)
    assert (rest.exit, rest.document["totals"]["created"], len(sandbox.journal)) == (0, ALL, ALL)


def test_a_wrong_step_writes_nothing(ready: Project, sandbox: Running) -> None:
    """A step that the plan does not have is a mistake, not an empty apply."""
    ready.plan()
    ended = ready.apply("the.plan", "--step", "user")

    assert (ended.exit, ended.codes) == (3, ["unknown-definition"])
    assert ended.document["problems"][0]["near"][0]["text"] == "users"
    assert sandbox.journal == []


def test_too_many_errors_stop_it(ready: Project, sandbox: Running) -> None:
    """One failure more than --max-errors, and nothing more is sent, exit 7; the next apply tries all of them and the rest."""
    rows = staff(seed=6, people=PEOPLE)
    for row in rows["Отделы"][1:]:
        row[2] = None  # one wave of departments, none of which waits for another
    make_workbook(ready.path("book.xlsx"), **rows)
    ready.plan()
    sandbox.sandbox.site.faults.answers.append({**REFUSAL, "count": 1_000})
    stopped = ready.apply("the.plan", "--max-errors", "2", "--batch-size", "1", "--concurrency", "1")
    shown = ready.run("show", ready.path("the.plan"))
    sandbox.sandbox.site.faults.answers.clear()
    again = ready.apply("the.plan")

    assert stopped.exit == 7
    assert stopped.document["totals"]["failed"] == 3
    assert {(item["status"], item["code"], item["message"]) for item in stopped.document["failed"]} == {
        (400, "Bad", "Нельзя")
    }
    assert all(item["place"]["row"] > 1 for item in stopped.document["failed"])
    assert "Нельзя" in shown.out
    assert (again.exit, again.document["totals"]["created"]) == (0, ALL)


def test_no_limit_of_errors_goes_on(ready: Project, sandbox: Running) -> None:
    """--max-errors 0 tries everything."""
    ready.plan()
    sandbox.sandbox.site.faults.answers.append({**REFUSAL, "count": 1_000})
    ended = ready.apply("the.plan", "--max-errors", "0", "--batch-size", "1")

    assert ended.exit == 7
    assert ended.document["totals"]["created"] == 0
    assert ended.document["totals"]["failed"] > 0
    assert sandbox.journal == []


def test_a_full_disk_is_one_problem(ready: Project, sandbox: Running) -> None:
    """When the journal cannot be written nothing more is sent: one problem, exit 3; with room again the apply goes on."""
    ready.plan()
    size = ready.path("the.plan").stat().st_size
    ended = _limited(
        ready,
        70_000,
        "apply",
        ready.path("the.plan"),
        "--yes",
        "--json",
        "--batch-size",
        "1",
        "--concurrency",
        "1",
    )
    document = json.loads(ended.stdout)
    written = len(sandbox.journal)
    rest = ready.apply()

    assert size > 0
    assert (ended.returncode, [problem["code"] for problem in document["problems"]]) == (
        3,
        ["file-unreadable"],
    )
    assert "the.plan" in document["problems"][0]["message"]
    assert "Traceback" not in ended.stderr
    assert written < ALL
    assert (rest.exit, len(sandbox.journal)) == (0, ALL)


def test_a_full_disk_leaves_no_half_plan(ready: Project) -> None:
    """A plan that cannot be written is one problem, exit 3, and no file is left."""
    ready.run("check", ready.path("recipe.yaml"))
    # The metadata are kept by now, so that the plan is what meets the end of the disk.
    assert ready.plan().exit == 0
    whole = ready.path("the.plan").stat().st_size
    ended = _limited(
        ready, whole // 2, "plan", ready.path("recipe.yaml"), "-o", ready.path("half.plan"), "--json"
    )

    assert ended.returncode == 3
    assert [problem["code"] for problem in json.loads(ended.stdout)["problems"]] == ["file-unreadable"]
    assert not list(ready.folder.glob("*half.plan*"))


@pytest.mark.parametrize("output", ["book.xlsx/x.plan", "importer.yaml/deep/x.plan"])
def test_a_place_that_cannot_be_written(ready: Project, output: str) -> None:
    """A folder that cannot be made is one problem that names the path, exit 3."""
    ended = ready.plan("recipe.yaml", output)

    assert (ended.exit, ended.codes) == (3, ["file-unreadable"])
    assert output in ended.document["problems"][0]["message"]


@pytest.mark.parametrize("output", ["book.xlsx", "recipe.yaml", "importer.yaml", "notes.txt", "empty"])
def test_force_never_replaces_what_is_no_plan(ready: Project, output: str) -> None:
    """--force replaces a plan by a plan: the workbook, the recipe and whatever else stands there stay as they are."""
    for name in ("notes.txt", "empty"):
        ready.path(name).write_text("mine" if name == "notes.txt" else "", "utf-8")
    before = ready.path(output).read_bytes()
    ended = ready.plan("recipe.yaml", output)

    assert (ended.exit, ended.codes) == (2, ["already-there"])
    assert ready.path(output).read_bytes() == before


def test_a_report_that_is_there_stays(ready: Project) -> None:
    """A report of another day is not overwritten, and the plan is not made; --force says otherwise."""
    ready.path("the.html").write_text("mine", "utf-8")
    refused = ready.run(
        "plan", ready.path("recipe.yaml"), "-o", ready.path("the.plan"), "--report", "html", "--json"
    )
    kept = ready.path("the.html").read_text("utf-8")
    forced = ready.plan("recipe.yaml", "the.plan", "--report", "html")

    assert (refused.exit, refused.codes, kept) == (2, ["already-there"], "mine")
    assert forced.exit == 0
    assert "<!DOCTYPE html>" in ready.path("the.html").read_text("utf-8")


def test_one_apply_at_a_time_and_anybody_may_look(tmp_path: Path) -> None:
    """While a process applies a plan another apply is refused (exit 6), and `show` tells how far it is."""
    with running(load_service("timetta"), faults=Faults(delay_ms=60)) as slow:
        project = make_project(tmp_path, slow.url, dialect="timetta")
        make_workbook(project.path("book.xlsx"), **staff(seed=6, people=PEOPLE))
        project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
        assert project.plan().exit == 0
        arguments = [
            "apply",
            project.path("the.plan"),
            "--yes",
            "-vv",
            "--batch-size",
            "1",
            "--concurrency",
            "1",
            "--project",
            tmp_path,
        ]
        command = [sys.executable, "-m", "importer", *map(str, arguments)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as first:
            assert first.stderr is not None
            while "POST" not in (line := first.stderr.readline()):
                assert line, "it ended before it wrote anything"
            shown = project.run("show", project.path("the.plan"), "--json")
            second = project.apply()
            first.stderr.read()
        after = project.run("show", project.path("the.plan"), "--json")

        assert first.returncode == 0
        assert shown.exit == 0
        assert sum(shown.document["states"].values()) == ALL
        assert shown.document["states"]["pending"] > 0
        assert (second.exit, second.codes) == (6, ["plan-held"])
        assert after.document["states"]["done"] == ALL
        assert len(slow.journal) == ALL


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 429, "retry_after": 200, "method": "POST", "after": 2},
        {"status": 503, "retry_after": 200, "method": "GET", "after": 3},
        {"status": 429, "retry_after": 200, "method": "POST", "after": 2, "member": True},
    ],
    ids=["writing", "reading", "in-a-batch"],
)
def test_ctrl_c_ends_a_long_wait(tmp_path: Path, answer: dict[str, object]) -> None:
    """A service asks for minutes; who presses Ctrl-C is not kept, and the next apply goes on. Nothing comes twice."""
    with running(load_service("timetta")) as service:
        project = make_project(tmp_path, service.url, dialect="timetta", batch_size=5)
        make_workbook(project.path("book.xlsx"), **staff(seed=6, people=20))
        project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
        assert project.plan().exit == 0
        refusal = {**answer, "count": 1}
        service.sandbox.site.faults.answers.append(refusal)
        arguments = ["apply", project.path("the.plan"), "--yes", "-vv", "--project", tmp_path]
        command = [sys.executable, "-m", "importer", *map(str, arguments)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as first:
            assert first.stderr is not None
            while refusal["count"]:
                assert first.stderr.readline(), "it ended before it had to wait"
            first.send_signal(signal.SIGINT)
            _, told = first.communicate(timeout=60)
        again = project.apply()

        assert first.returncode == 130, told
        assert again.exit == 0
        assert len(service.journal) == 32


@pytest.mark.parametrize("habit", ["checked", "required", "ignored"])
def test_a_version_in_the_body_goes_back(tmp_path: Path, habit: str) -> None:
    """An update carries the `rowVersion` just read, as the dialect says; it is no value of ours, and nothing is told of it."""
    with running(load_service("timetta"), habits=Habits(row_version=habit)) as service:
        project = make_project(tmp_path, service.url, dialect="timetta")
        rows = staff(seed=6, people=PEOPLE)
        make_workbook(project.path("book.xlsx"), **rows)
        project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
        assert (project.plan().exit, project.apply().exit) == (0, 0)
        for row in rows["Сотрудники"][1:4]:
            row[5] = "777,25"
        make_workbook(project.path("book.xlsx"), **rows)
        planned, applied = project.plan(), project.apply()
        again = project.plan()

        assert (planned.document["writes"], applied.exit, applied.codes) == (3, 0, [])
        assert again.document["writes"] == 0


def test_an_applied_plan_is_one_file(ready: Project) -> None:
    """After an apply the plan is a single file again, so that it can be mailed."""
    ready.plan()
    ready.apply()

    assert [path.name for path in ready.folder.glob("the.plan*")] == ["the.plan"]


def test_the_fault_of_the_service_comes_before_failed_rows(ready: Project, sandbox: Running) -> None:
    """Where two exit codes apply the first of 1, 5, 3, 6, 8, 7, 4, 10, 0 wins: a login that ends during apply is 5."""
    ready.plan()
    sandbox.sandbox.site.faults.answers += [
        {**REFUSAL, "count": 1},
        {"status": 401, "body": "", "count": 1_000},
    ]
    ended = ready.apply("the.plan", "--batch-size", "1", "--concurrency", "1")

    assert ended.exit == ended.document["exit"] == 5
    assert "login-refused" in ended.codes
