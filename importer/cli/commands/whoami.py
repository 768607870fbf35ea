"""`importer whoami`."""

import click

from importer.cli.beginning import settings_of, workplace_of
from importer.cli.options import command as named
from importer.cli.options import global_options, option
from importer.cli.output import emit
from importer.text.translating import N_


@named("whoami", N_("Show who we are to the service, and where each setting came from."))
@option("--explain", is_flag=True, help=N_("Print where each setting came from."))
@global_options
@click.pass_context
def command(context: click.Context, *, explain: bool) -> int:
    """Show user, tenant and token; exit 0, 3 or 5."""
    from importer.jobs.whoami import whoami  # noqa: PLC0415 - heavy; only for this command
    from importer.reports.console.whoami import render  # noqa: PLC0415

    settings = settings_of(context)
    return emit(settings, whoami(workplace_of(settings), explain=explain), render)
