"""A profile's `auth` → the login that requests carry."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from importer.odata.http import Basic, Bearer, Grant, Login, Memory, NoLogin, Session, TokenServer
from importer.problems import ConfigurationError, FilePlace, Problem, Severity
from importer.project.configuration import Profile
from importer.project.credentials import Credentials
from importer.project.token_files import KeptTokens, identity
from importer.secret import Secret


class ColonInName(Problem):
    """A user's name that basic authentication cannot say."""

    code: ClassVar[str] = "login-refused"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = (
        'The user name of the profile {found} has a ":", and the login `basic` ends it there.'
    )


def login_of(name: str, profile: Profile, *, folder: Path) -> Login:
    """Return the login of a profile; `folder` is the project's. Nothing is sent yet.

    Raises:
        ConfigurationError: a credential is missing, or what was kept cannot be used.
    """
    credentials = Credentials(name, profile)
    match profile.auth.type:
        case "none":
            return NoLogin()
        case "bearer":
            return Bearer(_token(credentials))
        case "basic":
            return basic_of(credentials, credentials.need("password", login=credentials.keeps("password")))
        case _:
            session = session_of(credentials, folder=folder)
            store = kept_of(credentials)
            if profile.auth.type != "oauth2-client" and store.read() is None and not grants_of(credentials):
                session.close()
                raise ConfigurationError(_lacking(credentials))
            return session


def kept_of(credentials: Credentials) -> KeptTokens:
    """Return where the tokens of a profile are kept."""
    return KeptTokens(identity(credentials.name, credentials.profile))


def ca_of(profile: Profile, folder: Path) -> Path | None:
    """Return the file of the profile's own authority, read from the project's folder."""
    return folder / profile.ca if profile.ca else None


def basic_of(credentials: Credentials, password: Secret) -> Basic:
    """Return the login by user and password.

    Raises:
        ConfigurationError: the user is missing, or has a colon.
    """
    user = credentials.need("username").reveal()
    if ":" in user:
        raise ConfigurationError(ColonInName(place=FilePlace("importer.yaml"), found=credentials.name))
    return Basic(user, password)


def session_of(credentials: Credentials, *, folder: Path) -> Session:
    """Return the login by tokens; nothing is asked of its server yet.

    Raises:
        ConfigurationError: the client's secret or the authority's file is missing.
    """
    auth = credentials.profile.auth
    needed = auth.type == "oauth2-client" or auth.client_secret is not None
    secret = credentials.need("client_secret") if needed else credentials.find("client_secret")
    server = TokenServer(
        auth.token_url or "",
        client=auth.client_id or "",
        secret=secret,
        scope=auth.scope,
        style=auth.client_auth,
        ca=ca_of(credentials.profile, folder),
    )
    # What is got again without anybody need not lie anywhere.
    store = Memory() if auth.type == "oauth2-client" else kept_of(credentials)
    return Session(server, store, lambda: grants_of(credentials))


def grants_of(credentials: Credentials) -> Sequence[Grant]:
    """Return what the profile offers by itself for a token.

    Raises:
        ConfigurationError: the system's key store is named and cannot be used.
    """
    match credentials.profile.auth.type:
        case "oauth2-client":
            return (Grant(kind="client"),)
        case "oauth2-refresh":
            token = credentials.find("refresh_token")
            return () if token is None else (Grant(kind="refresh", secret=token),)
        case _:
            user, password = credentials.find("username"), credentials.find("password")
            if user is None or password is None:
                return ()
            return (Grant(kind="password", username=user.reveal(), secret=password),)


def _token(credentials: Credentials) -> Secret:
    if credentials.profile.auth.token is None and credentials.find("token") is None:
        kept = kept_of(credentials).read()
        if kept is not None:
            return kept.access
        return credentials.need("token", login=True)
    return credentials.need("token")


def _lacking(credentials: Credentials) -> Problem:
    if credentials.profile.auth.type == "oauth2-refresh":
        return credentials.missing("refresh_token", login=True)
    missing_user = credentials.find("username") is None
    return credentials.missing("username" if missing_user else "password", login=True)
