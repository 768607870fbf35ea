"""`init` at the terminal."""

from importer.reports.console.layout import Page
from importer.results.init import Drafted, DraftedStep
from importer.text.translating import N_, translate

_COLUMNS = (
    (N_("step"), "left"),
    (N_("sheet"), "left"),
    (N_("entity set"), "left"),
    (N_("fields"), "right"),
    (N_("to decide"), "right"),
    (N_("no guess"), "right"),
    (N_("missing"), "right"),
)


def render(result: Drafted, page: Page) -> None:
    """Write what was guessed, what is open, and where the recipe is."""
    page.fact(translate("Service"), f"{result.service.name} · {result.service.url}")
    page.fact(translate("File"), result.workbook)
    page.table(_COLUMNS, [_row(step) for step in result.draft.steps])
    for item in result.draft.left_out:
        page.fact(translate("Left out"), f"{item.sheet or result.workbook}: {item.reason}")
    page.fact(translate("Recipe"), str(result.path))


def _row(step: DraftedStep) -> tuple[str, ...]:
    sure = sum(item.active for item in step.fields) if step.active else 0
    return (
        step.name if step.active else f"# {step.name}",
        step.sheet or "–",
        step.to,
        str(sure),
        str(len(step.fields) - sure),
        str(len(step.columns)),
        str(sum(item.certain for item in step.needed)),
    )
