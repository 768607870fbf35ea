"""`importer metadata pull` and `importer metadata diff`."""

from pathlib import Path

import click

from importer.cli.beginning import settings_of, workplace_of
from importer.cli.options import TranslatedGroup, global_options, option
from importer.cli.options import command as named
from importer.cli.output import emit
from importer.text.translating import N_


@click.group(
    "metadata",
    cls=TranslatedGroup,
    help=N_("Keep the service's $metadata, and say what changed since."),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@global_options
def command() -> None:
    """Hold the two commands."""


@named("pull", N_("Keep the service's $metadata in the project."))
@option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("Keep it in this file, for example to commit it."),
)
@option("--force", is_flag=True, help=N_("Overwrite the file named by -o."))
@global_options
@click.pass_context
def pull(context: click.Context, *, output: Path | None, force: bool) -> int:
    """Pull the metadata; exit 0, 2, 3 or 5."""
    from importer.jobs import metadata as job  # noqa: PLC0415 - heavy; only for this command
    from importer.reports.console.metadata import render_pulled  # noqa: PLC0415

    settings = settings_of(context)
    settings.command = "metadata pull"
    return emit(settings, job.pull(workplace_of(settings), output=output, force=force), render_pulled)


@named("diff", N_("Say what changed in the metadata since they were pulled, and which recipes use it."))
@option(
    "--against",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("Compare with this $metadata file instead of the one pulled."),
)
@option(
    "--metadata",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("Take this $metadata file for the present state, and ask no service."),
)
@option("--exit-code", "tell_changes", is_flag=True, help=N_("Leave with 10 when there are changes."))
@global_options
@click.pass_context
def diff(context: click.Context, *, against: Path | None, metadata: Path | None, tell_changes: bool) -> int:
    """Compare; exit 0, 3, 5 or 10."""
    from importer.jobs import metadata as job  # noqa: PLC0415 - heavy; only for this command
    from importer.reports.console.metadata import render  # noqa: PLC0415

    settings = settings_of(context)
    settings.command = "metadata diff"
    result = job.diff(workplace_of(settings), against=against, metadata=metadata, tell_changes=tell_changes)
    return emit(settings, result, render)


command.add_command(pull)
command.add_command(diff)
