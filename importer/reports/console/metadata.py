"""`metadata pull` and `metadata diff` at the terminal."""

from rich.text import Text

from importer.reports.console.layout import Page, service_text
from importer.reports.drift_words import message
from importer.results.metadata import Drift, Drifted, Pulled
from importer.service.changes import Kind
from importer.text.translating import translate, translate_plural

_SIGNS = {Kind.ADDED: ("+", "green"), Kind.REMOVED: ("-", "red"), Kind.RENAMED: ("?", "yellow")}


def render_pulled(result: Pulled, page: Page) -> None:
    """Write where the metadata are kept, and whether they changed."""
    page.fact(translate("Service"), service_text(result.service))
    page.fact(translate("Metadata"), f"{result.path} · OData {result.version} · {result.size} B")
    if result.same is not None:
        page.line(
            translate("The same as before.")
            if result.same
            else translate("They are not the same as those kept before.")
        )


def render(result: Drift, page: Page) -> None:
    """Write every change, and where recipes use what changed."""
    page.fact(translate("Before"), result.before)
    page.fact(translate("Now"), result.after)
    for item in result.changes:
        _change(item, page)
    page.problems(result.problems)
    if not result.changes:
        page.line(translate("Nothing changed that an importer would notice."))
        return
    count = len(result.changes)
    page.line(translate_plural("{count} change", "{count} changes", count).format(count=count))
    touched = len(result.touched)
    page.line(
        translate_plural(
            "{count} recipe of {all} uses what changed", "{count} recipes of {all} use what changed", touched
        ).format(count=touched, all=len(result.recipes))
    )


def _change(item: Drifted, page: Page) -> None:
    sign, style = _SIGNS.get(item.change.kind, ("~", "yellow" if item.change.breaking else "dim"))
    page.line(Text.assemble((sign, style), f" {message(item.change)}"))
    if item.sets and item.change.owner not in item.sets and item.change.name not in item.sets:
        page.line(Text(f"    {translate('in {sets}').format(sets=', '.join(item.sets))}", style="dim"))
    for place in item.places:
        page.line(Text(f"    {place}", style="bold"))
