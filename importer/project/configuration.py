"""`importer.yaml`: profiles and defaults (cli.md, *Project, configuration, profiles*)."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from importer.documents import Document, Node, in_order, read_document, unexpected, validate
from importer.problems import ConfigurationError, Problem, RecipePlace, Severity

_SECRET_KEYS = frozenset({"password", "token", "client_secret", "refresh_token"})
# The place of a secret that is no environment variable: the system's key store.
KEYRING = "keyring"
LOGINS = Literal["none", "bearer", "basic", "oauth2-password", "oauth2-refresh", "oauth2-client"]
# What each login reads besides `type`, and what it cannot do without.
_CLIENT = ("token_url", "client_id", "client_secret", "client_auth", "scope")
READS: Mapping[str, tuple[str, ...]] = {
    "none": (),
    "bearer": ("token",),
    "basic": ("username", "password"),
    "oauth2-password": (*_CLIENT, "username", "password"),
    "oauth2-refresh": (*_CLIENT, "refresh_token"),
    "oauth2-client": _CLIENT,
}
NEEDS = ("token_url", "client_id")
_REFERENCE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
# `https://user:password@host`, and tokens in a query.
_CREDENTIALS_IN_URL = re.compile(r"(?i)^https?://([^/?#]*@|[^?#]*\?.*(token|key|secret|password|sig)=)")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class PlainSecret(Problem):
    """A secret written into a file."""

    code: ClassVar[str] = "secret-in-recipe"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{found} is written plainly here."
    hint: ClassVar[str] = (
        "Write `${{NAME}}` and set that environment variable, or `keyring` and run `importer login`"
    )


class SecretInAddress(PlainSecret):
    """A user, password or token inside of a URL."""

    text: ClassVar[str] = "The address holds a credential."
    hint: ClassVar[str] = (
        "Leave it out: `auth: {{type: bearer}}` takes the token from an environment variable"
    )


class PlainHttp(Problem):
    """A token would travel unencrypted."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is no https address; only a service on this machine may be without.'
    hint: ClassVar[str] = "Write https://…"


class KeyOfAnotherLogin(Problem):
    """A key of `auth` that its login does not read."""

    code: ClassVar[str] = "unknown-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" means nothing to the login `{login}`, which reads {expected}.'
    hint: ClassVar[str] = "Remove it, or choose another `type`"

    login: str


class KeyOfLoginMissing(Problem):
    """A key without which a login cannot be tried."""

    code: ClassVar[str] = "missing-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'The login `{login}` needs "{expected}".'

    login: str


def _url(value: object) -> object:
    if isinstance(value, str) and _is_root(value):
        return value.rstrip("/")
    raise unexpected("wrong-type", "the address of a service root: https://host/odata")


def _is_root(address: str) -> bool:
    try:
        parts = urlsplit(address)
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return whole and parts.scheme in ("http", "https") and not (parts.query or parts.fragment)


def _positive(value: object) -> object:
    if isinstance(value, int | Decimal) and not isinstance(value, bool) and value > 0:
        return float(value)
    raise unexpected("wrong-type", "a number above zero")


