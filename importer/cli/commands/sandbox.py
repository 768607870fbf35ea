"""`importer sandbox`."""

import contextlib
from pathlib import Path

import click

from importer.cli.beginning import settings_of
from importer.cli.options import command as named
from importer.cli.options import global_options, option
from importer.cli.output import emit_facts
from importer.text.translating import N_, translate


@named("sandbox", N_("Run a local OData service until Ctrl-C."))
@option(
    "--metadata",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("Any OData v4 $metadata; a Timetta-like service without it."),
)
@option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help=N_("Keep the store here; a new one is seeded from <Set>.json. Default: in memory."),
)
@option("--port", type=click.IntRange(0, 65_535), default=8901, show_default=True, help=N_("0: a free one."))
@option(
    "--faults",
    type=click.Path(path_type=Path, dir_okay=False),
    help=N_("JSON file of failures on demand."),
)
@global_options
@click.pass_context
def command(
    context: click.Context, *, metadata: Path | None, data: Path | None, port: int, faults: Path | None
) -> int:
    """Run a sandbox; exit 0 when it is ended, 3 when it cannot begin."""
    from importer.jobs.sandbox import sandbox  # noqa: PLC0415 - heavy; only for this command

    settings = settings_of(context)

    def ready(url: str) -> None:
        emit_facts(settings, {"url": url}, [translate("Sandbox at {url}   (Ctrl-C ends it)").format(url=url)])

    with contextlib.suppress(KeyboardInterrupt):
        sandbox(metadata=metadata, data=data, port=port, faults=faults, ready=ready)
    return 0
