"""Key stores for tests, as backends of keyring: one that works, one that is broken, one that is no key store at all."""

from keyring.backend import KeyringBackend


class Chest(KeyringBackend):
    """Keeps secrets in memory. `full`: takes nothing longer than Windows does."""

    priority = 5
    full = 1 << 30

    def __init__(self):
        super().__init__()
        self.held: dict[str, str] = {}

    def get_password(self, service, username):
        return self.held.get(username)

    def set_password(self, service, username, password):
        if len(password) > self.full:
            raise OSError(1783, f"The stub received bad data {password}")
        self.held[username] = password

    def delete_password(self, service, username):
        del self.held[username]


class Locked(Chest):
    """Somebody pressed Cancel."""

    def get_password(self, service, username):
        raise RuntimeError("locked")


class PlainFile(Chest):
    """What keyrings.alt calls PlaintextKeyring."""

    priority = 0.5


class PlaintextKeyring(Chest):
    """The same, raised by somebody."""
