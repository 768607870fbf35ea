"""How texts find the entities they mean: recipe-language.md §6.4."""

import pytest

from tests.unit.planner.world import World, guid

USERS = "- {{to: Users, match: email, fields: {{email: Mail, department: {rule}}}}}"
BOTH = """
- to: Departments
  match: code
  fields: {name: Name, code: Code, isActive: {column: On, optional: true}, leadDepartment: {column: Lead, optional: true}}
- to: Users
  from: {file: b.csv, delimiter: ;}
  match: email
  fields: {email: Mail, department: RULE}
"""
DEPARTMENTS = [
    {"name": "Sales", "code": "S"},
    {"name": "Sälės", "code": "7"},
    {"name": "S", "code": "X"},
    {"name": "sales", "code": "T", "isActive": False},
]


def users(*departments: str) -> list[list[str]]:
    return [["Mail", "Dep", "On"], *([f"u{n}@x", name, "true"] for n, name in enumerate(departments))]


def both(world: World, departments: list[list[str]], *asked: str, rule: str = "Dep") -> dict[str, object]:
    """Plan departments and users; return what the users' departments are, or the codes."""
    made = world.plan(BOTH.replace("RULE", rule), departments, files={"b.csv": users(*asked)})
    return {str(a.body["email"]): a.body.get("departmentId") for a in made.writes if a.set == "Users"} | {
        "codes": made.codes
    }


@pytest.mark.parametrize(
    ("rule", "text", "found"),
    [
        ("Dep", "Sales", "Sales"),  # exact wins
        ("Dep", " sales ", "sales"),
        ("Dep", "SALES", "ambiguous"),
        ("Dep", "sàles", "not-found"),
        ("{column: Dep, by: code}", "s", "Sales"),
        ("{column: Dep, by: [code, name]}", "s", "Sales"),  # tried in order
        ("{column: Dep, by: [name, code]}", "s", "S"),
        ("{column: Dep, by: [name, code]}", "7", "Sälės"),
        ("{column: Dep, compare: exact}", "SALES", "not-found"),
        ("{column: Dep, compare: exact}", "sales", "sales"),
        ("{column: Dep, where: {isActive: false}}", "SALES", "sales"),
        ("{column: Dep, where: {isActive: false}}", "Sales", "sales"),  # the exact one is no candidate
        ("{column: Dep, where: {isActive: On}}", "Sales", "not-found"),
        ("{column: Dep, where: {code: Dep}}", "Sales", "not-found"),
        ("{column: Dep, on_missing: skip}", "zzz", "skip"),
        ("{column: Dep, on_missing: blank}", "zzz", None),
        ("{column: Dep, on_ambiguous: skip}", "SALES", "skip"),
        ("{column: Dep, on_ambiguous: blank}", "SALES", None),
        ("{column: Dep, on_missing: create}", "SALES", "ambiguous"),
        ("{column: Dep, default: Sales}", "", "Sales"),
        ('{column: Dep, default: ="zzz"}', "", "not-found"),
        ("{column: Dep, map: {верх: S}, by: code}", "Верх", "Sales"),
    ],
)
def test_on_the_service(world: World, rule: str, text: str, found: str | None) -> None:
    """One candidate is found as the rule says, or it is told why not."""
    world.seed("Departments", *DEPARTMENTS)
    rule = rule.replace("default: Sales", 'default: ="Sales"').replace("{верх: S}", '{верх: ="S"}')
    made = world.plan(USERS.format(rule=rule), users(text))

    if found in ("ambiguous", "not-found"):
        assert (made.codes, made.fates) == ([found], {"blocked": 1})
        assert made.places(found) in ([("B", 2)], [("", 2)])
    elif found == "skip":
        assert (made.codes, made.fates) == ([], {"skip": 1})
    else:
        assert made.writes[0].body == {"email": "u0@x"} | ({"departmentId": guid(found)} if found else {})


def test_the_nearest_are_shown(world: World) -> None:
    """A near miss is never applied; it is shown, of the service and of the plan."""
    world.seed("Departments", {"name": "Отдел продаж"})
    made = world.plan(
        BOTH.replace("RULE", "Dep"),
        [["Name", "Code"], ["Отдел продаж 2", "2"]],
        files={"b.csv": users("Отдел прадаж")},
    )

    assert [near.text for near in made.group("not-found").problem.near] == ["Отдел продаж", "Отдел продаж 2"]