def _count(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 10_000:
        return value
    raise unexpected("wrong-type", "a whole number from 1")


Url = Annotated[str, BeforeValidator(_url)]
Positive = Annotated[float, BeforeValidator(_positive)]
Count = Annotated[int, BeforeValidator(_count)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Authentication(_Strict):
    """How to log in. Secrets are only named here: `${NAME}` is an environment variable, `keyring` the system's key store.

    client_auth: where the client's secret goes at the token server: a header (`basic`) or the form (`body`).
    """

    type: LOGINS = "none"
    token: str | None = None
    token_url: Url | None = None
    client_id: str | None = None
    client_secret: str | None = None
    client_auth: Literal["basic", "body"] = "basic"
    scope: str | None = None
    username: str | None = None
    password: str | None = None
    refresh_token: str | None = None


class Profile(_Strict):
    """One connection. `keys`: who makes keys; `settle`: seconds between two looks for a write whose answer was lost.

    ca: a PEM file of the authority that signed the service's certificate, from the folder of this file.
    """

    url: Url
    dialect: str | None = None
    protected: bool = False
    auth: Authentication = Authentication()
    ca: str | None = None
    batch_size: Count = 100
    concurrency: Count = 4
    requests_per_second: Positive | None = None
    timeout: Positive = 60.0
    keys: Literal["auto", "server", "client"] = "auto"
    settle: Positive = 5.0
    # Entity set → other name → property; they win over a recipe's.
    aliases: dict[str, dict[str, str]] = Field(default_factory=dict)


class Configuration(_Strict):
    """The whole file."""

    importer: Literal[1]
    default_profile: str | None = None
    profiles: dict[str, Profile] = Field(default_factory=dict)
    report: tuple[Literal["html", "json"], ...] = ("html",)
    lang: Literal["en", "ru"] | None = None


_KNOWN = {
    "": tuple(Configuration.model_fields),
    "profiles": tuple(Profile.model_fields),
    "auth": tuple(Authentication.model_fields),
}
_LATER = frozenset({"id_map"})


def read_configuration(path: Path, shown: str | None = None) -> Configuration:
    """Return the configuration at `path`.

    Raises:
        ConfigurationError: with every problem found; secrets written plainly are told first.
    """
    document = _without_secrets(path, shown)
    found = validate(Configuration, document, owner="importer.yaml", known=_KNOWN, later=_LATER)
    if problems := (*_plain_http(found.profiles, document), *_keys_of_logins(found.profiles, document)):
        raise ConfigurationError(*in_order(problems))
    return found


class UserProfile(Profile):
    """A profile of the user's own file: one of its own, or only places of secrets for one of the project."""

    url: Url | None = None  # type: ignore[assignment]  # of a profile of the project it is not repeated


class UserConfiguration(Configuration):
    """The user's own `config.yaml`: the shape of `importer.yaml`."""

    profiles: dict[str, UserProfile] = Field(default_factory=dict)  # type: ignore[assignment]  # see above


def read_user_configuration(path: Path) -> UserConfiguration:
    """Return the user's own configuration at `path`. Whether a profile of it needs a `url` is known only beside the project's.

    Raises:
        ConfigurationError: with every problem found.
    """
    document = _without_secrets(path, None)
    found = validate(UserConfiguration, document, owner=path.name, known=_KNOWN, later=_LATER)
    own = {name: profile for name, profile in found.profiles.items() if profile.url is not None}
    if problems := (*_plain_http(own, document), *_keys_of_logins(own, document)):
        raise ConfigurationError(*in_order(problems))
    return found


def _without_secrets(path: Path, shown: str | None) -> Document:
    document = read_document(path, shown)
    # Before anything else: a later message would quote the value.
    if problems := tuple(_plain_secrets(document.root)):
        raise ConfigurationError(*in_order(problems))
    return document


def _plain_secrets(node: Node) -> Iterator[Problem]:
    if isinstance(node.value, dict):
        for name, inner in node.value.items():
            if (
                name in _SECRET_KEYS
                and not isinstance(inner.value, dict | list)
                and not _is_reference(inner.value)
            ):
                yield PlainSecret(place=node.keys[name], found=name)
            else:
                yield from _plain_secrets(inner)
    elif isinstance(node.value, list):
        for inner in node.value:
            yield from _plain_secrets(inner)
    elif isinstance(node.value, str) and _CREDENTIALS_IN_URL.search(node.value):
        yield SecretInAddress(place=RecipePlace(node.place.file, node.place.line, node.place.column))


def _is_reference(value: Any) -> bool:  # noqa: ANN401 - whatever YAML holds
    return value is None or (
        isinstance(value, str) and (value == KEYRING or _REFERENCE.fullmatch(value) is not None)
    )


def _keys_of_logins(profiles: Mapping[str, Profile], document: Document) -> Iterator[Problem]:
    """Yield what a login lacks and what it does not read."""
    for name, profile in profiles.items():
        login, written = profile.auth.type, profile.auth.model_fields_set - {"type"}
        reads = READS[login]
        for key in sorted(written.difference(reads)):
            place = document.root.at(("profiles", name, "auth")).keys[key]
            expected = ", ".join(reads) or "–"
            yield KeyOfAnotherLogin(place=place, found=key, expected=expected, login=login)
        if "token_url" in reads:
            for key in NEEDS:
                if getattr(profile.auth, key) is None:
                    place = document.root.at(("profiles", name, "auth")).place
                    yield KeyOfLoginMissing(place=place, expected=key, login=login)


def _plain_http(profiles: Mapping[str, Profile], document: Document) -> Iterator[Problem]:
    for name, profile in profiles.items():
        for path, address in ((("url",), profile.url), (("auth", "token_url"), profile.auth.token_url)):
            parts = urlsplit(address or "https:")
            if parts.scheme != "https" and parts.hostname not in LOOPBACK:
                yield PlainHttp(place=document.root.at(("profiles", name, *path)).place, found=address)
