"""`plan`: what would happen? Reads rows and the service, writes a sealed plan and its reports."""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain, islice
from pathlib import Path

import msgspec

from importer import __version__
from importer.jobs.reporting import (
    NoPlanThere,
    Written,
    is_other,
    not_writable,
    refuse_to_overwrite,
    report_path,
    write_reports,
)
from importer.jobs.show import states_of
from importer.jobs.workplace import Workplace, connected, line_of
from importer.odata.http.budgets import requests_for
from importer.odata.http.throttling import Pace
from importer.plan import State, StepTotals, Verb, sum_totals
from importer.plan.file import PlanReader
from importer.plan.totals import ActionCounts
from importer.planner import bind_recipe, make_plan
from importer.problems import ConfigurationError, FilePlace, Severity, UsageError, group
from importer.problems.problem import severity_of
from importer.project import Folders
from importer.recipe import read_recipe, read_settings
from importer.recipe.parameters import shown_parameter
from importer.results.common import ServiceLine
from importer.results.plan import Planned
from importer.results.show import ShownAction
from importer.service.custom_fields import catalogue_of
from importer.text.translating import N_

# What one-process services were seen to take (odata-protocol.md §3, §4): an order of magnitude, no promise.
_WRITES_PER_SECOND = 500
# The first actions shown: changes of what is there are what a person wants to see most.
_PREVIEW = 8
_UPDATES = 5


def plan(
    place: Workplace,
    recipe: Path,
    *,
    files: tuple[Path, ...] = (),
    output: Path | None = None,
    reports: Sequence[str] | None = None,
    force: bool = False,
    tell_changes: bool = False,
    settings: Sequence[str] = (),
) -> Planned:
    """Return the plan made, summarised; it stands in a file. `settings` are parameters: `name=value` or `@file`.

    `reports` are html and json, None what the configuration says. `tell_changes`: exit code 10 when there are
    some.

    Raises:
        ConfigurationError: recipe, configuration or a file is wrong.
        ServiceError: the service cannot be read.
        UsageError: the output is there already.

    """
    given = read_settings(settings)
    found = read_recipe(recipe, str(recipe), given=given, project=place.folders.root)
    with connected(place, service=found.service) as (chosen, service):
        kinds = list(dict.fromkeys(chosen.configuration.report if reports is None else reports))
        now = datetime.now().astimezone()
        path = output or default_path(place.folders, recipe, now)
        _refuse_output(path, kinds, (recipe, *files), force=force)
        place.progress.phase(N_("checking the recipe"))
        binding = bind_recipe(
            found,
            service,
            files=files,
            project=place.folders.root,
            aliases=chosen.profile.aliases,
            custom=catalogue_of(service),
        )
        if not binding.sound or binding.unplanned:
            # Notes on the recipe are for its author: `check` tells them.
            told = (problem for problem in binding.problems if severity_of(problem) is not Severity.NOTE)
            raise ConfigurationError(*told, *binding.unplanned)
        try:
            make_plan(
                binding,
                service,
                path,
                today=now,
                progress=place.progress,
                version=__version__,
                keys=chosen.profile.keys,
                options={"params": {name: shown_parameter(value) for name, value in found.params.items()}}
                if found.params
                else None,
            )
        except OSError as error:
            raise ConfigurationError(not_writable(path, error)) from None
        made = summary(
            path,
            service=line_of(service),
            read=service.connection.counts.read,
            written=write_reports(path, kinds),
            tell_changes=tell_changes,
        )
        return _allowed(made, service.connection.pace, chosen.profile.batch_size)


def default_path(folders: Folders, recipe: Path, now: datetime) -> Path:
    """Return where a plan goes by itself: `.importer/plans/<recipe>-<YYYYMMDD-HHMMSS>.plan`.

    A number is added when that is taken.
    """
    stem = f"{recipe.stem}-{now:%Y%m%d-%H%M%S}"
    path = folders.plans / f"{stem}.plan"
    number = 2
    while path.exists():
        path = folders.plans / f"{stem}-{number}.plan"
        number += 1
    return path


def summary(
    path: Path,
    *,
    service: ServiceLine | None = None,
    read: int = 0,
    written: Written | None = None,
    tell_changes: bool = False,
) -> Planned:
    """Return a plan file summarised, as it is now.

    Raises:
        ConfigurationError: there is no such plan, or the file is none.

    """
    with PlanReader(path) as reader:
        origin, steps, waves = reader.origin(), reader.steps(), reader.waves()
        totals = sum_totals(steps)
        return Planned(
            plan=path,
            recipe=origin.recipe.shown,
            description=origin.description,
            service=service or ServiceLine(origin.service, origin.url.rstrip("/")),
            steps=steps,
            totals=totals,
            remaining=_remaining(reader),
            waves=len(waves),
            requests_read=read,
            seconds_estimated=_seconds(totals, len(waves)),
            preview=tuple(_preview(reader)),
            problems=(*group(written.problems), *reader.problems()) if written else reader.problems(),
            reports=written.paths if written else {},
            unreported=bool(written and written.problems),
            tell_changes=tell_changes,
        )


def _refuse_output(path: Path, kinds: Sequence[str], inputs: Sequence[Path], *, force: bool) -> None:
    targets = [path, *(report_path(path, kind) for kind in kinds)]
    if not force:
        refuse_to_overwrite(targets)
        return
    # Whatever was said: a plan never takes the place of something else, such as what it is made from.
    kept = {item.resolve() for item in inputs}
    if found := [item for item in targets if item.resolve() in kept or (item == path and is_other(item))]:
        raise UsageError(*(NoPlanThere(place=FilePlace(str(item)), found=str(item)) for item in found))


def _remaining(reader: PlanReader) -> ActionCounts:
    """Return how many actions are not done yet."""
    open_ = [(verb, count) for _, _, verb, state, count in reader.tally() if state is not State.DONE]
    verbs = (Verb.CREATE, Verb.UPDATE, Verb.DELETE, Verb.CALL)
    return ActionCounts(*(sum(count for found, count in open_ if found is verb) for verb in verbs))


def _allowed(made: Planned, pace: Pace, batch_size: int) -> Planned:
    """Return a plan summarised with the time that a limit of requests an hour makes of it, where there is one."""
    seconds = pace.finishing(requests_for(made.open, batch_size)) if made.open else None
    if seconds is None:
        return made
    longest = max(made.seconds_estimated, math.ceil(seconds))
    done_by = datetime.now().astimezone() + timedelta(seconds=longest)
    return msgspec.structs.replace(
        made, seconds_estimated=longest, requests_per_hour=pace.per_hour, done_by=done_by
    )


def _seconds(totals: StepTotals, waves: int) -> int:
    writes = totals.actions.create + totals.actions.update + totals.actions.delete + totals.actions.call
    return math.ceil(writes / _WRITES_PER_SECOND + 0.2 * waves) if writes else 0


def _preview(reader: PlanReader) -> Iterator[ShownAction]:
    shown = states_of(reader)
    others = frozenset({Verb.CREATE, Verb.DELETE, Verb.CALL})
    updates = reader.actions(verbs=frozenset({Verb.UPDATE}))
    found = chain(islice(updates, _UPDATES), reader.actions(verbs=others), updates)
    return map(shown, islice(found, _PREVIEW))
