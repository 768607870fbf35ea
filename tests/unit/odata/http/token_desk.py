"""A small token server for tests: every grant, rotating refresh tokens, lives that end when the test says so, and all it may do wrong."""

import base64
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote_plus

from scripted import Reply, Request, Script, answer


@dataclass
class TokenDesk:
    """Issues tokens at `/connect/token`; `guard` puts a script behind them. All counting is under one lock.

    users, clients: name → password or secret; a client without a secret is public. faults: answers given before any other.
    """

    users: dict[str, str] = field(default_factory=lambda: {"ivanov@example.ru": "p@ss w/rd+1"})
    clients: dict[str, str] = field(default_factory=lambda: {"external": ""})
    lifetime: object = 3600
    rotates: bool = True
    shape: Callable[[dict], dict] = lambda found: found
    faults: list[Reply] = field(default_factory=list)
    live: set[str] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)
    grants: list[str] = field(default_factory=list)
    issued: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Reply:
        with self.lock:
            if self.faults:
                return self.faults.pop(0)
            form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
            self.forms.append(form)
            if not self._knows_client(request, form):
                return answer({"error": "invalid_client"}, 401)
            kind = form.get("grant_type", "")
            self.grants.append(kind)
            if kind == "password" and self.users.get(form.get("username", "?")) != form.get("password"):
                return answer(
                    {"error": "invalid_grant", "error_description": "invalid_username_or_password"}, 400
                )
            if kind == "refresh_token":
                if form.get("refresh_token") not in self.fresh:
                    return answer({"error": "invalid_grant"}, 400)
                if self.rotates:
                    self.fresh.discard(form["refresh_token"])
            return answer(self.shape(self._issue(kind)))

    def guard(self, script: Script) -> Script:
        """Return the script for those who bring a living token, and the desk under its own address."""

        def guarded(request: Request) -> Reply:
            if request.path == "connect/token":
                return self(request)
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            with self.lock:
                known = token in self.live
            return script(request) if known else Reply(401)

        return guarded

    def expire(self) -> None:
        """End every access token now."""
        with self.lock:
            self.live.clear()

    def _issue(self, kind: str) -> dict:
        number = len(self.issued)
        access, refresh = f"access-{number}-{'x' * 40}", f"refresh-{number}-{'y' * 40}"
        self.issued += [access, refresh]
        self.live.add(access)
        found: dict = {"access_token": access, "token_type": "Bearer"}
        if self.lifetime is not None:
            found["expires_in"] = self.lifetime
        if kind != "client_credentials" and (self.rotates or kind == "password"):
            self.fresh.add(refresh)
            found["refresh_token"] = refresh
        return found

    def _knows_client(self, request: Request, form: dict[str, str]) -> bool:
        name, secret = form.get("client_id", ""), form.get("client_secret", "")
        header = request.headers.get("authorization", "")
        if header.startswith("Basic "):
            name, _, secret = base64.b64decode(header[6:]).decode().partition(":")
            name, secret = unquote_plus(name), unquote_plus(secret)
        return name in self.clients and self.clients[name] == secret
