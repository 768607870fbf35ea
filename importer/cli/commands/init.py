"""`importer init`."""

from pathlib import Path

import click

from importer.cli.beginning import settings_of, workplace_of
from importer.cli.options import command as named
from importer.cli.options import global_options, option
from importer.cli.output import emit
from importer.text.translating import N_


@named(
    "init", N_("Draft a recipe from WORKBOOK; every guess says why. Look it through, then `importer check`.")
)
@click.argument("workbook", type=click.Path(path_type=Path))
@option(
    "--to",
    multiple=True,
    metavar="[SHEET=]SET",
    help=N_("Entity set that the rows become; once per sheet. Without it the sets are guessed."),
)
@option("--sheet", "sheets", multiple=True, metavar="NAME", help=N_("Sheet to read; several are allowed."))
@option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="RECIPE",
    help=N_("Where it goes; beside the workbook by default."),
)
@option(
    "--sample", type=click.IntRange(1, 100_000), default=1000, metavar="N", help=N_("Rows to look at: 1000.")
)
@option("--force", is_flag=True, help=N_("Overwrite what is there."))
@option(
    "--offline", is_flag=True, help=N_("Use the metadata kept from the last time, and no lists of entities.")
)
@global_options
@click.pass_context
def command(
    context: click.Context,
    *,
    workbook: Path,
    to: tuple[str, ...],
    sheets: tuple[str, ...],
    output: Path | None,
    sample: int,
    force: bool,
    offline: bool,
) -> int:
    """Draft a recipe; exit 0, 2, 3 or 5."""
    from importer.jobs.init import init  # noqa: PLC0415 - heavy; only for this command
    from importer.reports.console.init import render  # noqa: PLC0415

    settings = settings_of(context)
    place = workplace_of(settings, near=output or workbook)
    found = init(
        place, workbook, to=to, sheets=sheets, output=output, sample=sample, force=force, offline=offline
    )
    return emit(settings, found, render)
