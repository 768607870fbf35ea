"""Who may ask: OAuth tokens as an identity server gives them (RFC 6749 §4.3, §4.4, §6), and API tokens.

One user (`USER`, `PASSWORD`), one public client (`external`), one client with a secret (`robot`).
"""

import base64
import binascii
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from importer.sandbox.habits import Habits
from importer.sandbox.replies import Reply, json_reply

USER, PASSWORD = "admin@example.ru", "secret"
API_TOKEN = "api-token"  # noqa: S105
CLIENTS: Mapping[str, str] = {"external": "", "robot": "robot-secret"}


class Tokens:
    """Gives tokens and knows them again. Threads may ask at once: a refresh token is spent exactly once."""

    def __init__(self, habits: Habits, clock: Callable[[], float] = time.monotonic) -> None:
        """Give tokens as the habits say; `clock` counts seconds."""
        self._habits, self._clock = habits, clock
        self._access: dict[str, list[float]] = {}  # token → [when it ends, requests left]
        self._refresh: set[str] = set()
        self._lock = threading.Lock()

    def refusal(self, authorization: str) -> Reply | None:
        """Return 401 where the header gives no right to ask."""
        if self._habits.auth == "off" or self._right(authorization):
            return None
        return Reply(401, {"www-authenticate": 'Bearer realm="sandbox", Basic realm="sandbox"'})

    def answer(self, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer `POST /connect/token`; refusals are 400 or 401 with the words of RFC 6749 §5.2."""
        asked = dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))
        if not headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return _wrong("invalid_request")
        user, password = _basic(headers.get("authorization", ""))
        client = user or asked.get("client_id", "")
        if client not in CLIENTS or not _same(password or asked.get("client_secret", ""), CLIENTS[client]):
            return _wrong("invalid_client", 401)
        grant = asked.get("grant_type")
        with self._lock:
            if grant == "password":
                named = (asked.get("username", "").lower(), asked.get("password", ""))
                return self._given() if _same(named[1], PASSWORD) and named[0] == USER else _wrong()
            if grant == "refresh_token":
                return self._refreshed(asked.get("refresh_token", ""))
            if grant == "client_credentials":
                return self._given(renewable=False) if CLIENTS[client] else _wrong("unauthorized_client")
        return _wrong("unsupported_grant_type")

    def _refreshed(self, token: str) -> Reply:
        if token not in self._refresh:
            return _wrong()
        if self._habits.refresh == "reusable":
            return self._given(refresh=token)
        self._refresh.discard(token)
        return self._given()

    def _given(self, *, renewable: bool = True, refresh: str | None = None) -> Reply:
        token, seconds = secrets.token_urlsafe(24), self._habits.token_seconds
        requests = self._habits.token_requests
        self._access[token] = [self._clock() + seconds, float("inf") if requests is None else requests]
        answer: dict[str, object] = {"access_token": token, "expires_in": seconds, "token_type": "Bearer"}
        if renewable:
            answer["refresh_token"] = refresh or secrets.token_urlsafe(24)
            self._refresh.add(str(answer["refresh_token"]))
        return json_reply(200, answer, {"cache-control": "no-store"})

    def _right(self, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() == "basic":
            user, password = _basic(authorization)
            return user.lower() == USER and _same(password, PASSWORD)
        if scheme.lower() != "bearer":
            return False
        if _same(token.strip(), API_TOKEN):
            return True
        with self._lock:
            known = self._access.get(token.strip())
            if known is None or known[0] <= self._clock() or known[1] <= 0:
                return False
            known[1] -= 1
            return True


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, text = authorization.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(text, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _wrong(error: str = "invalid_grant", status: int = 400) -> Reply:
    return json_reply(status, {"error": error}, {"cache-control": "no-store"})
