"""What a person asks of a service before importing: `probe`, `metadata pull`, `metadata diff`."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from importer.sandbox import Faults, Habits, Running, load_service, running
from tests.building import STAFF, TIMETTA, Project, make_project
from tests.servers import starting


@pytest.fixture
def timetta(tmp_path: Path) -> Iterator[tuple[Project, Running]]:
    """A project and the Timetta-like service it leads to, with what its demo tenant holds."""
    with running(load_service("timetta")) as service:
        yield make_project(tmp_path, service.url, dialect="timetta"), service


def test_a_probe_only_reads(timetta: tuple[Project, Running]) -> None:
    """Without `--write` nothing is written; every answer comes with the question that brought it."""
    project, service = timetta
    found = project.run("probe", "--json")
    document = found.document

    assert found.exit == 0
    assert document["batch"] == "json"
    assert document["count"] is True
    assert all(item["request"].startswith(("GET ", "POST $batch")) for item in document["seen"])
    assert set(document["own_keys"].values()) == {"unknown"}
    assert service.journal == []


def test_the_answers_are_kept_until_the_metadata_change(timetta: tuple[Project, Running]) -> None:
    """One file in the project, of one service and one version of its metadata, without a token."""
    project, _ = timetta
    path = Path(project.run("probe", "--json").document["path"])
    kept = json.loads(path.read_text("utf-8"))

    assert path.parent == project.folder / ".importer" / "probe"
    assert kept["metadata"] == project.run("metadata", "pull", "--json").document["sha256"]


HABITS = [
    pytest.param(Habits(), {"own_keys": True, "duplicate": "500"}, id="honest"),
    pytest.param(Habits(own_keys="replaced"), {"own_keys": False}, id="keys replaced"),
    pytest.param(Habits(duplicate="409"), {"own_keys": True, "duplicate": "409"}, id="conflict"),
    pytest.param(Habits(duplicate="accepted"), {"own_keys": True, "duplicate": "accepted"}, id="twins"),
    pytest.param(Habits(post_answer=204), {"own_keys": True, "duplicate": "500"}, id="204"),
    pytest.param(Habits(etag="on"), {"own_keys": True, "concurrency": "etag: checked"}, id="ETags"),
    pytest.param(
        Habits(etag="required"), {"own_keys": True, "concurrency": "etag: checked"}, id="ETags demanded"
    ),
]


@pytest.mark.parametrize(("habits", "expected"), HABITS)
def test_a_written_probe_learns_and_leaves_nothing(
    tmp_path: Path, habits: Habits, expected: dict[str, object]
) -> None:
    """One entity is made, changed and deleted; also a twin that the service should never have made."""
    with running(load_service("timetta"), habits=habits) as service:
        project = make_project(tmp_path, service.url, dialect="timetta")
        ended = project.run("probe", "--write", "Departments", "--yes", "--json")
        document = ended.document
        again = project.run("describe", "Departments", "--values", "--json").document

    assert ended.exit == 0, ended.out
    assert {name: document[name]["Departments"] for name in expected} == expected
    assert not [row for row in again["values"] if row["name"].startswith("importer-probe-")]
    assert list((project.folder / ".importer" / "probe").glob("write-*")) == []


def test_a_probe_asks_before_it_writes(timetta: tuple[Project, Running]) -> None:
    """Without a terminal the answer must be given; nothing is written."""
    project, _ = timetta
    ended = project.run("probe", "--write", "Departments", "--json")

    assert (ended.exit, ended.codes) == (2, ["answer-needed"])


@pytest.mark.parametrize(("name", "code"), [("Departmens", "unknown-entity-set"), ("Contacts", None)])
def test_a_set_that_cannot_be_written(timetta: tuple[Project, Running], name: str, code: str | None) -> None:
    """A set that is not there is said with the nearest name; one that needs nothing is written like any other."""
    project, _ = timetta
    ended = project.run("probe", "--write", name, "--yes", "--json")

    assert (ended.exit, ended.codes) == ((3, [code]) if code else (0, []))


def test_a_lost_answer_leaves_nothing_either(tmp_path: Path) -> None:
    """The create was carried out and its answer lost: what was made is found by its name, and deleted."""
    faults = Faults(drop_after_write={1})
    with running(load_service("timetta"), faults=faults) as service:
        project = make_project(tmp_path, service.url, dialect="timetta")
        ended = project.run("probe", "--write", "Departments", "--yes", "--json")
        again = project.run("describe", "Departments", "--values", "--json").document

    assert ended.exit == 0, ended.out
    assert any(item["status"] is None for item in ended.document["seen"])
    assert not [row for row in again["values"] if row["name"].startswith("importer-probe-")]


def test_what_cannot_be_deleted_is_said_and_cleared_up_later(tmp_path: Path) -> None:
    """Exit code 7, the entity's name and key, a note in the project; the next probe clears up."""
    refused = {"status": 500, "body": '{"error":{"code":"X","message":"Нельзя"}}', "method": "DELETE"}
    faults = Faults(answers=[{**refused, "content_type": "application/json", "count": 2}])
    with running(load_service("timetta"), faults=faults) as service:
        project = make_project(tmp_path, service.url, dialect="timetta")
        ended = project.run("probe", "--write", "Departments", "--yes", "--json")
        second = project.run("probe", "--write", "Departments", "--yes", "--json")
        rows = project.run("describe", "Departments", "--values", "--json").document["values"]

    assert (ended.exit, ended.codes) == (7, ["probe-left"])
    assert "Нельзя" in ended.document["problems"][0]["message"]
    assert second.exit == 0
    assert not [row for row in rows if row["name"].startswith("importer-probe-")]


