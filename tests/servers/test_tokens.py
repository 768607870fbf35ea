"""Tokens that live two seconds, against the nearest thing to the real target: they end in the middle of everything, and nothing is lost."""

import os
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from importer.odata.http import Connection, Grant, Memory, Session, TokenServer
from importer.secret import Secret
from tests.building import STAFF, TIMETTA, Project, make_project, make_workbook, python, staff
from tests.servers import starting

PEOPLE = 130
pytestmark = pytest.mark.aspnetcore


@pytest.fixture
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """ASP.NET Core OData behind tokens of two seconds, each request slowed so that work outlives them."""
    starting.need_aspnetcore()
    with starting.aspnetcore(**{"AUTH": 1, "TOKEN_SECONDS": 2, **getattr(request, "param", {})}) as url:
        yield url


def _project(folder: Path, url: str, kind: str = "oauth2-password") -> Project:
    auth = (
        f"{{type: {kind}, token_url: '{url.replace('/odata', '/connect/token')}', client_id: external, "
        "scope: all offline_access, username: admin@example.ru}"
    )
    project = make_project(folder, url, dialect="timetta", auth=auth, batch_size=10, concurrency=8)
    make_workbook(project.path("book.xlsx"), **staff(5, PEOPLE))
    project.path("recipe.yaml").write_text(STAFF.format(**TIMETTA), "utf-8")
    return project


@pytest.mark.parametrize(
    ("address", "password_stays"),
    [({"DELAY_MS": 150}, True), ({"DELAY_MS": 60, "BATCH": 0}, False)],
    indirect=["address"],
    ids=["batches", "single-without-password"],
)
def test_an_import_longer_than_its_tokens(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch, password_stays: bool
) -> None:
    """Plan and apply in many lanes take several tokens; each row is written once. After a login no password is needed."""
    monkeypatch.setenv("IMPORTER_SERVICE_PASSWORD", "secret")
    project = _project(tmp_path, address)
    entered = project.run("login")
    if not password_stays:
        monkeypatch.delenv("IMPORTER_SERVICE_PASSWORD")
    planned, applied = project.plan(), project.apply()
    again = project.plan(output="again.plan")
    journal = httpx.get(address.replace("/odata", "/_witness/journal"), trust_env=False).json()

    assert (entered.exit, planned.exit, applied.exit, again.exit) == (0, 0, 0, 0), applied.out
    assert applied.document["totals"]["created"] == PEOPLE + 12
    assert again.document["writes"] == 0
    assert len({entry["id"] for entry in journal}) == PEOPLE + 12


def test_two_processes_at_once(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four commands share one refresh token that works once, without the password, for several tokens' lives: none loses the session."""
    monkeypatch.setenv("IMPORTER_SERVICE_PASSWORD", "secret")
    project = _project(tmp_path, address)
    assert project.run("login").exit == 0
    monkeypatch.delenv("IMPORTER_SERVICE_PASSWORD")
    loop = (
        "import sys; from importer.cli.main import run\n"
        f"for n in range(4): code = run(['describe', '--json', '--project', {str(project.folder)!r}])\n"
        "sys.exit(code)"
    )
    running = [
        subprocess.Popen(
            [python(), "-c", loop], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=dict(os.environ)
        )
        for _ in range(4)
    ]
    ended = [(process.communicate(timeout=180)[1], process.returncode) for process in running]

    assert [code for _, code in ended] == [0] * 4, ended
    assert project.run("whoami", "--json").document["reached"]


@pytest.mark.parametrize("address", [{"TOKEN_SECONDS": 4}], indirect=True)
def test_many_threads(address: str) -> None:
    """Sixteen threads for two tokens' lives see no 401."""
    server = TokenServer(
        address.replace("/odata", "/connect/token"), client="external", scope="all offline_access"
    )
    grant = Grant(kind="password", username="admin@example.ru", secret=Secret("secret"))
    session = Session(server, Memory(), lambda: (grant,))
    connection = Connection(address, login=session, lanes=16)
    statuses: set[int] = set()
    first, enough = session.proof().number, threading.Event()

    def work(_: int) -> None:
        while not enough.is_set():
            statuses.add(connection.get("Departments?$top=1").status)
            if session.proof().number >= first + 2:
                enough.set()

    try:
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(work, range(16)))
    finally:
        connection.close()

    assert statuses == {200}
