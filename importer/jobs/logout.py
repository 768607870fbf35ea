"""`logout`: what is kept of a profile's login is forgotten. Nobody is asked or told: a service may be gone already."""

from importer.jobs.workplace import Workplace
from importer.project import choose_profile
from importer.project.credentials import Credentials, Item
from importer.project.key_store import system_keys
from importer.project.logins import kept_of
from importer.results.common import ServiceLine
from importer.results.logout import LoggedOut

_ITEMS: tuple[Item, ...] = ("username", "password", "token", "client_secret", "refresh_token")


def logout(place: Workplace) -> LoggedOut:
    """Return what was forgotten: tokens, and what `importer login` put into the key store for the profile in force.

    Raises:
        ConfigurationError: no such profile, or it cannot be removed.

    """
    chosen = choose_profile(place.folders, asked=place.profile, service=None)
    credentials = Credentials(chosen.name, chosen.profile)
    store = kept_of(credentials)
    with store.locked():
        forgotten = ["tokens"] if store.forget() else []
    named = [item for item in _ITEMS if credentials.keeps(item)]
    # Without a key store nothing was ever put there.
    keys = system_keys() if named else None
    if keys is not None:
        forgotten += [item for item in named if keys.forget(credentials.key(item))]
    return LoggedOut(
        service=ServiceLine(chosen.name, chosen.profile.url),
        forgotten=tuple(forgotten),
    )
