"""`check` at the terminal."""

from importer.reports.console.layout import Page, counted, service_text
from importer.results.check import Checked, CheckedField
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


_FIELDS = (
    (N_("property"), "left"),
    (N_("type"), "left"),
    (N_("written as"), "left"),
    (N_("column"), "left"),
    (N_("cell"), "left"),
    (N_("found by"), "left"),
)


def _field(item: CheckedField) -> tuple[str, ...]:
    origin = item.column or item.value or "–"
    return (item.property, item.type, item.pair or "–", origin, item.cell or "–", item.lookup or "–")


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
    if result.params:
        values = ", ".join(f"{name} = {value or '–'}" for name, value in result.params.items())
        page.fact(translate("Parameters"), values)
    rows = [
        (
            step.name,
            step.sheet or "–",
            f"{step.header_top}–{step.header_row}" if step.header_top else str(step.header_row or "–"),
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
    for step in result.steps if result.explain else ():
        page.line()
        page.line(f"{step.name} → {step.to}")
        page.table(_FIELDS, [_field(item) for item in step.fields])
    page.problems(result.problems)
    page.line(counted(result.problems) or translate("No problem found."))
