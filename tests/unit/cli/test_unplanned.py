"""Keys that are read and not carried out yet: `check` accepts them, `plan` stops and names each with its place."""

import pytest

from importer.recipe.unplanned import NotPlannedYet
from tests.building import Project, make_workbook

HEAD = """\
recipe: 1
source: book.xlsx
"""
STEP = """\
steps:
  - to: Departments
    match: name
    fields:
      name: Name
"""
KEYS = [
    ("limits: {create: 5}\n", "", "", [("limits", 3, 1)]),
    ("mask: [Departments/name]\n", "", "", [("mask", 3, 1)]),
    ("", "    expect: [rows > 0]\n", "", [("expect", 8, 5)]),
    ("", "    limits: {create: 5}\n", "", [("limits", 8, 5)]),
    ("", "", "      leadDepartment: {column: Up, row_of: Departments, by: Name}\n", [("row_of", 8, 36)]),
    (
        "",
        "",
        "      leadDepartment: {column: Up, on_missing: create, create: {code: Up}}\n",
        [("create", 8, 56)],
    ),
    (
        "mask: [Departments/name]\n",
        "    limits: {create: 5}\n    expect: [rows > 0]\n",
        "",
        [("mask", 3, 1), ("limits", 9, 5), ("expect", 10, 5)],
    ),
]


@pytest.mark.parametrize(("top", "step", "fields", "told"), KEYS)
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_key_that_no_plan_carries_out(
    project: Project, top: str, step: str, fields: str, told: list[tuple[str, int, int]], lang: str
) -> None:
    """`check` ends with 0; `plan` with 3, every key told at once with line and column, on the console and in JSON, and writes no plan."""
    make_workbook(project.path("book.xlsx"), Sheet1=[["Name", "Up"], ["A", None]])
    recipe = project.path("recipe.yaml")
    recipe.write_text(HEAD + top + STEP + fields + step, "utf-8")

    checked = project.run("check", recipe, "--lang", lang)
    console = project.run("plan", recipe, "-o", project.path("the.plan"), "--lang", lang)
    json = project.run("plan", recipe, "-o", project.path("the.plan"), "--json", "--lang", lang)

    assert checked.exit == 0, checked.err
    assert (console.exit, json.exit) == (3, 3)
    assert not project.path("the.plan").exists()
    found = [
        (item["message"].split("`")[1], place["line"], place["column"])
        for item in json.document["problems"]
        if item["code"] == NotPlannedYet.code
        for place in item["places"]
    ]
    assert found == told
    for name, line, column in told:
        assert f"recipe.yaml:{line}:{column}" in console.err
        assert f"`{name}`" in console.err
