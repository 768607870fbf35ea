"""`template` at the terminal."""

from importer.reports.console.layout import Page
from importer.results.template import Templated
from importer.text.translating import N_, translate

_COLUMNS = (
    (N_("sheet"), "left"),
    (N_("header"), "right"),
    (N_("columns"), "right"),
    (N_("required"), "right"),
    (N_("lists"), "right"),
)


def render(result: Templated, page: Page) -> None:
    """Write what the workbook holds, and where it is."""
    page.fact(translate("Recipe"), result.recipe)
    page.table(
        _COLUMNS,
        [
            (
                sheet.name,
                str(sheet.header_row),
                str(len(sheet.columns)),
                str(sum(column.required for column in sheet.columns)),
                str(sum(column.allowed is not None for column in sheet.columns)),
            )
            for sheet in result.sheets
        ],
    )
    page.fact(translate("Template"), str(result.path))
