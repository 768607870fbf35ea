"""`importer apply`."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from importer.cli.asking import agree
from importer.cli.beginning import settings_of, workplace_of
from importer.cli.options import Globals, global_options, option
from importer.cli.options import command as named
from importer.cli.output import emit, make_page, say, show
from importer.text.translating import N_, translate

if TYPE_CHECKING:
    from importer.jobs.workplace import Workplace


@named("apply", N_("Do exactly what PLAN says. With a RECIPE: plan, show the summary, ask, apply."))
@click.argument("plan", metavar="PLAN|RECIPE", type=click.Path(path_type=Path))
@option("--yes", is_flag=True, help=N_("Do not ask."))
@option("--skip-blocked", is_flag=True, help=N_("Leave blocked rows out."))
@option("--step", "steps", multiple=True, help=N_("Only this step; may be said again."))
@option(
    "--max-errors",
    type=click.IntRange(0),
    default=50,
    show_default=True,
    help=N_("Stop when more than so many fail; 0: go on."),
)
@option("--concurrency", type=click.IntRange(1, 64), help=N_("The most requests at once."))
@option("--batch-size", type=click.IntRange(1, 10_000), help=N_("Operations in one batch."))
@option(
    "--report",
    "reports",
    multiple=True,
    type=click.Choice(["html", "json"]),
    help=N_("Reports beside the plan; may be said twice."),
)
@global_options
@click.pass_context
def command(
    context: click.Context,
    *,
    plan: Path,
    yes: bool,
    skip_blocked: bool,
    steps: tuple[str, ...],
    max_errors: int,
    concurrency: int | None,
    batch_size: int | None,
    reports: tuple[str, ...],
) -> int:
    """Apply a plan; exit 0, 3, 4, 5, 6, 7, 8 or 130."""
    from importer.executor import Options  # noqa: PLC0415 - heavy; only for this command
    from importer.jobs.apply import apply, is_plan  # noqa: PLC0415
    from importer.reports.console.apply import render  # noqa: PLC0415

    settings = settings_of(context)
    place = workplace_of(settings, near=plan)
    path = plan if is_plan(plan) else _planned(settings, place, plan)
    _confirm(settings, place, path, yes=yes, skip_blocked=skip_blocked)
    options = Options(skip_blocked=skip_blocked, steps=steps, max_errors=max_errors)
    with _listening(settings) as stop:
        result = apply(
            place,
            path,
            options=options,
            batch_size=batch_size,
            concurrency=concurrency,
            reports=reports or None,
            stop=stop,
        )
    return emit(settings, result, render)


def _planned(settings: Globals, place: "Workplace", recipe: Path) -> Path:
    """Make the plan of a recipe and show it."""
    from importer.jobs.plan import plan  # noqa: PLC0415 - only when a recipe is given
    from importer.reports.console.plan import render  # noqa: PLC0415

    result = plan(place, recipe)
    settings.clear()
    if not settings.json:
        page = make_page(settings)
        render(result, page)
        show(page)
    return result.plan


def _confirm(settings: Globals, place: "Workplace", path: Path, *, yes: bool, skip_blocked: bool) -> None:
    """Show what will be written, and where; ask, unless the answer was given or nothing would be written."""
    from importer.jobs.apply import person_of, profile_of  # noqa: PLC0415 - only for this command
    from importer.jobs.plan import summary  # noqa: PLC0415
    from importer.reports.console.apply import intention  # noqa: PLC0415

    found = summary(path)
    user, tenant = person_of(place, found.service.name)
    if not settings.json:
        page = make_page(settings, error=True)
        intention(found, page, user=user, tenant=tenant)
        say(settings, page.text())
    if not yes and found.open and (skip_blocked or not found.totals.blocked):
        chosen = profile_of(place, found.service.name)
        agree(settings, protected=chosen.name if chosen.profile.protected else None, tenant=tenant)


@contextlib.contextmanager
def _listening(settings: Globals) -> Iterator[threading.Event]:
    """Give the event that Ctrl-C sets: what is in flight is finished. A second one does not wait."""
    stop, over = threading.Event(), threading.Event()

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    def tell() -> None:
        # In a thread of its own: the handler may come while the main thread draws the progress.
        stop.wait()
        if not over.is_set():
            say(settings, translate("Finishing what was sent … (Ctrl-C again: do not wait)"))

    teller = threading.Thread(target=tell, name="interrupt", daemon=True)
    before = signal.signal(signal.SIGINT, interrupted)
    teller.start()
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
        over.set()
        stop.set()
        teller.join()
