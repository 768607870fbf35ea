"""`importer schema`."""

from pathlib import Path

import click

from importer.cli.beginning import settings_of, workplace_of
from importer.cli.options import command as named
from importer.cli.options import global_options, option
from importer.cli.output import emit, write
from importer.text.translating import N_


@named(
    "schema",
    N_("Print the JSON Schema of recipes, which gives editors completion, hover texts and red lines."),
)
@option(
    "--service",
    metavar="[PROFILE]",
    is_flag=False,
    flag_value="",
    help=N_(
        "Let it know the entity sets and properties of this profile's service; by default the profile in force."
    ),
)
@option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.json",
    help=N_("Write it to this file; an older schema there is replaced."),
)
@option("--offline", is_flag=True, help=N_("Use the metadata kept from the last time."))
@option("--force", is_flag=True, help=N_("Overwrite what is there."))
@global_options
@click.pass_context
def command(
    context: click.Context, *, service: str | None, output: Path | None, offline: bool, force: bool
) -> int:
    """Print or write a schema; exit 0, 2, 3 or 5."""
    from importer.jobs.schema import schema  # noqa: PLC0415 - heavy; only for this command

    settings = settings_of(context)
    if service:
        settings.profile = service
    place = workplace_of(settings)
    made = schema(place, service=service is not None, output=output, offline=offline, force=force)
    if output is None and not settings.json:
        settings.clear()
        write(made.text.encode())
        return made.exit_code
    from importer.reports.console.schema import render  # noqa: PLC0415

    return emit(settings, made, render)
