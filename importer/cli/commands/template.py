"""`importer template`."""

from pathlib import Path

import click

from importer.cli.beginning import settings_of, workplace_of
from importer.cli.options import command as named
from importer.cli.options import global_options, option, parameters_option
from importer.cli.output import emit
from importer.text.translating import N_


@named("template", N_("Write the empty workbook that RECIPE would accept back, for a customer to fill in."))
@click.argument("recipe", type=click.Path(path_type=Path))
@option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.xlsx",
    help=N_("Where it goes."),
)
@option("--force", is_flag=True, help=N_("Overwrite what is there."))
@option(
    "--offline", is_flag=True, help=N_("Use the metadata kept from the last time, and no lists of entities.")
)
@parameters_option
@global_options
@click.pass_context
def command(
    context: click.Context,
    *,
    recipe: Path,
    output: Path,
    force: bool,
    offline: bool,
    settings: tuple[str, ...],
) -> int:
    """Write a template; exit 0, 2, 3 or 5."""
    from importer.jobs.template import template  # noqa: PLC0415 - heavy; only for this command
    from importer.reports.console.template import render  # noqa: PLC0415

    options = settings_of(context)
    place = workplace_of(options, near=recipe)
    result = template(place, recipe, output, force=force, offline=offline, settings=settings)
    return emit(options, result, render)
