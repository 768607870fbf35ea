"""`whoami` at the terminal."""

from datetime import datetime, timedelta

from importer.reports.console.layout import Page, service_text
from importer.results.whoami import WhoAmI
from importer.text.translating import N_, translate

_SAID_BY = {
    "service": N_("says the service"),
    "token": N_("says the token"),
    "profile": N_("says the profile"),
}
_SOURCES = {
    "option": N_("option"),
    "environment": N_("environment"),
    "recipe": N_("recipe"),
    "user file": N_("user file"),
    "importer.yaml": "importer.yaml",
    "dialect": N_("dialect"),
    "built-in": N_("built-in"),
}
_SETTINGS = (
    (N_("setting"), "left"),
    (N_("value"), "left"),
    (N_("from"), "left"),
    (N_("where"), "left"),
)


def render(result: WhoAmI, page: Page) -> None:
    """Write the user, the token's life, and the settings when they were asked for."""
    page.fact(translate("Service"), service_text(result.service))
    page.fact(translate("Login"), result.type)
    if result.type != "none":
        said = translate(_SAID_BY[result.said_by]) if result.said_by else ""
        page.fact(translate("User"), person(result.user, result.tenant) + (f" ({said})" if said else ""))
        if result.rights:
            page.fact(translate("Rights"), ", ".join(result.rights))
        if result.received is not None:
            age = translate("{age} old").format(age=span(result.now - result.received))
            page.fact(translate("Token"), age)
        if result.ends is not None:
            page.fact(translate("Ends"), until(result.ends, renewable=result.renewable))
        if result.kept is not None:
            page.fact(translate("Kept in"), result.kept)
    if result.settings:
        page.table(
            _SETTINGS,
            [(s.name, s.value, translate(_SOURCES[s.source]), s.where or "") for s in result.settings],
        )
    page.problems(result.problems)


def person(user: str | None, tenant: str | None) -> str:
    """Return a user and a tenant as people see them."""
    known = user or translate("not known")
    return f"{known} · {tenant}" if tenant else known


def until(end: datetime, *, renewable: bool) -> str:
    """Return when a token ends, in local time, and whether that matters."""
    text = end.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    return text + (f" ({translate('renewed by itself')})" if renewable else "")


def span(length: timedelta) -> str:
    """Return a length of time in its two greatest units, as `3 h 20 min`; nothing is below a second."""
    seconds = max(0, int(length.total_seconds()))
    units = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
    parts: list[str] = []
    for name, size in units:
        count, seconds = divmod(seconds, size)
        if count or (name == "s" and not parts):
            parts.append(f"{count} {name}")
    return " ".join(parts[:2])
