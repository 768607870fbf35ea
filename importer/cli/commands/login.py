"""`importer login`."""

import click

from importer.cli.asking import ask_credential
from importer.cli.beginning import settings_of, workplace_of
from importer.cli.options import command as named
from importer.cli.options import global_options
from importer.cli.output import emit
from importer.text.translating import N_


@named("login", N_("Log in once; tokens are kept in the system's key store."))
@global_options
@click.pass_context
def command(context: click.Context) -> int:
    """Log in; exit 0, 2, 3 or 5."""
    from importer.jobs.login import login  # noqa: PLC0415 - heavy; only for this command
    from importer.reports.console.login import render  # noqa: PLC0415

    settings = settings_of(context)
    result = login(workplace_of(settings), lambda item, variable: ask_credential(settings, item, variable))
    return emit(settings, result, render)
