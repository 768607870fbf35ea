"""A login by OAuth 2.0: tokens renewed before their end, and once after a 401, however many threads and processes ask.

A refresh token may work once only (timetta.md §2), so one process at a time exchanges it, under the store's lock, and whoever waited
for the lock reads the store again and uses what the other has got.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

import msgspec

from importer.odata.http.authentication import Proof, is_token, mask
from importer.odata.http.connection import Unanswered
from importer.odata.http.refusals import ServiceUnreachable
from importer.odata.http.token_server import Given, Grant, Refusal, TokenServer, refused
from importer.problems import EntityPlace, ImporterError, ServiceError
from importer.secret import Secret

# Renewed so many seconds before the end, or the fifth part of a short life: a request in flight must not outlive its token.
_MARGIN = 60.0
_SHARE = 0.2
# Old tokens that a late answer may still repeat.
_REMEMBERED = 64
_log = logging.getLogger("importer.login")


class _Written(msgspec.Struct, omit_defaults=True):
    """The form in which tokens are kept; nothing but `Tokens` makes one."""

    access_token: str
    received: float
    refresh_token: str | None = None
    lifetime: float | None = None


class Tokens(msgspec.Struct, frozen=True):
    """An access token and what renews it. `received`: seconds since 1970 by our own clock; `lifetime` seconds, None: not known."""

    access: Secret
    refresh: Secret | None = None
    received: float = 0.0
    lifetime: float | None = None

    def write(self) -> bytes:
        """Return the text that a store keeps. It holds the tokens plainly."""
        refresh = self.refresh.reveal() if self.refresh is not None else None
        return msgspec.json.encode(
            _Written(self.access.reveal(), self.received, refresh, lifetime=self.lifetime)
        )

    @classmethod
    def read(cls, text: bytes) -> "Tokens | None":
        """Return what `write` wrote; None when it is something else."""
        try:
            found = msgspec.json.decode(text, type=_Written)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None
        if not is_token(found.access_token):
            return None
        refresh = Secret(found.refresh_token) if found.refresh_token else None
        return cls(Secret(found.access_token), refresh, found.received, found.lifetime)

    def left(self, now: float) -> float | None:
        """Return the seconds left at `now` (since 1970), None when no end is known. A clock set back since leaves nothing."""
        if self.lifetime is None:
            return None
        age = now - self.received
        return self.lifetime - age if age >= 0 else 0.0


class TokenStore(Protocol):
    """Where tokens stay between two commands."""

    def read(self) -> Tokens | None:
        """Return what is kept."""

    def write(self, tokens: Tokens) -> None:
        """Keep these instead. Raises OSError."""

    def locked(self) -> AbstractContextManager[object]:
        """Return what holds every other process off."""


class Memory:
    """A store that forgets with the process: for tokens that are got again without anybody."""

    def __init__(self, tokens: Tokens | None = None) -> None:
        """Begin with these."""
        self._tokens = tokens

    def read(self) -> Tokens | None:
        """Return what is kept."""
        return self._tokens

    def write(self, tokens: Tokens) -> None:
        """Keep these instead."""
        self._tokens = tokens

    def locked(self) -> AbstractContextManager[object]:
        """Return nothing: nobody else is there."""
        return nullcontext()


class Session:
    """A `Login` by tokens. `grants` are asked for, in their order, when there is no refresh token or it is refused."""

    def __init__(
        self,
        server: TokenServer,
        store: TokenStore,
        grants: Callable[[], Sequence[Grant]],
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """Ask nobody yet. `clock` counts seconds and never jumps; `wall` is the time of day, for tokens of earlier commands."""
        self._server, self._store, self._grants = server, store, grants
        self._clock, self._wall = clock, wall
        self._lock = threading.Lock()
        self._held: Tokens | None = None
        self._number = 0
        self._barred = -1  # the proof after which nothing else was given
        self._early, self._end = float("inf"), float("inf")
        self._known: deque[Secret] = deque(maxlen=_REMEMBERED)
        self._reason = ""

    def __repr__(self) -> str:
        """Return the server; nothing of the tokens."""
        return f"Session({self._server!r})"

    @property
    def reason(self) -> str:
        """Return why the last renewal gave nothing."""
        return self._reason

    @property
    def tokens(self) -> Tokens | None:
        """Return the tokens in use."""
        return self._held

    def proof(self) -> Proof:
        """Return the header with a token that lives, renewed if its end is near.

        Raises:
            ServiceError: there is no token, and none is given.
            Unanswered: the token server cannot be reached, and the token has ended.
        """
        with self._lock:
            if self._held is None and (kept := self._store.read()) is not None:
                self._adopt(kept)
            if self._held is None:
                refusal = self._renewed()
                if self._held is None:
                    raise ServiceError(refused(self._server.url, refusal))
            elif self._clock() >= self._early and self._barred != self._number:
                self._in_time()
            return Proof(self._number, {"authorization": f"Bearer {self._held.access.reveal()}"})

    def renew(self, refused: int) -> bool:
        """Whether there is another token than the one of this number; it is asked for once, by the first thread that says so.

        Raises:
            Unanswered: the token server cannot be reached.
        """
        with self._lock:
            if self._number != refused:
                return True
            if self._barred == refused:
                return False
            return self._renewed() is None

    def masked(self, text: bytes) -> bytes:
        """Return `text` without any token, password or secret this session has used."""
        with self._lock:
            known = [*self._known, *self._server.secrets]
        return mask(text, known)

    def begin(self, grant: Grant) -> Tokens:
        """Return the tokens that a grant gives, kept from now on whatever was kept before: a person logs in.

        Raises:
            ServiceError: it gives none, or cannot be reached.
            OSError: they cannot be kept.
        """
        with self._lock, self._store.locked():
            self._remember(grant.secret)
            try:
                found = self._take(self._server.ask(grant), grant.secret if grant.kind == "refresh" else None)
            except Refusal as refusal:
                raise ServiceError(refused(self._server.url, refusal)) from None
            except Unanswered as lost:
                place, root = EntityPlace(self._server.url), self._server.url
                raise ServiceError(
                    ServiceUnreachable(place=place, found=lost.reason, expected=root)
                ) from None
            self._store.write(found)
            return found

    def close(self) -> None:
        """Close the connection to the token server."""
        self._server.close()

    def _in_time(self) -> None:
        """Renew a token that still lives; where that fails it is used to its end."""
        try:
            self._renewed()
        except Unanswered:
            if self._clock() >= self._end:
                raise

    def _renewed(self) -> Refusal | None:
        """Get other tokens than those held; None when there are some now, else why not."""
        with self._store.locked():
            kept = self._kept()
            if self._is_news(kept):
                self._adopt(kept)
                return None
            source = kept or self._held
            refusal = Refusal(0, "")
            for grant in self._in_turn(source):
                self._remember(grant.secret)
                try:
                    given = self._server.ask(grant)
                except Refusal as said:
                    # Somebody whom the lock does not hold off, on another machine, may have been quicker.
                    if grant.kind == "refresh" and self._is_news(found := self._kept()):
                        self._adopt(found)
                        return None
                    refusal = said
                    continue
                self._keep(self._take(given, grant.secret if grant.kind == "refresh" else None))
                return None
        self._barred, self._reason = self._number, refusal.reason
        return refusal

    def _kept(self) -> Tokens | None:
        """Return what is kept; in the middle of the work a store that fails is no reason to stop: we hold tokens."""
        try:
            return self._store.read()
        except ImporterError as error:
            if self._held is None:
                raise
            _log.warning("the kept tokens cannot be read: %s", error)
            return None

    def _in_turn(self, source: Tokens | None) -> Sequence[Grant]:
        kept = source.refresh if source is not None else None
        first = [] if kept is None else [Grant(kind="refresh", secret=kept)]
        try:
            return [*first, *(grant for grant in self._grants() if grant not in first)]
        except ImporterError as error:
            if not first:
                raise
            _log.warning("no other way to log in: %s", error)
            return first

    def _is_news(self, kept: Tokens | None) -> bool:
        """Whether what is kept was got by somebody else, and lives."""
        if kept is None or (self._held is not None and kept.access == self._held.access):
            return False
        left = kept.left(self._wall())
        return left is None or left > _margin(kept)

    def _take(self, given: Given, before: Secret | None) -> Tokens:
        """Hold what was given; an answer without a refresh token leaves the one it was got with (RFC 6749 §6)."""
        found = Tokens(given.access, given.refresh or before, self._wall(), given.lifetime)
        self._adopt(found, fresh=True)
        return found

    def _keep(self, tokens: Tokens) -> None:
        try:
            self._store.write(tokens)
        except OSError as error:
            _log.warning("the tokens cannot be kept: %s", error.strerror or type(error).__name__)

    def _adopt(self, tokens: Tokens | None, *, fresh: bool = False) -> None:
        if tokens is None:
            return
        left = tokens.lifetime if fresh else tokens.left(self._wall())
        self._end = float("inf") if left is None else self._clock() + left
        self._early = self._end - _margin(tokens)
        self._held = tokens
        self._number += 1
        self._reason = ""
        self._remember(tokens.access)
        self._remember(tokens.refresh)

    def _remember(self, secret: Secret | None) -> None:
        if secret is not None and secret not in self._known:
            self._known.append(secret)


def _margin(tokens: Tokens) -> float:
    return min(_MARGIN, (tokens.lifetime or 0.0) * _SHARE)
