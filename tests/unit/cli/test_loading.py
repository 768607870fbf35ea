"""A command loads what it needs and no more: most of the time of a small plan is loading."""

import os
import subprocess
import sys

import pytest

from importer.sandbox import Running
from tests.building import STAFF, TIMETTA, Project, make_workbook, staff

# What reads no expression, makes no report and carries nothing out can do without.
NOT_FOR_A_PLAN = (
    "clevercsv",
    "filelock",
    "httpx._main",
    "importer.executor",
    "importer.recipe.expressions.filters",
    "importer.reports.documents",
    "importer.reports.html",
    "importer.sandbox",
    "importer.sources.inspection",
    "jinja2",
    "keyring",
    "oauthlib",
    "openpyxl",
    "psutil",
    "regex",
    "starlette",
    "uvicorn",
)


# Offline nobody is asked, and a check makes no plan.
NOT_FOR_A_CHECK = (*NOT_FOR_A_PLAN, "httpx", "importer.planner.deciding", "importer.planner.planning")


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["plan", "recipe.yaml", "-o", "the.plan"], NOT_FOR_A_PLAN),
        (["check", "recipe.yaml", "--offline"], NOT_FOR_A_CHECK),
    ],
)
def test_a_command_is_light(
    project: Project, sandbox: Running, arguments: list[str], unwanted: tuple[str, ...]
) -> None:
    """`plan` loads no executor, no reports, nothing for expressions when there are none; `check --offline` not even what asks a service."""
    make_workbook(project.path("book.xlsx"), **staff(seed=3, people=4))
    project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
    if "--offline" in arguments:
        assert project.run("check", project.path("recipe.yaml")).exit == 0
    probe = (
        f"import sys; from importer.cli.main import run; code = run({arguments});"
        f"print(code, [name for name in {unwanted} if name in sys.modules], file=sys.stderr)"
    )
    # Without the modules of a tool that measures this process.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    ended = subprocess.run(
        [sys.executable, "-c", probe],
        capture_output=True,
        text=True,
        check=True,
        cwd=project.folder,
        env=environment,
    )

    assert ended.stderr.strip() == "0 []", ended.stdout
