"""`$batch` in JSON."""

import json

import pytest

from importer.sandbox import Faults
from importer.sandbox.batching import answer_batch

A, B = (f"8503a5c1-0000-4000-8000-0000000000{n}" for n in ("aa", "bb"))
JSON = {"content-type": "application/json"}


def request(number, method="POST", url="Things", body=None, headers=None):
    made = {"id": str(number), "method": method, "url": url, "headers": JSON if headers is None else headers}
    return made if body is None else made | {"body": body}


def send(there, *requests, raw=None, **headers):
    reply = answer_batch(
        there.sandbox, headers, json.dumps({"requests": requests}).encode() if raw is None else raw
    )
    return reply.status, [] if not reply.body else json.loads(reply.body)["responses"], reply


def test_members(talk):
    """Each member is answered by itself, one after the other, and a failure does not stop the rest."""
    there = talk()
    status, answers, _ = send(
        there,
        request(1, body={"id": A, "name": "a"}),
        request(2, body={"id": "x"}),
        request(3, "GET", f"Things({A})?$select=name"),
        request(4, "GET", f"Things({B})"),
        request(5, "patch", f"Things({A})", {"count": 5}),
        request(6, "GET", "Things/$count"),
        request(7, "DELETE", f"Things({A})"),
    )

    assert (status, [answer["id"] for answer in answers]) == (200, list("1234567"))
    assert [answer["status"] for answer in answers] == [201, 400, 200, 404, 204, 200, 204]
    assert answers[2]["body"]["name"] == "a"
    assert answers[3] == {"id": "4", "status": 404, "headers": {}}
    assert answers[5]["body"] == "1"
    assert there.sandbox.served == {"members": 7}


def test_preferences(talk):
    """The outer preference is inherited, a member's own wins."""
    _, answers, _ = send(
        talk(),
        request(1, body={}),
        request(2, body={}, headers=JSON | {"Prefer": "return=representation"}),
        prefer="return=minimal",
    )

    assert [answer["status"] for answer in answers] == [204, 201]


def test_addresses(talk):
    """A member's address is relative, or below the root; percent-encoding is undone once."""
    there = talk()
    there.post("Codes", {"code": "a/%2F", "name": "n"})
    _, answers, _ = send(
        there,
        request(1, "GET", "/odata/Codes"),
        request(2, "GET", "http://127.0.0.1:1/OData/Codes"),
        request(3, "GET", "Codes('a%2F%252F')?$select=name"),
        request(4, "GET", "Codes?$filter=name%20eq%20'n'"),
    )

    assert [answer["status"] for answer in answers] == [200] * 4


def test_a_body_without_content_type(talk):
    """Such a member is a 400."""
    _, answers, _ = send(talk(), request(1, body={}, headers={}), request(2, "GET", headers={}))

    assert [answer["status"] for answer in answers] == [400, 200]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'{"requests":[]}',
        b'{"requests":[{"id":1,"method":"GET","url":"Things","headers":{}}]}',
        json.dumps({"requests": [request(1, body={}), request(1, body={})]}).encode(),
        json.dumps({"requests": [request(n, body={}) for n in range(101)]}).encode(),
        json.dumps(
            {"requests": [request(1, body={}), request(2, "GET", "http://example.org/odata/Things")]}
        ).encode(),
        json.dumps({"requests": [request(1, body={}), request(2, "GET", "/other/Things")]}).encode(),
        json.dumps({"requests": [request(1, url="http://[")]}).encode(),
    ],
)
def test_refused_whole(talk, raw):
    """A batch that is not as it should be is a 500 without a body, and nothing is written."""
    there = talk()
    status, _, reply = send(there, raw=raw)

    assert (status, reply.body, there.journal) == (500, b"", [])


def test_habits(talk):
    """No batches; fewer parts; business errors without their reason."""
    assert send(talk(batch="none"), request(1, body={}))[0] == 404
    assert send(talk(batch_parts=1), request(1, body={}), request(2, body={}))[0] == 500
    mute = talk(batch_empty_500=True)

    assert send(mute, request(1, body={"parentId": B}))[1] == [{"id": "1", "status": 500, "headers": {}}]
    assert mute.post("Things", {"parentId": B}).message


def test_lost(talk):
    """The answer to a batch is lost after so many of its operations, or with that of one of its writes."""
    there = talk(Faults(drop_in_batch={1: 1, 2: 5}, drop_before_write={5}))
    bodies = [request(n, body={"name": str(n)}) for n in range(3)]

    assert (send(there, *bodies)[2].lost, len(there.journal)) == (True, 1)
    assert (send(there, *bodies)[2].lost, len(there.journal)) == (True, 4)
    assert (send(there, *bodies)[2].lost, len(there.journal)) == (True, 4)
    assert len(send(there, *bodies)[1]) == 3
