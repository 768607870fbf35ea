"""Scripted servers and connections to them, for the floors that speak HTTP."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# The scripted server stands beside the tests of the floor that it was made for.
sys.path.insert(0, str(Path(__file__).parent / "http"))

from scripted import Script, Scripted

from importer.odata.http import Bearer, Connection, NoLogin, Reader
from importer.odata.http.throttling import Pace


@pytest.fixture
def serve() -> Iterator[Callable[[Script], Scripted]]:
    """Start scripted servers; they end with the test."""
    servers: list[Scripted] = []

    def start(script: Script) -> Scripted:
        servers.append(Scripted(script))
        if hasattr(script, "root"):
            script.root = servers[-1].root
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def connect() -> Iterator[Callable[..., Connection]]:
    """Open connections; they close with the test."""
    opened: list[Connection] = []

    def open_one(root: str, login: Bearer | NoLogin | None = None, **options: object) -> Connection:
        options.setdefault("pace", Pace(pause=lambda _: None))
        opened.append(Connection(root, login=login, **options))
        return opened[-1]

    yield open_one
    for connection in opened:
        connection.close()


@pytest.fixture
def pauses() -> list[float]:
    """The seconds that were waited, without waiting."""
    return []


@pytest.fixture
def reader(connect: Callable[..., Connection], pauses: list[float]) -> Callable[..., Reader]:
    """Make readers that never really wait."""

    def make(root: str, *sets: str, **options: object) -> Reader:
        return Reader(connect(root, **options), pause=pauses.append, sets=frozenset(sets or ("Things",)))

    return make
