"""The Python API: the same jobs without a command line; nothing is printed, nobody is asked."""

from pathlib import Path

import pytest

import importer
from importer.sandbox import Running
from tests.building import STAFF, TIMETTA, Project, make_workbook, staff


@pytest.fixture
def recipe(project: Project) -> Path:
    """A recipe with its workbook."""
    make_workbook(project.path("book.xlsx"), **staff(seed=8, people=4))
    project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
    return project.path("recipe.yaml")


def test_check_plan_show_apply(recipe: Path, sandbox: Running, capfd: pytest.CaptureFixture[str]) -> None:
    """The four words of the work are four functions, which find the project beside the recipe and the plan."""
    checked = importer.check(recipe)
    planned = importer.make_plan(recipe, output=recipe.with_name("the.plan"), reports=["html"])
    shown = importer.show_plan(planned.plan)
    applied = importer.apply_plan(planned.plan)
    again = importer.make_plan(str(recipe), output=str(recipe.with_name("the.plan")), force=True)

    assert (checked.exit_code, planned.exit_code, applied.exit_code, again.exit_code) == (0, 0, 0, 0)
    assert [step.name for step in checked.steps] == ["departments", "users"]
    assert len(shown.actions) == planned.writes == applied.outcome.created == len(sandbox.journal) == 16
    assert planned.reports["html"].is_file()
    assert again.writes == 0
    assert "".join(capfd.readouterr()) == ""


def test_other_files_and_profiles(recipe: Path) -> None:
    """Files replace the recipe's own; a profile that is not there is an error of ours to catch."""
    other = make_workbook(recipe.with_name("other.xlsx"), **staff(seed=8, people=2))

    assert importer.check(recipe, files=[other]).steps[1].rows == 2
    with pytest.raises(importer.ImporterError) as wrong:
        importer.check(recipe, profile="nobody")
    assert wrong.value.exit_code == 3
    assert all(isinstance(problem, importer.Problem) for problem in wrong.value.problems)


def test_what_cannot_be_done_is_an_exception_with_its_exit_code(recipe: Path) -> None:
    """Mistakes come as exceptions that hold the problems; a plan that is there is not overwritten."""
    planned = importer.make_plan(recipe, output=recipe.with_name("the.plan"))
    found = []
    for attempt in (
        lambda: importer.make_plan(recipe, output=planned.plan),
        lambda: importer.show_plan(recipe),
        lambda: importer.apply_plan(planned.plan, steps=["nonsense"]),
        lambda: importer.read_recipe(recipe.with_name("missing.yaml"), "missing.yaml"),
    ):
        with pytest.raises(importer.ImporterError) as wrong:
            attempt()
        found.append(wrong.value.exit_code)

    assert found == [2, 3, 3, 3]


def test_every_name_of_the_face_is_there() -> None:
    """What `__all__` names can be had, and `dir` names it; the stub for type checkers names the same."""
    stub = Path(importer.__file__).with_name("__init__.pyi").read_text("utf-8")

    for name in importer.__all__:
        assert getattr(importer, name) is not None
        assert name in dir(importer)
        assert f'"{name}"' in stub
