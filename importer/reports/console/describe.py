"""`describe` at the terminal."""

import json

from importer.reports.console.layout import Page
from importer.results.describe import Described, DescribedProperty, DescribedType, SetValues
from importer.text.translating import N_, translate

_MEMBERS = 12
_SETS = (
    (N_("entity set"), "left"),
    (N_("type"), "left"),
    (N_("key"), "left"),
    (N_("properties"), "right"),
    (N_("navigation"), "right"),
)
_PROPERTIES = ((N_("property"), "left"), (N_("type"), "left"), (N_("remarks"), "left"))
_LINKS = (
    (N_("navigation"), "left"),
    (N_("pair"), "left"),
    (N_("target"), "left"),
    (N_("remarks"), "left"),
)


def render(result: Described, page: Page) -> None:
    """Write the sets; with a set or a word named, its properties and navigation."""
    page.fact(translate("Service"), f"{result.source} · OData {result.version}")
    if result.detail:
        for item in (*result.sets, *result.singletons):
            _detail(item, page)
        if not (result.sets or result.singletons):
            page.line(translate("Nothing of that name."))
    else:
        _overview(result, page)
    if result.values is not None:
        _values(result.values, page)


def _overview(result: Described, page: Page) -> None:
    rows = [
        (item.name, item.type, ", ".join(item.key), str(len(item.properties)), str(len(item.navigation)))
        for item in (*result.sets, *result.singletons)
    ]
    page.table(_SETS, rows)
    page.line(
        translate("{sets} entity sets, {types} types, {actions} actions, {functions} functions").format(
            sets=len(result.sets),
            types=len(result.types),
            actions=result.counts.get("actions", 0),
            functions=result.counts.get("functions", 0),
        )
    )


def _detail(item: DescribedType, page: Page) -> None:
    words = translate("key: {key}").format(key=", ".join(item.key) or "–")
    page.line(f"{item.name}  ({item.type})  {words}" + (f"  {item.description}" if item.description else ""))
    rows = [(p.name, p.type, _remarks(p)) for p in item.properties]
    if rows:
        page.table(_PROPERTIES, rows)
    links = [
        (n.name, n.pair or ("[]" if n.collection else "@odata.bind"), n.target, n.description or "")
        for n in item.navigation
    ]
    if links:
        page.table(_LINKS, links)
    if item.actions:
        page.line(translate("actions: {names}").format(names=", ".join(item.actions)))


def _values(values: SetValues, page: Page) -> None:
    """Write the entities as a value table that may be copied into a recipe."""
    page.line(
        translate("# {label} → {key} of {set}").format(label=values.label, key=values.key, set=values.set)
    )
    page.line("maps:")
    page.line(f"  {values.set}:")
    for label, key in values.table:
        page.line(f"    {json.dumps(label, ensure_ascii=False)}: {json.dumps(key, ensure_ascii=False)}")
    if values.cut:
        page.line(translate("# … and more: this set is too large for a value table; use a lookup."))


def _remarks(item: DescribedProperty) -> str:
    words = []
    if item.required:
        words.append(translate("required"))
    if not item.writable:
        words.append(translate("read only"))
    if item.max_length is not None:
        words.append(translate("at most {count} characters").format(count=item.max_length))
    if item.members:
        words.append(", ".join(item.members[:_MEMBERS]) + (" …" if len(item.members) > _MEMBERS else ""))
    if item.description:
        words.append(item.description)
    return "; ".join(words)
