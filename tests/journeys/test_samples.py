"""The files of `samples/` read as a person would say they read: `expected.json` beside each says how, and no reader had a part in it."""

import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from importer.sandbox import plain_service, running
from tests.building import Project, make_project

SAMPLES = Path(__file__).parents[2] / "samples"
SERVICES = SAMPLES / "services"
FOLDERS = sorted(
    path.parent.name for path in SAMPLES.glob("*/expected.json") if path.parent.name != "onboarding"
)
EXPECTED = {name: json.loads((SAMPLES / name / "expected.json").read_text("utf-8")) for name in FOLDERS}
FILES = [(name, file) for name in FOLDERS for file in EXPECTED[name]["files"]]
RECIPES = [(name, recipe) for name in FOLDERS for recipe in EXPECTED[name]["recipes"]]
# Numbers that are equal by value.
NUMBERS = {"Edm.Decimal", "Edm.Double", "Edm.Single", "Edm.Int32", "Edm.Int16"}


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    """The services that the samples write to, by name, while this file is tested."""
    office, northwind = (
        plain_service((SERVICES / f"{name}.xml").read_bytes(), f"{name}.xml")
        for name in ("office", "northwind")
    )
    with running(office) as first, running(northwind) as second:
        yield {"office": first.url, "northwind": second.url}


@pytest.fixture
def office(tmp_path: Path, addresses: dict[str, str]) -> Project:
    """A project with a profile for each service."""
    found = make_project(tmp_path, addresses["office"])
    with (tmp_path / "importer.yaml").open("a", encoding="utf-8") as file:
        for name, url in addresses.items():
            file.write(f"  {name}:\n    url: {url}\n")
    return found


@pytest.mark.parametrize(("folder", "file"), FILES)
def test_read(office: Project, folder: str, file: str):
    """`read` shows each cell as the person who wrote it would read it, and each thing that is odd about the sheet."""
    wanted = EXPECTED[folder]["files"][file]
    for sheet in wanted["sheets"]:
        chosen = () if sheet["name"] is None else ("--sheet", sheet["name"])
        found = office.run("read", SAMPLES / folder / file, *chosen, "--json").document

        assert {key: found[key] for key in wanted if key != "sheets"} == {
            key: value for key, value in wanted.items() if key != "sheets"
        }
        assert facts_of(found, sheet["name"]) == {
            key: value for key, value in sheet.items() if key not in ("cells", "problems")
        }
        assert cells_of(found) == sheet["cells"]
        assert told(found, sheet["problems"]) == sheet["problems"]


@pytest.mark.parametrize(("folder", "recipe"), RECIPES)
def test_mapped(office: Project, folder: str, recipe: str):
    """`preview` makes of each row what the recipe's author means, and says the rest of it is wrong, at its cell."""
    shutil.copytree(SAMPLES / folder, office.folder / "sample")
    wanted = EXPECTED[folder]["recipes"][recipe]
    run = office.run("preview", office.path("sample") / recipe, "--rows", "1000", "--json")
    found = run.document

    assert [problem for problem in found["problems"] if problem["severity"] == "error"] == []
    assert [step["name"] for step in found["steps"]] == list(wanted["steps"])
    for step in found["steps"]:
        stated = wanted["steps"][step["name"]]
        assert (step["to"], list(step["types"])) == (stated["to"], stated["properties"])
        assert rows_of(step) == stated_rows(stated, step["types"]), step["name"]
    assert sorted(said(found)) == sorted(map(tuple, wanted["problems"]))


def facts_of(found: dict[str, Any], name: str | None) -> dict[str, Any]:
    sheet = next(sheet for sheet in found["sheets"] if sheet["name"] == name)
    return {key: value for key, value in sheet.items() if key not in ("rows", "columns")} | {
        "merged": sorted(sheet["merged"])
    }


def cells_of(found: dict[str, Any]) -> dict[str, dict[str, list[Any]]]:
    return {
        str(row["row"]): {letters: cell_of(cell) for letters, cell in row["cells"].items()}
        for row in found["rows"]
    }


def cell_of(cell: dict[str, Any]) -> list[Any]:
    value = cell["value"]
    if cell["type"] == "number":
        value = f"{Decimal(value).normalize():f}"
    found = [cell["type"], value]
    if cell.get("error"):
        found.append(cell["error"])
    if cell.get("indent"):
        found.append({"indent": cell["indent"]})
    return found


def told(found: dict[str, Any], stated: list[list[str]]) -> list[list[str]]:
    """Return what is said of the sheet as code and what it must mention: the stated word, if the message or the place has it."""
    problems = sorted(found["problems"], key=lambda problem: str(problem["code"]))
    words = [word for _, word in stated] + [""] * len(problems)
    return [
        [problem["code"], word if word in mentioned(problem) else mentioned(problem)]
        for problem, word in zip(problems, words, strict=False)
    ]


def mentioned(problem: dict[str, Any]) -> str:
    return " ".join([problem["message"], *map(place_of, problem["places"])])


def place_of(place: dict[str, Any]) -> str:
    sheet = f"{place['sheet']}!" if place.get("sheet") else ""
    return sheet + str(place.get("cell") or place.get("row") or "")


def said(found: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return what is said of cells and rows: code, step, place."""
    return [
        (problem["code"], problem["step"], place_of(place))
        for problem in found["problems"]
        if problem["step"] is not None
        for place in problem["places"]
    ]


def rows_of(step: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [
        (row["row"], row["fate"], canonical(row["values"], step["types"]), row["problems"])
        for row in step["records"]
    ]


def stated_rows(stated: dict[str, Any], types: dict[str, str]) -> list[tuple[Any, ...]]:
    rows = []
    for number, fate, *rest in stated["rows"]:
        values, codes = [*rest, {}, {}][:2] if rest else (None, {})
        whole = {} if values is None else {name: values.get(name) for name in stated["properties"]}
        rows.append((number, fate, canonical(whole, types), codes))
    return rows


def canonical(values: dict[str, Any], types: dict[str, str]) -> dict[str, Any]:
    return {
        name: str(Decimal(value).normalize()) if value is not None and types[name] in NUMBERS else value
        for name, value in values.items()
    }
