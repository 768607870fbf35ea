import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from sandbox_clients import DOCUMENT, opened

from importer.sandbox import load_service, plain_service


@pytest.fixture(scope="session")
def plain():
    """A service of things, words, numbers and rates; no rules but those of its metadata."""
    return plain_service(DOCUMENT, "plain")


@pytest.fixture(scope="session")
def shelf():
    """The Timetta-like service."""
    return load_service("timetta")


@pytest.fixture
def serve():
    """Open a sandbox with habits and faults: `with serve(pack, {...}, {...}) as client`."""
    return opened
