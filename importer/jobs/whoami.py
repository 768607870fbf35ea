"""`whoami`: who we are to the service, how long the token lives, where it is kept, and where each setting came from."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from importer.jobs.workplace import Workplace, connected
from importer.odata.http import Bearer, Login, Session, Tokens
from importer.odata.http.claims import Claims, read_claims
from importer.problems import ConfigurationError, Problem, ServiceError, group
from importer.project import choose_profile
from importer.project.credentials import Credentials, Item
from importer.project.logins import kept_of, login_of
from importer.project.merging import Settings, Source
from importer.project.profiles import Chosen
from importer.results.common import ServiceLine
from importer.results.whoami import Setting, WhoAmI
from importer.service.who import Who, ask_who

Found = TypeVar("Found")
_SECRETS: tuple[Item, ...] = ("token", "password", "client_secret", "refresh_token")
_READS: dict[str, tuple[Item, ...]] = {
    "none": (),
    "bearer": ("token",),
    "basic": ("password",),
    "oauth2-password": ("client_secret", "password"),
    "oauth2-refresh": ("client_secret", "refresh_token"),
    "oauth2-client": ("client_secret",),
}


def whoami(place: Workplace, *, explain: bool = False) -> WhoAmI:
    """Return who we are. A service that cannot be asked is a problem in the result, with all that is known without it.

    Raises:
        ConfigurationError: no such profile, or a credential is missing; with `explain` that is a problem in the result, too.

    """
    chosen = choose_profile(place.folders, asked=place.profile, service=None)
    line = ServiceLine(chosen.name, chosen.profile.url)
    place.announce(line)
    settings = tuple(_explained(place, chosen)) if explain else ()
    problems: tuple[Problem, ...] = ()
    who, reached, exit_code, login = Who(), False, 0, None
    named = _quietly(lambda: name_of(chosen))
    try:
        login = login_of(chosen.name, chosen.profile, folder=place.folders.root)
        with connected(place, login=login) as (_, service):
            reached = True
            who = ask_who(service, named or _claims(login).user)
    except ServiceError as error:
        problems, exit_code = error.problems, error.exit_code
    except ConfigurationError as error:
        if not explain:
            raise
        problems, exit_code = error.problems, error.exit_code
    claims = _claims(login)
    tokens = _quietly(lambda: _tokens(login, chosen))
    user = who.user or claims.user or named
    return WhoAmI(
        service=line,
        type=chosen.profile.auth.type,
        reached=reached,
        user=user,
        tenant=who.tenant or claims.tenant,
        said_by=_said_by(who, claims, named),
        rights=who.rights or claims.rights,
        received=_moment(tokens) or claims.issued,
        ends=(ends_at(tokens) if tokens is not None else None) or claims.ends,
        now=datetime.now(UTC),
        renewable=tokens is not None and tokens.refresh is not None,
        kept=_quietly(lambda: _kept(chosen)),
        settings=settings,
        problems=group(problems),
        exit_code=exit_code,
    )


def name_of(chosen: Chosen) -> str | None:
    """Return the user's name that the profile itself knows, without asking anybody."""
    if chosen.profile.auth.type not in ("basic", "oauth2-password"):
        return None
    found = Credentials(chosen.name, chosen.profile).find("username")
    return found.reveal() if found is not None else None


def known_person(chosen: Chosen) -> tuple[str | None, str | None]:
    """Return user and tenant as far as they are known without asking anybody: for a heading; never raises."""
    try:
        kept = kept_of(Credentials(chosen.name, chosen.profile)).read() if _keeps_tokens(chosen) else None
        claims = read_claims(kept.access) if kept is not None else Claims()
        return name_of(chosen) or claims.user, claims.tenant
    except ConfigurationError:
        return None, None


def ends_at(tokens: Tokens) -> datetime | None:
    """Return when a token ends, None when nobody said."""
    found = _moment(tokens)
    return found + timedelta(seconds=tokens.lifetime) if found is not None and tokens.lifetime else None


def _quietly(find: Callable[[], Found | None]) -> Found | None:
    """Return what is found; what cannot be read is told by the login itself."""
    try:
        return find()
    except ConfigurationError:
        return None


