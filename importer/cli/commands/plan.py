"""`importer plan`."""

from pathlib import Path

import click

from importer.cli.beginning import settings_of, workplace_of
from importer.cli.options import command as named
from importer.cli.options import global_options, option, parameters_option
from importer.cli.output import emit
from importer.text.translating import N_


@named("plan", N_("Make a plan of RECIPE; FILES replace the recipe's own."))
@click.argument("recipe", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help=N_("Where the plan goes."))
@option(
    "--report",
    "reports",
    multiple=True,
    type=click.Choice(["html", "json"]),
    help=N_("Reports beside the plan; may be said twice."),
)
@option("--force", is_flag=True, help=N_("Overwrite the plan named by -o."))
@option("--exit-code", "tell_changes", is_flag=True, help=N_("Leave with 10 when there are changes."))
@parameters_option
@global_options
@click.pass_context
def command(
    context: click.Context,
    *,
    recipe: Path,
    files: tuple[Path, ...],
    output: Path | None,
    reports: tuple[str, ...],
    force: bool,
    tell_changes: bool,
    settings: tuple[str, ...],
) -> int:
    """Make a plan; exit 0, 3, 4, 5 or 10."""
    from importer.jobs.plan import plan  # noqa: PLC0415 - heavy; only for this command
    from importer.reports.console.plan import render  # noqa: PLC0415

    options = settings_of(context)
    result = plan(
        workplace_of(options, near=recipe),
        recipe,
        files=files,
        output=output,
        reports=reports or None,
        force=force,
        tell_changes=tell_changes,
        settings=settings,
    )
    return emit(options, result, render)
