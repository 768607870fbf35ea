"""How requests say who sends them. This version knows a static bearer token and no login at all."""

from collections.abc import Mapping
from dataclasses import dataclass

from importer.secret import Secret

# A shorter text would be found by chance in an innocent answer.
_SHORTEST = 6


@dataclass(frozen=True, slots=True)
class NoLogin:
    """A service that asks for nothing."""

    def headers(self) -> Mapping[str, str]:
        """Return no headers."""
        return {}

    def masked(self, text: bytes) -> bytes:
        """Return `text` as it is: there is nothing to hide."""
        return text


@dataclass(frozen=True, slots=True)
class Bearer:
    """A static token, such as an API token."""

    token: Secret

    def headers(self) -> Mapping[str, str]:
        """Return the header with the token; it goes to the profile's origin only."""
        return {"authorization": f"Bearer {self.token.reveal()}"}

    def masked(self, text: bytes) -> bytes:
        """Return `text` without the token: some services and proxies repeat it in what they refuse."""
        token = self.token.reveal().encode()
        return text.replace(token, b"***") if len(token) >= _SHORTEST else text
