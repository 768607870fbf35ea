"""The same recipe shape against services that are not ours: plan, apply, second run without a write, nothing lost between."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest

from tests.building import CAP, STAFF, TIMETTA, Project, make_project, make_workbook, staff
from tests.servers import starting
from tests.servers.killing import prepare, round_of, state, undisturbed

PEOPLE = 130  # more than one batch, more than two pages of fifty
Server = Callable[[], AbstractContextManager[str]]


def _journey(
    folder: Path,
    url: str,
    names: dict[str, str],
    writes: Callable[[], int | None],
    *,
    people: int = PEOPLE,
    **settings: object,
) -> None:
    project = prepare(folder, url, names, people=people, **settings)
    applied = project.apply()
    sent = writes()
    again = project.plan(output="again.plan")
    rows = staff(5, people)
    for row in rows["Сотрудники"][1:4]:
        row[5] = "9,25"
    make_workbook(project.path("book.xlsx"), **rows)
    changed = project.plan(output="changed.plan")
    updated = project.apply("changed.plan")
    last = project.plan(output="last.plan")
    held = state(url, names)

    assert applied.exit == 0, applied.out
    assert again.document["writes"] == 0
    assert writes() is None or sent is not None
    assert changed.document["totals"]["actions"] == {"create": 0, "update": 3, "delete": 0, "call": 0}
    assert (updated.exit, updated.document["totals"]["updated"]) == (0, 3), updated.out
    assert (last.exit, last.document["writes"]) == (0, 0)
    assert sum(1 for entry in held if entry[0] == "user" and str(entry[2]).startswith("p")) == people
    assert max(held.values()) == 1


@pytest.mark.aspnetcore
@pytest.mark.parametrize(
    "switches",
    [{}, {"TOP_MAX": 50, "BATCH": 0}, {"MUTE": 1}, {"OWN_KEYS": 0}, {"PAGE": 40, "STABLE": 1}],
    ids=lambda found: "-".join(found) or "plain",
)
def test_aspnetcore(switches: dict[str, int], tmp_path: Path) -> None:
    """ASP.NET Core OData, the target's own stack, with its habits: limits, no batch, mute errors, replaced keys, pages."""
    starting.need_aspnetcore()
    with starting.aspnetcore(**switches) as url:

        def writes() -> int:
            return len(httpx.get(url.replace("/odata", "/_witness/journal"), trust_env=False).json())

        _journey(tmp_path, url, TIMETTA, writes)
        before = writes()
        make_project(tmp_path, url)
        assert writes() == before


@pytest.mark.aspnetcore
@pytest.mark.parametrize(
    "switches",
    [
        {"BATCH": 0},
        {"TOP_MAX": 10},
        {"PAGE": 7},
        {"SHUFFLE": 0},
        {"MUTE": 1, "OWN_KEYS": 0},
        {"THROTTLE": 5},
        {"THROTTLE": 5, "THROTTLE_STATUS": 429},
        {"DELAY_MS": 50},
    ],
    ids=lambda found: "-".join(f"{name}{value}" for name, value in found.items()),
)
def test_each_switch_of_aspnetcore(switches: dict[str, int], tmp_path: Path) -> None:
    """Whatever the application on ASP.NET Core OData has switched on: the same end, each entity written once."""
    starting.need_aspnetcore()
    with starting.aspnetcore(**switches) as url:

        def writes() -> int:
            return len(httpx.get(url.replace("/odata", "/_witness/journal"), trust_env=False).json())

        _journey(tmp_path, url, TIMETTA, writes, people=30)
        journal = httpx.get(url.replace("/odata", "/_witness/journal"), trust_env=False).json()
        assert sum(entry["op"] == "create" for entry in journal) == 12 + 30  # departments and people


@pytest.mark.aspnetcore
def test_aspnetcore_behind_a_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the API token all goes as without a login; without it the service is not read, and nothing is said of it."""
    starting.need_aspnetcore()
    with starting.aspnetcore(AUTH=1) as url:
        (tmp_path / "out").mkdir()
        project = make_project(tmp_path / "out", url)
        make_workbook(project.path("book.xlsx"), **staff(5, 30))
        project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
        refused = project.plan()
        assert (refused.exit, refused.codes) == (5, ["login-refused"]), refused.out
        monkeypatch.setenv("IMPORTER_SERVICE_TOKEN", "api-token")
        runs = _four_runs(make_project(tmp_path / "out", url, auth="{type: bearer}"))
        assert runs == [(0, 42), (0, 0), (0, 3), (0, 0)]


def _four_runs(project: Project) -> list[tuple[int, int]]:
    """The exits and writes of: the first run, a second, one after three changes, and the last."""
    found = []
    rows = staff(5, 30)
    for round_number in range(4):
        if round_number == 2:
            for row in rows["Сотрудники"][1:4]:
                row[5] = "9,25"
            make_workbook(project.path("book.xlsx"), **rows)
        name = f"{round_number}.plan"
        planned = project.plan(output=name)
        totals = planned.document["totals"]
        found.append((planned.exit, totals["create"] + totals["update"]))
        if found[-1][1]:
            assert project.apply(name).exit == 0
    return found


@pytest.mark.cap
def test_cap(tmp_path: Path) -> None:
    """SAP CAP: sets that demand ETags, GUIDs compared as text, bodies of 100 kB at most."""
    starting.need_cap()
    with starting.cap() as url:
        _journey(tmp_path, url, CAP, lambda: None)


@pytest.mark.cap
def test_cap_with_a_limit_on_batches(tmp_path: Path) -> None:
    """A batch refused for its size is halved, and nothing is written twice."""
    starting.need_cap()
    with starting.cap(CDS_CONFIG='{"odata":{"batch_limit":7}}') as url:
        _journey(tmp_path, url, CAP, lambda: None)


KILLED = [
    pytest.param("sandbox", marks=[], id="sandbox"),
    pytest.param("aspnetcore", marks=pytest.mark.aspnetcore, id="aspnetcore"),
    pytest.param("cap", marks=pytest.mark.cap, id="cap"),
]


@pytest.mark.parametrize("name", KILLED)
def test_killed_applies_end_in_the_same_state(name: str, tmp_path: Path) -> None:
    """`apply` killed at random moments and run again finishes the work: nothing twice, nothing lost."""
    if name == "aspnetcore":
        starting.need_aspnetcore()
    if name == "cap":
        starting.need_cap()
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    expected = undisturbed(name, tmp_path / "one", people=PEOPLE)
    _, found = round_of(name, tmp_path / "two", random.Random(7), kills=4, people=PEOPLE)

    assert found == expected