def test_a_planned_entity_is_found_wherever_its_step_stands(world: World) -> None:
    """A lookup sees what any step of the plan will create."""
    made = world.plan(
        """
- {to: Users, match: email, fields: {email: Mail, department: Dep}}
- {to: Departments, match: name, fields: {name: Dep}}
""",
        users("A", "a", "B"),
    )

    assert [(a.set, a.wave) for a in made.writes] == [
        ("Departments", 1),
        ("Departments", 1),
        ("Users", 2),
        ("Users", 2),
        ("Users", 2),
    ]
    assert made.named("u0@x").body["departmentId"] == made.named("u1@x").body["departmentId"]


def test_planned_entities_satisfy_where_unless_they_contradict(world: World) -> None:
    """A property that a planned entity does not set narrows nothing; one that it sets does."""
    rows = [["Name", "Code", "On"], ["A", "1", "true"], ["A", "2", "false"], ["B", "3", ""]]
    found = both(world, rows, "A", "B", rule="{column: Dep, where: {isActive: true}}")

    assert found["codes"] == []
    assert found["u0@x"] == {"$action": 1}
    assert found["u1@x"] == {"$action": 3}


def test_where_sees_what_the_plan_changes(world: World) -> None:
    """An entity that this plan updates counts with its new values, also in `where`."""
    world.seed(
        "Departments",
        {"name": "A", "code": "1", "isActive": False},
        {"name": "B", "code": "2", "isActive": True},
    )
    rows = [["Name", "Code", "On"], ["A", "1", "true"]]
    found = both(world, rows, "A", "B", rule="{column: Dep, where: {isActive: true}}")

    assert found == {"u0@x": guid("A"), "u1@x": guid("B"), "codes": []}


def test_where_judges_each_property_by_itself(world: World) -> None:
    """A property that the plan changes is not held against the value it has now."""
    world.seed(
        "Departments",
        {"name": "P"},
        {"name": "Q"},
        {"name": "A", "code": "1", "isActive": True, "leadDepartmentId": guid("P")},
    )
    rows = [["Name", "Code", "Lead"], ["A2", "1", "Q"]]
    files = {"b.csv": [["Mail", "Dep", "Lead"], ["u0@x", "A2", "Q"]]}
    made = world.plan(
        BOTH.replace("RULE", "{column: Dep, where: {isActive: true, leadDepartment: Lead}}"),
        rows,
        files=files,
    )

    assert made.named("u0@x").body["departmentId"] == guid("A")


def test_where_by_references_of_planned_rows_however_deep(world: World) -> None:
    """Narrowing by the parent of the parent's row, two thousand levels down, is no recursion; a circle of narrowings ends."""
    rows = [
        ["Name", "Code", "Lead", "Grand"],
        *([f"L{n}", str(n), f"L{n - 1}" if n else "", f"L{n - 2}" if n > 1 else ""] for n in range(2000)),
    ]
    recipe = """
- to: Departments
  match: code
  fields: {name: Name, code: Code, leadDepartment: {column: Lead, where: {leadDepartment: Grand}}}
"""
    made = world.plan(recipe, [rows[0], *reversed(rows[1:])])
    circle = world.plan(recipe, [rows[0], ["A", "1", "B", "A"], ["B", "2", "A", "B"]])

    assert made.fates == {"create": 2000}
    assert circle.fates == {"create": 2}


RENAMED = [{"name": "Old", "code": "1"}, {"name": "Other", "code": "2"}]


def test_a_renamed_entity_is_found_by_both_names(world: World) -> None:
    """Renaming a department orphans nobody who uses its old name, and a note says so."""
    world.seed("Departments", *RENAMED)
    found = both(world, [["Name", "Code"], ["New", "1"]], "Old", "New")

    assert found == {"u0@x": guid("Old"), "u1@x": guid("Old"), "codes": ["renamed-by-plan"]}


def test_an_old_name_that_somebody_takes(world: World) -> None:
    """Once another entity has the name, it is that one."""
    world.seed("Departments", *RENAMED)
    found = both(world, [["Name", "Code"], ["New", "1"], ["Old", "2"]], "Old", "Other")

    assert found == {"u0@x": guid("Other"), "u1@x": guid("Other"), "codes": ["renamed-by-plan"]}


