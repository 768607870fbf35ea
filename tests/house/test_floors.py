"""The floors of the house hold because import-linter sees what breaks them; here each contract is broken once on purpose."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.executable).with_name("lint-imports")

# Contract (the beginning of its name) → the module that offends, and the line that does it.
OFFENCES = [
    ("Floors", "importer/odata/edm/model.py", "import importer.jobs.check"),
    ("Floors", "importer/planner/keys.py", "import importer.executor.running"),
    ("Floors", "importer/utils/__init__.py", ""),
    ("The planner", "importer/planner/binding/bound.py", "import importer.planner.mapping.record"),
    ("No circles", "importer/text/cleaning.py", "def _late():\n    import importer.text.folding"),
    ("One writer", "importer/jobs/apply.py", "import importer.odata.http.writing"),
    ("The executor does", "importer/executor/running.py", "import importer.recipe.normal"),
    ("The plan stays small", "importer/plan/origin.py", "import importer.odata.url.literals"),
    ("The sandbox shares", "importer/sandbox/querying.py", "import importer.odata.url.literals"),
    ("Door: HTTP", "importer/jobs/describe.py", "import httpx"),
    ("Door: XML", "importer/sources/package.py", "from lxml import etree"),
    ("Door: serving", "importer/jobs/sandbox.py", "import uvicorn"),
    ("Door: SQLite", "importer/executor/ledger.py", "import sqlite3"),
    ("Door: similarity", "importer/problems/nearest.py", "import rapidfuzz"),
    ("Door: Jinja", "importer/planner/mapping/compiling.py", "import jinja2"),
    ("Door: workbooks", "importer/planner/staging.py", "import python_calamine"),
    ("Door: YAML", "importer/recipe/reading.py", "from ruamel.yaml import YAML"),
    ("Door: pydantic", "importer/plan/actions.py", "import pydantic"),
    ("Door: OAuth", "importer/project/logins.py", "import oauthlib"),
    ("Door: key stores and locks", "importer/jobs/login.py", "import keyring"),
    ("Door: click", "importer/reports/wording.py", "import click"),
]


def contracts() -> list[str]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return [contract["name"] for contract in tomllib.load(file)["tool"]["importlinter"]["contracts"]]


def lint(where: Path) -> tuple[int, str]:
    """Return the exit code of import-linter over the package in `where`, and what it says, in one line."""
    done = subprocess.run(
        [LINTER, "--no-cache", "--no-logo"],
        cwd=where,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(where)},
        check=False,
    )
    return done.returncode, re.sub(r"\s+", " ", done.stdout + done.stderr)


def test_every_contract_is_broken_here_once():
    """A contract that nothing here breaks may be one that catches nothing."""
    unbroken = [name for name in contracts() if not any(name.startswith(offence[0]) for offence in OFFENCES)]

    assert unbroken == []


@pytest.mark.parametrize(
    ("contract", "module", "line"), OFFENCES, ids=[f"{name}: {path}" for name, path, _ in OFFENCES]
)
def test_caught(contract: str, module: str, line: str, tmp_path: Path):
    """An import that goes up, aside or through a wrong door is caught, and the contract named."""
    shutil.copytree(
        ROOT / "importer",
        tmp_path / "importer",
        ignore=lambda folder, names: [n for n in names if n == "__pycache__"],
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    offender = tmp_path / module
    offender.parent.mkdir(exist_ok=True)
    with offender.open("a", encoding="utf-8") as file:
        file.write(f"\n\n{line}\n")

    code, said = lint(tmp_path)

    name = next(name for name in contracts() if name.startswith(contract))
    assert code == 1
    assert f"{name} BROKEN" in said
    assert module.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2] in said  # the culprit
