"""The sample's mistakes are told at their cells, each with its nearest fix, and nothing else is."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.building import Project

SAMPLE = Path(__file__).parents[2] / "samples" / "onboarding"
EXPECTED = json.loads((SAMPLE / "expected.json").read_text("utf-8"))


@pytest.fixture
def planned(project: Project) -> dict[str, Any]:
    """The plan of the sample on an empty service."""
    for name in ("onboarding.xlsx", "onboarding.yaml"):
        shutil.copy(SAMPLE / name, project.folder / name)
    return project.run("plan", project.path("onboarding.yaml"), "--json", "--profile", "service").document


def test_accounting(planned: dict[str, Any]):
    """Each step has the rows, and the ends of rows, that the sample says."""
    assert planned["steps"] == EXPECTED["steps"]
    assert planned["writes"] == EXPECTED["writes"]


def test_mistakes(planned: dict[str, Any]):
    """Every planted mistake is told once, with all its cells and the nearest right word; nothing else is told of a cell."""
    told = [
        told_of_cells(problem)
        for problem in planned["problems"]
        if any("sheet" in place for place in problem["places"])
    ]
    planted = [
        (
            item["code"],
            item["severity"],
            item["step"],
            item["found"],
            item["nearest"],
            item.get("cells", []),
            item.get("rows", []),
        )
        for item in EXPECTED["planted"]
    ]

    assert sorted(told, key=str) == sorted(planted, key=str)


def told_of_cells(problem: dict[str, Any]) -> tuple[object, ...]:
    nearest = problem["near"][0]["text"] if problem["near"] and problem["code"] != "ambiguous" else None
    cells = [f"{place['sheet']}!{place['cell']}" for place in problem["places"] if place.get("cell")]
    rows = [[place["sheet"], place["row"]] for place in problem["places"] if not place.get("cell")]
    return problem["code"], problem["severity"], problem["step"], problem["found"], nearest, cells, rows
