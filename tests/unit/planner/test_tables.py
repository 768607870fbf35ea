"""How rows are made of what stands in files: every key of a table and of a step's rows, in a whole plan."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from importer.problems.problem import code_of
from tests.unit.planner.world import World

SOURCE = "source: {{file: a.csv, delimiter: ;, {more}}}"


def names(
    world: World, more: str, rows: list[list[object]], fields: str, step: str = ""
) -> list[dict[str, object]]:
    """Plan users by name; return the bodies that would be created."""
    steps = f"- {{to: Users, match: name, {step}fields: {{{fields}}}}}"
    made = world.plan(steps, rows, head=SOURCE.format(more=more))
    return [action.body or {} for action in made.writes]


def test_fill_down(world: World) -> None:
    """A blank repeats the value above, and `when` sees it."""
    rows = [["Dep", "Name"], ["A", "x"], ["", "y"], ["B", "z"], ["", "w"]]
    found = names(world, 'fill_down: [Dep], when: row.Dep == "A"', rows, "name: Name, code: Dep")

    assert [(item["name"], item["code"]) for item in found] == [("x", "A"), ("y", "A")]


@pytest.mark.parametrize(
    ("by", "column"),
    [
        ("indent", ["Firm", "  Sales", "    North", "  Stock"]),
        ("number", ["1", "1.1", "1.1.1", "1.2"]),
    ],
)
def test_tree(world: World, by: str, column: list[str]) -> None:
    """Spaces before a text, or outline numbers, say which row stands under which."""
    rows = [["Unit", "Name"], *([text, f"n{n}"] for n, text in enumerate(column))]
    more = f"tree: {{column: Unit, by: {by}, parent: Above}}"
    found = names(world, more, rows, "name: Name, code: Above")
    clean = [text.strip() for text in column]

    assert [item.get("code") for item in found] == [None, clean[0], clean[1], clean[0]]


def test_a_number_whose_parent_is_missing_is_not_put_under_another(world: World) -> None:
    """2.1 does not stand under 1, although that is the row above with fewer parts."""
    rows = [["Unit", "Name"], ["1", "a"], ["2.1", "b"]]
    found = names(world, "tree: {column: Unit, by: number, parent: Above}", rows, "name: Name, code: Above")

    assert "code" not in found[1]


def test_unpivot(world: World) -> None:
    """Months across become rows; blank cells give none; a wrong value is told at its own cell."""
    rows = [["Name", "Jan", "Feb", "Mar"], ["x", "1", "", "3"], ["y", "", "", "many"], ["z", "", "", ""]]
    head = SOURCE.format(more='unpivot: {columns: "Jan..Mar", name: Month, value: Hours}')
    steps = "- {to: Users, match: name, fields: {name: '=row.Name ~ row.Month', level: Hours}}"
    made = world.plan(steps, rows, head=head)

    assert [(a.body or {})["name"] for a in made.writes] == ["xJan", "xMar"]
    assert made.places("bad-number") == [("D", 3)]
    assert (made.steps["Users"].rows, made.steps["Users"].outside) == (3, 1)


def test_split_of_a_step(world: World) -> None:
    """One cell with several people is several rows; the table's `when` sees the whole cell, the step's each item."""
    rows = [["Team"], ["x; y;"], [""], ["z"]]
    found = names(
        world,
        "",
        rows,
        "name: Team",
        'split: {column: Team, by: ";"}, when: row.Team is not blank and row.Team != "z", ',
    )

    assert [item["name"] for item in found] == ["x", "y"]


def test_two_header_rows(world: World, tmp_path: Path) -> None:
    """A merged upper header stands over all its columns: Time / Start, Time / End."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Plan of the year"], ["Name", "Time", None], [None, "Start", "End"], ["x", "first", "last"]):
        sheet.append(row)
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("A2:A3")
    book.save(world.folder / "a.xlsx")
    steps = "- {to: Users, match: name, fields: {name: Name, code: Time / Start, phone: Time / End}}"
    made = world.plan(steps, head="source: {file: a.xlsx, header: [2, 3]}")

    (action,) = made.writes
    assert action.body == {"name": "x", "code": "first", "phone": "last"} | {
        key: value for key, value in (action.body or {}).items() if key == "id"
    }


def test_several_files(world: World) -> None:
    """A pattern reads one file after another, and `file` says which."""
    for name in ("s_1.csv", "s_2.csv"):
        world.write(name, [["Name"], [name[2]]])
    steps = "- {to: Users, match: name, fields: {name: '=row.Name ~ \"-\" ~ file'}}"
    made = world.plan(steps, head="source: {file: s_*.csv, delimiter: ;}")

    assert [(a.body or {})["name"] for a in made.writes] == ["1-s_1.csv", "2-s_2.csv"]


