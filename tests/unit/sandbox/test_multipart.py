"""Multipart batches, change sets and groups, read with the standard library's own parser of mail."""

import email
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.sandbox import Faults
from importer.sandbox.batching import answer_batch
from importer.sandbox.members import Unreadable
from importer.sandbox.multipart import read_multipart

A, B, C = (f"8503a5c1-0000-4000-8000-0000000000{n}" for n in ("aa", "bb", "cc"))
KIND = "multipart/mixed; boundary=b1"


def part(method, url, body=None, content_id=None):
    """One operation as a part."""
    head = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
    head += f"Content-ID: {content_id}\r\n" if content_id else ""
    if body is None:
        return f"{head}\r\n{method} {url} HTTP/1.1\r\nAccept: application/json\r\n\r\n"
    return f"{head}\r\n{method} {url} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{json.dumps(body)}"


def joined(*parts, boundary="b1"):
    return "".join(f"--{boundary}\r\n{item}\r\n" for item in parts) + f"--{boundary}--\r\n"


def change_set(*parts, boundary="c1"):
    return f"Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n{joined(*parts, boundary=boundary)}"


def send(there, text, **headers):
    named = {"content-type": KIND} | {name.replace("_", "-"): value for name, value in headers.items()}
    return answer_batch(there.sandbox, named, text.encode() if isinstance(text, str) else text)


def read(reply):
    """Answers as (Content-ID, status); those of a change set as a list of their own."""
    raw = b"Content-Type: " + reply.headers["content-type"].encode() + b"\r\n\r\n" + reply.body
    return [_read(item) for item in email.message_from_bytes(raw).get_payload()]


def _read(item):
    if item.get_content_type() == "multipart/mixed":
        return [_read(inner) for inner in item.get_payload()]
    return item["content-id"], int(item.get_payload().split(" ", 2)[1])


def test_single_parts(talk):
    """Each is carried out; the answers come in order and without Content-ID, as of ASP.NET, or with it."""
    text = joined(
        part("POST", "Things", {"id": A, "name": "ё"}, "1"),
        part("GET", f"/odata/Things({A})", content_id="2"),
        part("PATCH", "$1", {"count": 3}, "3"),
        part("DELETE", f"http://127.0.0.1:1/odata/Things({B})", content_id="4"),
    )
    assert read(send(talk(), text)) == [(None, 201), (None, 200), (None, 204), (None, 404)]
    assert read(send(talk(content_ids=True), text)) == [("1", 201), ("2", 200), ("3", 204), ("4", 404)]
    as_json = json.loads(send(talk(), text, accept="application/json").body)
    assert [(item["id"], item["status"]) for item in as_json["responses"]] == [
        ("1", 201),
        ("2", 200),
        ("3", 204),
        ("4", 404),
    ]


@pytest.mark.parametrize(
    ("habit", "answers", "kept"),
    [
        ("separate", [[("2", 400)], (None, 200)], ["create"]),
        ("atomic", [("2", 400), (None, 200)], []),
        ("atomic-lying", [[("1", 201), ("2", 400)], (None, 200)], []),
    ],
)
def test_a_failed_change_set(talk, habit, answers, kept):
    """Nothing is rolled back and one answered; all is rolled back and one answered; or the rolled back is said to be made."""
    there = talk(groups=habit)
    bad = change_set(
        part("POST", "Things", {"id": A}, "1"),
        part("POST", "Things", {"id": "x"}, "2"),
        part("POST", "Things", {"id": C}, "3"),
    )

    assert read(send(there, joined(bad, part("GET", "Things")))) == answers
    assert [entry["op"] for entry in there.store.journal] == kept
    assert there.get(f"Things({A})").status == (200 if kept else 404)


def test_a_change_set(talk):
    """All of it is answered inside one part, by Content-ID."""
    for habit in ("separate", "atomic", "atomic-lying"):
        there = talk(groups=habit)
        good = change_set(
            part("POST", "Things", {"id": A}, "1"),
            part("PATCH", "$1", {"name": "x"}, "2"),
            part("DELETE", f"Things({A})", content_id="3"),
        )
        assert read(send(there, joined(good))) == [[("1", 201), ("2", 204), ("3", 204)]]
        assert [entry["op"] for entry in there.store.journal] == ["create", "update", "delete"]


def test_rolled_back_to_the_letter(talk):
    """Changed and deleted entities are back, found by their values and in the order of their keys."""
    there = talk(groups="atomic")
    there.post("Things", {"id": A, "name": "a"})
    there.post("Things", {"id": B, "name": "b"})
    assert there.get("Things", filter="name eq 'a'", orderby="id").names == ["a"]
    bad = change_set(
        part("PATCH", f"Things({A})", {"name": "x"}, "1"),
        part("DELETE", f"Things({B})", content_id="2"),
        part("POST", "Things", {"id": C}, "3"),
        part("DELETE", f"Things({C}0)", content_id="4"),
    )
    send(there, joined(bad))

    assert there.get("Things", orderby="id").names == ["a", "b"]
    assert [there.get("Things", filter=f"name eq '{name}'").names for name in ("a", "x")] == [["a"], []]
    assert len(there.journal) == 2


