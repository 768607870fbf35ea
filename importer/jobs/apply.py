"""`apply`: does exactly what a plan says; again after a crash it goes on."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from importer.executor import Options, Settings, apply_plan
from importer.jobs.reporting import write_reports
from importer.jobs.show import known_steps
from importer.jobs.whoami import known_person
from importer.jobs.workplace import Workplace, connected, line_of
from importer.plan import sum_totals
from importer.plan.file import PlanReader
from importer.plan.origin import Origin
from importer.problems import ConfigurationError, FilePlace, Problem, Severity, group
from importer.project import choose_profile
from importer.project.profiles import Chosen
from importer.results.apply import Applied


class JournalNotWritten(Problem):
    """The disk is full, or the plan may not be written."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}": {expected}. Nothing more was sent.'
    hint: ClassVar[str] = (
        "Make room on the disk, or let the plan be written; `importer apply` again goes on where it stopped"
    )


def apply(
    place: Workplace,
    path: Path,
    *,
    options: Options,
    batch_size: int | None = None,
    concurrency: int | None = None,
    reports: Sequence[str] | None = None,
    stop: threading.Event | None = None,
) -> Applied:
    """Return what came of applying the plan at `path`, as far as it went.

    Raises:
        ConfigurationError: no such plan or step, or its journal cannot be written.
        BlockedError: the plan has blocked rows, and they are not to be skipped.
        RefusedError: another service, a stale plan, or somebody else applies it.
        ServiceError: the service cannot be used.
        Interrupted: `stop` was set; the journal says how far it went.

    """
    begun, stop = time.monotonic(), stop or threading.Event()
    origin, left_out = _facts(path, options.steps)
    with connected(place, service=origin.service, lanes=concurrency, pause=stop.wait) as (
        chosen,
        service,
    ):
        profile = chosen.profile
        settings = Settings(
            batch_size=batch_size or profile.batch_size,
            concurrency=concurrency or profile.concurrency,
            settle=profile.settle,
            keys=profile.keys,
        )
        try:
            outcome = apply_plan(
                path,
                service,
                settings=settings,
                options=options,
                progress=place.progress,
                stop=stop,
            )
        except OSError as error:
            reason = error.strerror or str(error)
            problem = JournalNotWritten(place=FilePlace(str(path)), found=str(path), expected=reason)
            raise ConfigurationError(problem) from None
        kinds = list(chosen.configuration.report) if reports is None else list(reports)
        written = write_reports(path, kinds, ".applied")
        return Applied(
            plan=path,
            service=line_of(service),
            outcome=outcome,
            problems=group((*outcome.problems, *written.problems)),
            reports=written.paths,
            unreported=bool(written.problems),
            left_out=left_out,
            seconds=time.monotonic() - begun,
        )


def is_plan(path: Path) -> bool:
    """Whether a path names a plan rather than a recipe: by its name, or by its first bytes."""
    if path.suffix == ".plan" or not path.is_file():
        return path.suffix not in (".yaml", ".yml")
    with path.open("rb") as stream:
        return stream.read(16) == b"SQLite format 3\0"


def profile_of(place: Workplace, service: str) -> Chosen:
    """Return the profile that an apply of a plan for `service` would use.

    Raises:
        ConfigurationError: there is none.

    """
    return choose_profile(place.folders, asked=place.profile, service=service)


def person_of(place: Workplace, service: str) -> tuple[str | None, str | None]:
    """Return the user and the tenant that an apply of a plan for `service` would write as, as far as they are known unasked.

    Raises:
        ConfigurationError: there is no such profile.

    """
    return known_person(profile_of(place, service))


def _facts(path: Path, asked: tuple[str, ...]) -> tuple[Origin, int]:
    """Return what a plan was made from, and how many of its rows are blocked."""
    with PlanReader(path) as reader:
        steps = reader.steps()
        known_steps(path, [step.name for step in steps], asked)
        return reader.origin(), sum_totals(steps).blocked
