"""`plan` at the terminal."""

from importer.plan import StepTotals
from importer.problems import Severity
from importer.reports.console.layout import Page, service_text
from importer.reports.console.show import action_lines
from importer.reports.wording import number, typed
from importer.results.plan import Planned
from importer.text.translating import N_, translate

_COLUMNS = (
    (N_("step"), "left"),
    (N_("rows"), "right"),
    (N_("create"), "right"),
    (N_("update"), "right"),
    (N_("same"), "right"),
    (N_("merged"), "right"),
    (N_("skip"), "right"),
    (N_("blocked"), "right"),
)


def render(result: Planned, page: Page) -> None:
    """Write the accounting, the first changes, the problems and what comes next."""
    page.fact(
        translate("Recipe"),
        result.recipe + (f" · {result.description.strip()}" if result.description else ""),
    )
    page.fact(translate("Service"), service_text(result.service))
    page.table(_COLUMNS, map(_totals, result.steps), _totals(result.totals))
    if result.writes or result.calls:
        text = translate("{writes} writes in {waves} waves, about {seconds} s")
        page.line(
            text.format(writes=number(result.writes), waves=result.waves, seconds=result.seconds_estimated)
        )
        if result.requests_per_hour is not None and result.done_by is not None:
            text = translate("about {count} requests an hour allowed: done at {time}")
            page.line(
                text.format(
                    count=number(result.requests_per_hour), time=result.done_by.strftime("%Y-%m-%d %H:%M")
                )
            )
        page.line()
        for shown in result.preview:
            action_lines(shown, page)
        if result.more:
            text = translate("… {count} more: importer show {plan}")
            page.line(text.format(count=number(result.more), plan=typed(result.plan)))
    else:
        page.line(
            translate("Nothing to do: {count} entities already as the file says.").format(
                count=number(result.totals.unchanged)
            )
        )
        if result.totals.blocked:
            page.line(translate("{count} rows are still blocked").format(count=number(result.totals.blocked)))
    page.line()
    page.problems(result.problems)
    _endings(result, page)


def _totals(step: StepTotals) -> tuple[str, ...]:
    counts = (step.rows, step.create, step.update, step.unchanged, step.merged, step.skip, step.blocked)
    return (step.name, *map(number, counts))


def _endings(result: Planned, page: Page) -> None:
    page.fact(translate("Plan"), str(result.plan))
    for kind, path in result.reports.items():
        page.fact(translate("Report"), f"{path}" if kind == "html" else f"{path} ({kind})")
    if not (result.writes or result.calls):
        return
    skip = " --skip-blocked" if any(item.severity is Severity.BLOCKED for item in result.problems) else ""
    page.fact(translate("Next"), f"importer apply {typed(result.plan)}{skip}")
