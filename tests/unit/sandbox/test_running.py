"""The sandbox on a socket: its root, its witness, lost connections, and how it ends."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

import importer
from importer.sandbox import Faults, Habits, running

A = "8503a5c1-0000-4000-8000-0000000000aa"
CHILD = """
import sys
from pathlib import Path
from importer.sandbox import Faults, Habits, load_service, serve
pack = load_service("timetta")
store = pack.store(Path(sys.argv[1]))
serve(pack, store=store, habits=Habits(), faults=Faults(), port=0, ready=lambda url: print(url, flush=True))
store.close()
print("ended", flush=True)
"""


@pytest.fixture
def serve(plain_pack):
    """Run a service; a client of it, whose addresses are below its root."""
    stack = []

    def start(faults=None, **habits):
        manager = running(plain_pack, habits=Habits(**habits), faults=faults)
        there = manager.__enter__()
        client = httpx.Client(base_url=there.url, timeout=10)
        stack.extend([client.close, lambda: manager.__exit__(None, None, None)])
        return there, client

    yield start
    for end in stack:
        end()


def test_round_trip(serve):
    """Write, read, batch, over HTTP; the root counts in any case."""
    there, client = serve()
    made = client.post("/Things", json={"id": A, "name": "Ё +&#%'/"})
    batch = {"requests": [{"id": "1", "method": "GET", "url": f"Things({A})"}]}

    assert (made.status_code, made.headers["odata-version"]) == (201, "4.0")
    assert httpx.get(made.headers["location"]).json()["name"] == "Ё +&#%'/"
    found = client.get("/things", params={"$filter": "name eq 'Ё +&#%''/'", "$count": "true"})
    assert found.json()["@odata.count"] == 1
    assert httpx.get(there.url.replace("/odata", "/OData/")).json()["value"]
    assert client.post("/$batch", json=batch).json()["responses"][0]["status"] == 200
    assert client.get("/$metadata").headers["content-type"] == "application/xml"
    assert client.get("/$batch").status_code == 405
    assert httpx.get(there.url + "x/Things").status_code == 404
    assert there.url.startswith("http://127.0.0.1:")


def test_the_witness(serve):
    """Committed writes in order, requests by kind, told outside the root."""
    there, client = serve()
    (
        client.post("/Things", json={"id": A}),
        client.patch(f"/Things({A})", json={}),
        client.get("/$metadata"),
        client.get("/Things"),
    )
    client.post(
        "/$batch",
        json={
            "requests": [
                {"id": "1", "method": "GET", "url": "Things"},
                {"id": "2", "method": "GET", "url": "Bases"},
            ]
        },
    )
    witness = there.url.replace("/odata", "/_witness")

    journal = httpx.get(witness + "/journal").json()
    assert [(entry["n"], entry["op"], entry["set"], entry["id"]) for entry in journal] == [
        (1, "create", "Things", A),
        (2, "update", "Things", A),
    ]
    assert (
        httpx.get(witness + "/served").json()
        == {"post": 1, "patch": 1, "metadata": 1, "get": 1, "batch": 1, "members": 2}
        == there.served
    )
    assert httpx.get(witness + "/other").status_code == 404
    assert there.journal == journal


def test_limits(serve):
    """Addresses and bodies that are too long."""
    _, client = serve(url_limit=200, body_limit=100)

    assert client.get("/Things", params={"$filter": "name eq '" + "x" * 200 + "'"}).status_code == 414
    assert client.post("/Things", json={"name": "x" * 100}).status_code == 413
    assert client.post("/Things", json={"name": "x" * 20}).status_code == 201


def test_lost_connections(serve):
    """The client sees a broken connection; the write before it was carried out or not, as scripted; service goes on."""
    there, client = serve(Faults(drop_after_write={1}, drop_before_write={2}, drop_in_batch={1: 0}))
    for path, body in (
        ("/Things", {"id": A}),
        ("/Things", {}),
        ("/$batch", {"requests": [{"id": "1", "method": "GET", "url": "Things"}]}),
    ):
        with pytest.raises(httpx.TransportError):
            client.post(path, json=body)

    assert [entry["id"] for entry in there.journal] == [A]
    assert client.get(f"/Things({A})").status_code == 200


def test_answers_instead(serve):
    """Throttling, an expired token, a page of a proxy: given instead, and nothing is written."""
    page = {"status": 200, "body": "<html>Ж</html>"}
    there, client = serve(
        Faults(answers=[{"status": 503, "retry_after": 7, "count": 1}, {"status": 401}, page], delay_ms=1)
    )
    first, second, third = (client.post("/Things", json={}) for _ in range(3))

    assert (first.status_code, first.headers["retry-after"], second.status_code) == (503, "7", 401)
    assert (third.headers["content-type"], third.content.decode()) == ("text/html", "<html>Ж</html>")
    assert (there.journal, client.post("/Things", json={}).status_code) == ([], 201)


def test_many_at_once(serve):
    """Parallel creates of one key: one is written."""
    there, client = serve()
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: client.post("/Things", json={"id": A}).status_code, range(24)))

    assert sorted(statuses) == [201] + [500] * 23
    assert len(there.journal) == 1


def test_a_port_that_is_taken(plain_pack, serve):
    """A taken port is an error, at once."""
    there, _ = serve()
    with (
        pytest.raises(OSError, match="in use"),
        running(plain_pack, port=int(there.url.rpartition(":")[2].partition("/")[0])),
    ):
        pass


@pytest.fixture
def child(tmp_path):
    """Start a sandbox in a process of its own, on a folder."""
    started = []

    def start():
        environment = {**os.environ, "PYTHONPATH": str(Path(importer.__file__).parents[1])}
        process = subprocess.Popen(
            [sys.executable, "-c", CHILD, tmp_path], stdout=subprocess.PIPE, text=True, env=environment
        )
        started.append(process)
        return process, process.stdout.readline().strip()

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped(child, number):
    """Stopped by a signal it ends by itself, as it should."""
    process, url = child()
    assert httpx.get(url).status_code == 200
    process.send_signal(number)

    assert process.stdout.read() == "ended\n"
    assert process.wait(10) == 0


def test_killed(child):
    """What was answered before a kill is there afterwards, in the store and in the witness's journal."""
    process, url = child()
    key = httpx.post(url + "/Departments", json={"name": "a"}).json()["id"]
    process.kill()
    process.wait()
    _, again = child()

    assert httpx.get(f"{again}/Departments({key})").json()["name"] == "a"
    assert [entry["id"] for entry in httpx.get(again.replace("/odata", "/_witness/journal")).json()] == [key]
    assert len(httpx.get(again + "/Currencies").json()["value"]) == 6