def test_groups_in_json(talk):
    """Atomicity groups of JSON follow the same habit."""

    def batch(there):
        headers = {"content-type": "application/json"}
        members = [
            {
                "id": str(n),
                "atomicityGroup": "g",
                "method": "POST",
                "url": "Things",
                "headers": headers,
                "body": {"id": key},
            }
            for n, key in enumerate((A, "x"), 1)
        ]
        members.append({"id": "3", "method": "GET", "url": "Things", "dependsOn": ["g"]})
        reply = answer_batch(there.sandbox, {}, json.dumps({"requests": members}).encode())
        return [
            (item["id"], item["status"], item.get("atomicityGroup"))
            for item in json.loads(reply.body)["responses"]
        ]

    assert batch(talk()) == [("2", 400, "g"), ("3", 200, None)]
    assert batch(talk(groups="atomic", depends_on="evaluated")) == [("2", 400, "g"), ("3", 424, None)]
    assert batch(talk(groups="atomic-lying")) == [("1", 201, "g"), ("2", 400, "g"), ("3", 200, None)]


def test_stops(talk):
    """After a failure the batch goes on, stops unless asked, always stops, or as its format says."""
    text = joined(part("GET", "Nothing"), part("GET", "Things"))
    as_json = json.dumps(
        {
            "requests": [
                {"id": "1", "method": "GET", "url": "Nothing"},
                {"id": "2", "method": "GET", "url": "Things"},
            ]
        }
    )
    found = {}
    for habit in ("continue", "stop", "stop-always", "by-format"):
        there = talk(on_error=habit)
        found[habit] = [
            len(read(send(there, text))),
            len(read(send(there, text, prefer="odata.continue-on-error, continue-on-error"))),
            len(json.loads(send(there, as_json, content_type="application/json").body)["responses"]),
        ]
    assert found == {
        "continue": [2, 2, 2],
        "stop": [1, 2, 1],
        "stop-always": [1, 1, 1],
        "by-format": [1, 2, 2],
    }


def test_which_batches(talk):
    """JSON, multipart, both or none; what is not spoken is refused before anything runs."""
    text, as_json = joined(part("GET", "Things")), '{"requests":[{"id":"1","method":"GET","url":"Things"}]}'
    found = {}
    for habit in ("both", "json", "multipart", "none"):
        there = talk(batch=habit)
        found[habit] = (
            send(there, text).status,
            send(there, as_json, content_type="application/json").status,
        )
    assert found == {"both": (200, 200), "json": (415, 200), "multipart": (200, 400), "none": (404, 404)}


def test_too_many_parts(talk):
    """The refusal of a batch that is too long has the status of its switch; a change set is one part."""
    two = joined(part("GET", "Things"), part("GET", "Things"))
    found = {
        word: send(talk(batch_parts=1, batch_refused=word), two) for word in ("500", "400", "413", "429")
    }

    assert {word: (reply.status, bool(reply.body)) for word, reply in found.items()} == {
        "500": (500, False),
        "400": (400, True),
        "413": (413, False),
        "429": (429, True),
    }
    one = joined(change_set(part("POST", "Things", {}, "1"), part("POST", "Things", {}, "2")))
    assert send(talk(batch_parts=1), one).status == 200


def test_answers_without_ids_or_backwards(talk):
    """Answers may come without their ids, or in another order."""
    as_json = (
        '{"requests":[{"id":"1","method":"GET","url":"Things"},{"id":"2","method":"GET","url":"Codes"}]}'
    )
    lost, backwards = (
        json.loads(send(talk(**habits), as_json, content_type="application/json").body)["responses"]
        for habits in ({"batch_ids": False}, {"batch_order": "reversed"})
    )

    assert [("id" in item) for item in lost] == [False, False]
    assert [item["id"] for item in backwards] == ["2", "1"]


def test_answers_on_demand_inside_a_batch(talk):
    """One operation of a batch is throttled or loses its session; the others are carried out."""
    there = talk(Faults(answers=[{"status": 429, "member": True, "after": 1, "retry_after": 2}]))

    assert read(send(there, joined(*(part("POST", "Things", {}) for _ in range(3))))) == [
        (None, 201),
        (None, 429),
        (None, 201),
    ]
    assert len(there.journal) == 2


def test_cut_inside_a_change_set(talk):
    """A transaction that the connection's end cuts never happened; without transactions the first part of it did."""
    text = joined(change_set(part("POST", "Things", {}, "1"), part("POST", "Things", {}, "2")))
    for habit, kept in (("separate", 1), ("atomic", 0)):
        there = talk(Faults(drop_in_batch={1: 1}), groups=habit)
        assert send(there, text).lost
        assert len(there.journal) == kept
    there = talk(Faults(drop_after_write={1}), groups="atomic")
    assert send(there, text).lost
    assert len(there.journal) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "--b1--\r\n",
        joined(part("GET", "Things")).replace("\r\n", "\n"),
        joined(part("GET", "Things")).removesuffix("--\r\n"),
        joined("Content-Type: text/plain\r\n\r\nGET Things HTTP/1.1\r\n\r\n"),
        joined("Content-Type: application/http\r\n\r\nGET Things\r\n\r\n"),
        joined(change_set(part("GET", "Things"))),
        joined(change_set(change_set(part("POST", "Things", {})))),
        joined(part("GET", "http://elsewhere.invalid/odata/Things")),
        joined(part("GET", "Things", content_id="1"), part("GET", "Things", content_id="1")),
    ],
)
def test_refused_whole(talk, text):
    """What is not to the letter is refused whole."""
    assert [(reply.status, reply.body) for reply in [send(talk(), text)]] == [(500, b"")]
    assert send(talk(batch_refused="400"), text).status == 400


@given(
    st.binary(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                b"--b1",
                b"--",
                b"\r\n",
                b"\n",
                b"Content-Type: application/http",
                b"Content-Type: multipart/mixed; boundary=b1",
                b"GET x HTTP/1.1",
                b": ",
            ]
        )
    ).map(b"".join)
)
def test_any_bytes(text):
    """Any bytes are operations or refused."""
    try:
        members = read_multipart(KIND, text)
    except Unreadable:
        return
    assert all(member.method for member in members)
