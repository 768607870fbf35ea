"""Reports of a plan: where they go (beside it, under its name), and that nothing is overwritten."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import ClassVar

import msgspec

from importer.jobs.show import show
from importer.problems import FilePlace, Problem, Severity, UsageError
from importer.results.show import Shown


class AlreadyThere(Problem):
    """A file that would be overwritten."""

    code: ClassVar[str] = "already-there"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is there already, and nothing is overwritten.'
    hint: ClassVar[str] = "Choose another name, or say --force"


class NoPlanThere(Problem):
    """A file that is no plan, where a plan was told to go."""

    code: ClassVar[str] = "already-there"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is there already and is no plan; only a plan is overwritten by --force.'
    hint: ClassVar[str] = "Choose another name"


class NotWritable(Problem):
    """A file that cannot be written."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" cannot be written: {expected}.'


class Written(msgspec.Struct, frozen=True):
    """Reports by kind (html, json), and the problems of those that could not be written."""

    paths: Mapping[str, Path]
    problems: tuple[NotWritable, ...] = ()


def report_path(plan: Path, kind: str, mark: str = "") -> Path:
    """Return where the report of a plan goes: `x.plan` → `x.html`, with a mark `x.applied.html`."""
    ending = f"{mark}.{kind}"
    path = plan.with_suffix(ending)
    return path if path != plan else plan.with_name(plan.name + ending)


def refuse_to_overwrite(paths: Iterable[Path]) -> None:
    """Do nothing if none of `paths` exists.

    Raises:
        UsageError: with a problem for each that does.

    """
    if found := [
        AlreadyThere(place=FilePlace(str(path)), found=str(path)) for path in paths if path.exists()
    ]:
        raise UsageError(*found)


def is_other(path: Path) -> bool:
    """Whether something else than a plan stands at a path: a plan is an SQLite file, by its first bytes."""
    if not path.is_file():
        return path.exists()
    with path.open("rb") as stream:
        return stream.read(16) != b"SQLite format 3\0"


def write_reports(plan: Path, kinds: Iterable[str], mark: str = "") -> Written:
    """Write the reports of a plan beside it, and return where they are.

    What was planned or applied is told also where a report cannot be written: that is a problem among others.

    Raises:
        ConfigurationError: the plan is none.

    """
    written: dict[str, Path] = {}
    problems = []
    for kind in dict.fromkeys(kinds):
        target = report_path(plan, kind, mark)
        shown, write = show(plan), _writer(kind)
        try:
            write(shown, target)
        except OSError as error:
            problems.append(not_writable(target, error))
        else:
            written[kind] = target
    return Written(written, tuple(problems))


def _writer(kind: str) -> Callable[[Shown, Path], None]:
    if kind == "html":
        from importer.reports.html import write_html_report  # noqa: PLC0415 - only when it is asked for

        return write_html_report
    from importer.reports.documents import write_json_report  # noqa: PLC0415 - only when it is asked for

    return write_json_report


def not_writable(path: Path, error: OSError) -> NotWritable:
    """Return the problem of a file that could not be written."""
    return NotWritable(place=FilePlace(str(path)), found=str(path), expected=error.strerror or str(error))
