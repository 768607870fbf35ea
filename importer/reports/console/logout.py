"""`logout` at the terminal."""

from importer.reports.console.layout import Page, service_text
from importer.results.logout import LoggedOut
from importer.text.translating import N_, translate

_WORDS = {
    "tokens": N_("the tokens"),
    "username": N_("the user's name"),
    "password": N_("the password"),
    "token": N_("the API token"),
    "client_secret": N_("the client's secret"),
    "refresh_token": N_("the refresh token"),
}


def render(result: LoggedOut, page: Page) -> None:
    """Write what was forgotten."""
    page.fact(translate("Service"), service_text(result.service))
    if result.forgotten:
        words = ", ".join(translate(_WORDS[word]) for word in result.forgotten)
        page.line(
            translate("Forgotten: {words}. A token that was copied lives on until its end.").format(
                words=words
            )
        )
    else:
        page.line(translate("Nothing was kept."))
