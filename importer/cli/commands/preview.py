"""`importer preview`."""

from pathlib import Path

import click

from importer.cli.beginning import settings_of, workplace_of
from importer.cli.options import command as named
from importer.cli.options import global_options, option, parameters_option
from importer.cli.output import emit
from importer.text.translating import N_


@named("preview", N_("Show the records of RECIPE as mapped: cells as typed values, nothing compared."))
@click.argument("recipe", type=click.Path(path_type=Path))
@option("--step", metavar="NAME", help=N_("Only this step."))
@option("--rows", type=click.IntRange(1, 10_000), default=10, help=N_("How many rows of each step."))
@parameters_option
@option("--offline", is_flag=True, help=N_("Use the metadata kept from the last time, whatever their age."))
@global_options
@click.pass_context
def command(
    context: click.Context,
    *,
    recipe: Path,
    step: str | None,
    rows: int,
    settings: tuple[str, ...],
    offline: bool,
) -> int:
    """Preview a recipe; exit 0, 3 or 5."""
    from importer.jobs.preview import preview  # noqa: PLC0415 - heavy; only for this command
    from importer.reports.console.preview import render  # noqa: PLC0415

    options = settings_of(context)
    place = workplace_of(options, near=recipe)
    result = preview(place, recipe, step=step, rows=rows, settings=settings, offline=offline)
    return emit(options, result, render)
