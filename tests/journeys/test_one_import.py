"""One import, end to end: a workbook becomes a plan, the plan is applied, the second run writes nothing."""

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook

from importer.sandbox import Running
from tests.building import STAFF, TIMETTA, Project, make_workbook, staff

SAMPLE = Path(__file__).parents[2] / "samples" / "onboarding"


@pytest.fixture
def onboarding(project: Project) -> Project:
    """The sample beside the project's configuration."""
    for name in ("onboarding.xlsx", "onboarding.yaml"):
        shutil.copy(SAMPLE / name, project.folder / name)
    return project


def test_the_sample_is_planned_applied_and_then_unchanged(onboarding: Project, sandbox: Running) -> None:
    """After one apply the same recipe plans no write, and no write request is sent."""
    first = onboarding.run(
        "plan",
        onboarding.path("onboarding.yaml"),
        "-o",
        onboarding.path("one.plan"),
        "--json",
        "--profile",
        "service",
    )
    applied = onboarding.run(
        "apply", onboarding.path("one.plan"), "--yes", "--skip-blocked", "--json", "--profile", "service"
    )
    writes = len(sandbox.journal)
    second = onboarding.run(
        "plan",
        onboarding.path("onboarding.yaml"),
        "-o",
        onboarding.path("two.plan"),
        "--json",
        "--profile",
        "service",
    )

    assert (first.exit, applied.exit, second.exit) == (4, 0, 4)
    assert applied.document["totals"]["created"] == first.document["writes"] == writes
    assert second.document["writes"] == 0
    assert len(sandbox.journal) == writes
    assert second.document["totals"]["unchanged"] == first.document["totals"]["create"]


def test_three_changed_cells_are_three_updates(onboarding: Project, sandbox: Running) -> None:
    """After three cells of three people change, the plan holds exactly three updates of one property each."""
    onboarding.run(
        "plan", onboarding.path("onboarding.yaml"), "-o", onboarding.path("one.plan"), "--profile", "service"
    )
    onboarding.run("apply", onboarding.path("one.plan"), "--yes", "--skip-blocked", "--profile", "service")
    book = load_workbook(onboarding.path("onboarding.xlsx"))
    sheet = book["Клиенты"]
    header = {sheet.cell(1, n).value: n for n in range(1, sheet.max_column + 1)}
    for row in (2, 3, 4):
        for name in ("Адрес", "Описание", "Наименование"):
            if name in header:
                sheet.cell(row, header[name], f"{sheet.cell(row, header[name]).value} (новое)")
                break
    book.save(onboarding.path("onboarding.xlsx"))
    again = onboarding.run(
        "plan",
        onboarding.path("onboarding.yaml"),
        "-o",
        onboarding.path("two.plan"),
        "--json",
        "--profile",
        "service",
    )
    shown = onboarding.run("show", onboarding.path("two.plan"), "--only", "update", "--json")
    before = len(sandbox.journal)
    applied = onboarding.run(
        "apply", onboarding.path("two.plan"), "--yes", "--skip-blocked", "--json", "--profile", "service"
    )

    assert again.document["totals"]["actions"] == {"create": 0, "update": 3, "delete": 0, "call": 0}
    assert [len(action["changes"]) for action in shown.document["actions"]] == [1, 1, 1]
    assert applied.document["totals"]["updated"] == 3
    assert [entry["op"] for entry in sandbox.journal[before:]] == ["update"] * 3


def test_rows_always_add_up(onboarding: Project) -> None:
    """For every step the rows are the exact sum of what became of them."""
    planned = onboarding.run(
        "plan",
        onboarding.path("onboarding.yaml"),
        "-o",
        onboarding.path("one.plan"),
        "--json",
        "--profile",
        "service",
    ).document
    fates = ("not_for_step", "merged", "create", "update", "unchanged", "skip", "blocked")

    for step in [*planned["steps"], planned["totals"]]:
        assert step["rows"] == sum(step[fate] for fate in fates)


def test_a_tree_is_made_parents_first_and_chiefs_before_their_people(
    project: Project, sandbox: Running
) -> None:
    """Rows in any order become waves; every reference on the service leads to the right entity."""
    make_workbook(project.path("book.xlsx"), **staff(seed=1, people=60))
    project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
    planned = project.plan()
    applied = project.apply()
    users = {e.values["name"]: e.values for e in sandbox.sandbox.site.store.all("WP.User")}
    rows = staff(seed=1, people=60)["Сотрудники"][1:]

    assert (planned.exit, applied.exit) == (0, 0)
    assert planned.document["waves"] > 2
    assert len(users) == 60
    for name, _, _, chief, _, _ in rows:
        expected = users[str(chief)]["id"] if chief else None
        assert users[str(name)]["supervisorId"] == expected
