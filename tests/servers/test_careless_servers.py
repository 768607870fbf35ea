"""Two services from npm that read and write carelessly: what works is used, what is wrong is met by the right problem.

`simple` (simple-odata-server on nedb) ignores `in` and finds every row, has no batch, answers a PATCH of nothing with 204.
`femock` (the mock server of SAP Fiori tools) answers a JSON batch with 200 and members that failed and have no id, finds
nobody by an unknown property, stores "" for what was not sent, and values of any type.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.building import Project, Run, make_project, make_workbook
from tests.servers import starting

pytestmark = pytest.mark.node

HEADER = ["Mail", "Name", "Floor", "Department"]
RECIPE = """\
recipe: 1
service: service
source: {{file: book.xlsx}}
steps:
  - name: departments
    from: Departments
    to: Departments
    match: code
    fields: {{code: Code, name: Name{department}}}
  - name: users
    from: Users
    to: Users
    match: email
    fields: {{email: Mail, name: Name, floor: Floor{user}}}
"""
SIMPLE = RECIPE.format(department=", _id: Code", user=", _id: Mail")
FEMOCK = RECIPE.format(department="", user=", department: Department")


@pytest.fixture(scope="module")
def simple() -> Iterator[str]:
    """A service that stays for all tests of this module: each has users of its own."""
    starting.need_simple()
    with starting.simple() as url:
        yield url


@pytest.fixture(scope="module")
def femock() -> Iterator[str]:
    """The same of the other."""
    starting.need_femock()
    with starting.femock() as url:
        yield url


def prepared(folder: Path, url: str, recipe: str, users: list[list[object]]) -> Project:
    """A project with one new department and these users."""
    project = make_project(folder, url)
    project.path("recipe.yaml").write_text(recipe, "utf-8")
    return with_users(project, users)


def with_users(project: Project, users: list[list[object]]) -> Project:
    departments = [["Code", "Name"], ["A", "Alpha"], ["АХО", "Хозяйство"]]
    make_workbook(project.path("book.xlsx"), Departments=departments, Users=[HEADER, *users])
    return project


def people(word: str, floor: int = 1, count: int = 8) -> list[list[object]]:
    """Users whose addresses begin with a word; the first three live on `floor`."""
    return [
        [f"{word}{n}@x.example", f"{word} {n} 'Ё' & co", floor if n < 3 else 7, "Alpha"] for n in range(count)
    ]


def stored(url: str, word: str) -> list[dict[str, object]]:
    """What the service holds, asked without the importer and without a filter."""
    rows = httpx.get(f"{url}/Users", trust_env=False).json()["value"]
    return [row for row in rows if str(row["email"]).startswith(word)]


def actions(run: Run) -> tuple[int, int]:
    """What a plan would create and update."""
    assert run.exit == 0, run.out + run.err
    return run.document["totals"]["create"], run.document["totals"]["update"]


def whole_journey(folder: Path, url: str, recipe: str) -> None:
    """Plan, apply, plan again, change three, apply, plan again; nothing twice, nothing lost."""
    project = prepared(folder, url, recipe, people("j"))
    assert project.plan().exit == 0
    applied = project.apply()
    assert applied.exit == 0, applied.out
    assert actions(project.plan(output="again.plan")) == (0, 0)
    with_users(project, people("j", floor=2))
    assert actions(project.plan(output="changed.plan")) == (0, 3)
    changed = project.apply("changed.plan")
    assert (changed.exit, changed.document["totals"]["updated"]) == (0, 3), changed.out
    assert actions(project.plan(output="last.plan")) == (0, 0)
    rows = stored(url, "j")
    assert sorted(str(row["email"]) for row in rows) == sorted(str(row[0]) for row in people("j"))
    assert sorted(int(str(row["floor"])) for row in rows) == [2, 2, 2, 7, 7, 7, 7, 7]


def test_a_service_that_ignores_in(simple: str, tmp_path: Path) -> None:
    """Every row comes back whatever was asked: only those that match are taken, and the work is done to the end."""
    whole_journey(tmp_path, simple, SIMPLE)
    everything = httpx.get(f"{simple}/Users?$filter=email in ('j1@x.example')", trust_env=False).json()[
        "value"
    ]
    assert len(everything) == 8, "the server has become honest: choose another"
    project = prepared(tmp_path, simple, SIMPLE, [*people("j", 2)[1:3], ["new@x.example", "n", 1, None]])
    planned = project.plan(output="few.plan")
    assert (actions(planned), planned.document["totals"]["unchanged"]) == ((1, 0), 4)


def test_a_model_that_is_read(simple: str, femock: str, tmp_path: Path) -> None:
    """`describe` lists the sets of both."""
    for url in (simple, femock):
        assert sorted(
            item["name"] for item in make_project(tmp_path, url).run("describe", "--json").document["sets"]
        ) == ["Departments", "Users"]


def test_a_key_that_only_the_client_can_know(simple: str, tmp_path: Path) -> None:
    """A text key that the recipe leaves out is said before anything is sent."""
    project = prepared(tmp_path, simple, RECIPE.format(department="", user=""), people("k"))

    assert (planned := project.plan()).exit == 3
    assert planned.codes == ["required-unmapped", "required-unmapped"]
    assert stored(simple, "k") == []


@pytest.mark.parametrize("name", ["simple", "femock"])
def test_an_entity_that_went_away(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """A change of what was deleted since the plan is never counted as done, though the service would answer 204."""
    url = request.getfixturevalue(name)
    project = prepared(tmp_path, url, SIMPLE if name == "simple" else FEMOCK, people("g", count=4))
    project.plan()
    assert project.apply().exit == 0
    with_users(project, people("g", floor=5, count=4))
    assert actions(project.plan(output="changed.plan")) == (0, 3)
    gone = next(row for row in stored(url, "g") if row["email"] == "g1@x.example")
    key = f"('{gone['_id']}')" if name == "simple" else f"({gone['id']})"
    assert httpx.delete(f"{url}/Users{key}", trust_env=False).status_code == 204
    applied = project.apply("changed.plan")

    assert applied.exit != 0
    assert applied.document["problems"], applied.out
    assert applied.document.get("totals", {}).get("updated", 0) < 3
    assert sorted(str(row["email"]) for row in stored(url, "g")) == [
        "g0@x.example",
        "g2@x.example",
        "g3@x.example",
    ]


def test_a_batch_that_fails_in_silence(femock: str, tmp_path: Path) -> None:
    """A batch answered by 200 with members that failed and have no ids: everything is written once all the same."""
    whole_journey(tmp_path, femock, FEMOCK)


def test_names_and_values_are_checked_before_they_are_sent(femock: str, tmp_path: Path) -> None:
    """A service that takes any name and any type never gets a wrong one."""
    project = prepared(tmp_path, femock, FEMOCK.replace("floor: Floor", "flor: Floor"), people("n"))
    assert (project.plan().exit, project.plan().codes) == (3, ["unknown-property"])
    project.path("recipe.yaml").write_text(FEMOCK, "utf-8")
    with_users(project, [["n0@x.example", "n" * 70, "high", "Alpha"], ["n1@x.example", "n", 1, "Nowhere"]])
    planned = project.plan()
    assert planned.exit == 4
    assert {"not-found"} < set(planned.codes)
    project.apply()
    assert stored(femock, "n") == []


def test_a_service_that_stores_what_its_own_metadata_forbid(tmp_path: Path) -> None:
    """ "" in place of an empty Guid, made by the service itself, is said with set and property; it is no crash."""
    starting.need_femock()
    with starting.femock() as url:
        project = prepared(tmp_path, url, FEMOCK, [["e0@x.example", "e", 1, None]])
        project.plan()
        project.apply()
        again = project.plan(output="again.plan")

        assert (again.exit, again.codes) == (5, ["not-odata"])
        assert "Users" in again.document["problems"][0]["message"]
        assert "departmentId" in again.document["problems"][0]["message"]
