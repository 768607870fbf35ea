"""Batches as ASP.NET Core OData carries them out (odata-protocol.md §4), and failures on demand."""

import json
from uuid import UUID

import httpx
import pytest

from importer.sandbox import Faults, Habits, read_faults

ID, OTHER = str(UUID(int=1)), str(UUID(int=2))


def create(name, **more):
    return {"method": "POST", "url": "Things", "body": {"name": name}, **more}


def statuses(answer):
    return {item["id"]: item["status"] for item in answer.json()["responses"]}


def test_members(serve, plain):
    """Operations run one after the other; one that fails does not stop the rest; the preference is inherited."""
    with serve(plain) as client:
        answer = client.batch(
            create("a"),
            create("x" * 99),
            {"method": "GET", "url": "Things?$filter=name%20eq%20%27a%27"},
            {"method": "POST", "url": "Things", "headers": {}, "body": {}},
            {"method": "GET", "url": f"Things({ID})"},
            create("b", headers={"Content-Type": "application/json", "Prefer": "return=minimal"}),
            {"method": "GET", "url": "Things/$count"},
        )

        assert statuses(answer) == {"1": 201, "2": 400, "3": 200, "4": 400, "5": 404, "6": 204, "7": 200}
        found = {item["id"]: item for item in answer.json()["responses"]}
        assert found["3"]["body"]["value"][0]["name"] == "a"
        assert found["7"]["body"] == "2"
        assert "body" not in found["5"]
        assert client.batch(create("c"), prefer="return=minimal").json()["responses"][0]["status"] == 204


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"requests":[]}',
        b'{"requests":[{"id":1,"method":"GET","url":"Things"}]}',
        b'{"requests":[{"id":"1","method":"GET"}]}',
        b'{"requests":[{"id":"1","method":"POST","url":"Things","headers":{"content-type":"application/json"},"body":{}},{"id":"1","method":"GET","url":"Things"}]}',
    ],
)
def test_malformed(serve, plain, body):
    """A malformed batch is a 500 without a body, and nothing of it runs."""
    with serve(plain) as client:
        answer = client.http.post(f"{client.there.url}/$batch", content=body)

        assert (answer.status_code, answer.content, client.there.journal) == (500, b"", [])


def test_habits(serve, plain):
    """Too many parts, no batch at all, and business errors without a body."""
    with serve(plain, {"batch_parts": 2}) as client:
        assert client.batch(create("a"), create("b")).status_code == 200
        assert client.batch(create("a"), create("b"), create("c")).status_code == 500
        assert len(client.there.journal) == 2
    with serve(plain, {"batch": "none"}) as client:
        assert client.batch(create("a")).status_code == 404
    with serve(plain, {"batch_empty_500": True}) as client:
        (answer,) = client.batch(create("a", body={"upId": ID})).json()["responses"]
        assert (answer["status"], "body" in answer) == (500, False)
        assert client.post("Things", {"upId": ID}).json()["error"]["message"]


def test_lost_answers(serve, plain):
    """An answer is lost after its write, or the connection before it."""
    with serve(plain, faults={"drop_after_write": {1, 4, 5}, "drop_before_write": {2}}) as client:
        for number, written in ((1, 1), (2, 1)):
            with pytest.raises(httpx.TransportError):
                client.post("Things", {"id": str(UUID(int=number))})
            assert len(client.there.journal) == written
        assert client.post("Things", {"id": OTHER}).status_code == 201
        with pytest.raises(httpx.TransportError):
            client.patch(f"Things({OTHER})", {"name": "x"})
        with pytest.raises(httpx.TransportError):
            client.delete(f"Things({OTHER})")
        assert [write["op"] for write in client.there.journal] == ["create", "create", "update", "delete"]


def test_lost_batches(serve, plain):
    """A batch is cut after some of its operations, after all, or at one whose own answer is lost."""
    with serve(plain, faults={"drop_in_batch": {1: 1, 2: 0, 3: 9}, "drop_after_write": {5}}) as client:
        for written in (1, 1, 3, 5):
            with pytest.raises(httpx.TransportError):
                client.batch(create("a"), create("b"))
            assert len(client.there.journal) == written or written == 5
        assert client.batch(create("z")).status_code == 200


def test_answers_instead(serve, plain):
    """Throttling and gateways: the next requests are answered without being carried out."""
    answers = [
        {"status": 429, "retry_after": 2, "count": 2, "method": "POST"},
        {"status": 502, "body": "<html>x", "method": "GET"},
    ]
    with serve(plain, faults={"answers": answers}) as client:
        first, second, third = (client.post("Things", {}) for _ in range(3))
        assert [first.status_code, second.status_code, third.status_code] == [429, 429, 201]
        assert first.headers["retry-after"] == "2"
        gateway = client.ask("Things")
        assert (gateway.status_code, gateway.text, "html" in gateway.headers["content-type"]) == (
            502,
            "<html>x",
            True,
        )
        assert client.ask("Things").status_code == 200


def test_delay(serve, plain):
    """A slow service answers all the same."""
    with serve(plain, faults={"delay_ms": 1}) as client:
        assert client.ask("Things").status_code == 200


def test_faults_file(tmp_path):
    """Faults and habits can be written into a file."""
    path = tmp_path / "faults.json"
    value = {
        "drop_after_write": [3],
        "drop_before_write": [4],
        "drop_in_batch": {"2": 5},
        "answers": [{"status": 503}],
        "delay_ms": 7,
        "habits": {"etag": "on", "email_domains": ["x.ru"]},
    }
    path.write_text(json.dumps(value))

    faults, habits = read_faults(path)

    assert (
        faults.drop_after_write,
        faults.drop_before_write,
        faults.drop_in_batch,
        faults.answers,
        faults.delay_ms,
    ) == ({3}, {4}, {2: 5}, [{"status": 503}], 7)
    assert habits == Habits(etag="on", email_domains=("x.ru",))
    path.write_text("{}")
    assert read_faults(path)[1] == Habits()
    assert Faults().instead("GET") is None


@pytest.mark.parametrize(
    "text", ["{broken", "[]", '{"drop_everything":1}', '{"habits":{"etags":"on"}}', '{"_lock":1}']
)
def test_a_wrong_faults_file(tmp_path, text):
    """A switch that does not exist is told."""
    path = tmp_path / "faults.json"
    path.write_text(text)

    with pytest.raises((ValueError, TypeError, AttributeError)):
        read_faults(path)