@pytest.mark.parametrize(
    ("field", "text", "key", "value"),
    [
        ("hired: {column: V, format: dd.MM.yy}", "31.12.25", "hired", "2025-12-31"),
        ('rate: {column: V, format: "# ##0,00 ₽"}', "1 234,50 ₽", "rate", 1234.5),
        ('rate: {column: V, format: "#,##0.00"}', "1,234.50", "rate", 1234.5),
        ("seen: V", "2026-01-31T09:00", "seen", "2026-01-31T06:00:00Z"),
        ("name: Name, color: {column: V, map: {r: Red, '*': =value}}", "Blue", "color", "Blue"),
    ],
)
def test_formats(world: World, field: str, text: str, key: str, value: object) -> None:
    """A pattern of the field reads what the locale would not; a table's time zone holds for its date-times."""
    rows = [["Name", "V"], ["x", text]]
    fields = field if field.startswith("name") else f"name: Name, {field}"
    (found,) = names(world, "timezone: Europe/Moscow", rows, fields)

    assert found[key] == value or float(str(found[key])) == value


def test_unlike_its_format(world: World) -> None:
    """A text that is not like the field's own pattern is a problem that names the pattern."""
    steps = "- {to: Users, match: name, fields: {name: Name, hired: {column: V, format: dd.MM.yy}}}"
    made = world.plan(steps, [["Name", "V"], ["x", "31/12/25"]])

    assert made.group("bad-date").problem.message() == '"31/12/25" is not a date like dd.MM.yy (hired).'


def test_params_filters_and_aliases(world: World) -> None:
    """What a recipe defines at its top holds in the plan."""
    head = (
        "params: {prefix: P-}\nfilters: {up: value | upper}\naliases: {Users: {number: code}}\n"
        "source: {file: a.csv, delimiter: ;}"
    )
    steps = "- {to: Users, match: number, fields: {number: '=params.prefix ~ row.Name', name: {column: Name, apply: up}}}"
    made = world.plan(steps, [["Name", "X"], ["anna", ""]], head=head)

    (action,) = made.writes
    assert {key: (action.body or {})[key] for key in ("code", "name")} == {"code": "P-anna", "name": "ANNA"}


ROWS = {"a.csv": [["Name", "Mail", "Tags"], ["x", "x@y", "a,b"]]}


@pytest.mark.parametrize(
    ("step", "codes"),
    [
        ("tags: {column: Tags, split: ','}", []),
        ("name: {column: Name, split: ','}", ["unknown-key"]),
        ("name: {column: Name, format: dd.MM.yy}", ["wrong-type"]),
        ("code: {column: Name, type: Edm.String}", ["key-conflict"]),
        ("department: {column: Name, by: [{initials: name}]}", []),
        ("department: {column: Name, by: [{initials: nam}]}", ["unknown-property"]),
        ("department: {column: Name, row_of: Users, by: Mail}", []),
        ("department: {column: Name, row_of: Users, by: Mial}", ["unknown-column"]),
        ("department: {column: Name, row_of: Users}", ["missing-key"]),
        ("department: {column: Name, on_missing: create, create: {code: Mail}}", []),
        ("department: {column: Name, on_missing: create, create: {cod: Mail}}", ["unknown-property"]),
        ("name: Name}, then: [{call: SetStat}], limits: {create: 5", ["unknown-action"]),
        ("name: Name}, absent: {where: {activ: true}, delete: true", ["unknown-property"]),
        ("name: Name}, expect: ['unique(\"Nam\")'], limits: {create: 5", ["unknown-column"]),
        ("name: Name}, type: Userr, limits: {create: 5", ["wrong-type"]),
        ("name: Name}, split: {column: Tag, by: ','}, limits: {create: 5", ["unknown-column"]),
    ],
)
def test_every_key_is_bound(world: World, step: str, codes: list[str]) -> None:
    """What no plan carries out yet is checked all the same: names of the service, of the file, of the recipe."""
    found = world.bind(f"- {{to: Users, match: email, fields: {{email: Mail, {step}}}}}", ROWS)

    assert [code_of(item) for item in found.problems if item.severity == "error"] == codes


@pytest.mark.parametrize(
    ("by", "shown"),
    [
        ("[name, {initials: name}]", "Departments by name, initials of name"),
        ("[{initials: name}, name]", "Departments by initials of name, name"),
        ("[code, {initials: name}]", "Departments by code, initials of name"),
    ],
)
def test_a_name_and_its_initials_are_two_ways_to_look(world: World, by: str, shown: str) -> None:
    """One property may stand in `by` whole and by its initials; the order is the recipe's."""
    step = f"- {{to: Users, match: email, fields: {{email: Mail, department: {{column: Name, by: {by}}}}}}}"
    (bound,) = world.bind(step, ROWS).steps
    (lookup,) = (field.lookup for field in bound.fields if field.lookup is not None)

    assert lookup.text == shown


def test_each_key_that_stops_a_plan_is_told_once_with_its_line(world: World) -> None:
    """`plan` names every key that it cannot carry out, at its line."""
    steps = """\
- to: Users
  match: {any: [{remember: Name}, email]}
  fields: {email: Mail, tags: Tags}
  expect: [rows > 0]
  absent: {where: {active: true}, set: {active: false}}
"""
    found = world.bind(steps, ROWS, head="source: {file: a.csv, delimiter: ;}\nmask: [Users/name]")

    assert [
        str(item.place).rpartition("recipe.yaml")[2] + " " + str(item.found) for item in found.unplanned
    ] == [
        ":3:1 mask",
        ":6:20 remember",
        ":7:27 tags",
        ":8:5 expect",
        ":9:5 absent",
    ]
    assert {code_of(item) for item in found.unplanned} == {"not-planned-yet"}
