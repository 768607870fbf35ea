"""`migrate` at the terminal."""

from importer.reports.console.layout import Page
from importer.results.migrate import Migrated
from importer.text.translating import translate


def render(result: Migrated, page: Page) -> None:
    """Write the diff, or that there was nothing to do."""
    if not result.diff:
        page.line(
            translate("{recipe} speaks version {version} already: nothing to do.").format(
                recipe=result.recipe, version=result.language
            )
        )
        return
    for line in result.diff:
        page.line(line)
    page.line(
        translate("{recipe} speaks version {version} now; it spoke version {before}.").format(
            recipe=result.recipe, version=result.language, before=result.before
        )
    )
