"""How requests say who sends them: the port `Login`, and the ways that need no token server.

A login hands out *proofs*. A proof has a number, so that whoever meets a 401 can say which proof was refused without holding a secret:
`login.renew(number)` gets another one once, however many threads ask.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, quote_plus

import msgspec

from importer.secret import Secret

# A shorter text would be found by chance in an innocent answer.
_SHORTEST = 6
# What a header field may hold (RFC 9110 §5.5) and a token consists of (RFC 6750 §2.1 asks for less still).
_VISIBLE = re.compile(r"[\x21-\x7e]+")


class Proof(msgspec.Struct, frozen=True):
    """What one request sends to say who it is from. `number` grows with every new token of this login."""

    number: int
    headers: Mapping[str, str]

    def __repr__(self) -> str:
        """Return the number; nothing of the headers."""
        return f"Proof({self.number})"


class Login(Protocol):
    """A way to say who we are. Safe for many threads."""

    def proof(self) -> Proof:
        """Return what the next request sends.

        Raises:
            ServiceError: there is none, and none is given.
            Unanswered: the token server cannot be reached; the request never left.
        """

    def renew(self, refused: int) -> bool:
        """Whether there is another proof than the one of this number, which a service answered 401. At most one new token is asked for.

        Raises:
            Unanswered: the token server cannot be reached.
        """

    def masked(self, text: bytes) -> bytes:
        """Return `text` without any secret of this login: some services and proxies repeat what they refuse."""

    def close(self) -> None:
        """Close what the login opened."""

    @property
    def reason(self) -> str:
        """Return why no other proof was given, as the token server said it; empty when nobody asked."""


_NOBODY = Proof(0, {})


@dataclass(frozen=True, slots=True)
class NoLogin:
    """A service that asks for nothing."""

    reason: str = ""

    def proof(self) -> Proof:
        """Return no headers."""
        return _NOBODY

    def renew(self, refused: int) -> bool:  # noqa: ARG002 - the port's signature
        """Return that there is nothing else to send."""
        return False

    def masked(self, text: bytes) -> bytes:
        """Return `text` as it is: there is nothing to hide."""
        return text

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A static token, such as an API token."""

    token: Secret
    reason: str = ""

    def proof(self) -> Proof:
        """Return the header with the token; it goes to the profile's origin only."""
        return Proof(0, {"authorization": f"Bearer {self.token.reveal()}"})

    def renew(self, refused: int) -> bool:  # noqa: ARG002 - the port's signature
        """Return that there is no other token."""
        return False

    def masked(self, text: bytes) -> bytes:
        """Return `text` without the token."""
        return mask(text, [self.token])

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class Basic:
    """A user and a password with every request (RFC 7617), in UTF-8."""

    username: str
    password: Secret
    reason: str = ""

    def proof(self) -> Proof:
        """Return the header with both; it goes to the profile's origin only."""
        return Proof(0, {"authorization": f"Basic {self._pair().reveal()}"})

    def renew(self, refused: int) -> bool:  # noqa: ARG002 - the port's signature
        """Return that there is no other password."""
        return False

    def masked(self, text: bytes) -> bytes:
        """Return `text` without the password, plain or packed."""
        return mask(text, [self._pair(), self.password])

    def close(self) -> None:
        """Nothing is open."""

    def _pair(self) -> Secret:
        return packed(self.username, self.password)


def packed(user: str, secret: Secret) -> Secret:
    """Return `user:secret` as basic authentication sends it."""
    return Secret(b64encode(f"{user}:{secret.reveal()}".encode()).decode())


def mask(text: bytes, secrets: Iterable[Secret]) -> bytes:
    """Return `text` with each secret replaced, as it is and as an address or a form would write it."""
    forms = {form for secret in secrets for form in _forms(secret.reveal())}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, b"***")
    return text


def is_token(text: str) -> bool:
    """Whether a text can be sent as a token: visible ASCII and nothing else."""
    return _VISIBLE.fullmatch(text) is not None


def _forms(text: str) -> Iterable[bytes]:
    if len(text) >= _SHORTEST:
        # As a JSON text writes it, too.
        written = text.replace("\\", "\\\\").replace('"', '\\"')
        yield from (form.encode() for form in (text, written, quote(text, safe=""), quote_plus(text)))
