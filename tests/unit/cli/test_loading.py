"""A command loads what it needs and no more: most of the time of a small plan is loading."""

import os
import subprocess
import sys

from importer.sandbox import Running
from tests.building import STAFF, TIMETTA, Project, make_workbook, staff

# What reads no expression, makes no report and carries nothing out can do without.
NOT_FOR_A_PLAN = (
    "clevercsv",
    "filelock",
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


def test_a_plan_is_light(project: Project, sandbox: Running) -> None:
    """`importer plan` loads neither the executor nor reports, nor what expressions need when there are none."""
    make_workbook(project.path("book.xlsx"), **staff(seed=3, people=4))
    project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
    probe = (
        "import sys; from importer.cli.main import run; code = run(['plan', 'recipe.yaml', '-o', 'the.plan']);"
        f"print(code, [name for name in {NOT_FOR_A_PLAN} if name in sys.modules], file=sys.stderr)"
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
