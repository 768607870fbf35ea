"""How rows find the entities they already are: recipe-language.md §5, *match*, and the modes."""

import pytest

from tests.unit.planner.world import World, fates, guid

DEPARTMENTS = """
- to: Departments
  match: {match}
  fields: {{name: Name, code: Code, leadDepartment: {{column: Lead, optional: true}}}}
"""
HEADER = ["Name", "Code", "Lead"]
ANY = DEPARTMENTS.format(match="{any: [code, name]}")


def test_second_run_keeps(world: World) -> None:
    """An applied plan leaves nothing to do."""
    recipe = DEPARTMENTS.format(match="code")
    rows = [HEADER, ["A", "1", ""], ["B", "2", "A"]]
    first = world.plan(recipe, rows)
    world.apply(first)
    second = world.plan(recipe, rows)

    assert first.verbs == {"1 · A": "create", "2 · B": "create"}
    assert second.verbs == {"1 · A": "unchanged", "2 · B": "unchanged"}
    assert second.writes == []


@pytest.mark.parametrize(
    ("match", "row", "verb", "codes"),
    [
        ("code", ["New", "a 1", ""], "update", ["spelling-kept"]),  # case does not matter
        ("code", ["New", "A2", ""], "create", []),
        ("code", ["Old", "", ""], "blocked", ["blank-match"]),
        ("name", ["old", "", ""], "unchanged", ["spelling-kept"]),
        ("name", ["Old", "A9", ""], "update", []),
        ("{any: [code, name]}", ["Old", "", ""], "unchanged", []),  # a blank alternative is passed over
        ("{any: [code, name]}", ["Old", "A9", ""], "blocked", ["match-conflict"]),
        ("{any: [code, name]}", ["Bare", "A9", ""], "update", []),  # found by name, without a code yet
        ("{any: [code, name]}", ["New", "A 1", ""], "update", []),
        ("{any: [code, name]}", ["", "", "Old"], "blocked", ["blank-match"]),
        ("[name, code]", ["Old", "A 1", ""], "unchanged", []),
        ("[name, code]", ["Bare", "", ""], "unchanged", []),  # a blank nullable part is null
        ("[name, code]", ["", "A 1", ""], "blocked", ["blank-match"]),  # a part that is never null
        ("[leadDepartment, name]", ["Old", "A 1", ""], "unchanged", []),  # at the top
        ("[leadDepartment, name]", ["Child", "", "Old"], "unchanged", []),
        ("[leadDepartment, name]", ["Child", "", "Bare"], "create", []),
        ("[leadDepartment, name]", ["Child", "", ""], "create", []),
        ("leadDepartment", ["Child", "", "Old"], "unchanged", []),
    ],
)
def test_forms(world: World, match: str, row: list[str], verb: str, codes: list[str]) -> None:
    """Each form of `match` finds what it says, and nothing else."""
    world.seed(
        "Departments",
        {"name": "Old", "code": "A 1"},
        {"name": "Bare"},
        {"name": "Child", "leadDepartmentId": guid("Old")},
    )
    made = world.plan(DEPARTMENTS.format(match=match), [HEADER, row])

    assert [action.verb.value for action in made.actions] == [verb]
    assert made.codes == codes


def test_a_spelling_stays_whichever_alternative_finds(world: World) -> None:
    """Found by name in the first run and by code in the second, an entity keeps its spelling in both."""
    world.seed("Departments", {"name": "A"})
    rows = [HEADER, ["a", "1", ""]]
    first = world.plan(ANY, rows)
    world.apply(first)
    second = world.plan(ANY, rows)

    assert [action.body for action in first.writes] == [{"code": "1"}]
    assert (first.codes, second.codes, second.writes) == (["spelling-kept"], ["spelling-kept"], [])


def test_two_entities_with_one_value(world: World) -> None:
    """Which of two is meant nobody guesses; both keys are shown."""
    world.seed("Departments", {"name": "A", "code": "1"}, {"name": "B", "code": "1"})
    made = world.plan(DEPARTMENTS.format(match="code"), [HEADER, ["C", "1", ""]])

    assert made.codes == ["ambiguous-match"]
    assert guid("A") in made.problems[0].problem.message()
    assert guid("B") in made.problems[0].problem.message()


def test_an_exact_match_wins(world: World) -> None:
    """Of two spellings the one written is meant."""
    world.seed("Departments", {"name": "A", "code": "x"}, {"name": "B", "code": "X"})
    made = world.plan(DEPARTMENTS.format(match="code"), [HEADER, ["C", "X", ""]])

    assert made.named("X · C").key == {"id": guid("B")}


def test_compare_exact(world: World) -> None:
    """Under `compare: exact` another spelling is another entity."""
    world.seed("Departments", {"name": "A", "code": "x"})
    made = world.plan(
        "- {to: Departments, match: code, fields: {name: Name, code: {column: Code, compare: exact}}}",
        [HEADER, ["C", "X", ""]],
    )

    assert made.verbs == {"X · C": "create"}


