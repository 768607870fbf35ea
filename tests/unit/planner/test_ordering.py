"""Waves and circles: recipe-language.md §5."""

import pytest

from importer.planner.ordering import Edge, order
from tests.unit.planner.world import World, guid

CHIEFS = "- {to: Users, match: email, fields: {email: Mail, manager: {column: Chief, by: email}}}"
TWINS = "- {to: Twins, match: name, fields: {name: Name, other: Other}}"


def test_a_circle_is_broken_by_a_second_write(world: World) -> None:
    """Two who are each other's chiefs are both made, and the second write closes the circle."""
    rows = [["Mail", "Chief"], ["a@x", "b@x"], ["b@x", "c@x"], ["c@x", "a@x"], ["d@x", "d@x"]]
    made = world.plan(CHIEFS, rows)
    second = [action for action in made.writes if action.verb.value == "update"]
    world.apply(made)
    users = world.stored("Users")

    assert [len(action.after) for action in second] == [1, 1]
    assert all(
        action.wave > next(a.wave for a in made.actions if a.id == action.after[0]) for action in second
    )
    assert [users[f"{n}@x"]["managerId"] for n in "abcd"] == [users[f"{n}@x"]["id"] for n in "bcad"]
    assert world.plan(CHIEFS, rows).writes == []


def test_a_circle_through_the_match(world: World) -> None:
    """Entities recognised by a reference that is written later are made like others, once."""
    recipe = "- {to: Departments, match: [leadDepartment, name], fields: {name: Name, leadDepartment: {column: Up, by: name}}}"
    rows = [["Name", "Up"], ["B", "B"], ["C", "D"], ["D", "C"]]
    applied = world.apply(world.plan(recipe, rows))
    stored = world.stored("Departments")

    assert (applied.created, applied.failed, applied.unknown) == (3, 0, 0)
    assert [stored[n]["leadDepartmentId"] for n in "BCD"] == [stored[n]["id"] for n in "BDC"]
    assert world.plan(recipe, rows).writes == []


def test_a_circle_that_cannot_be_broken(world: World) -> None:
    """Where the reference takes no null the circle is told with its chain, and whoever depends on it."""
    world.seed("Twins", {"name": "T", "otherId": guid("T")})
    made = world.plan(TWINS, [["Name", "Other"], ["A", "B"], ["B", "C"], ["C", "A"], ["D", "A"], ["E", "T"]])

    assert made.codes == ["reference-cycle", "depends-on-blocked"]
    assert made.fates == {"blocked": 4, "create": 1}
    assert "A → B → C → A" in made.group("reference-cycle").problem.message()


def test_many_circles_are_no_trouble(world: World) -> None:
    """A thousand pairs of mutual chiefs are ordered quickly."""
    edges = [Edge(n, n ^ 1, "chief", breakable=True) for n in range(20_000)]
    found = order(list(range(20_000)), edges)

    assert len(found.later) == 10_000
    assert max(found.waves.values()) == 2


def test_an_update_waits_for_what_it_refers_to(world: World) -> None:
    """An existing user moved to a new department is written after it."""
    world.seed("Users", {"email": "u@x"})
    made = world.plan(
        """
- {to: Users, match: email, fields: {email: Mail, department: Dep}}
- {to: Departments, match: name, fields: {name: Dep, leadDepartment: Up}}
""",
        [["Mail", "Dep", "Up"], ["u@x", "A", ""], ["v@x", "B", "A"]],
    )

    assert [(a.title, a.wave) for a in made.writes] == [("A", 1), ("u@x", 2), ("B", 2), ("v@x", 3)]


@pytest.mark.parametrize("breakable", [True, False])
def test_what_hangs_on_a_circle(breakable: bool) -> None:
    """Only the circle is broken; what merely hangs on it waits, or is left out with it."""
    edges = [
        Edge("a", "b", "p", breakable=breakable),
        Edge("b", "a", "q", breakable=False),
        Edge("c", "a", "r", breakable=True),
    ]
    found = order(["c", "a", "b"], edges)

    assert found.later == ([edges[0]] if breakable else [])
    assert found.waves == ({"a": 1, "b": 2, "c": 2} if breakable else {})
    assert [set(chain) for chain in found.cycles] == ([] if breakable else [{"a", "b"}])
