"""Custom fields by the labels that people gave them: what the service's catalogue says is what a recipe means."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from importer.plan.file import PlanReader
from importer.sandbox import Running, load_service, running
from tests.building import Project, Run, make_project, make_workbook

RECIPE = """\
recipe: 1
source: book.xlsx
aliases:
  Organizations:
    erp: {custom: LABEL}
steps:
  - to: Organizations
    match: erp
    fields:
      erp: Code
      name: Name
"""


def written(project: Project, label: str) -> Path:
    make_workbook(project.path("book.xlsx"), Sheet1=[["Code", "Name"], ["A-7", "Ромашка"]])
    path = project.path("recipe.yaml")
    path.write_text(RECIPE.replace("LABEL", label), "utf-8")
    return path


def told(run: Run) -> list[tuple[str, str, str, str, int, int]]:
    """What a command said in JSON, besides what services usually fill."""
    return [
        (
            item["code"],
            item["severity"],
            item["message"],
            item["hint"],
            place.get("line", 0),
            place.get("column", 0),
        )
        for item in run.document["problems"]
        if item["code"] != "required-unmapped"
        for place in item["places"]
    ]


@pytest.mark.parametrize("label", ["Код 1С", "код  1с"])
def test_a_label_is_a_property(project: Project, label: str) -> None:
    """A plan writes the property that the catalogue names; the second run finds the entity by it and writes nothing."""
    recipe = written(project, label)

    checked = project.run("check", recipe, "--json")
    assert (checked.exit, told(checked)) == (0, [])
    assert '"erp": "A-7"' in project.run("preview", recipe, "--json").out
    assert project.plan().exit == 0
    assert project.apply().exit == 0
    again = project.run("plan", recipe, "-o", project.path("again.plan"), "--json").document
    assert again["writes"] == 0


def test_an_unknown_label_names_the_nearest(project: Project) -> None:
    """A label that the catalogue does not have stops `check` at the alias, with the label that was probably meant."""
    run = project.run("check", written(project, "Код 1C"), "--json")  # a Latin C

    assert run.exit == 3
    assert told(run) == [
        (
            "unknown-property",
            "error",
            'Organization has no custom field labelled "Код 1C".',
            'Did you mean "Код 1С" (0.83)?',
            5,
            10,
        )
    ]


def test_a_label_given_twice_is_not_guessed(tmp_path: Path) -> None:
    """Two custom fields with one label: both properties are named, neither is taken."""
    pack = load_service("timetta")
    first = pack.seed["CustomFields"][0]
    second = {**first, "id": str(uuid4()), "dataField": "stringValue5"}
    pack = replace(pack, seed={**pack.seed, "CustomFields": [first, second]})
    with running(pack) as found:
        project = make_project(tmp_path, found.url, dialect="timetta")
        run = project.run("check", written(project, "Код 1С"), "--json")

    assert run.exit == 3
    assert told(run) == [
        (
            "ambiguous",
            "error",
            '"Код 1С" labels several custom fields of Organization: stringValue1, stringValue5.',
            "Write the property instead of {custom: …}",
            5,
            10,
        )
    ]


def test_offline_a_label_stays_open(project: Project) -> None:
    """Without the service `check` says that the label cannot be looked up, and goes on."""
    recipe = written(project, "Код 1С")
    assert project.run("check", recipe).exit == 0

    run = project.run("check", recipe, "--offline", "--json")

    assert run.exit == 0
    assert told(run) == [
        (
            "custom-field-unread",
            "warning",
            'It cannot be known here which property of Organization is labelled "Код 1С".',
            "Run it with the service, whose catalogue of custom fields says so, or write the property",
            5,
            10,
        )
    ]


def test_a_service_without_labels(tmp_path: Path, sandbox: Running) -> None:
    """Where the dialect knows no catalogue, `check` and `plan` stop at the alias."""
    project = make_project(tmp_path, sandbox.url)
    recipe = written(project, "Код 1С")

    for command in ("check", "plan"):
        run = project.run(command, recipe, "--json")
        assert run.exit == 3
        assert told(run)[:1] == [
            (
                "unknown-property",
                "error",
                'Organization has no property labelled "Код 1С": this service keeps no labels.',
                "Write the property instead of {custom: …}, or name the service's `dialect` in the profile",
                5,
                10,
            )
        ]


def test_a_dialect_and_a_profile_name_fields_too(tmp_path: Path, sandbox: Running) -> None:
    """Aliases of the dialect work in every recipe; the recipe's win over them, the profile's over both."""
    (tmp_path / "own.yaml").write_text(
        "dialect: own\nextends: timetta\naliases:\n"
        "  Organizations: {erp: {custom: Код 1С}, inn: stringValue9, region: stringValue8}\n",
        "utf-8",
    )
    project = make_project(
        tmp_path, sandbox.url, dialect="own.yaml", aliases={"Organizations": {"region": "stringValue7"}}
    )
    make_workbook(project.path("book.xlsx"), Sheet1=[["Code", "Name", "Tax", "Region"], ["A", "B", "C", "D"]])
    recipe = project.path("recipe.yaml")
    recipe.write_text(
        "recipe: 1\nsource: book.xlsx\n"
        "aliases: {Organizations: {inn: {custom: ИНН}, region: stringValue6}}\n"
        "steps:\n  - to: Organizations\n    match: erp\n"
        "    fields: {erp: Code, name: Name, inn: Tax, region: Region}\n",
        "utf-8",
    )

    run = project.plan("recipe.yaml")

    assert run.exit == 0, run.err
    with PlanReader(project.path("the.plan")) as reader:
        (action,) = reader.actions()
    assert dict(action.body) == {"stringValue1": "A", "name": "B", "stringValue3": "C", "stringValue7": "D"}