MODES = [
    ("create", "unchanged", "create", {"unchanged": 1, "create": 1}),
    ("update", "update", "blocked", {"update": 1, "blocked": 1}),
    ("update, on_missing: skip", "update", "skipped", {"update": 1, "skip": 1}),
    ("upsert", "update", "create", {"update": 1, "create": 1}),
]


@pytest.mark.parametrize(("mode", "there", "absent", "counts"), MODES)
def test_modes(world: World, mode: str, there: str, absent: str, counts: dict[str, int]) -> None:
    """What a mode does with one found and none found."""
    world.seed("Departments", {"name": "Old", "code": "1"})
    made = world.plan(
        f"- {{to: Departments, mode: {mode}, match: code, fields: {{name: Name, code: Code}}}}",
        [HEADER, ["New", "1"], ["B", "2"]],
    )

    assert [action.verb.value for action in made.actions] == [there, absent]
    assert made.fates == counts
    assert made.codes == (["not-found"] if absent == "blocked" else [])


def test_an_existing_one_in_mode_create_is_called_so(world: World) -> None:
    """`create` leaves the existing untouched, reported as exists, whatever else the row says."""
    world.seed("Departments", {"name": "Old", "code": "1"})
    made = world.plan(
        "- {to: Departments, mode: create, match: code, fields: {name: {column: Name, update: always}, code: Code}}",
        [HEADER, ["New", "1"]],
    )

    assert [(action.verb.value, action.reason) for action in made.actions] == [("unchanged", "exists")]


def test_a_blank_reference_by_on_missing_recognises_nothing(world: World) -> None:
    """`on_missing: blank` in a match of one property is a blank: it finds no entity that merely has none."""
    world.seed("Users", {"name": "N", "email": "n@x"})
    made = world.plan(
        "- {to: Users, match: department, fields: {name: Name, department: {column: D, on_missing: blank}}}",
        [["Name", "D"], ["X", "nowhere"]],
    )

    assert (made.codes, [action.verb.value for action in made.actions]) == (["blank-match"], ["blocked"])


def test_a_part_that_takes_no_null_must_be_filled(world: World) -> None:
    """A row that nothing recognises is never created, or it would be created in every run."""
    world.seed("Projects", {"name": "P"})
    made = world.plan(
        "- {to: Tasks, match: [project, number], fields: {name: Name, number: No, project: P}}",
        [["Name", "No", "P"], ["T", "", "P"], ["U", "2", "P"]],
    )

    assert made.codes == ["blank-match"]
    assert made.fates == {"blocked": 1, "create": 1}


def test_a_constant_in_match_fills_nothing(world: World) -> None:
    """A row whose own match values are blank is a problem, whatever constants stand beside them."""
    world.seed("Projects", {"name": "P"})
    made = world.plan(
        "- {to: Departments, match: [isActive, code], fields: {name: Name, code: Code, isActive: true}}",
        [HEADER, ["A", ""], ["B", "1"]],
    )

    assert made.codes == ["blank-match"]
    assert made.fates == {"blocked": 1, "create": 1}


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 0, 1), (1, 0, 2)])
def test_rows_that_differ_in_an_earlier_alternative(world: World, order: tuple[int, ...]) -> None:
    """Rows that share a name and differ in code are all in conflict, whatever their order; the one without a code too."""
    rows = [["X", "", ""], ["X", "1", ""], ["X", "2", ""]]
    made = world.plan(ANY, [HEADER, *(rows[n] for n in order)])

    assert made.codes == ["match-conflict"]
    assert made.fates == {"blocked": 3}


def test_rows_of_one_entity_by_different_alternatives(world: World) -> None:
    """Rows are one record if they share the value of some alternative; together they say everything."""
    made = world.plan(ANY, [HEADER, ["X", "", ""], ["X", "1", ""], ["", "1", ""]])

    assert made.fates == {"create": 1, "merged": 2}
    assert made.writes[0].body == {"name": "X", "code": "1"}


def test_rows_of_one_entity_that_find_two(world: World) -> None:
    """Rows that are one entity and find two on the service are written to neither."""
    world.seed("Departments", {"name": "Y", "code": "1"}, {"name": "X"})
    made = world.plan(ANY, [HEADER, ["X", "1", ""], ["X", "", ""]])

    assert made.fates == {"blocked": 2}
    assert "ambiguous-match" in made.codes


def test_two_rows_that_find_one_entity_by_different_values(world: World) -> None:
    """They are duplicate-rows, and so is everything merged with either."""
    world.seed("Departments", {"name": "X", "code": "1"})
    made = world.plan(ANY, [HEADER, ["Y", "1", ""], ["X", "", ""], ["Y", "1", ""]])

    assert made.codes == ["duplicate-rows"]
    assert made.fates == {"blocked": 3}


