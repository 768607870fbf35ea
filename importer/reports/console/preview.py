"""`preview` at the terminal."""

from importer.reports.console.layout import Page, counted, service_text
from importer.results.preview import Previewed, PreviewedRow, PreviewedStep
from importer.text.translating import N_, translate

_FATES = {
    "outside": N_("no row of the table (`when`)"),
    "not_for_step": N_("not for this step (`when`)"),
    "skip": N_("skipped"),
    "blocked": N_("blocked"),
}


def render(result: Previewed, page: Page) -> None:
    """Write the records step by step, then every problem of their cells."""
    page.fact(translate("Recipe"), result.recipe)
    page.fact(translate("Service"), service_text(result.service))
    for step in result.steps:
        page.line()
        page.line(
            translate("{step} → {to}: {shown} of {rows} rows").format(
                step=step.name, to=step.to, shown=len(step.shown), rows=step.rows
            )
        )
        for row in step.shown:
            _row(step, row, page)
    page.line()
    page.problems(result.problems)
    page.line(counted(result.problems) or translate("No problem found."))


def _row(step: PreviewedStep, row: PreviewedRow, page: Page) -> None:
    fate = _FATES.get(row.fate)
    whole = row.codes.get("")
    told = [item for item in (translate(fate) if fate else "", whole or "") if item]
    page.line(f"  {row.place}" + (f"  {', '.join(told)}" if told else ""))
    for name, value in row.values.items():
        code = row.codes.get(name)
        shown = "–" if value is None else value
        page.line(f"    {name} = {shown}  ({step.types[name]})" + (f"  ✗ {code}" if code else ""))
