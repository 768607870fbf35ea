"""`preview`: the records as mapped (cells → typed values), nothing compared. For writing expressions."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import ClassVar

from importer.jobs.workplace import Workplace, connected, line_of
from importer.planner import bind_recipe
from importer.planner.binding import BoundStep
from importer.planner.binding.bound import Asked, Blank, Clear
from importer.planner.mapping import LeftOut, Record, compile_mapper
from importer.planner.remarks import remarks
from importer.planner.staging import mapped
from importer.problems import CellPlace, ConfigurationError, Problem, Severity, group, nearest
from importer.problems.problem import severity_of
from importer.recipe import read_recipe, read_settings
from importer.results.preview import Previewed, PreviewedRow, PreviewedStep
from importer.service.custom_fields import catalogue_of
from importer.sources.cells import duration_text
from importer.sources.table import Row


class NoSuchStep(Problem):
    """A step that the recipe does not have."""

    code: ClassVar[str] = "unknown-definition"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'There is no step "{found}" in the recipe. Steps: {expected}'
    hint: ClassVar[str] = "Did you mean {near}?"


def preview(
    place: Workplace,
    recipe: Path,
    *,
    step: str | None = None,
    rows: int = 10,
    settings: Sequence[str] = (),
    offline: bool = False,
) -> Previewed:
    """Return the first `rows` rows of each step, or of one, as mapped; with what is wrong with their cells.

    Raises:
        ConfigurationError: the recipe or the configuration cannot be read, there is no such step.
        ServiceError: the metadata cannot be had.

    """
    given = read_settings(settings)
    found = read_recipe(recipe, str(recipe), given=given, project=place.folders.root)
    names = [item.name for item in found.steps]
    if step is not None and step not in names:
        near = nearest(step, names)
        raise ConfigurationError(NoSuchStep(found=step, expected=", ".join(names), near=near))
    with connected(place, service=found.service, offline=offline) as (chosen, service):
        binding = bind_recipe(
            found,
            service,
            project=place.folders.root,
            aliases=chosen.profile.aliases,
            custom=catalogue_of(service),
        )
        problems = [item for item in binding.problems if severity_of(item) is not Severity.NOTE]
        records: list[Record] = []
        steps = tuple(
            _step(item, rows, problems, records)
            for item in binding.steps
            if step is None or item.name == step
        )
        problems.extend(remarks(records))
        return Previewed(recipe=found.shown, service=line_of(service), steps=steps, problems=group(problems))


def _step(step: BoundStep, rows: int, problems: list[Problem], records: list[Record]) -> PreviewedStep:
    today = datetime.now().astimezone().date()
    shown: list[PreviewedRow] = []
    for section in step.table.sections:
        mapper = compile_mapper(step, section, today, 0)
        for row, found in islice(mapped(mapper, section.rows), rows - len(shown)):
            shown.append(_row(step, row, found, problems))
            if isinstance(found, Record):
                records.append(found)
    return PreviewedStep(
        name=step.name,
        to=step.to,
        rows=step.table.rows,
        types={
            item.rule.property: item.lookup.text if item.lookup else item.property.type
            for item in step.fields
        },
        shown=tuple(shown),
    )


def _row(step: BoundStep, row: Row, found: Record | LeftOut, problems: list[Problem]) -> PreviewedRow:
    place = str(row.place())
    if isinstance(found, LeftOut):
        if found.problem is not None:
            problems.append(found.problem)
        fate = "outside" if found.fate is None else str(found.fate)
        return PreviewedRow(place=place, row=row.number, fate=fate)
    problems.extend(found.problems)
    names = [item.rule.property for item in step.fields]
    values = dict(zip(names, map(_shown, found.values), strict=True))
    for position, value in found.defaults.items():
        values[names[position]] = _shown(value)
    fate = "blocked" if found.problems else "skip" if found.skipped else "record"
    return PreviewedRow(place=place, row=row.number, fate=fate, values=values, codes=_codes(found, names))


def _codes(record: Record, names: list[str]) -> dict[str, str]:
    """Return the code of what is wrong with each property's cell; of the whole row under the empty name."""
    found: dict[str, str] = {}
    for problem in record.problems:
        said = getattr(problem, "property", None)
        column = problem.place.column if isinstance(problem.place, CellPlace) else None
        read = [
            name for name, letters in zip(names, record.columns, strict=True) if column and letters == column
        ]
        # Two properties may read one cell: the one that got nothing of it is meant.
        empty = [name for name in read if isinstance(record.values[names.index(name)], Blank)]
        found.setdefault(said if said in names else [*empty, *read, ""][0], problem.code)
    return found


def _shown(value: object) -> str | None:
    """Return a mapped value as people read it."""
    if isinstance(value, Blank):
        return None
    if isinstance(value, Clear):
        return "null"
    if isinstance(value, Asked):
        where = [text for item in value.where if (text := _shown(item)) is not None]
        return f"{_shown(value.text)} ({', '.join(where)})" if where else _shown(value.text)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(_shown(item) or "" for item in value) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return str(value)
