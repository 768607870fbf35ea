"""Where secrets come from: the environment or the system's key store, never a file of the project or an argument."""

import os
import re
from collections.abc import Mapping
from typing import ClassVar, Literal, TypeAlias

import msgspec

from importer.odata.http.authentication import is_token
from importer.problems import ConfigurationError, FilePlace, Problem, Severity
from importer.project.configuration import KEYRING, Profile
from importer.project.key_store import needed_keys
from importer.project.token_files import identity
from importer.secret import Secret
from importer.text.translating import N_, translate

Item: TypeAlias = Literal["username", "password", "token", "client_secret", "refresh_token"]


_WORDS = {
    "username": N_("user name"),
    "password": N_("password"),
    "token": N_("token"),
    "client_secret": N_("client secret"),
    "refresh_token": N_("refresh token"),
}


class MissingCredential(Problem):
    """The environment lacks a variable, and nobody logged in."""

    code: ClassVar[str] = "login-refused"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = (
        "The profile {profile} needs a {item}, and the environment variable {found} is not set."
    )
    hint: ClassVar[str] = "Set {found} in the environment of this command"

    profile: str
    item: str

    def variables(self) -> dict[str, object]:
        """Return what the texts may name, the kind of credential in words."""
        return {**super().variables(), "item": translate(_WORDS[self.item])}


class NotLoggedIn(MissingCredential):
    """The same, where `importer login` helps."""

    hint: ClassVar[str] = "Run `importer login`, or set {found} in the environment of this command"


class MissingKey(MissingCredential):
    """The system's key store holds nothing of that name."""

    text: ClassVar[str] = (
        "The profile {profile} keeps its {item} in the system's key store, and it is not there."
    )
    hint: ClassVar[str] = "Run `importer login`"


class OddCredential(MissingCredential):
    """Something that cannot be sent: a line end in the middle, a letter that is not ASCII."""

    text: ClassVar[str] = (
        "The {item} of the profile {profile} has characters that cannot be sent (in {found})."
    )
    hint: ClassVar[str] = "Copy it again, without spaces and line ends"


class Credentials(msgspec.Struct, frozen=True):
    """The credentials of one profile. `environment` is that of the process when it is None."""

    name: str
    profile: Profile
    environment: Mapping[str, str] | None = None

    def find(self, item: Item) -> Secret | None:
        """Return a credential, from the place the profile names, else from `IMPORTER_<PROFILE>_<ITEM>`; None when it is not there.

        Raises:
            ConfigurationError: the key store is named, and there is none, or it fails.
        """
        written = self._written(item)
        if written == KEYRING:
            return needed_keys(self.name).get(self.key(item))
        if written is not None and not written.startswith("${"):
            return Secret(written)  # a user's name is none
        return self.given(item)

    def given(self, item: Item) -> Secret | None:
        """Return what the environment gives, wherever the profile keeps the credential: `importer login` takes it from there."""
        variables = os.environ if self.environment is None else self.environment
        # The line end of a file that was read into a variable belongs to nobody's password.
        found = variables.get(self.variable(item), "").rstrip("\r\n")
        found = found if item == "password" else found.strip()
        return Secret(found) if found.strip() else None

    def need(self, item: Item, *, login: bool = False) -> Secret:
        """Return a credential; `login`: `importer login` would help.

        Raises:
            ConfigurationError: it is not there, or cannot be sent.
        """
        found = self.find(item)
        if found is None:
            raise ConfigurationError(self.missing(item, login=login))
        if item == "token":
            self.check(item, found)
        return found

    def check(self, item: Item, secret: Secret) -> None:
        """Refuse a token that no header takes.

        Raises:
            ConfigurationError: it has characters that cannot be sent.
        """
        if not is_token(secret.reveal()):
            place = FilePlace("importer.yaml")
            raise ConfigurationError(
                OddCredential(place=place, found=self.variable(item), profile=self.name, item=item)
            )

    def missing(self, item: Item, *, login: bool = False) -> MissingCredential:
        """Return the problem that says what to set."""
        kind = NotLoggedIn if login else MissingCredential
        if self._written(item) == KEYRING:
            kind = MissingKey
        place = FilePlace("importer.yaml")
        return kind(place=place, found=self.variable(item), profile=self.name, item=item)

    def variable(self, item: Item) -> str:
        """Return the environment variable: `${NAME}`, else `IMPORTER_<PROFILE>_<ITEM>`."""
        written = self._written(item)
        if written is not None and written.startswith("${"):
            return written[2:-1]
        return f"IMPORTER_{re.sub(r'[^A-Za-z0-9]', '_', self.name).upper()}_{item.upper()}"

    def keeps(self, item: Item) -> bool:
        """Whether the profile keeps it in the system's key store."""
        return self._written(item) == KEYRING

    def key(self, item: Item) -> str:
        """Return the name under which the key store keeps it; it is bound to the profile's addresses."""
        return f"{identity(self.name, self.profile)} {item}"

    def _written(self, item: Item) -> str | None:
        found: str | None = getattr(self.profile.auth, item)
        return found
