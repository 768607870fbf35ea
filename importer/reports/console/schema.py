"""`schema` at the terminal."""

from importer.reports.console.layout import Page, service_text
from importer.results.schema import SchemaMade
from importer.text.translating import translate, translate_plural


def render(result: SchemaMade, page: Page) -> None:
    """Write where the schema is, and the line that a recipe begins with to use it."""
    if result.service is not None:
        page.fact(translate("Service"), service_text(result.service))
        page.fact(
            translate("Schema"),
            translate_plural("{count} entity set", "{count} entity sets", result.sets).format(
                count=result.sets
            ),
        )
    page.fact(translate("Written"), str(result.output))
    page.line(translate("A recipe that begins with this line uses it; the path is relative to the recipe:"))
    page.line(f"# yaml-language-server: $schema={result.output}")
