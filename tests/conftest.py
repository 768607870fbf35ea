"""What every test may use."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from importer.sandbox import Running, load_service, running
from importer.text.translating import set_language
from tests.building import Project, make_project


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Messages in English, whatever the machine speaks; no profile, configuration, token or key store of the machine's."""
    names = ("LANG", "PROFILE", "PROJECT", "CONFIG", "NO_INPUT")
    for name in (*(f"IMPORTER_{name}" for name in names), "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    own = tmp_path_factory.mktemp("own")
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(own))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("LANG", "C.UTF-8")
    set_language("en")
    yield
    set_language("en")


@pytest.fixture
def sandbox() -> Iterator[Running]:
    """An empty Timetta-like service on a socket."""
    with running(load_service("timetta")) as found:
        yield found


@pytest.fixture
def project(tmp_path: Path, sandbox: Running) -> Project:
    """A project whose profile leads to the sandbox."""
    return make_project(tmp_path, sandbox.url, dialect="timetta")
