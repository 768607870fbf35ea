"""`importer describe`."""

from pathlib import Path

import click

from importer.cli.beginning import settings_of, workplace_of
from importer.cli.options import command as named
from importer.cli.options import global_options, option
from importer.cli.output import emit
from importer.text.translating import N_


@named("describe", N_("Show the service, one of its sets, or one property, as an importer sees it."))
@click.argument("target", required=False, metavar="[ENTITY_SET[/PROPERTY]]")
@option(
    "--metadata",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("Describe this $metadata file instead of a service."),
)
@option("--search", metavar="TEXT", help=N_("Only what has the text in its name or its description."))
@option(
    "--values",
    metavar="SET",
    is_flag=False,
    flag_value="",
    help=N_("Print the entities of a small set as a value table for a recipe."),
)
@global_options
@click.pass_context
def command(
    context: click.Context,
    *,
    target: str | None,
    metadata: Path | None,
    search: str | None,
    values: str | None,
) -> int:
    """Describe a service; exit 0, 3 or 5."""
    from importer.jobs.describe import describe  # noqa: PLC0415 - heavy; only for this command
    from importer.reports.console.describe import render  # noqa: PLC0415

    settings = settings_of(context)
    # `describe Roles --values` is `describe Roles --values Roles`.
    asked = (target or "").partition("/")[0] if values == "" else values
    if asked == "" or (asked and metadata is not None):
        raise click.UsageError("--values needs an ENTITY_SET of a service", context)
    result = describe(workplace_of(settings), target=target, metadata=metadata, search=search, values=asked)
    return emit(settings, result, render)
