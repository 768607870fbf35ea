"""Rows that are one entity, and what becomes of each row: recipe-language.md §5."""

import pytest

from tests.unit.planner.world import World, fates, guid

STEP = "- {{to: Users, match: email, {habit} fields: {{email: Mail, name: Name, phone: Phone, department: {{column: Dep, by: [code, name]}}}}}}"
HEADER = ["Mail", "Name", "Phone", "Dep"]


def test_rows_that_agree_are_one_record(world: World) -> None:
    """Blank agrees with everything; other spellings of the match and of one department agree."""
    world.seed("Departments", {"name": "Sales", "code": "S"})
    made = world.plan(
        STEP.format(habit=""),
        [HEADER, ["a@x", "A", "", "S"], ["A@X", "", "1", "sales"], ["a@x", "A", "", ""]],
    )

    assert (made.codes, made.fates) == (["merged-rows"], {"create": 1, "merged": 2})
    assert made.writes[0].body == {"email": "a@x", "name": "A", "phone": "1", "departmentId": guid("Sales")}
    assert [place.row for place in made.writes[0].places] == [2, 3, 4]


@pytest.mark.parametrize(
    ("habit", "name", "phone"),
    [
        ("on_duplicate: first,", "A", "1"),
        ("on_duplicate: last,", "B", "1"),
        ("on_duplicate: error,", None, None),
    ],
)
def test_rows_that_disagree(world: World, habit: str, name: str | None, phone: str | None) -> None:
    """All rows of the group are blocked, or the first or last filled value counts, property by property."""
    made = world.plan(
        STEP.format(habit=habit),
        [HEADER, ["a@x", "A", "", ""], ["a@x", "B", "1", ""], ["a@x", "", "", ""], ["b@x", "C", "", ""]],
    )

    if name is None:
        assert (made.codes, made.fates) == (["duplicate-rows"], {"blocked": 3, "create": 1})
        assert {row for _, row in made.places("duplicate-rows")} == {2, 3, 4}
    else:
        assert made.named(f"a@x · {'A'}").body == {"email": "a@x", "name": name, "phone": phone}


def test_lookups_are_judged_after_resolving(world: World) -> None:
    """Two departments that are not the same disagree."""
    world.seed("Departments", {"name": "Sales", "code": "S"}, {"name": "IT", "code": "I"})
    made = world.plan(STEP.format(habit=""), [HEADER, ["a@x", "A", "", "S"], ["a@x", "A", "", "IT"]])

    assert made.codes == ["duplicate-rows"]


def test_a_navigation_and_its_pair_agree_by_key(world: World) -> None:
    """One step says the department by name, another by key: they agree, or they are duplicate-rows; nothing breaks."""
    world.seed("Departments", {"name": "Sales", "code": "S"}, {"name": "IT", "code": "I"})
    recipe = """
- {name: one, to: Users, match: email, fields: {email: Mail, department: Dep}}
- {name: two, to: Users, match: email, fields: {email: Mail, departmentId: Key}}
"""
    rows = [["Mail", "Dep", "Key"], ["a@x", "Sales", guid("Sales")], ["b@x", "Sales", guid("IT")]]
    made = world.plan(recipe, rows)

    assert [action.body for action in made.writes] == [{"email": "a@x", "departmentId": guid("Sales")}]
    assert "duplicate-rows" in made.codes


def test_the_stronger_policy_speaks(world: World) -> None:
    """Of two steps that agree, the one that may change the entity does."""
    world.seed("Users", {"email": "a@x", "name": "Old"})
    made = world.plan(
        """
- {name: one, to: Users, mode: create, match: email, fields: {email: Mail, name: Name}}
- {name: two, to: Users, match: email, fields: {email: Mail, name: Name}}
""",
        [["Mail", "Name"], ["a@x", "New"]],
    )

    assert [action.body for action in made.writes] == [{"name": "New"}]


def test_a_row_left_out_takes_its_values_along(world: World) -> None:
    """What a blocked row says is not written through another row of the same entity."""
    made = world.plan(
        "- {to: Users, match: email, fields: {email: Mail, name: Name, level: Level}}",
        [["Mail", "Name", "Level"], ["a@x", "A", "x"], ["a@x", "", "2"]],
    )

    assert made.fates == {"blocked": 1, "create": 1}
    assert made.writes[0].body == {"email": "a@x", "level": 2}


def test_a_default_that_is_not_found_takes_its_row_along(world: World) -> None:
    """A default that cannot be looked up blocks its row; another row of the entity goes on by itself."""
    made = world.plan(
        '- {to: Users, match: email, fields: {email: Mail, name: Name, department: {column: Dep, default: ="zzz"}}}',
        [HEADER, ["a@x", "A", "", ""], ["a@x", "", "", ""], ["b@x", "B", "", ""]],
    )

    assert made.codes[0] == "not-found"
    assert made.writes == []


EVERYTHING = """
- name: users
  when: row.Kind == "user"
  to: Users
  match: email
  fields:
    email: {column: Mail, on_blank: skip}
    name: Name
    level: Level
    department: {column: Dep, on_missing: skip}
"""


