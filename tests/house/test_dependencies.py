"""What the program needs is written down once, locked, and has its reason."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RUN = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
TEST = [Requirement(line) for line in PROJECT["dependency-groups"]["test"]]
DECISION = (ROOT / "docs" / "decisions" / "0005-dependencies.md").read_text("utf-8")


def locked(name: str) -> dict[str, str]:
    lines = (ROOT / "requirements" / name).read_text("utf-8").splitlines()
    return {
        canonicalize_name(pin[1]): pin[2]
        for line in lines
        if (pin := re.fullmatch(r"([\w.-]+)==(\S+)", line))
    }


@pytest.mark.parametrize("requirement", RUN, ids=lambda requirement: requirement.name)
def test_runtime(requirement: Requirement):
    """A dependency has an exact version in the lock, one that its range takes, and a line in the decision."""
    assert requirement.specifier.contains(locked("run.lock")[canonicalize_name(requirement.name)])
    assert any(requirement.name in row.split("|")[1] for row in DECISION.splitlines() if row.startswith("| "))


@pytest.mark.parametrize("requirement", TEST, ids=lambda requirement: requirement.name)
def test_for_tests(requirement: Requirement):
    """What the tests need besides has an exact version too."""
    pins = {**locked("run.lock"), **locked("test.lock")}

    assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)])


def test_no_reason_without_a_dependency():
    """The decision lists nothing that is gone."""
    listed = {
        name.strip()
        for row in DECISION.splitlines()
        if row.startswith("| ")
        for name in row.split("|")[1].split(",")
    } - {"package"}

    assert listed == {requirement.name for requirement in RUN}
