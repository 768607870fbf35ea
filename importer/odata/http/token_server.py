"""One token endpoint (RFC 6749 §3.2): grants go out, tokens come back. Its answers are believed no more than a service's.

oauthlib writes the forms and reads the answers; `Connection` carries them: one origin, no redirect, a bounded answer. Credentials go to
this endpoint only.
"""

import json
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar, Literal
from urllib.parse import quote_plus

import msgspec

from importer.odata.http.authentication import is_token, mask, packed
from importer.odata.http.connection import Connection, Response, Unanswered
from importer.odata.http.refusals import LoginRefused
from importer.odata.payload.errors import read_error
from importer.problems import EntityPlace
from importer.secret import Secret
from importer.text.translating import N_, translate

# An answer holds two tokens of some kB; the timeout is in seconds.
_LARGEST = 256 * 1024
_TIMEOUT = 30.0
_LONGEST_TOKEN = 64 * 1024
_LONGEST_REASON = 300
# A lifetime above a year says nothing: the token is used until it is refused.
_LONGEST_LIFE = 366 * 86_400.0
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class TokenRefused(LoginRefused):
    """The token server gives no token."""

    text: ClassVar[str] = "{expected} gives no token ({status}). {found}"
    hint: ClassVar[str] = (
        "Check the user, the password and the client of the profile; `importer login` asks for them anew"
    )


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What a token is asked for with: a refresh token, the password of `username`, or (`client`) the client's own secret alone."""

    kind: Literal["refresh", "password", "client"]
    secret: Secret | None = None
    username: str = ""


class Given(msgspec.Struct, frozen=True):
    """What came. `lifetime` in seconds, None when the endpoint does not say, or nothing that makes sense."""

    access: Secret
    refresh: Secret | None
    lifetime: float | None


class Refusal(Exception):  # noqa: N818 - an answer; the session may have another grant
    """No token for this grant; `reason` holds no secret."""

    def __init__(self, status: int, reason: str) -> None:
        """Keep what was said."""
        super().__init__(reason)
        self.status = status
        self.reason = reason