def _moment(tokens: Tokens | None) -> datetime | None:
    return datetime.fromtimestamp(tokens.received, UTC) if tokens is not None and tokens.received else None


def _claims(login: Login | None) -> Claims:
    if isinstance(login, Session) and login.tokens is not None:
        return read_claims(login.tokens.access)
    return read_claims(login.token) if isinstance(login, Bearer) else Claims()


def _tokens(login: Login | None, chosen: Chosen) -> Tokens | None:
    if isinstance(login, Session):
        return login.tokens
    return kept_of(Credentials(chosen.name, chosen.profile)).read() if _keeps_tokens(chosen) else None


def _said_by(who: Who, claims: Claims, named: str | None) -> str | None:
    if who.user:
        return "service"
    return "token" if claims.user else ("profile" if named else None)


def _keeps_tokens(chosen: Chosen) -> bool:
    """Whether `importer login` keeps tokens for this profile."""
    auth = chosen.profile.auth
    if auth.type == "bearer":
        return auth.token is None and Credentials(chosen.name, chosen.profile).find("token") is None
    return auth.type in ("oauth2-password", "oauth2-refresh")


def _kept(chosen: Chosen) -> str | None:
    """Return where what this profile logs in with is kept."""
    credentials = Credentials(chosen.name, chosen.profile)
    if _keeps_tokens(chosen):
        store = kept_of(credentials)
        return store.where if store.read() is not None else None
    items = _READS[chosen.profile.auth.type]
    return _place(credentials, items[-1]) if items else None


def _place(credentials: Credentials, item: Item) -> str:
    return "keyring" if credentials.keeps(item) else f"${{{credentials.variable(item)}}}"


def _explained(place: Workplace, chosen: Chosen) -> Iterator[Setting]:
    """Yield each setting in force and what said so, the strongest one that speaks."""
    settings, profile = chosen.settings, chosen.profile
    yield _setting(settings, "profile", chosen.name, chosen.named_by, project=place)
    lang = os.environ.get("IMPORTER_LANG")
    if lang:
        yield Setting(name="lang", value=lang, source=Source.ENVIRONMENT.value, where="IMPORTER_LANG")
    else:
        yield _setting(settings, "lang", settings.merged.lang, settings.source("lang"), project=place)
    yield _setting(settings, "report", settings.merged.report, settings.source("report"), project=place)
    for key in type(profile).model_fields:
        if key != "auth":
            source = settings.source(key, chosen.name)
            yield _setting(settings, key, getattr(profile, key), source, project=place)
    for key in type(profile.auth).model_fields:
        if key in _SECRETS:
            continue
        value, source = getattr(profile.auth, key), settings.source(f"auth.{key}", chosen.name)
        if value is not None and (key != "client_auth" or profile.auth.type.startswith("oauth2")):
            yield _setting(settings, f"auth.{key}", value, source, project=place)
    credentials = Credentials(chosen.name, profile)
    for item in _READS[profile.auth.type]:
        yield _secret(settings, credentials, item)


def _setting(settings: Settings, name: str, value: object, source: Source, *, project: Workplace) -> Setting:
    where = {Source.USER: str(settings.user_path), Source.PROJECT: str(project.folders.configuration)}
    where |= {Source.ENVIRONMENT: "IMPORTER_PROFILE", Source.OPTION: "--profile"}
    shown = ", ".join(map(str, value)) if isinstance(value, tuple) else ("–" if value is None else str(value))
    if isinstance(value, bool):
        shown = "true" if value else "false"
    return Setting(name=name, value=shown, source=source.value, where=where.get(source))


def _secret(settings: Settings, credentials: Credentials, item: Item) -> Setting:
    """Return a secret as its place, and whether it is there; never what it is."""
    written = getattr(credentials.profile.auth, item)
    variable = credentials.variable(item)
    name = f"auth.{item}"
    if credentials.keeps(item):
        source = settings.source(name, credentials.name)
        return Setting(name=name, value="•••", source=source.value, where="keyring")
    there = bool(os.environ.get(variable, "").strip())
    source = Source.ENVIRONMENT if there or written is not None else Source.BUILT_IN
    return Setting(name=name, value="•••" if there else "–", source=source.value, where=variable)
