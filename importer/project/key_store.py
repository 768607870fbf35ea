"""The system's key store, if there is one that deserves the name. The only door for keyring.

A backend that writes plain files, asks for a password of its own or stores nothing is none (keyring calls those not recommended).
"""

from typing import TYPE_CHECKING, ClassVar

from importer.problems import ConfigurationError, FilePlace, Problem, Severity
from importer.secret import Secret

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_SERVICE = "odata-importer"
# What keyring itself recommends; files of `keyrings.alt` are below, and refused by name wherever somebody raised them.
_RECOMMENDED = 1.0
_REFUSED = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt.")


class KeyStoreFailed(Problem):
    """The key store of the system does not do what it is for."""

    code: ClassVar[str] = "key-store"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "The system's key store cannot be used: {found}."
    hint: ClassVar[str] = "Unlock it, or name an environment variable instead: `${{NAME}}`"


class NoKeyStore(KeyStoreFailed):
    """There is none."""

    text: ClassVar[str] = (
        "The profile {found} keeps a secret in the system's key store, and there is none here."
    )
    hint: ClassVar[str] = "Name an environment variable in its `auth` instead of `keyring`: `${{NAME}}`"


class KeyStore:
    """Secrets by name. Raises ConfigurationError where the store fails."""

    def __init__(self, backend: "KeyringBackend") -> None:
        """Use this backend of keyring."""
        self._backend = backend

    @property
    def name(self) -> str:
        """Return what people call the store."""
        return str(self._backend.name)

    def get(self, name: str) -> Secret | None:
        """Return the secret of that name."""
        try:
            found = self._backend.get_password(_SERVICE, name)
        except Exception as error:  # noqa: BLE001 - a backend fails as its platform likes
            raise self._failed(error) from None
        return Secret(found) if found else None

    def put(self, name: str, secret: Secret) -> None:
        """Keep a secret."""
        try:
            self._backend.set_password(_SERVICE, name, secret.reveal())
        except Exception as error:  # noqa: BLE001 - a backend fails as its platform likes
            raise self._failed(error) from None

    def forget(self, name: str) -> bool:
        """Forget a secret; whether there was one."""
        if self.get(name) is None:
            return False
        try:
            self._backend.delete_password(_SERVICE, name)
        except Exception as error:  # noqa: BLE001 - a backend fails as its platform likes
            raise self._failed(error) from None
        return True

    def _failed(self, error: Exception) -> ConfigurationError:
        # The text of a backend's error may quote what it was given; its kind says enough.
        reason = f"{self.name}, {type(error).__name__}"
        return ConfigurationError(KeyStoreFailed(place=FilePlace(self.name), found=reason))


def system_keys() -> KeyStore | None:
    """Return the system's key store; None where there is none to be trusted."""
    import keyring  # noqa: PLC0415 - heavy; only where a secret is kept

    try:
        chosen = keyring.get_keyring()
        candidates = [*getattr(chosen, "backends", ()), chosen]
        return next((KeyStore(backend) for backend in candidates if _is_real(backend)), None)
    except Exception:  # noqa: BLE001 - a backend that cannot even be looked at is none
        return None


def needed_keys(profile: str) -> KeyStore:
    """Return the system's key store.

    Raises:
        ConfigurationError: there is none, and the profile keeps something there.
    """
    found = system_keys()
    if found is None:
        raise ConfigurationError(NoKeyStore(place=FilePlace("importer.yaml"), found=profile))
    return found


def _is_real(backend: "KeyringBackend") -> bool:
    kind = type(backend)
    if hasattr(kind, "backends") or any(kind.__module__.startswith(name) for name in _REFUSED):
        return False
    return "plain" not in kind.__name__.lower() and float(backend.priority) >= _RECOMMENDED