class TokenServer:
    """A token endpoint and the client we are there. `style`: where the client's secret goes, a header or the form."""

    def __init__(
        self,
        url: str,
        *,
        client: str,
        secret: Secret | None = None,
        scope: str | None = None,
        style: Literal["basic", "body"] = "basic",
        ca: Path | None = None,
    ) -> None:
        """Open nothing yet.

        Raises:
            ConfigurationError: `ca` cannot be read.
        """
        self.url = url
        self._client, self._secret, self._style = client, secret, style
        self._scope = " ".join(scope.split()) if scope else None
        self._wire = Connection(url, timeout=_TIMEOUT, lanes=1, largest=_LARGEST, ca=ca)

    def __repr__(self) -> str:
        """Return the address; nothing of the client."""
        return f"TokenServer({self.url!r})"

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Return what is never to be shown: the client's secret, plain and packed."""
        return () if self._secret is None else (self._secret, packed(self._client, self._secret))

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()

    def ask(self, grant: Grant) -> Given:
        """Return the tokens for a grant.

        Raises:
            Refusal: it gives none.
            Unanswered: it cannot be reached, or asks to come later; nothing was sent to the service.
        """
        hidden = [*self.secrets, *([grant.secret] if grant.secret is not None else [])]
        try:
            answer = self._wire.send(
                "POST", self.url, body=self._form(grant).encode("ascii"), headers=self._headers()
            )
        except Unanswered as lost:
            raise Unanswered(f"{self.url}: {lost.reason}", sent=False) from None
        if answer.status in _LATER:
            raise Unanswered(f"{self.url}: {answer.status} {_said(answer, hidden)}".strip(), sent=False)
        if answer.status != 200:
            raise Refusal(answer.status, _said(answer, hidden))
        return self._given(answer, hidden)

    def _headers(self) -> dict[str, str]:
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        if self._secret is not None and self._style == "basic":
            pair = packed(quote_plus(self._client), Secret(quote_plus(self._secret.reveal())))
            headers["authorization"] = f"Basic {pair.reveal()}"
        return headers

    def _form(self, grant: Grant) -> str:
        from oauthlib.oauth2 import (  # noqa: PLC0415 - heavy; only for services with a token server
            BackendApplicationClient,
            LegacyApplicationClient,
        )

        in_header = self._secret is not None and self._style == "basic"
        more: dict[str, str] = {}
        if self._secret is not None and not in_header:
            more["client_secret"] = self._secret.reveal()
        held = grant.secret.reveal() if grant.secret is not None else ""
        if grant.kind == "client":
            form = BackendApplicationClient(self._client).prepare_request_body(
                scope=self._scope, include_client_id=not in_header, **more
            )
        elif grant.kind == "password":
            form = LegacyApplicationClient(self._client).prepare_request_body(
                username=grant.username,
                password=held,
                scope=self._scope,
                include_client_id=not in_header,
                **more,
            )
        else:
            form = LegacyApplicationClient(self._client).prepare_refresh_body(
                refresh_token=held,
                scope=self._scope,
                client_id=self._client,
                include_client_id=not in_header,
                **more,
            )
        return str(form)

    def _given(self, answer: Response, hidden: Iterable[Secret]) -> Given:
        from oauthlib.oauth2 import LegacyApplicationClient, OAuth2Error  # noqa: PLC0415 - heavy, see above

        found = _object(answer.body)
        if found is None:
            raise Refusal(answer.status, _said(answer, hidden))
        # Only what has a meaning here, of the right shape: the library takes what it is given.
        lifetime = _lifetime(found.get("expires_in"))
        texts = ("access_token", "refresh_token", "error", "error_description")
        plain: dict[str, Any] = {name: found[name] for name in texts if isinstance(found.get(name), str)}
        try:
            tokens = LegacyApplicationClient(self._client).parse_request_body_response(json.dumps(plain))
        except OAuth2Error as error:
            reason = " ".join(filter(None, (error.error, error.description)))
            raise Refusal(answer.status, _clean(reason, hidden)) from None
        kind = found.get("token_type")
        if kind is not None and (not isinstance(kind, str) or kind.casefold() != "bearer"):
            shown = _clean(str(kind), hidden)
            raise Refusal(answer.status, _word("type", found=shown))
        access, refresh = str(tokens["access_token"]), str(tokens.get("refresh_token") or "")
        if not is_token(access) or len(access) > _LONGEST_TOKEN or len(refresh) > _LONGEST_TOKEN:
            raise Refusal(answer.status, _word("shape"))
        return Given(Secret(access), Secret(refresh) if refresh else None, lifetime)


def refused(server: str, refusal: Refusal | None) -> TokenRefused:
    """Return the problem of a server that gave no token."""
    status, reason = (refusal.status, refusal.reason) if refusal is not None else (0, "")
    return TokenRefused(place=EntityPlace(server), found=reason, expected=server, status=status)


_KINDS = {
    "redirect": N_("It answers with a redirect, and nothing is sent there."),
    "html": N_("It answers with an html page “{title}”."),
    "other": N_("Its answer is no JSON object with a token."),
    "type": N_("Its token is of the type “{found}”, not Bearer."),
    "shape": N_("Its token has characters or a length that no token has."),
}


def _word(kind: str, **values: str) -> str:
    return translate(_KINDS[kind]).format(**values)


def _said(answer: Response, hidden: Iterable[Secret]) -> str:
    """Return what an answer without a token says, in one short line without secrets."""
    if 300 <= answer.status < 400:
        return _word("redirect")
    found = _object(answer.body)
    if found is not None and isinstance(found.get("error"), str):
        description = found.get("error_description")
        return _clean(
            f"{found['error']} {description if isinstance(description, str) else ''}".strip(), hidden
        )
    message = read_error(answer.status, answer.body, answer.content_type)
    if message.kind == "html":
        return _word("html", title=_clean(message.message, hidden))
    if answer.status == 200:
        return _word("other")
    return _clean(message.text, hidden)


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        found = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _clean(text: str, hidden: Iterable[Secret]) -> str:
    shown = mask(text.encode("utf-8", "replace"), hidden).decode("utf-8", "replace")
    shown = _UNSEEN.sub(" ", shown).strip()
    return shown if len(shown) <= _LONGEST_REASON else shown[:_LONGEST_REASON] + "…"


def _lifetime(value: object) -> float | None:
    """Return the seconds that `expires_in` names: a number, or a text of one; None for anything that makes no sense."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # A whole number may be too large for a float.
    if not 0 < value <= _LONGEST_LIFE or math.isnan(value):
        return None
    return float(value)
