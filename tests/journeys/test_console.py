"""What people read: the service first, numbers under their words, the same in every width, and no escape codes in a pipe."""

import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from ruamel.yaml import YAML

from importer.sandbox import Running
from tests.building import STAFF, TIMETTA, Project, Run, make_workbook, staff


@pytest.fixture
def ready(project: Project) -> Project:
    """A project with a good recipe and workbook."""
    make_workbook(project.path("book.xlsx"), **staff(seed=3, people=6))
    project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
    return project


def test_every_command_says_which_service_it_uses(ready: Project, sandbox: Running) -> None:
    """Profile and URL stand among the first lines of whatever works with a service."""
    plan = ready.path("the.plan")
    runs = [
        ready.run("check", ready.path("recipe.yaml")),
        ready.run("plan", ready.path("recipe.yaml"), "-o", plan),
        ready.run("show", plan),
        ready.run("apply", plan, "--yes"),
        ready.run("describe"),
    ]

    for ended in runs:
        assert ended.exit == 0
        first = "\n".join(ended.out.splitlines()[:4])
        assert "service" in first
        assert sandbox.url in first


def test_failures_say_which_service_was_meant(ready: Project, sandbox: Running) -> None:
    """A service that refuses is named with the problem."""
    sandbox.sandbox.site.faults.answers.append({"status": 403, "body": "", "count": 100})
    ended = ready.run("check", ready.path("recipe.yaml"))

    assert ended.exit == 5
    assert f"service · {sandbox.url}" in ended.err


def test_nothing_to_do(ready: Project) -> None:
    """The second plan says in one line that nothing is to be done, without a next step."""
    ready.run("plan", ready.path("recipe.yaml"), "-o", ready.path("the.plan"))
    ready.run("apply", ready.path("the.plan"), "--yes")
    again = ready.run("plan", ready.path("recipe.yaml"))

    assert again.exit == 0
    assert "Nothing to do: 18 entities already as the file says." in again.out
    assert "still blocked" not in again.out
    assert "importer apply" not in again.out


def test_rows_that_stay_blocked_are_said(ready: Project) -> None:
    """Where nothing else is to be done, the blocked rows are counted after it, exit 4."""
    ready.run("plan", ready.path("recipe.yaml"), "-o", ready.path("the.plan"))
    ready.run("apply", ready.path("the.plan"), "--yes")
    rows = staff(seed=3, people=6)
    rows["Сотрудники"][1][2] = "Отдел 99"
    rows["Сотрудники"][2][4] = "31.02.2024"
    make_workbook(ready.path("book.xlsx"), **rows)
    again = ready.run("plan", ready.path("recipe.yaml"))

    assert again.exit == 4
    assert "Nothing to do:" in again.out
    assert "2 rows are still blocked" in again.out
    assert again.out.rstrip().endswith("exit 4")


def test_plan_accounts_for_every_row(ready: Project) -> None:
    """The table has a line per step and one of sums, each number under its word."""
    planned = ready.run("plan", ready.path("recipe.yaml"))
    table = [
        line
        for line in planned.out.splitlines()
        if re.match(r"\s*(step|departments|users)?\s+(rows|\d)", line)
    ]
    header, *lines = table
    words = header.split()
    counts = {line.split()[0]: dict(zip(words[1:], line.split()[1:], strict=True)) for line in lines[:2]}

    assert words == ["step", "rows", "create", "update", "same", "merged", "skip", "blocked"]
    assert counts["departments"] == {
        "rows": "12",
        "create": "12",
        "update": "0",
        "same": "0",
        "merged": "0",
        "skip": "0",
        "blocked": "0",
    }
    assert counts["users"]["rows"] == counts["users"]["create"] == "6"
    assert lines[-1].split() == ["18", "18", "0", "0", "0", "0", "0"]
    for word in words[1:]:
        end = header.index(word) + len(word)
        assert all(line[:end].rstrip()[-1].isdigit() and len(line[:end].rstrip()) == end for line in lines)


def test_columns_align_in_every_alphabet(project: Project) -> None:
    """Cyrillic and wide letters take the room they need: columns begin under their headers."""
    make_workbook(project.path("wide.xlsx"), Отделы=[["a"]], 部門=[["b"], ["c"]], Sheet=[["d"]])
    shown = project.run("read", project.path("wide.xlsx")).out.splitlines()
    header = next(line for line in shown if "sheet" in line and "state" in line)
    lines = [line for line in shown if "visible" in line]
    starts = {cell_len(line[: line.index("visible")]) for line in lines}

    assert len(lines) == 3
    assert starts == {cell_len(header[: header.index("state")])}


@pytest.mark.parametrize("command", ["check", "plan", "show", "apply", "read", "describe", "demo"])
def test_a_pipe_gets_no_escape_codes(ready: Project, command: str, tmp_path: Path) -> None:
    """Output that is not a terminal's has no colours and no movements, errors neither."""
    ready.plan()
    arguments = {
        "check": ["recipe.yaml"],
        "plan": ["recipe.yaml"],
        "show": ["the.plan"],
        "apply": ["the.plan", "--yes"],
        "read": ["book.xlsx"],
        "describe": [],
        "demo": ["demo"],
    }[command]
    paths = [str(ready.path(item)) if not item.startswith("-") else item for item in arguments]
    for more in ([], ["--lang", "ru"], ["--profile", "nobody"]):
        ended = ready.run(command, *paths, *more)

        assert "\033" not in ended.out + ended.err
        assert ended.out + ended.err


