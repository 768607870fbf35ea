"""`importer check`."""

from pathlib import Path

import click

from importer.cli.beginning import settings_of, workplace_of
from importer.cli.options import command as named
from importer.cli.options import global_options, option, parameters_option
from importer.cli.output import emit
from importer.text.translating import N_


@named("check", N_("Check RECIPE against the service's metadata and the columns of FILES."))
@click.argument("recipe", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@option("--offline", is_flag=True, help=N_("Use the metadata kept from the last time, whatever their age."))
@parameters_option
@option("--explain", is_flag=True, help=N_("Show what every field became: type, pair, lookup, column."))
@global_options
@click.pass_context
def command(
    context: click.Context,
    *,
    recipe: Path,
    files: tuple[Path, ...],
    offline: bool,
    settings: tuple[str, ...],
    explain: bool,
) -> int:
    """Check a recipe; exit 0, 3 or 5."""
    from importer.jobs.check import check  # noqa: PLC0415 - heavy; only for this command
    from importer.reports.console.check import render  # noqa: PLC0415

    options = settings_of(context)
    place = workplace_of(options, near=recipe)
    result = check(place, recipe, files=files, offline=offline, settings=settings, explain=explain)
    return emit(options, result, render)
