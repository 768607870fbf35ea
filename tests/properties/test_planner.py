"""What always holds of a plan, whatever the rows."""

import tempfile
from collections.abc import Hashable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from importer.planner.ordering import Edge, order
from importer.problems import Severity
from tests.unit.planner.world import Made, World, fates, firm

NODES = st.integers(0, 7)
EDGES = st.lists(
    st.builds(
        Edge, source=NODES, target=st.integers(0, 9), property=st.sampled_from("pq"), breakable=st.booleans()
    ),
    max_size=16,
)


@given(edges=EDGES)
def test_everything_is_made_before_it_is_referred_to(edges: list[Edge]) -> None:
    """A reference points to an earlier wave, unless it is one that is written later; only breakable ones are; circles are whole circles."""
    found = order(list(range(8)), edges)
    later = set(found.later)

    assert all(edge.breakable for edge in later)
    for edge in set(edges) - later:
        if edge.source in found.waves and edge.target in range(8):
            assert found.waves[edge.target] < found.waves[edge.source]
    for chain in found.cycles:
        pairs: list[tuple[Hashable, Hashable]] = list(zip(chain, (*chain[1:], chain[0]), strict=True))
        assert all(
            any((edge.source, edge.target) == pair and not edge.breakable for edge in edges) for pair in pairs
        )
    if not any(not edge.breakable for edge in edges):
        assert found.waves.keys() == set(range(8))
    assert order(list(range(8)), edges) == found


@given(edges=EDGES)
def test_no_circle_no_second_write(edges: list[Edge]) -> None:
    """References that only lead downwards are never broken, and every action has its wave."""
    found = order(list(range(8)), [edge for edge in edges if edge.target < edge.source])  # type: ignore[operator]

    assert (found.later, found.cycles, len(found.waves)) == ([], [], 8)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One service for all examples, emptied for each; its folders go with the module."""
    with firm() as found, tempfile.TemporaryDirectory(dir=tmp_path_factory.getbasetemp()) as folder:
        found.fresh(Path(folder) / "first")
        yield found


RECIPE = """
- to: Departments
  match: {any: [code, name]}
  fields:
    code: Code
    name: Name
    leadDepartment: Up
- to: Users
  from: {file: b.csv, delimiter: ;}
  match: email
  on_duplicate: HABIT
  fields:
    email: Mail
    name: {column: Name, on_blank: clear}
    level: Level
    department: {column: Dep, by: [code, name], on_missing: MISSING}
    manager: {column: Chief, by: email}