def test_control_characters_of_a_file_stay_in_the_file(project: Project) -> None:
    """What a cell holds cannot colour the terminal, clear it, or turn the line around."""
    path = project.path("evil.csv")
    path.write_text("name;x\n\033[2J\033]0;title\007boo\u202eevil\u2028line;1\n", "utf-8")
    ended = project.run("read", path)

    assert ended.exit == 0
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\u2028]", ended.out)
    assert "boo" in ended.out


def test_quiet_says_only_the_result(ready: Project) -> None:
    """-q leaves the result on standard output and nothing on standard error."""
    ready.plan()
    ended = ready.run("apply", ready.path("the.plan"), "--yes", "-q")

    assert (ended.exit, ended.err) == (0, "")
    assert "18 created" in ended.out


@pytest.fixture
def changed(ready: Project) -> Project:
    """A plan with something of everything: creates, an update, same rows, a blocked row."""
    ready.plan()
    ready.apply()
    rows = staff(seed=3, people=6)
    rows["Сотрудники"][1][0] = "Переименован"
    rows["Сотрудники"][2][2] = "Отдел 99"
    rows["Сотрудники"].append(["Новый", "new@example.ru", "Отдел 1", None, "05.03.2024", "1"])
    make_workbook(ready.path("book.xlsx"), **rows)
    ready.plan()
    return ready


def _actions(ended: Run) -> list[tuple[str, str]]:
    return [(action["step"], action["action"]) for action in ended.document["actions"]]


def test_show_narrows_by_action_step_row_and_key(changed: Project) -> None:
    """Each filter leaves the actions it names; together they narrow further; totals never change."""
    plan = changed.path("the.plan")
    everything = changed.run("show", plan, "--json")
    updates = changed.run("show", plan, "--only", "update", "--json")
    both = changed.run("show", plan, "--only", "create, blocked", "--json")
    users = changed.run("show", plan, "--step", "users", "--json")
    row = changed.run("show", plan, "--row", "2", "--json")
    narrow = changed.run("show", plan, "--row", "2", "--step", "users", "--only", "update", "--json")
    key = updates.document["actions"][0]["key"]
    keyed = changed.run("show", plan, "--key", key, "--json")

    assert _actions(updates) == [("users", "update")]
    assert sorted(_actions(both)) == [("users", "blocked"), ("users", "create")]
    assert {step for step, _ in _actions(users)} == {"users"}
    assert {step for step, _ in _actions(row)} == {"departments", "users"}
    assert _actions(narrow) == [("users", "update")]
    assert keyed.document["actions"] == updates.document["actions"]
    assert all(
        run.document["totals"] == everything.document["totals"] for run in (updates, both, users, row, keyed)
    )


def test_show_tells_before_and_after(changed: Project) -> None:
    """An update shows the property with what was and what will be, and the row it comes from."""
    shown = changed.run("show", changed.path("the.plan"), "--only", "update").out

    assert re.search(r'name\s+"Сотрудник \d" → "Переименован"', shown)
    assert "Сотрудники › row 2" in shown


@pytest.mark.parametrize("more", [["--key", "nonsense"], ["--row", "99999"], ["--only", "delete"]])
def test_show_of_nothing_shows_nothing(changed: Project, more: list[str]) -> None:
    """A filter that fits no action leaves none, and that is no error."""
    ended = changed.run("show", changed.path("the.plan"), *more, "--json")

    assert (ended.exit, ended.document["actions"]) == (0, [])


def test_show_of_a_wrong_step_says_so(changed: Project) -> None:
    """A step that the plan does not have is a mistake, and the nearest is named."""
    ended = changed.run("show", changed.path("the.plan"), "--step", "user", "--json")

    assert (ended.exit, ended.codes) == (3, ["unknown-definition"])
    assert ended.document["problems"][0]["near"][0]["text"] == "users"


def test_show_sql_is_for_a_shell(changed: Project) -> None:
    """`--sql` prints the address alone on its line, then the views."""
    ended = changed.run("show", changed.path("the.plan"), "--sql")

    assert ended.out.splitlines()[0] == f"{changed.path('the.plan').resolve().as_uri()}?mode=ro"
    assert ended.out.split()[1:] == ["actions", "changes", "problems", "journal"]


def yaml_of(text: str) -> dict[str, dict[str, dict[str, str]]]:
    return dict(YAML(typ="safe").load(text))


def test_describe_narrows(project: Project) -> None:
    """A set, a property, a word: each narrows what is shown; a wrong name has its nearest."""
    users = project.run("describe", "Users")
    one = project.run("describe", "Users/email", "--json").document["sets"][0]
    found = project.run("describe", "--search", "DEPARTMENT", "--json").document["sets"]
    wrong = project.run("describe", "Usesr", "--json")

    assert "email" in users.out
    assert [item["name"] for item in one["properties"]] == ["email"]
    assert "Departments" in {item["name"] for item in found}
    assert (wrong.exit, wrong.codes, wrong.document["problems"][0]["near"][0]["text"]) == (
        3,
        ["unknown-entity-set"],
        "Users",
    )


def test_describe_values_are_ready_for_a_recipe(ready: Project) -> None:
    """`--values` prints a value table: what people say → the entity's key."""
    ready.plan()
    ready.apply()
    below = ready.run("describe", "Departments", "--values")
    alone = ready.run("describe", "--values", "Departments")
    wrong = ready.run("describe", "--values", "Departmens", "--json")

    assert re.search('"Отдел 3": "[0-9a-f]{8}-', below.out)
    assert below.out.endswith(alone.out.strip("\n")) or alone.out.strip() in below.out
    assert "Departments" in yaml_of(alone.out)["maps"]
    assert (wrong.exit, wrong.document["problems"][0]["near"][0]["text"]) == (3, "Departments")
