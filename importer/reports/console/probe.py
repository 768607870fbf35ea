"""`probe` at the terminal."""

from importer.reports.console.layout import Page, service_text
from importer.results.probe import Probed
from importer.service.findings import Findings, Paging
from importer.text.translating import N_, translate

_SETS = (
    (N_("entity set"), "left"),
    (N_("rights"), "left"),
    (N_("filter"), "left"),
    (N_("ETag"), "left"),
    (N_("own keys"), "left"),
    (N_("second create"), "left"),
    (N_("old version"), "left"),
)
_BATCH = {
    "json": N_("JSON"),
    "multipart": N_("multipart"),
    "none": N_("none"),
    "unknown": N_("not known: no set to try it on"),
}
_RIGHTS = {
    "read": N_("read"),
    "empty": N_("read (empty)"),
    "denied": N_("denied"),
    "refused": N_("refused"),
    "unknown": "?",
}


def render(result: Probed, page: Page) -> None:
    """Write what the service can do, and what of each set."""
    found = result.findings
    page.fact(translate("Service"), service_text(result.service))
    page.fact(translate("Batches"), translate(_BATCH[found.batch]))
    page.fact(translate("Lists"), _lists(found))
    page.fact(translate("Clock"), _clock(found.clock))
    page.fact(
        translate("Rates"), ", ".join(f"{name}: {text}" for name, text in found.throttle.items()) or "–"
    )
    rows = [
        (
            name,
            translate(_RIGHTS[rights]),
            {"none": "–", "unknown": "?"}.get(operator := found.operators[name], operator),
            _yes(found.etag.get(name)),
            _yes(found.own_keys.get(name)),
            found.duplicate.get(name, "?"),
            found.concurrency.get(name, "?"),
        )
        for name, rights in found.rights.items()
    ]
    page.table(_SETS, rows)
    page.problems(result.problems)
    page.line(
        translate("Kept in {path}; used by plan and apply until the metadata change.").format(
            path=result.path
        )
    )


def _lists(found: Findings) -> str:
    limit = {None: translate("no limit of $top met"), 0: translate("no $top")}.get(
        found.top_max
    ) or translate("$top at most {count}").format(count=found.top_max)
    count = {True: translate("$count"), False: translate("no $count"), None: "$count: ?"}[found.count]
    return f"{limit} · {_paging(found.paging)} · {count}"


def _paging(paging: Paging) -> str:
    match paging.form:
        case "links":
            return translate("pages of {count} with next links").format(count=paging.size)
        case "cut":
            return translate("pages cut at {count} without a link").format(count=paging.size)
        case "none":
            return translate("no pages")
        case _:
            return translate("pages: not known, the lists are short")


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return "?"
    if abs(seconds) < 2:
        return translate("agrees")
    return (
        translate("{count} seconds ahead of this machine")
        if seconds > 0
        else translate("{count} seconds behind this machine")
    ).format(count=abs(seconds))


def _yes(value: bool | None) -> str:
    return "?" if value is None else translate("yes") if value else translate("no")
