"""`importer migrate`."""

from pathlib import Path

import click

from importer.cli.beginning import settings_of
from importer.cli.options import command as named
from importer.cli.options import global_options
from importer.cli.output import emit
from importer.text.translating import N_


@named("migrate", N_("Rewrite RECIPE in the current version of the language; comments and order stay."))
@click.argument("recipe", type=click.Path(path_type=Path))
@global_options
@click.pass_context
def command(context: click.Context, *, recipe: Path) -> int:
    """Migrate a recipe; exit 0 or 3."""
    from importer.jobs.migrate import migrate  # noqa: PLC0415 - only for this command
    from importer.reports.console.migrate import render  # noqa: PLC0415

    settings = settings_of(context)
    return emit(settings, migrate(recipe), render)