def test_nothing_personal_is_shown(timetta: tuple[Project, Running]) -> None:
    """Questions and answers are shown with their shape, and without what people are called."""
    project, _ = timetta
    project.run("probe", "--write", "Users", "--yes")
    shown = project.run("probe", "--json").out

    assert "@example" not in shown


def changed(project: Project, old: str, new: str) -> str:
    """The pulled metadata with something replaced, in a file."""
    text = Path(project.run("metadata", "pull", "--json").document["path"]).read_text("utf-8")
    assert old in text
    path = project.path("changed.xml")
    path.write_text(text.replace(old, new), "utf-8")
    return str(path)


def test_no_change(timetta: tuple[Project, Running]) -> None:
    """Pulled and compared at once: nothing, exit code 0."""
    project, _ = timetta
    project.run("metadata", "pull")
    ended = project.run("metadata", "diff", "--exit-code", "--json")

    assert (ended.exit, ended.document["changes"]) == (0, [])


def test_a_change_is_told_with_the_recipes_it_touches(timetta: tuple[Project, Running]) -> None:
    """A renamed property: what happened, in which sets, and the line and column of every recipe that writes it; exit code 10."""
    project, _ = timetta
    project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
    project.path("broken.yaml").write_text("recipe: 1\nsteps: {", "utf-8")
    now = changed(project, 'Name="email"', 'Name="mail"')
    ended = project.run("metadata", "diff", "--metadata", now, "--exit-code", "--json")
    (change,) = (item for item in ended.document["changes"] if "Users" in item["sets"])
    lines = project.path("recipe.yaml").read_text("utf-8").splitlines()

    assert ended.exit == 10
    assert ended.codes == ["recipe-unread"]
    assert (change["before"], change["after"], change["breaking"]) == ("email", "mail", True)
    assert "Users" in change["sets"]
    assert change["places"]
    assert all(
        lines[place["line"] - 1][place["column"] - 1 :].startswith("email") for place in change["places"]
    )
    assert [item["touched"] for item in ended.document["recipes"]] == [True]


def test_a_nightly_job_compares_with_a_committed_file(timetta: tuple[Project, Running]) -> None:
    """`pull -o` writes a file of its own, never over another; `diff --against` needs nothing else in the project."""
    project, _ = timetta
    target = project.path("service.xml")
    first = project.run("metadata", "pull", "-o", target)
    second = project.run("metadata", "pull", "-o", target)
    same = project.run("metadata", "diff", "--against", target, "--exit-code")
    target.write_text(
        target.read_text("utf-8").replace('<EntitySet Name="Roles"', '<EntitySet Name="Old"'), "utf-8"
    )
    other = project.run("metadata", "diff", "--against", target, "--exit-code")

    assert (first.exit, second.exit, same.exit, other.exit) == (0, 2, 0, 10)
    assert "entity set Old: is gone; perhaps it is called Roles now" in other.out


def test_nothing_pulled_yet(timetta: tuple[Project, Running]) -> None:
    """There is nothing to compare with: exit code 3, and what to do."""
    project, _ = timetta
    ended = project.run("metadata", "diff", "--json")

    assert (ended.exit, ended.codes) == (3, ["file-missing"])
    assert "metadata pull" in ended.document["problems"][0]["hint"]


TARGETS = [
    ({}, {"batch": "json", "top_max": None}),
    ({"TOP_MAX": 50}, {"top_max": 50}),
    ({"BATCH": 0}, {"batch": "none"}),
    ({"OWN_KEYS": 0}, {"own_keys": False}),
]


@pytest.mark.aspnetcore
@pytest.mark.parametrize(("switches", "expected"), TARGETS, ids=lambda value: "-".join(value) or "plain")
def test_the_target_itself(tmp_path: Path, switches: dict[str, int], expected: dict[str, object]) -> None:
    """ASP.NET Core OData, with its habits as they are switched."""
    starting.need_aspnetcore()
    with starting.aspnetcore(**switches) as url:
        project = make_project(tmp_path, url, dialect="timetta")
        ended = project.run("probe", "--write", "Departments", "--yes", "--json")
    found = {**ended.document, "own_keys": ended.document["own_keys"]["Departments"]}

    assert ended.exit == 0, ended.out
    assert found["in"] is True
    assert {name: found[name] for name in expected} == expected


@pytest.mark.cap
def test_a_server_of_another_house(tmp_path: Path) -> None:
    """SAP CAP: JSON batches, own keys kept, a duplicate answered 500."""
    starting.need_cap()
    with starting.cap() as url:
        project = make_project(tmp_path, url)
        ended = project.run("probe", "--write", "Departments", "--yes", "--json")

    assert ended.exit == 0, ended.out
    assert ended.document["batch"] == "json"
    assert ended.document["own_keys"]["Departments"] is True
    assert ended.document["duplicate"]["Departments"] == "500"
