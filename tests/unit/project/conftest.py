"""Key stores that a test chooses."""

import keyring
import pytest
from keyring.backends import null


@pytest.fixture
def use_keys():
    """Make a backend the system's key store until the test ends."""
    before = keyring.get_keyring()
    yield keyring.set_keyring
    keyring.set_keyring(before if before is not None else null.Keyring())
