"""`importer.yaml`: profiles and defaults (cli.md, *Project, configuration, profiles*)."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from importer.documents import Document, Node, in_order, read_document, unexpected, validate
from importer.problems import ConfigurationError, Problem, RecipePlace, Severity

_SECRET_KEYS = frozenset({"password", "token", "client_secret", "refresh_token"})
_REFERENCE = re.compile(r"\$\{[A-Za-z_][A-Za-z0-9_]*\}")
# `https://user:password@host`, and tokens in a query.
_CREDENTIALS_IN_URL = re.compile(r"(?i)^https?://([^/?#]*@|[^?#]*\?.*(token|key|secret|password|sig)=)")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class PlainSecret(Problem):
    """A secret written into a file."""

    code: ClassVar[str] = "secret-in-recipe"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{found} is written plainly here."
    hint: ClassVar[str] = "Write `${{NAME}}` and set that environment variable"


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


class LoginOfAnotherVersion(Problem):
    """A way of logging in that this version lacks."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "This version of the importer does not know the login {found}."
    hint: ClassVar[str] = "Use `type: bearer` with an API token, or `type: none`"


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
    model_config = ConfigDict(extra="forbid", frozen=True)


class Authentication(_Strict):
    """How to log in. The token itself is only named here: `${NAME}`."""

    type: Literal["bearer", "none"] = "none"
    token: str | None = None


class Profile(_Strict):
    """One connection. `keys`: who makes keys; `settle`: seconds between two looks for a write whose answer was lost."""

    url: Url
    dialect: str | None = None
    protected: bool = False
    auth: Authentication = Authentication()
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
# Logins of cli.md that this version lacks, with their keys: one problem for the whole of it.
_LATER_LOGINS = frozenset({"oauth2-password", "oauth2-refresh", "oauth2-client", "basic"})


def read_configuration(path: Path, shown: str | None = None) -> Configuration:
    """Return the configuration at `path`.

    Raises:
        ConfigurationError: with every problem found; secrets written plainly, and logins this version lacks, are told first.
    """
    document = read_document(path, shown)
    # Before anything else: a later message would quote the value.
    if first := [*_plain_secrets(document.root), *_later_logins(document.root)]:
        raise ConfigurationError(*in_order(first))
    found = validate(Configuration, document, owner="importer.yaml", known=_KNOWN, later=_LATER)
    if problems := tuple(_plain_http(found, document)):
        raise ConfigurationError(*in_order(problems))
    return found


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
    return value is None or (isinstance(value, str) and bool(_REFERENCE.fullmatch(value)))


def _later_logins(root: Node) -> Iterator[Problem]:
    profiles = root.get("profiles")
    for profile in (
        profiles.value.values() if profiles is not None and isinstance(profiles.value, dict) else ()
    ):
        login = profile.get("auth")
        kind = login.get("type") if login is not None else None
        if kind is not None and isinstance(kind.value, str) and kind.value in _LATER_LOGINS:
            yield LoginOfAnotherVersion(place=kind.place, found=str(kind.value))


def _plain_http(found: Configuration, document: Document) -> Iterator[Problem]:
    for name, profile in found.profiles.items():
        parts = urlsplit(profile.url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            yield PlainHttp(place=document.root.at(("profiles", name, "url")).place, found=profile.url)