def test_an_old_name_that_a_blocked_row_takes(world: World) -> None:
    """A row left out that would take the name counts: nobody is sent to the wrong one."""
    world.seed("Departments", *RENAMED)
    rows = [["Name", "Code", "On"], ["New", "1", ""], ["Old", "3", "perhaps"]]

    assert both(world, rows, "Old")["codes"] == ["bad-boolean", "depends-on-blocked", "renamed-by-plan"][:2]


def test_a_name_that_is_never_written_finds_nothing(world: World) -> None:
    """What the policy keeps from the service is no name of the entity."""
    world.seed("Departments", *RENAMED)
    recipe = BOTH.replace("name: Name", "name: {column: Name, update: never}").replace("RULE", "Dep")
    made = world.plan(recipe, [["Name", "Code"], ["New", "1"]], files={"b.csv": users("New", "Old")})

    assert made.codes == ["not-found"]
    assert made.named("u1@x").body["departmentId"] == guid("Old")


BLOCKED = [["Name", "Code", "On"], ["A", "1", "perhaps"], ["B", "2", ""]]


def test_depends_on_blocked(world: World) -> None:
    """A value found only among blocked rows is depends-on-blocked, whatever `on_missing` says: no bare twin is made."""
    for on_missing in ("error", "skip", "blank", "create"):
        made = world.plan(
            BOTH.replace("RULE", f"{{column: Dep, on_missing: {on_missing}}}"),
            BLOCKED,
            files={"b.csv": users("A", "B")},
        )
        assert made.codes == ["bad-boolean", "depends-on-blocked"]
        assert [a.title for a in made.writes] == ["2 · B", "u1@x"]


def test_a_blocked_row_that_exists_is_no_problem_for_others(world: World) -> None:
    """Whoever refers to an entity of the service needs not wait for its row."""
    world.seed("Departments", {"name": "A", "code": "1"})
    found = both(world, BLOCKED, "A", "B")

    assert found["codes"] == ["bad-boolean"]
    assert found["u0@x"] == guid("A")


