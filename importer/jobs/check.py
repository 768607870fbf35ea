"""`check`: is the recipe right, do the columns fit? Nothing is read of the service but its metadata."""

from collections.abc import Sequence
from pathlib import Path

from importer.jobs.workplace import Workplace, connected, line_of
from importer.planner import Binding, bind_recipe
from importer.planner.binding import BoundField, BoundStep
from importer.planner.binding.columns import asked_by, position_of
from importer.problems import group
from importer.recipe import read_recipe, read_settings
from importer.recipe.normal import Columns, Constant, Origin
from importer.recipe.parameters import shown_parameter
from importer.results.check import Checked, CheckedField, CheckedStep
from importer.results.common import ServiceLine
from importer.service.custom_fields import catalogue_of


def check(
    place: Workplace,
    recipe: Path,
    *,
    files: tuple[Path, ...] = (),
    offline: bool = False,
    settings: Sequence[str] = (),
    explain: bool = False,
) -> Checked:
    """Return what the recipe became, with every problem found. `settings` are parameters: `name=value` or `@file`.

    explain: whether people want to see what every field became.

    Raises:
        ConfigurationError: the recipe or the configuration cannot be read.
        ServiceError: the metadata cannot be had.

    """
    given = read_settings(settings)
    found = read_recipe(recipe, str(recipe), given=given, project=place.folders.root)
    with connected(place, service=found.service, offline=offline) as (chosen, service):
        binding = bind_recipe(
            found,
            service,
            files=files,
            project=place.folders.root,
            aliases=chosen.profile.aliases,
            custom=catalogue_of(service),
        )
        return _checked(binding, line_of(service), explain=explain)


def _checked(binding: Binding, service: ServiceLine, *, explain: bool) -> Checked:
    recipe = binding.recipe
    return Checked(
        recipe=recipe.shown,
        language=recipe.version,
        description=recipe.description,
        service=service,
        files=tuple(shown for _, shown in binding.files),
        steps=tuple(_step(step) for step in binding.steps),
        problems=group(binding.problems),
        params={name: shown_parameter(value) for name, value in recipe.params.items()},
        explain=explain,
    )


def _step(step: BoundStep) -> CheckedStep:
    section = step.table.sections[0] if step.table.sections else None
    used = set()
    for asked in asked_by(step.rule):
        column = position_of(asked.headers, section) if section is not None else None
        if column is not None:
            used.add(column.letters)
    unused = tuple(
        column.header
        for column in (section.columns if section else ())
        if column.header and column.letters not in used
    )
    return CheckedStep(
        name=step.name,
        to=step.to,
        sheet=section.sheet if section else None,
        header_row=section.header_row if section else None,
        header_top=section.header_top if section else None,
        rows=step.table.rows,
        match=(
            *step.match_text,
            *(f"remember {', '.join(item.columns)}" for item in step.rule.match.remembered),
        ),
        fields=tuple(_field(step, item) for item in step.fields),
        unused=unused,
    )


def _field(step: BoundStep, item: BoundField) -> CheckedField:
    section = step.table.sections[0] if step.table.sections else None
    origin = item.rule.origin
    column = (
        position_of(origin.headers, section) if isinstance(origin, Columns) and section is not None else None
    )
    bound = item.property
    cell = (
        f"{column.letters}{section.header_row}"
        if column is not None and section is not None and section.header_row
        else None
    )
    return CheckedField(
        property=bound.name,
        type=bound.type or (bound.target_type or ""),
        pair=bound.wire if bound.target_type and not bound.bind else None,
        column=column.header or column.letters if column is not None else None,
        cell=cell,
        lookup=item.lookup.text if item.lookup else None,
        value=_value(origin),
        update=item.update if item.update != "never-found" else "never (it finds the entity)",
    )


def _value(origin: Origin) -> str | None:
    """Return what stands in the recipe where no column does: an expression, or a constant."""
    if isinstance(origin, Columns):
        return None
    if isinstance(origin, Constant):
        return "none" if origin.value is None else shown_parameter(origin.value)
    return f"={origin.source}"
