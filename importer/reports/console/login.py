"""`login` at the terminal."""

from importer.reports.console.layout import Page, service_text
from importer.reports.console.whoami import person, until
from importer.results.login import LoggedIn
from importer.text.translating import translate


def render(result: LoggedIn, page: Page) -> None:
    """Write who is logged in, and where that is kept."""
    page.fact(translate("Service"), service_text(result.service))
    if result.type == "none":
        page.line(translate("This profile needs no login."))
        return
    page.fact(translate("User"), person(result.user, result.tenant))
    if result.ends is not None:
        page.fact(translate("Token"), until(result.ends, renewable=result.renewable))
    if result.kept is None:
        page.line(translate("The login works. Nothing needs to be kept: the profile logs in by itself."))
    else:
        page.fact(translate("Kept in"), result.kept)
