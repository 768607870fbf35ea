"""`importer logout`."""

import click

from importer.cli.beginning import settings_of, workplace_of
from importer.cli.options import command as named
from importer.cli.options import global_options
from importer.cli.output import emit
from importer.text.translating import N_


@named("logout", N_("Forget what is kept of a login."))
@global_options
@click.pass_context
def command(context: click.Context) -> int:
    """Log out; exit 0 or 3."""
    from importer.jobs.logout import logout  # noqa: PLC0415 - heavy; only for this command
    from importer.reports.console.logout import render  # noqa: PLC0415

    settings = settings_of(context)
    return emit(settings, logout(workplace_of(settings)), render)
