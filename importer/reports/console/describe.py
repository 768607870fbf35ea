"""`describe` at the terminal."""

import json

from importer.reports.console.layout import Page
from importer.results.describe import (
    Described,
    DescribedNavigation,
    DescribedOperation,
    DescribedProperty,
    DescribedType,
    SetValues,
)
from importer.text.translating import N_, translate

_MEMBERS = 12
_WORDS = 60
_SETS = (
    (N_("entity set"), "left"),
    (N_("type"), "left"),
    (N_("key"), "left"),
    (N_("properties"), "right"),
    (N_("navigation"), "right"),
    (N_("remarks"), "left"),
)
_PROPERTIES = ((N_("property"), "left"), (N_("type"), "left"), (N_("remarks"), "left"))
_LINKS = (
    (N_("navigation"), "left"),
    (N_("pair"), "left"),
    (N_("target"), "left"),
    (N_("remarks"), "left"),
)
_FORBIDDEN = {"create": N_("no creating"), "update": N_("no changing"), "delete": N_("no deleting")}


def render(result: Described, page: Page) -> None:
    """Write the sets; with a set or a word named, its properties and navigation; with --values the value table."""
    if result.values is not None and not result.detail:
        _values(result.values, page)
        return
    page.fact(translate("Service"), f"{result.source} · OData {result.version}")
    if result.detail:
        shown = (*result.sets, *result.singletons)
        told = {item.type for item in shown}
        for item in (*shown, *(item for item in result.types if item.type not in told)):
            _detail(item, page)
        if not (shown or result.types):
            page.line(translate("Nothing of that name."))
    else:
        _overview(result, page)
    if result.values is not None:
        _values(result.values, page)


def _overview(result: Described, page: Page) -> None:
    if rows := [_row(item) for item in (*result.sets, *result.singletons)]:
        page.table(_SETS, rows)
    page.line(
        translate("{sets} entity sets, {types} types, {actions} actions, {functions} functions").format(
            sets=len(result.sets),
            types=len(result.types),
            actions=result.counts.get("actions", 0),
            functions=result.counts.get("functions", 0),
        )
    )


def _row(item: DescribedType) -> tuple[str, ...]:
    remarks = [translate(_FORBIDDEN[verb]) for verb in item.forbidden]
    if item.description or item.labels:
        remarks.append(_short(item.description or ", ".join(item.labels)))
    return (
        item.name,
        _plain(item.type),
        ", ".join(item.key),
        str(len(item.properties)),
        str(len(item.navigation)),
        "; ".join(remarks),
    )


def _detail(item: DescribedType, page: Page) -> None:
    words = [translate("key: {key}").format(key=", ".join(item.key) or "–")]
    words += [translate("abstract")] * item.abstract + [translate("open")] * item.open
    words += [translate(_FORBIDDEN[verb]) for verb in item.forbidden]
    page.line(f"{item.name}  ({item.type})  {'; '.join(words)}")
    if item.description or item.labels:
        page.line(f"  {' · '.join((*item.labels, *([item.description] if item.description else [])))}")
    if item.derived:
        page.line("  " + translate("kinds: {names}").format(names=", ".join(map(_plain, item.derived))))
    if rows := [(part.name, _type(part), _remarks(part, item)) for part in item.properties]:
        page.table(_PROPERTIES, rows)
    if links := [(part.name, _pair(part), part.target, _link_remarks(part)) for part in item.navigation]:
        page.table(_LINKS, links)
    for title, action in ((N_("actions: {names}"), True), (N_("functions: {names}"), False)):
        if found := [_signature(part) for part in item.operations if part.action == action]:
            page.line(translate(title).format(names=", ".join(dict.fromkeys(found))))


def _values(values: SetValues, page: Page) -> None:
    """Write the entities as a value table that may be copied into a recipe."""
    page.line(
        translate("# {label} → {key} of {set}").format(label=values.label, key=values.key, set=values.set)
    )
    if not values.table:
        page.line(translate("# No entity here has a name and a single key: use a lookup."))
        return
    page.line("maps:")
    page.line(f"  {values.set}:")
    for label, key in values.table:
        page.line(f"    {_quoted(label)}: {_quoted(key)}")
    for label, key in values.twins:
        line = translate("# {label}: {key}  another of this name")
        page.line(f"    {line.format(label=_quoted(label), key=_quoted(key))}")
    if values.cut:
        page.line(translate("# … and more: this set is too large for a value table; use a lookup."))


def _remarks(item: DescribedProperty, owner: DescribedType) -> str:
    words = [translate("key")] * item.key
    if item.required:
        words.append(translate("required"))
    if item.computed:
        words.append(translate("made by the service"))
    elif not item.writable and not {"create", "update"} <= set(owner.forbidden):
        words.append(translate("read only"))
    elif not item.on_update and "update" not in owner.forbidden:
        words.append(translate("only on create"))
    elif not item.on_create and "create" not in owner.forbidden:
        words.append(translate("only on update"))
    if item.max_length is not None:
        words.append(translate("at most {count} characters").format(count=item.max_length))
    if item.members:
        words.append(", ".join(item.members[:_MEMBERS]) + (" …" if len(item.members) > _MEMBERS else ""))
    return "; ".join((*words, *item.labels, *([item.description] if item.description else [])))


def _type(item: DescribedProperty) -> str:
    facets = [item.precision, item.scale] if _plain(item.type) == "Decimal" else []
    written = ", ".join(str(facet) for facet in facets if facet is not None)
    return f"{item.type}({written})" if written else item.type


def _pair(item: DescribedNavigation) -> str:
    return item.pair or ("[]" if item.collection else "@odata.bind")


def _link_remarks(item: DescribedNavigation) -> str:
    words = [translate("lives inside")] * item.contained
    return "; ".join((*words, *item.labels, *([item.description] if item.description else [])))


def _signature(item: DescribedOperation) -> str:
    parameters = ", ".join(f"{name}: {_plain(kind)}" for name, kind in item.parameters)
    return f"{_plain(item.name)}({parameters})"


def _plain(name: str) -> str:
    """Return a name without its namespace; of a collection, that of its items in brackets."""
    if name.startswith("Collection("):
        return f"[{name.removeprefix('Collection(').removesuffix(')').rpartition('.')[2]}]"
    return name.rpartition(".")[2]


def _short(text: str) -> str:
    return text if len(text) <= _WORDS else f"{text[:_WORDS].rstrip()}…"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
