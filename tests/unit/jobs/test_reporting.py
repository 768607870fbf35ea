"""Reports beside a plan: their names, and what happens where they cannot be written."""

from pathlib import Path

import pytest

from importer.jobs.reporting import report_path
from importer.sandbox import Running
from tests.building import STAFF, TIMETTA, Project, make_workbook, staff


@pytest.fixture
def ready(project: Project) -> Project:
    make_workbook(project.path("book.xlsx"), **staff(seed=3, people=4))
    project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
    return project


@pytest.mark.parametrize(
    ("plan", "kind", "mark", "expected"),
    [
        ("x.plan", "html", "", "x.html"),
        ("x.plan", "html", ".applied", "x.applied.html"),
        ("x.plan", "json", ".applied", "x.applied.json"),
        ("2026.11.plan", "html", "", "2026.11.html"),
        ("plan", "html", "", "plan.html"),
        ("x.html", "html", "", "x.html.html"),
    ],
)
def test_names(plan: str, kind: str, mark: str, expected: str) -> None:
    """A report has the plan's name and its own ending, and is never the plan itself."""
    assert report_path(Path(plan), kind, mark) == Path(expected)


def test_an_apply_is_told_even_if_its_report_cannot_be_written(ready: Project, sandbox: Running) -> None:
    """What was written to the service is said; the missing report is a problem, exit 3."""
    ready.plan()
    ready.path("the.applied.html").mkdir()
    ended = ready.apply("the.plan", "--report", "html")

    assert (ended.exit, ended.codes) == (3, ["file-unreadable"])
    assert ended.document["totals"]["created"] == len(sandbox.journal) > 0
    assert ended.document["reports"] == {}


def test_a_plan_is_told_even_if_its_report_cannot_be_written(ready: Project) -> None:
    """So for a plan: it stands, its path is said, and the other report is written."""
    ready.path("the.html").mkdir()
    ended = ready.plan("recipe.yaml", "the.plan", "--report", "html", "--report", "json")

    assert (ended.exit, ended.codes) == (3, ["file-unreadable"])
    assert list(ended.document["reports"]) == ["json"]
    assert ready.run("show", ended.document["plan"]).exit == 0


def test_show_says_that_its_report_cannot_be_written(ready: Project) -> None:
    """Of `show` the report is all that was wanted."""
    ready.plan()
    ready.path("the.shown.html").mkdir()
    kept = ready.run("show", ready.path("the.plan"), "--report", "html", "--json")
    forced = ready.run("show", ready.path("the.plan"), "--report", "html", "--force", "--json")

    assert (kept.exit, kept.codes) == (2, ["already-there"])
    assert (forced.exit, forced.codes) == (3, ["file-unreadable"])
