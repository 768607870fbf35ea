"""`check` at the terminal."""

from importer.reports.console.layout import Page, counted, service_text
from importer.results.check import Checked
from importer.text.translating import N_, translate, translate_plural

_COLUMNS = (
    (N_("step"), "left"),
    (N_("sheet"), "left"),
    (N_("header"), "right"),
    (N_("rows"), "right"),
    (N_("entity set"), "left"),
    (N_("match"), "left"),
    (N_("fields"), "right"),
)


def render(result: Checked, page: Page) -> None:
    """Write what the recipe became, then the problems."""
    page.fact(
        translate("Recipe"),
        translate_plural(
            "{recipe} (language {version}), {steps} step",
            "{recipe} (language {version}), {steps} steps",
            len(result.steps),
        ).format(recipe=result.recipe, version=result.language, steps=len(result.steps)),
    )
    page.fact(translate("Service"), service_text(result.service))
    page.fact(translate("Files"), ", ".join(result.files) or "–")
    rows = [
        (
            step.name,
            step.sheet or "–",
            str(step.header_row or "–"),
            str(step.rows),
            f"→ {step.to}",
            ", ".join(step.match),
            str(len(step.fields)),
        )
        for step in result.steps
    ]
    page.table(_COLUMNS, rows)
    for step in result.steps:
        if step.unused:
            page.line(
                translate("{step}: columns not used: {columns}").format(
                    step=step.name, columns=", ".join(step.unused)
                )
            )
    page.problems(result.problems)
    page.line(counted(result.problems) or translate("No problem found."))