def test_a_row_that_only_shares_finds_what_the_other_found(world: World) -> None:
    """An entity found by one of two merged rows is the entity of both, also for those who refer to the other row."""
    world.seed("Departments", {"name": "Old", "code": "1"})
    made = world.plan(
        """
- {to: Departments, match: {any: [code, name]}, fields: {name: Name, code: Code}}
- {to: Users, from: {file: b.csv, delimiter: ;}, match: email, fields: {email: Mail, department: Dep}}
""",
        [HEADER, ["Other", "1", ""], ["Other", "", ""]],
        files={"b.csv": [["Mail", "Dep"], ["a@x", "Other"]]},
    )

    assert made.named("a@x").body == {"email": "a@x", "departmentId": guid("Old")}
    assert made.codes == ["merged-rows"]


TWO_STEPS = """
- {name: one, to: Users, match: email, fields: {email: Mail, name: Name}}
- {name: two, to: Users, from: {file: b.csv, delimiter: ;}, mode: MODE, match: email, fields: {email: Mail, phone: Phone}}
"""


@pytest.mark.parametrize("mode", ["upsert", "create", "update"])
def test_two_steps_into_one_set_are_one_action(world: World, mode: str) -> None:
    """Fields of all steps that are the same entity are united."""
    made = world.plan(
        TWO_STEPS.replace("MODE", mode),
        [["Mail", "Name"], ["a@x", "A"]],
        files={"b.csv": [["Mail", "Phone"], ["A@X", "1"], ["b@x", "2"]]},
    )

    assert made.named("a@x · A").body == {"email": "a@x", "name": "A", "phone": "1"}
    assert fates(made.steps["one"]) == {"create": 1}
    assert fates(made.steps["two"]) == {"merged": 1, ("blocked" if mode == "update" else "create"): 1}


def test_a_set_of_a_base_type_is_the_same_entity(world: World) -> None:
    """A step to `Resources` and one to `Users` with one code make one user... and say so once."""
    world.seed("Users", {"name": "U", "code": "7"})
    made = world.plan(
        """
- {name: r, to: Resources, match: code, fields: {code: Code, name: Name}}
- {name: u, to: Users, match: code, fields: {code: Code, phone: Phone}}
""",
        [["Code", "Name", "Phone"], ["7", "New", "1"]],
    )

    assert len(made.writes) == 1
    assert made.writes[0].body == {"name": "New", "phone": "1"}


def test_steps_that_find_one_entity_by_their_own_ways(world: World) -> None:
    """Two steps that recognise the same entity by different properties are one action."""
    world.seed("Users", {"name": "U", "code": "7", "email": "u@x"})
    made = world.plan(
        """
- {name: one, to: Users, mode: update, match: code, fields: {code: Code, phone: Phone}}
- {name: two, to: Users, mode: update, match: email, fields: {email: Mail, login: Login, level: Level}}
""",
        [["Code", "Phone", "Mail", "Login", "Level"], ["7", "1", "u@x", "me", "3"]],
    )

    assert [action.body for action in made.writes] == [{"phone": "1", "level": 3}]


def test_deep_trees_are_recognised_without_recursion(world: World) -> None:
    """Three thousand levels, leaves first, matched by parent and name: planned, and unchanged afterwards."""
    rows = [HEADER, *([f"L{n}", "", f"L{n - 1}" if n else ""] for n in reversed(range(3000)))]
    recipe = DEPARTMENTS.format(match="[leadDepartment, name]")
    made = world.plan(recipe, rows)

    assert made.fates == {"create": 3000}
    assert max(action.wave for action in made.actions) == 3000
    assert len({action.key["id"] for action in made.actions if action.key}) == 3000


def test_a_tree_matched_by_parent_and_name_is_kept(world: World) -> None:
    """Equal names under different parents stay apart, over two runs."""
    rows = [HEADER, ["A", "1", ""], ["B", "2", ""], ["x", "3", "A"], ["x", "4", "B"], ["y", "5", "A"]]
    recipe = DEPARTMENTS.format(match="[leadDepartment, name]")
    first = world.plan(recipe, rows)
    world.apply(first)
    second = world.plan(recipe, rows)

    assert first.fates == {"create": 5}
    assert second.fates == {"unchanged": 5}


def test_a_deep_chain_of_blocked_rows(world: World) -> None:
    """A row that is left out takes everything below it along, each told which row."""
    rows = [
        HEADER,
        ["", "0", ""],
        *([f"L{n}", str(n), f"L{n - 1}" if n > 1 else "nobody"] for n in range(1, 1500)),
    ]
    made = world.plan(DEPARTMENTS.format(match="code"), rows)

    assert set(made.codes) == {"not-found", "depends-on-blocked", "blank-required"}
    assert made.fates == {"blocked": 1500}