def test_every_row_ends_in_one_fate(world: World) -> None:
    """Created, updated, unchanged, merged, skipped, blocked, not for this step: the counts add up, and skipped rows tell nothing."""
    world.seed("Users", {"email": "u@x", "name": "U", "level": 1}, {"email": "v@x", "name": "V", "level": 1})
    rows = [
        ["Kind", "Mail", "Name", "Level", "Dep"],
        ["user", "n@x", "N", "1", ""],
        ["user", "n@x", "N", "", ""],
        ["user", "u@x", "U", "2", ""],
        ["user", "v@x", "V", "1", ""],
        ["user", "", "no mail", "x", ""],
        ["user", "s@x", "S", "x", "nowhere"],
        ["user", "b@x", "B", "x", ""],
        ["other", "o@x", "O", "1", ""],
        ["", "", "", "", ""],
    ]
    made = world.plan(EVERYTHING, rows)

    assert made.fates == {
        "create": 1,
        "update": 1,
        "unchanged": 1,
        "merged": 1,
        "skip": 2,
        "blocked": 1,
        "not_for_step": 1,
    }
    assert made.codes == ["bad-number", "merged-rows"]
    assert made.places("bad-number") == [("D", 8)]


def test_total_rows(world: World) -> None:
    """A row that reads like a total and has no match value is skipped with a warning and raises nothing else."""
    rows = [
        ["Name", "Mail", "Level"],
        ["A", "a@x", "1"],
        ["Итого:", "", "x"],
        ["Всего по отделу", "", "1"],
        ["Total", "t@x", "1"],
        ["Totals", "", "1"],
    ]
    made = world.plan("- {to: Users, match: email, fields: {email: Mail, name: Name, level: Level}}", rows)

    assert made.codes == ["blank-match", "total-row"]
    assert made.fates == {"create": 2, "skip": 2, "blocked": 1}
    assert 'row.Name != "Итого:"' in made.group("total-row").problem.advice()


def test_table_conditions_leave_no_rows(world: World) -> None:
    """Rows that the table's `when` refuses are no rows of it; those of the step's are not for this step."""
    made = world.plan(
        '- {from: {when: row.Name != "x"}, to: Users, when: row.Name != "y", match: email, fields: {email: Mail}}',
        [["Mail", "Name"], ["a@x", "x"], ["b@x", "y"], ["c@x", "z"]],
    )
    (step,) = made.steps.values()

    assert fates(step) == {"not_for_step": 1, "create": 1}
    assert step.rows == 2


def test_all_rows_of_an_entity_say_what_it_is_recognised_by(world: World) -> None:
    """The key proposed and the values sought after a lost answer do not depend on which row comes first."""
    rows = [["Name", "Code"], ["X", ""], ["X", "1"]]
    recipe = "- {to: Departments, match: {any: [code, name]}, fields: {name: Name, code: Code}}"
    one, two = world.plan(recipe, rows).writes[0], world.plan(recipe, [rows[0], rows[2], rows[1]]).writes[0]

    assert one.search == two.search == ({"code": "1"}, {"name": "X"})
    assert one.key == two.key


def test_equal_plans(world: World) -> None:
    """The same recipe over the same files and service gives the same plan, keys included."""
    rows = [HEADER, ["a@x", "A", "", "New"], ["b@x", "B", "", "new"]]
    recipe = STEP.format(habit="").replace("by: [code, name]", "by: name, on_missing: create")
    one, two = world.plan(recipe, rows), world.plan(recipe, rows)

    assert one.actions == two.actions
    assert all(action.own_key for action in one.writes)


def test_a_key_that_is_taken(world: World) -> None:
    """A proposed key under which something else stands is not proposed."""
    rows = [["Mail"], ["a@x"]]
    recipe = "- {to: Users, match: email, fields: {email: Mail}}"
    key = world.plan(recipe, rows).writes[0].key["id"]  # type: ignore[index]
    world.seed("Users", {"id": key, "email": "renamed@x"})

    assert world.plan(recipe, rows).writes[0].key != {"id": key}


@pytest.mark.parametrize(("keys", "own"), [("auto", True), ("client", True), ("server", False)])
def test_who_makes_keys(world: World, keys: str, own: bool) -> None:
    """The profile says who makes keys; only `client` writes them into references."""
    made = world.plan(
        "- {to: Users, match: email, fields: {email: Mail, manager: {column: Chief, by: email}}}",
        [["Mail", "Chief"], ["a@x", "b@x"], ["b@x", ""]],
        keys=keys,
    )
    chief, other = made.writes

    assert (chief.own_key, chief.key is not None) == (own, own)
    assert other.body["managerId"] == (chief.key["id"] if keys == "client" else {"$action": chief.id})  # type: ignore[index]


def test_keys_of_the_rows_themselves(world: World) -> None:
    """A mapped key is the entity's, also for those who refer to it."""
    made = world.plan(
        "- {to: Departments, match: name, fields: {id: Key, name: Name, leadDepartment: Lead}}",
        [["Key", "Name", "Lead"], [guid("A"), "A", ""], [guid("B"), "B", "A"]],
        keys="client",
    )

    assert [(a.key, a.own_key) for a in made.writes] == [
        ({"id": guid("A")}, False),
        ({"id": guid("B")}, False),
    ]
    world.apply(made)
    assert world.stored("Departments")["B"]["leadDepartmentId"] == guid("A")
