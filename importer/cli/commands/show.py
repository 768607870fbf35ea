"""`importer show`."""

from pathlib import Path

import click

from importer.cli.beginning import settings_of
from importer.cli.options import command as named
from importer.cli.options import global_options, option
from importer.cli.output import emit, emit_facts
from importer.problems import ConfigurationError
from importer.text.translating import N_

_VERBS = ("create", "update", "delete", "call", "unchanged", "skipped", "blocked")


def _only(context: click.Context, parameter: click.Parameter, value: str | None) -> frozenset[str] | None:
    if value is None:
        return None
    words = frozenset(word.strip() for word in value.split(","))
    if unknown := words - set(_VERBS):
        raise click.BadParameter(
            f"{', '.join(sorted(unknown))}: not one of {', '.join(_VERBS)}", context, parameter
        )
    return words


@named("show", N_("Show PLAN, also a stale or applied one."))
@click.argument("plan", type=click.Path(path_type=Path))
@option("--step", help=N_("Only actions of this step."))
@option("--only", callback=_only, metavar="create,update,…", help=N_("Only these actions."))
@option("--row", type=click.IntRange(1), help=N_("Only actions with a cell in this row."))
@option("--key", help=N_("Only the entity with this key."))
@option(
    "--report",
    "reports",
    multiple=True,
    type=click.Choice(["html", "json"]),
    help=N_("Write the report beside the plan."),
)
@option("--force", is_flag=True, help=N_("Overwrite a report that is there."))
@option("--sql", is_flag=True, help=N_("Print the plan's SQLite address and its views, and nothing else."))
@global_options
@click.pass_context
def command(
    context: click.Context,
    *,
    plan: Path,
    step: str | None,
    only: frozenset[str] | None,
    row: int | None,
    key: str | None,
    reports: tuple[str, ...],
    force: bool,
    sql: bool,
) -> int:
    """Show a plan; exit 0 or 3."""
    from importer.jobs.reporting import refuse_to_overwrite, report_path, write_reports  # noqa: PLC0415
    from importer.jobs.show import VIEWS, show, sql_address  # noqa: PLC0415
    from importer.plan import Verb  # noqa: PLC0415
    from importer.reports.console.show import render  # noqa: PLC0415

    settings = settings_of(context)
    if sql:
        address = sql_address(plan)
        emit_facts(settings, {"plan": str(plan), "sql": address, "views": list(VIEWS)}, [address, *VIEWS])
        return 0
    verbs = None if only is None else frozenset(map(Verb, only))
    result = show(plan, step=step, only=verbs, row=row, key=key)
    if reports:
        if not force:
            refuse_to_overwrite(report_path(plan, kind, ".shown") for kind in reports)
        written = write_reports(plan, reports, ".shown")
        if written.problems:
            raise ConfigurationError(*written.problems)
        result = show(plan, step=step, only=verbs, row=row, key=key, reports=written.paths)
    return emit(settings, result, render)
