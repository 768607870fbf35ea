"""The Python API: the jobs with a project found by itself, and plain arguments."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from importer.executor import Options
from importer.jobs.apply import apply
from importer.jobs.check import check as _check
from importer.jobs.plan import plan
from importer.jobs.show import show
from importer.jobs.workplace import Workplace, workplace
from importer.progress import Progress
from importer.results.apply import Applied
from importer.results.check import Checked
from importer.results.plan import Planned
from importer.results.show import Shown


def check(
    recipe: str | PathLike[str],
    *,
    files: Sequence[str | PathLike[str]] = (),
    profile: str | None = None,
    project: str | PathLike[str] | None = None,
    offline: bool = False,
    settings: Sequence[str] = (),
) -> Checked:
    """Return what a recipe became against its service's metadata and its files, with every problem found.

    Raises:
        ImporterError: the recipe, the configuration or the service cannot be used at all.

    """
    path = Path(recipe)
    place = _place(path, profile, project, None)
    return _check(place, path, files=tuple(map(Path, files)), offline=offline, settings=settings)


def make_plan(
    recipe: str | PathLike[str],
    *,
    files: Sequence[str | PathLike[str]] = (),
    output: str | PathLike[str] | None = None,
    reports: Sequence[str] = (),
    force: bool = False,
    profile: str | None = None,
    project: str | PathLike[str] | None = None,
    progress: Progress | None = None,
    settings: Sequence[str] = (),
) -> Planned:
    """Return a plan made, summarised; it stands in the file `plan`, its reports (html, json) beside it.

    Raises:
        ImporterError: recipe, files or service are wrong, or the output is there already.

    """
    path = Path(recipe)
    return plan(
        _place(path, profile, project, progress),
        path,
        files=tuple(map(Path, files)),
        output=None if output is None else Path(output),
        reports=reports,
        force=force,
        settings=settings,
    )


def show_plan(path: str | PathLike[str]) -> Shown:
    """Return what a plan says and what its journal tells, at any age.

    Raises:
        ImporterError: there is no such plan, or the file is none.

    """
    return show(Path(path))


def apply_plan(
    path: str | PathLike[str],
    *,
    skip_blocked: bool = False,
    steps: Sequence[str] = (),
    max_errors: int = 50,
    reports: Sequence[str] = (),
    profile: str | None = None,
    project: str | PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Applied:
    """Return what came of doing exactly what a plan says. Nobody is asked; on the same plan again it goes on.

    Raises:
        ImporterError: it may not be applied, or the service cannot be used; what was sent is journalled.

    """
    target = Path(path)
    options = Options(skip_blocked=skip_blocked, steps=tuple(steps), max_errors=max_errors)
    return apply(_place(target, profile, project, progress), target, options=options, reports=reports)


def _place(
    near: Path, profile: str | None, project: str | PathLike[str] | None, progress: Progress | None
) -> Workplace:
    return workplace(
        None if project is None else Path(project), near=near, profile=profile, progress=progress
    )
