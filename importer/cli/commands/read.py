"""`importer read`."""

from functools import partial
from pathlib import Path

import click

from importer.cli.beginning import settings_of
from importer.cli.options import command as named
from importer.cli.options import global_options, option
from importer.cli.output import emit
from importer.text.translating import N_


def _header(context: click.Context, parameter: click.Parameter, value: str) -> str | int:
    if value in ("auto", "none"):
        return value
    if value.isdecimal() and int(value) > 0:
        return int(value)
    raise click.BadParameter("auto, none or the number of a row", context, parameter)


@named("read", N_("Show FILE as the importer sees it, before any recipe."))
@click.argument("file", type=click.Path(path_type=Path))
@option("--sheet", help=N_("Name or number of a sheet."))
@option(
    "--range",
    "area",
    metavar="B4:H200",
    help=N_("Only these cells; also the name of a table or a defined name."),
)
@option("--header", default="auto", callback=_header, metavar="auto|N|none", help=N_("Where the header is."))
@option("--encoding", help=N_("Of a text file; guessed without it."))
@option("--delimiter", help=N_("Of a text file; guessed without it."))
@option("--rows", type=click.IntRange(1), help=N_("Stop after so many rows."))
@global_options
@click.pass_context
def command(
    context: click.Context,
    *,
    file: Path,
    sheet: str | None,
    area: str | None,
    header: str | int,
    encoding: str | None,
    delimiter: str | None,
    rows: int | None,
) -> int:
    """Read a file; exit 0 or 3."""
    from importer.jobs.read import read  # noqa: PLC0415 - heavy; only for this command
    from importer.reports.console.read import render  # noqa: PLC0415

    settings = settings_of(context)
    result = read(
        file,
        sheet=sheet,
        area=area,
        header=header,
        encoding=encoding,
        delimiter="\t" if delimiter == "\\t" else delimiter,
        rows=rows,
    )
    return emit(settings, result, partial(render, rows=rows))
