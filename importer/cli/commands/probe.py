"""`importer probe`."""

import click

from importer.cli.asking import agree
from importer.cli.beginning import settings_of, workplace_of
from importer.cli.options import command as named
from importer.cli.options import global_options, option
from importer.cli.output import emit, say
from importer.text.translating import N_, translate


@named("probe", N_("Ask what the service can do, and keep the answers for plan and apply."))
@option(
    "--write",
    metavar="SET",
    help=N_("Create, change and delete one entity of this set, named importer-probe-…"),
)
@option("--yes", is_flag=True, help=N_("Do not ask before writing."))
@global_options
@click.pass_context
def command(context: click.Context, *, write: str | None, yes: bool) -> int:
    """Probe a service; exit 0, 2, 3, 5 or 7."""
    from importer.jobs.probe import probe, protected  # noqa: PLC0415 - heavy; only for this command
    from importer.reports.console.probe import render  # noqa: PLC0415

    settings = settings_of(context)
    place = workplace_of(settings)
    if write is not None and not yes:
        say(
            settings,
            translate(
                "One entity named importer-probe-… will be created in {set}, changed, and deleted."
            ).format(set=write),
        )
        agree(settings, protected=protected(place))
    return emit(settings, probe(place, write=write), render)
