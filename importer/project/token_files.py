"""Tokens of one profile between two commands: in the system's key store, else in a file that only its owner can read.

What is kept belongs to a profile *and its addresses*: another folder's profile of the same name, with another server, gets nothing.
"""

import contextlib
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import ClassVar

from importer.odata.http import Tokens
from importer.problems import ConfigurationError, FilePlace, Problem, Severity
from importer.project.configuration import Profile
from importer.project.key_store import KeyStore, system_keys
from importer.project.user_folders import user_state
from importer.secret import Secret
from importer.text.translating import translate

# Another process asks a token server for a token: no longer than that takes.
_WAIT = 90.0
# Tokens of some kB; more is not ours.
_LARGEST = 1024 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class TokensExposed(Problem):
    """A file of tokens that others can read, or that somebody else wrote."""

    code: ClassVar[str] = "tokens-exposed"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" holds tokens, and {expected}; it is not used.'
    hint: ClassVar[str] = "End these tokens on the service, remove the file, and run `importer login`"


class TokensNotKept(Problem):
    """A file of tokens that cannot be used."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'The tokens cannot be kept in "{found}": {expected}.'
    hint: ClassVar[str] = "Look at the rights and at the space left on that disk"


def identity(name: str, profile: Profile) -> str:
    """Return the name under which a profile's tokens are kept: readable, and bound to its addresses, its client and its user's place."""
    auth = profile.auth
    parts = (name, profile.url, auth.type, auth.token_url, auth.client_id, auth.username, auth.scope)
    digest = hashlib.sha256("\n".join(part or "" for part in parts).encode()).hexdigest()[:16]
    return f"{re.sub(r'[^A-Za-z0-9_.-]', '_', name)[:40]}-{digest}"


class KeptTokens:
    """A `TokenStore`. Two processes may use it at once."""

    def __init__(self, name: str, folder: Path | None = None) -> None:
        """Keep the tokens called `name` (see `identity`); `folder` is the user's state folder."""
        self.name = name
        self._folder = folder or user_state() / "tokens"

    @cached_property
    def keys(self) -> KeyStore | None:
        """Return the system's key store, looked for when first needed."""
        return system_keys()

    @property
    def path(self) -> Path:
        """Return the file that is used where there is no key store."""
        return self._folder / f"{self.name}.json"

    @property
    def where(self) -> str:
        """Return where tokens are kept, for people."""
        if self.path.exists() or self.keys is None:
            return str(self.path)
        return self.keys.name

    def read(self) -> Tokens | None:
        """Return what is kept; text that nobody of ours wrote is nothing.

        Raises:
            ConfigurationError: others can read the file, or the key store fails.
        """
        # A file is there only while the key store is not, or could not take it.
        text = self._from_file()
        if text is None and self.keys is not None:
            kept = self.keys.get(self.name)
            text = kept.reveal().encode() if kept is not None else None
        return None if text is None else Tokens.read(text)

    def write(self, tokens: Tokens) -> None:
        """Keep these instead.

        Raises:
            OSError: the file cannot be written.
        """
        text = tokens.write()
        if self.keys is not None:
            # Some stores take no more than a few kB (Windows: 2560 bytes), and a JSON Web Token can be longer.
            with contextlib.suppress(ConfigurationError):
                self.keys.put(self.name, Secret(text.decode()))
                self.path.unlink(missing_ok=True)
                return
            with contextlib.suppress(ConfigurationError):
                self.keys.forget(self.name)
        self._make_folder()
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=f".{self.name}-")  # mode 0600 from the start
        written = Path(name)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            written.replace(self.path)
        except OSError:
            written.unlink(missing_ok=True)
            raise

    def forget(self) -> bool:
        """Forget what is kept; whether there was anything.

        Raises:
            ConfigurationError: the key store fails, or the file cannot be removed.
        """
        there = os.path.lexists(self.path)
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise self.failed(error) from None
        return (self.keys is not None and self.keys.forget(self.name)) or there

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold every other process of this user off.

        Raises:
            ConfigurationError: the state folder cannot be used, or another process holds the lock for too long.
        """
        from filelock import FileLock, Timeout  # noqa: PLC0415 - heavy; only where a token is renewed

        lock = FileLock(self._folder / f"{self.name}.lock", timeout=_WAIT, mode=0o600)
        try:
            self._make_folder()
            lock.acquire()
        except Timeout:
            raise self.failed(TimeoutError(0, translate("another importer has held it for long"))) from None
        except OSError as error:
            # Where no lock can be written nothing can be kept either, so nobody shares it; a key store would be shared.
            if self.keys is not None:
                raise self.failed(error) from None
        try:
            yield
        finally:
            lock.release()

    def _from_file(self) -> bytes | None:
        try:
            handle = os.open(self.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self.failed(error) from None
        with os.fdopen(handle, "rb") as stream:
            found = os.fstat(stream.fileno())
            if os.name == "posix":
                self._refuse_exposed(found)
            return stream.read(_LARGEST)

    def _refuse_exposed(self, found: os.stat_result) -> None:
        reason = None
        if found.st_uid != os.geteuid():
            reason = translate("another user owns it")
        elif found.st_mode & _OTHERS:
            mode = f"{stat.S_IMODE(found.st_mode):04o}"
            reason = translate("others can read it (mode {mode})").format(mode=mode)
        if reason is not None:
            path = str(self.path)
            raise ConfigurationError(TokensExposed(place=FilePlace(path), found=path, expected=reason))

    def _make_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def failed(self, error: OSError) -> ConfigurationError:
        """Return what says that the file cannot be used."""
        path = str(error.filename or self.path)
        reason = error.strerror or type(error).__name__
        return ConfigurationError(TokensNotKept(place=FilePlace(path), found=path, expected=reason))
