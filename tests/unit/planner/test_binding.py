"""What `check` finds before any row or entity is read."""

from pathlib import Path

import pytest

from importer.problems import Severity
from importer.problems.problem import code_of, severity_of
from tests.unit.planner.world import World

ROWS = {"a.csv": [["Mail", "Name", "Dep", "Dep", "Кол-во #"], ["a@x", "A", "", "", ""]]}
USER = "- {{to: Users, match: email, fields: {{email: Mail, {field}}}}}"


def errors(world: World, steps: str, **options: object) -> list[str]:
    binding = world.bind(steps, ROWS, **options)  # type: ignore[arg-type]
    return [code_of(problem) for problem in binding.problems if severity_of(problem) is Severity.ERROR]


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("name: Name", []),
        ("nam: Name", ["unknown-property"]),
        ("name: Nam", ["unknown-column"]),
        ("name: [Nam, Name]", []),
        ("name: {column: Nam, optional: true}", []),
        ("department: Dep", ["duplicate-header"]),
        ("department: Dep (2)", []),
        ("department: [Name, Dep]", []),
        ("department: {column: Name, in: Users}", []),
        ("department: {column: Name, in: User}", ["unknown-entity-set"]),
        ("department: {column: Name, by: nam}", ["unknown-property"]),
        ("department: {column: Name, by: leadDepartment}", ["unknown-property"]),
        ("department: {column: Name, where: {nam: Name}}", ["unknown-property"]),
        ("department: {column: Name, where: {code: Nam}}", ["unknown-column"]),
        ("name: {column: Name, by: code}", ["unknown-key"]),
        ("modified: Name", ["read-only-property"]),
        ("login: Name", []),
        ("tags: Name", []),
        ("address: Name", ["unknown-property"]),
        ("photo: Name", ["unknown-property"]),
        ("address/Town: Name", ["unknown-property"]),
        ("name/First: Name", ["unknown-property"]),
        ("mentor: Name", []),
        ("departmentId: Name", []),
        ("departmentId: Name, department: Name", ["key-conflict"]),
        ("name: =row.Nam", ["unknown-column"]),
        ("name: {column: Name, default: =row.Nam}", ["unknown-column"]),
        ("name: {column: Name, map: {a: =row.Nam}}", ["unknown-column"]),
    ],
)
def test_fields(world: World, field: str, codes: list[str]) -> None:
    """Names of the service and of the file are checked; each wrong one is one problem."""
    assert errors(world, USER.format(field=field)) == codes


@pytest.mark.parametrize(
    ("step", "codes"),
    [
        ("- {to: Users, match: mentor, fields: {mentor: Name}}", ["unknown-property"]),
        ("- {to: Departments, match: code, fields: {code: Name}}", ["required-unmapped"]),
        ("- {to: Departments, mode: update, match: code, fields: {code: Name}}", []),
        ("- {to: Departments, match: name, fields: {name: {column: Name, on_blank: clear}}}", ["wrong-type"]),
        ("- {to: Departments, match: code, fields: {code: Name, name: =none}}", ["wrong-type"]),
        ("- {to: Tasks, match: number, fields: {number: Name, name: Name}}", ["required-unmapped"]),
        ("- {to: Tasks, match: name, fields: {name: Name, project: Name}}", []),
        ("- {to: Countries, match: title, fields: {title: Name}}", ["required-unmapped"]),
        (
            "- {to: Cities, match: name, fields: {name: Name, number: Name, country: Name}}",
            ["lookup-default-unknown"],
        ),
        (
            "- {to: Users, match: email, fields: {email: Mail, manager: {column: Name, where: {mentor: Name}}}}",
            ["unknown-property"],
        ),
        (
            "- {to: Tasks, match: name, fields: {name: Name, project: Name, leadTask: {column: Name, on_missing: create}}}",
            ["required-unmapped"],
        ),
        ("- {to: User, match: email, fields: {email: Mail}}", ["unknown-entity-set"]),
    ],
)
def test_steps(world: World, step: str, codes: list[str]) -> None:
    """What is needed to create, to clear and to recognise is known before anything is read."""
    assert list(dict.fromkeys(errors(world, step))) == codes


def test_notes(world: World) -> None:
    """A key where a name would do, and what services usually fill, are notes."""
    codes = world.check("- {to: Tasks, match: name, fields: {name: Name, projectId: Name}}", ROWS)

    assert codes == ["key-instead-of-navigation", "required-unmapped"]


def test_near_and_place(world: World) -> None:
    """The nearest right word is named, and the place is the word itself."""
    (problem,) = world.bind(USER.format(field="name: Nane"), ROWS).problems

    assert [near.text for near in problem.near] == ["Name"]
    assert problem.place is not None
    assert problem.place.as_json()["line"] == 4


def test_a_narrowing_column_is_told_at_its_own_place(world: World) -> None:
    """A missing column of a `where` is told where it stands."""
    steps = "- to: Users\n  match: email\n  fields:\n    email: Mail\n    department:\n      column: Name\n      where:\n        code: Nane"
    (problem,) = world.bind(steps, ROWS).problems

    assert problem.place is not None
    assert problem.place.as_json()["line"] == 11


def test_a_header_cut_by_a_comment(world: World) -> None:
    """The treacherous ` #` is named in the hint, and only there."""
    steps = "- to: Users\n  match: email\n  fields:\n    email: Mail\n    phone: Кол-во #"
    (problem,) = world.bind(steps, ROWS).problems
    (other,) = world.bind(steps.replace("Кол-во #", "'Кол' #"), ROWS).problems

    assert (code_of(problem), code_of(other)) == ("unknown-column", "unknown-column")
    assert "#" in problem.advice()
    assert "comment" not in other.advice()


def test_paths_stay_inside(world: World, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Paths written in a recipe stay in the project, also through links that a pattern finds; those of the command line may lead anywhere."""
    outside = tmp_path_factory.mktemp("outside") / "a.csv"
    outside.write_text("Mail\na@x\n", "utf-8")
    (world.folder / "in").mkdir()
    (world.folder / "in" / "link.csv").symlink_to(outside)
    step = USER.format(field="name: Mail")

    assert errors(world, step, head=f"source: {outside}") == ["file-missing"]
    assert errors(world, step, head="source: ../a.csv") == ["file-missing"]
    assert errors(world, step, head="source: in/*.csv") == ["file-missing"]


def test_files_with_columns_in_another_order(world: World) -> None:
    """Several files by a pattern are read one after another, each by its own header; a row knows its file."""
    made = world.plan(
        "- {to: Users, match: email, fields: {email: Mail, name: Name, phone: {column: Phone, optional: true}}}",
        files={
            "in/1.csv": [["Mail", "Name"], ["a@x", "A"]],
            "in/2.csv": [["Phone", "Name", "Mail"], ["1", "B", "b@x"]],
        },
        head="source: {file: in/*.csv, delimiter: ;}",
    )

    assert [action.body for action in made.writes] == [
        {"email": "a@x", "name": "A"},
        {"email": "b@x", "name": "B", "phone": "1"},
    ]
    assert [Path(place.book).name for action in made.writes for place in action.places] == ["1.csv", "2.csv"]


def test_two_steps_on_one_table_share_its_header(world: World) -> None:
    """The header is where all columns of all steps stand."""
    made = world.plan(
        "- {name: a, to: Users, match: email, fields: {email: Mail}}\n- {name: b, to: Departments, match: name, fields: {name: Dep}}",
        [["Mail", "nothing"], ["Mail", "Dep"], ["a@x", "D"]],
    )

    assert [action.title for action in made.writes] == ["a@x", "D"]
