"""`login`: a person gives a credential once; tokens are kept, a password only where the profile says `keyring`."""

import time
from collections.abc import Callable
from typing import ClassVar, TypeAlias

from importer.jobs.whoami import ends_at
from importer.jobs.workplace import Workplace
from importer.odata.http import Bearer, Connection, Grant, Login, Tokens, Unanswered
from importer.odata.http.claims import read_claims
from importer.odata.http.refusals import LoginRefused, ServiceUnreachable
from importer.problems import ConfigurationError, EntityPlace, FilePlace, Problem, ServiceError, Severity
from importer.project import choose_profile
from importer.project.credentials import Credentials, Item
from importer.project.key_store import needed_keys
from importer.project.logins import basic_of, ca_of, kept_of, session_of
from importer.project.profiles import Chosen
from importer.results.common import ServiceLine
from importer.results.login import LoggedIn
from importer.secret import Secret

# Asks a person for a credential by its name; the second argument is the environment variable that would give it.
Ask: TypeAlias = Callable[[Item, str], Secret]


class NothingToKeep(Problem):
    """A login of which nothing can be kept."""

    code: ClassVar[str] = "wrong-usage"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "The login of the profile {found} keeps nothing: it reads {expected} each time."
    hint: ClassVar[str] = (
        "Set that variable, or write `keyring` in the profile's `auth` and run `importer login`"
    )


def login(place: Workplace, ask: Ask) -> LoggedIn:
    """Return what came of logging in with the profile in force; `ask` is called for what neither environment nor key store gives.

    Raises:
        ConfigurationError: no such profile, or nothing of its login can be kept.
        ServiceError: the token server or the service refuses it, or cannot be reached: nothing is kept.

    """
    chosen = choose_profile(place.folders, asked=place.profile, service=None)
    line = ServiceLine(chosen.name, chosen.profile.url)
    place.announce(line)
    credentials = Credentials(chosen.name, chosen.profile)
    match chosen.profile.auth.type:
        case "none":
            return LoggedIn(service=line, type="none")
        case "bearer":
            return _bearer(place, chosen, credentials, line, ask)
        case "basic":
            return _basic(place, chosen, credentials, line, ask)
        case kind:
            return _by_tokens(place, credentials, line, ask, kind)


def _bearer(
    place: Workplace, chosen: Chosen, credentials: Credentials, line: ServiceLine, ask: Ask
) -> LoggedIn:
    written = chosen.profile.auth.token
    if written is not None and not credentials.keeps("token"):
        raise _nothing(credentials, "token")
    token = _new(credentials, "token", ask)
    credentials.check("token", token)
    _try(place, chosen, Bearer(token))
    claims = read_claims(token)
    kept = _keep(credentials, "token", token)
    if kept is None:
        store = kept_of(credentials)
        with store.locked():
            _write(credentials, Tokens(token, received=time.time()))
        kept = store.where
    return LoggedIn(
        service=line, type="bearer", user=claims.user, tenant=claims.tenant, kept=kept, ends=claims.ends
    )


def _basic(
    place: Workplace, chosen: Chosen, credentials: Credentials, line: ServiceLine, ask: Ask
) -> LoggedIn:
    if not credentials.keeps("password"):
        raise _nothing(credentials, "password")
    _user(credentials, ask)
    password = _new(credentials, "password", ask)
    _try(place, chosen, basic_of(credentials, password))
    user = credentials.need("username").reveal()
    return LoggedIn(service=line, type="basic", user=user, kept=_keep(credentials, "password", password))


def _by_tokens(
    place: Workplace, credentials: Credentials, line: ServiceLine, ask: Ask, kind: str
) -> LoggedIn:
    if credentials.keeps("client_secret"):
        _keep(credentials, "client_secret", _new(credentials, "client_secret", ask))
    if kind == "oauth2-password":
        user = _user(credentials, ask)
        item: Item = "password"
    elif kind == "oauth2-refresh":
        user, item = "", "refresh_token"
    else:
        item, user = "client_secret", ""
    secret = None if kind == "oauth2-client" else _new(credentials, item, ask)
    names = {"oauth2-password": "password", "oauth2-refresh": "refresh"}
    session = session_of(credentials, folder=place.folders.root)
    try:
        tokens = session.begin(Grant(kind=names.get(kind, "client"), secret=secret, username=user))  # type: ignore[arg-type]
    except OSError as error:
        raise kept_of(credentials).failed(error) from None
    finally:
        session.close()
    if secret is not None:
        _keep(credentials, item, secret)
    claims = read_claims(tokens.access)
    return LoggedIn(
        service=line,
        type=kind,
        user=claims.user or user or None,
        tenant=claims.tenant,
        kept=None if kind == "oauth2-client" else kept_of(credentials).where,
        ends=ends_at(tokens),
        renewable=tokens.refresh is not None or kind == "oauth2-client",
    )


def _user(credentials: Credentials, ask: Ask) -> str:
    """Return the user's name; where the key store keeps it, it is asked for and kept."""
    if credentials.keeps("username"):
        _keep(credentials, "username", _new(credentials, "username", ask))
    return (credentials.find("username") or ask("username", credentials.variable("username"))).reveal()


def _new(credentials: Credentials, item: Item, ask: Ask) -> Secret:
    """Return a credential from the environment or a person: what the key store holds is what is to be replaced."""
    if credentials.keeps(item):
        needed_keys(credentials.name)  # nobody types a password for nothing
    return credentials.given(item) or ask(item, credentials.variable(item))


def _keep(credentials: Credentials, item: Item, secret: Secret) -> str | None:
    """Keep a secret in the key store if the profile says so; return where."""
    if not credentials.keeps(item):
        return None
    keys = needed_keys(credentials.name)
    keys.put(credentials.key(item), secret)
    return keys.name


def _write(credentials: Credentials, tokens: Tokens) -> None:
    store = kept_of(credentials)
    try:
        store.write(tokens)
    except OSError as error:
        raise store.failed(error) from None


def _try(place: Workplace, chosen: Chosen, login: Login) -> None:
    """Ask for the service document once: a credential that is refused is not kept."""
    profile = chosen.profile
    connection = Connection(
        profile.url, login=login, timeout=profile.timeout, lanes=1, ca=ca_of(profile, place.folders.root)
    )
    root = connection.root
    try:
        answer = connection.get(root)
    except Unanswered as lost:
        found = ServiceUnreachable(place=EntityPlace(root), found=lost.reason, expected=root)
        raise ServiceError(found) from None
    finally:
        connection.close()
    if answer.status == 401:
        raise ServiceError(LoginRefused(place=EntityPlace(root), found="", expected=root, status=401))


def _nothing(credentials: Credentials, item: Item) -> ConfigurationError:
    place = FilePlace("importer.yaml")
    variable = credentials.variable(item)
    return ConfigurationError(NothingToKeep(place=place, found=credentials.name, expected=variable))