"""
NAMES = st.sampled_from(["", "A", "a", "B", "C", "Д"])
DEPARTMENTS = st.lists(st.tuples(st.sampled_from(["", "1", "2", "3"]), NAMES, NAMES), max_size=6)
MAILS = st.sampled_from(["", "a@x", "A@X", "b@x", "c@x"])
USERS = st.lists(
    st.tuples(
        MAILS, NAMES, st.sampled_from(["", "1", "2", "x"]), st.sampled_from(["", "1", "A", "B", "Z"]), MAILS
    ),
    max_size=6,
)
SEEDS = st.lists(
    st.tuples(st.sampled_from([None, "1", "2"]), st.sampled_from(["A", "B", "Z"])),
    max_size=3,
    unique_by=lambda item: item[1],
)
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def planned(
    world: World,
    departments: list[tuple[str, ...]],
    users: list[tuple[str, ...]],
    *,
    habit: str = "error",
    missing: str = "error",
) -> Made:
    files = {
        "a.csv": [("Code", "Name", "Up"), *departments],
        "b.csv": [("Mail", "Name", "Level", "Dep", "Chief"), *users],
    }
    return world.plan(RECIPE.replace("HABIT", habit).replace("MISSING", missing), files=files)


def shuffled(rows: list[tuple[str, ...]]) -> st.SearchStrategy[tuple[list[tuple[str, ...]], ...]]:
    """The rows, and the same rows in another order."""
    return st.permutations(rows).map(lambda other: (rows, other))


def begun(world: World, seeds: list[tuple[str | None, str]]) -> World:
    # A folder of its own beside the last: plans and answers of one example are not another's.
    world.fresh(Path(tempfile.mkdtemp(dir=world.folder.parent)))
    world.seed("Departments", *({"code": code, "name": name} for code, name in seeds))
    return world


@FEW
@given(
    departments=DEPARTMENTS,
    users=USERS,
    seeds=SEEDS,
    habit=st.sampled_from(["error", "first", "last"]),
    missing=st.sampled_from(["error", "skip", "blank", "create"]),
)
def test_what_was_applied_is_not_planned_again(
    service: World, departments, users, seeds, habit: str, missing: str
) -> None:
    """Counts add up; two plans are equal; nothing fails on the service; a plan of good rows, once applied, leaves nothing to write."""
    world = begun(service, seeds)
    made = planned(world, departments, users, habit=habit, missing=missing)
    again = planned(world, departments, users, habit=habit, missing=missing)
    applied = world.apply(made)
    after = planned(world, departments, users, habit=habit, missing=missing)

    assert made.actions == again.actions
    for step in made.steps.values():
        fates(step)
    assert (applied.failed, applied.blocked, applied.unknown, applied.pending) == (0, 0, 0, 0)
    assert applied.created + applied.updated == len(made.writes)
    if (
        not {group.severity for group in made.problems} & {Severity.BLOCKED}
        and "renamed-by-plan" not in made.codes
    ):
        # Else rows that were left out may go on once others are written, or lose an old name.
        assert after.writes == []


@FEW
@given(departments=DEPARTMENTS, users=USERS, seeds=SEEDS)
def test_short_ways_lead_where_the_long_ones_do(service: World, departments, users, seeds) -> None:
    """Rows that need no uniting give the plan that they give when they are united."""
    world = begun(service, seeds)
    world.apply(planned(world, departments, users, missing="create"))
    short = planned(world, departments, users)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("importer.planner.deciding.says_nothing_new", lambda *_: False)
        long = planned(world, departments, users)

    assert (short.actions, short.steps, short.problems) == (long.actions, long.steps, long.problems)


@FEW
@given(departments=DEPARTMENTS.flatmap(shuffled), users=USERS.flatmap(shuffled), seeds=SEEDS)
@example(
    departments=(
        [("2", "Д", ""), ("2", "a", ""), ("1", "A", ""), ("2", "B", "")],
        [("2", "Д", ""), ("1", "A", ""), ("2", "a", ""), ("2", "B", "")],
    ),
    users=([("a@x", "", "", "A", "")],) * 2,
    seeds=[("1", "B"), (None, "A")],
)
def test_the_order_of_rows_does_not_matter(service: World, departments, users, seeds) -> None:
    """The same rows in another order write the same to the same entities, and block the same."""
    world = begun(service, seeds)
    one, two = (planned(world, *rows) for rows in zip(departments, users, strict=True))

    assert summary(one) == summary(two)


def summary(made: Made) -> object:
    """What is written where, by what entities are recognised by.

    Which reference of a circle is written later depends on the order of rows, and the entity at the end does not.
    """
    names = {
        action.id: sorted({str(v).casefold() for key in action.search for v in key.values()})
        for action in made.actions
    }

    def told(value: object) -> object:
        found = names[value["$action"]] if isinstance(value, dict) and "$action" in value else value
        return str(found).casefold()

    bodies = {action.id: dict(action.body) for action in made.writes if not action.after}
    for action in made.writes:
        for first in action.after:
            bodies[first] |= action.body
    writes = sorted(
        (
            action.set,
            str(names[action.id]),
            sorted((name, told(value)) for name, value in bodies[action.id].items()),
        )
        for action in made.writes
        if not action.after
    )
    counts = {name: {**fates(step)} for name, step in made.steps.items()}
    return writes, counts
