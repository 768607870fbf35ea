"""`importer sandbox` as a process: it says where it is, keeps what it was told to keep, and ends when it is told to."""

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

SERVICE = """<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="Shop" xmlns="http://docs.oasis-open.org/odata/ns/edm">
 <EntityType Name="Thing"><Key><PropertyRef Name="id"/></Key>
  <Property Name="id" Type="Edm.Guid" Nullable="false"/><Property Name="name" Type="Edm.String"/></EntityType>
 <EntityContainer Name="C"><EntitySet Name="Things" EntityType="Shop.Thing"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"""


@contextmanager
def served(*arguments: object) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run the command; give the root it says and the process."""
    command = [sys.executable, "-m", "importer", "sandbox", "--port", "0", "--json", *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        text = ""
        while not text.rstrip().endswith("}") or text.count("{") != text.count("}"):
            line = process.stdout.readline()
            assert line, process.stderr.read() if process.stderr else text
            text += line
        try:
            yield json.loads(text)["url"], process
        finally:
            process.kill()


def ask(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return what the service answers."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def test_it_says_where_it_is() -> None:
    """For people it is one line with the address; the Timetta-like service answers there."""
    command = [sys.executable, "-m", "importer", "sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = next(word for word in line.split() if word.startswith("http"))
        sets = {item["name"] for item in ask(url)["value"]}
        process.send_signal(signal.SIGINT)
        rest, said = process.communicate()

    assert url.endswith("/odata")
    assert {"Departments", "Users", "Resources", "ProjectTeamMembers"} <= sets
    assert (rest, said, process.returncode in (0, 130)) == ("", "", True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it(number: signal.Signals) -> None:
    """Ctrl-C and a manager's stop end it with 0, without a word of alarm."""
    with served() as (_, process):
        process.send_signal(number)
        _, said = process.communicate()

    assert (process.returncode, said) == (0, "")


def test_what_was_written_survives_a_kill(tmp_path: Path) -> None:
    """With --data every committed write is there after kill -9."""
    with served("--data", tmp_path / "store") as (url, process):
        made = ask(f"{url}/Departments", {"name": "Склад"})
        process.kill()
        process.wait()
    with served("--data", tmp_path / "store") as (url, _):
        found = ask(
            f"{url}/Departments?$filter=name eq 'Склад'".replace(" ", "%20").replace(
                "'Склад'", "'%D0%A1%D0%BA%D0%BB%D0%B0%D0%B4'"
            )
        )

    assert [item["id"] for item in found["value"]] == [made["id"]]


def test_a_new_store_is_seeded(tmp_path: Path) -> None:
    """`DIR/<Set>.json` fills a new store, once."""
    store = tmp_path / "store"
    store.mkdir()
    (tmp_path / "shop.xml").write_text(SERVICE, "utf-8")
    entity = {"id": "11111111-1111-1111-1111-111111111111", "name": "Болт"}
    (store / "Things.json").write_text(json.dumps([entity], ensure_ascii=False), "utf-8")
    seen = []
    for _ in range(2):
        with served("--metadata", tmp_path / "shop.xml", "--data", store) as (url, _):
            seen.append([(item["id"], item["name"]) for item in ask(f"{url}/Things")["value"]])

    assert seen == [[(entity["id"], "Болт")]] * 2


def test_any_metadata_becomes_a_service(tmp_path: Path) -> None:
    """Any document of OData v4 is served, and what is written can be read."""
    (tmp_path / "shop.xml").write_text(SERVICE, "utf-8")
    with served("--metadata", tmp_path / "shop.xml") as (url, _):
        ask(f"{url}/Things", {"name": "Гайка"})
        names = [item["name"] for item in ask(f"{url}/Things")["value"]]
        witness = ask(f"{url.removesuffix('/odata')}/_witness/served")

    assert names == ["Гайка"]
    assert witness


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_port_that_is_taken(more: list[str]) -> None:
    """One clear problem that names the port and the option, exit 3."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = subprocess.run(
            [sys.executable, "-m", "importer", "sandbox", "--port", port, *more],
            capture_output=True,
            text=True,
            check=False,
        )
    said = ended.stdout if more else ended.stderr

    assert ended.returncode == 3
    assert "port-taken" in said
    assert port in said
    assert "--port" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("missing.xml", None, 3),
        ("html.xml", "<!DOCTYPE html><html><body>Login</body></html>", 5),
        ("empty.xml", "", 5),
        ("bomb.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 5),
    ],
)
def test_metadata_that_cannot_be_read(name: str, text: str | None, code: int, tmp_path: Path) -> None:
    """A document that is missing or none of OData v4 is one problem; nothing is served."""
    if text is not None:
        (tmp_path / name).write_text(text, "utf-8")
    command = [
        sys.executable,
        "-m",
        "importer",
        "sandbox",
        "--port",
        "0",
        "--metadata",
        str(tmp_path / name),
        "--json",
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ended.returncode == code
    assert json.loads(ended.stdout)["problems"]
    assert ended.stderr == ""


@pytest.mark.parametrize("text", ["{", '{"Things": 1}', "[1]"])
def test_a_seed_that_cannot_be_used(text: str, tmp_path: Path) -> None:
    """A seed that is broken is one problem, not a service with half of its data."""
    (tmp_path / "shop.xml").write_text(SERVICE, "utf-8")
    store = tmp_path / "store"
    store.mkdir()
    (store / "Things.json").write_text(text, "utf-8")
    command = [
        sys.executable,
        "-m",
        "importer",
        "sandbox",
        "--port",
        "0",
        "--metadata",
        str(tmp_path / "shop.xml"),
        "--data",
        str(store),
        "--json",
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ended.returncode == 3
    assert json.loads(ended.stdout)["problems"]