def test_a_row_left_out_later_takes_others_along(world: World) -> None:
    """A department blocked only by its own lookup blocks its users; a skipped one too."""
    made = world.plan(
        BOTH.replace("RULE", "Dep"),
        [["Name", "Code", "Lead"], ["A", "1", "nobody"]],
        files={"b.csv": users("A")},
    )
    skipping = BOTH.replace("RULE", "Dep").replace("column: Lead", "column: Lead, on_missing: skip")
    skipped = world.plan(
        skipping, [["Name", "Code", "Lead"], ["A", "1", "nobody"]], files={"b.csv": users("A")}
    )

    assert made.codes == ["not-found", "depends-on-blocked"]
    assert skipped.codes == ["depends-on-blocked"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_planned_of_one_name_are_ambiguous_in_any_order(world: World, order: tuple[int, ...]) -> None:
    """Also when one of them turns out to be left out: who is meant does not depend on the order of the rows."""
    rows = [["A", "1", "", "nobody"], ["A", "2", "", ""]]
    found = both(world, [["Name", "Code", "On", "Lead"], *(rows[n] for n in order)], "A")

    assert found == {"codes": ["not-found", "ambiguous"]} or found == {"codes": ["ambiguous", "not-found"]}


def test_rows_that_are_one_entity_are_one_candidate(world: World) -> None:
    """Two rows of one department, one with a code and one without, are no ambiguity."""
    recipe = BOTH.replace("match: code", "match: {any: [code, name]}").replace("RULE", "Dep")
    made = world.plan(recipe, [["Name", "Code"], ["A", "1"], ["A", ""]], files={"b.csv": users("A")})

    assert made.codes == ["merged-rows"]
    assert made.named("u0@x").body["departmentId"] == {"$action": 1}


CREATE = "{column: Dep, on_missing: create}"


def test_created_once_per_value(world: World) -> None:
    """`on_missing: create` is an action of its own, once per value however it is spelled."""
    made = world.plan(USERS.format(rule=CREATE), users("A", "a ", "B"))

    assert [(a.title, a.set, a.wave, a.body) for a in made.writes[:2]] == [
        ("A", "Departments", 1, {"name": "A"}),
        ("B", "Departments", 1, {"name": "B"}),
    ]
    assert [place.row for place in made.writes[0].places] == [2, 3]
    assert made.writes[0].search == ({"name": "A"},)
    world.apply(made)
    assert set(world.stored("Departments")) == {"A", "B"}
    assert world.plan(USERS.format(rule=CREATE), users("A", "a ", "B")).writes == []


def test_created_with_what_where_says(world: World) -> None:
    """What is made satisfies `where`, also by entities that are made themselves."""
    rule = "{column: Dep, on_missing: create, where: {isActive: On, leadDepartment: {column: Up, on_missing: create}}}"
    made = world.plan(USERS.format(rule=rule), [["Mail", "Dep", "On", "Up"], ["u@x", "A", "true", "Top"]])
    top, lower, user = made.writes

    assert (top.body, top.wave) == ({"name": "Top"}, 1)
    assert lower.body == {"name": "A", "isActive": True, "leadDepartmentId": {"$action": top.id}}
    assert (lower.wave, user.wave) == (2, 3)
    world.apply(made)
    assert (
        world.plan(USERS.format(rule=rule), [["Mail", "Dep", "On", "Up"], ["u@x", "A", "true", "Top"]]).writes
        == []
    )


def test_created_below_a_blocked_row(world: World) -> None:
    """What would be made under a row that is left out is not made, and who asked for it is left out."""
    rule = "{column: Dep, on_missing: create, where: {leadDepartment: Up}}"
    made = world.plan(
        BOTH.replace("RULE", rule),
        [["Name", "Code", "Lead"], ["A", "1", "nobody"]],
        files={"b.csv": [["Mail", "Dep", "Up"], ["u@x", "New", "A"]]},
    )

    assert made.codes == ["not-found", "depends-on-blocked"]
    assert made.writes == []


def test_nothing_is_created_for_rows_left_out(world: World) -> None:
    """Only a row that goes on makes what it asks for."""
    made = world.plan(
        "- {to: Users, match: email, fields: {email: Mail, active: On, department: {column: Dep, on_missing: create}}}",
        [["Mail", "Dep", "On"], ["u@x", "A", "perhaps"]],
    )

    assert made.writes == []


def test_what_is_created_fits(world: World) -> None:
    """The text becomes a value of the property, or it is told why not."""
    world.seed("Countries", {"iso": "IT"})
    made = world.plan(
        "- {to: Cities, match: number, fields: {number: No, name: Name, country: {column: Land, on_missing: create}}}".replace(
            "country: {", "country: {by: iso, "
        ),
        [["No", "Name", "Land"], ["1", "Ljubljana", "it"], ["2", "B", "fr"], ["3", "C", "XXX"]],
    )

    assert set(made.codes) == {"too-long"}
    assert made.fates == {"create": 1, "blocked": 2}
    assert made.writes[0].body == {"iso": "fr"}
    assert made.writes[0].key == {"iso": "fr"}


def test_a_column_that_is_wrong_altogether_is_told_quickly(world: World) -> None:
    """Ten thousand words that are nowhere end in problems, not in hours of comparing."""
    world.seed("Departments", *({"name": f"Department number {n}"} for n in range(300)))
    made = world.plan(USERS.format(rule="Dep"), users(*(f"Something number {n}" for n in range(1000))))

    assert made.fates == {"blocked": 1000}


def test_one_table_several_entities(world: World) -> None:
    """Rows that repeat a department thousands of times make it once, and everything finds it."""
    rows = [["Mail", "Dep", "Team"], *([f"u{n}@x", f"D{n % 3}", f"T{n % 7}"] for n in range(3000))]
    made = world.plan(
        """
- {name: tops, to: Departments, match: name, fields: {name: Dep}}
- {name: teams, to: Departments, match: [leadDepartment, name], fields: {name: Team, leadDepartment: Dep}}
- {to: Users, match: email, fields: {email: Mail, department: {column: Team, where: {leadDepartment: Dep}}}}
""",
        rows,
    )

    assert sum(a.set == "Departments" for a in made.writes) == 3 + 21
    assert made.codes == ["merged-rows"]
