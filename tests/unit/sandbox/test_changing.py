"""What a write does, and what it answers."""

import uuid

import pytest

from importer.sandbox import Faults

A, B = (f"8503a5c1-0000-4000-8000-0000000000{n}" for n in ("aa", "bb"))
MINIMAL, REPRESENTATION = {"prefer": "return=minimal"}, {"prefer": "return=representation"}


def test_create(talk):
    """201 with the entity, its Location and what was filled in."""
    there = talk()
    answer = there.post("Things", {"id": A.upper(), "name": "a", "amount": 1.50})

    assert (answer.status, answer.headers["location"]) == (201, f"http://127.0.0.1:1/odata/Things({A})")
    assert answer.json["@odata.context"].endswith("$metadata#Things/$entity")
    assert (
        answer.json["id"],
        answer.json["count"],
        answer.json["on"],
        answer.json["colour"],
        answer.json["tags"],
    ) == (A, 7, True, "Red", [])
    assert '"amount":1.5' in answer.text
    assert there.journal == [("create", "Things")]


def test_create_minimal(talk):
    """204 with both headers when asked for, or where it is the habit."""
    there, quiet = talk(), talk(post_answer=204)
    answer = there.post("Things", {"id": A}, **MINIMAL)

    assert (answer.status, answer.text, answer.headers["preference-applied"]) == (204, "", "return=minimal")
    assert (
        answer.headers["location"]
        == answer.headers["odata-entityid"]
        == f"http://127.0.0.1:1/odata/Things({A})"
    )
    assert quiet.post("Things", {}).status == 204
    assert quiet.post("Things", {}, **REPRESENTATION).status == 201


def test_keys_made(talk):
    """Without a key the service makes one: a Guid, or the next number."""
    there = talk()

    assert uuid.UUID(there.post("Things", {}).json["id"]).version == 4
    assert [
        there.post("Numbers", {}).json["no"],
        there.post("Numbers", {"no": 10}).json["no"],
        there.post("Numbers", {}).json["no"],
    ] == [1, 10, 11]
    assert "'code' is required" in there.post("Codes", {}).message
    assert there.post("Lines", {"thingId": A}).status == 400


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("Codes", {"code": "a/'b", "name": ""}),
        ("Lines", {"thingId": A, "code": "ё 1"}),
        ("Tickets", {"colour": "Blue", "done": False}),
    ],
)
def test_locations_lead_back(talk, path, body):
    """A Location is encoded and is the entity's address, whatever its key."""
    from urllib.parse import unquote

    there = talk(check_references=False)
    location = there.post(path, body).headers["location"]

    assert location.isascii()
    assert " " not in location
    assert there.get(unquote(location).removeprefix("http://127.0.0.1:1/odata/")).status == 200


def test_own_keys(talk):
    """Keys of the client are kept, replaced or refused."""
    replaced = talk(own_keys="replaced").post("Things", {"id": A})

    assert replaced.json["id"] != A
    assert replaced.json["id"] in replaced.headers["location"]
    assert talk(own_keys="refused").post("Things", {"id": A}).status == 400
    assert talk(own_keys="refused").post("Things", {}).status == 201
    assert talk(own_keys="replaced").post("Codes", {"code": "a", "name": ""}).json["code"] == "a"


def test_duplicates(talk):
    """The same key twice: an error of the habit's status, or a second row under a new key."""
    for habit, status in (("500", 500), ("409", 409), ("400", 400)):
        there = talk(duplicate=habit)
        there.post("Things", {"id": A})
        answer = there.post("Bases", {"id": A, "@odata.type": "#T.Other"})
        assert (answer.status, A in answer.message, len(there.journal)) == (status, True, 1)
    accepted = talk(duplicate="accepted")
    accepted.post("Things", {"id": A})
    accepted.post("Codes", {"code": "a", "name": ""})

    assert accepted.post("Things", {"id": A}).json["id"] != A
    assert accepted.post("Codes", {"code": "a", "name": ""}).status == 500


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("Things", {"id": "x"}, "'id'"),
        ("Things", {"weight": 1}, "'weight' does not exist on type 'T.Thing'"),
        ("Things", {"colour": None}, "'colour' is not nullable"),
        ("Things", {"@odata.type": "#T.Nothing"}, "T.Nothing"),
        ("Things", {"@odata.type": "#T.Other"}, "T.Other"),
        ("Bases", {"name": "x"}, "abstract"),
        ("Things", {"name@odata.bind": "Things(x)"}, "name@odata.bind"),
        ("Things", {"parent@odata.bind": "Things"}, "parent@odata.bind"),
        ("Things", b"{", "no JSON"),
        ("Things", b"[]", "no JSON object"),
        ("Things", b'"\xff"', "no JSON"),
        ("Things", b"[" * 100_000, "no JSON"),
        ("Codes", {"code": None, "name": ""}, "'code'"),
    ],
)
def test_refused(talk, path, body, words):
    """A body that does not fit the model is a 400, and nothing is written."""
    there = talk()
    answer = there.post(path, body)

    assert answer.status == 400
    assert words in answer.message
    assert there.journal == []


def test_dropped(talk):
    """Unknown names of open types, nested entities and annotations are accepted and dropped; bind sets the pair."""
    there = talk()
    there.post("Things", {"id": A})
    answer = there.post(
        "Things",
        {
            "id": B,
            "@odata.id": "x",
            "name@x": 1,
            "parts": [{}],
            "parent": {"@id": "x"},
            "parent@odata.bind": f"Things({A})",
        },
    )

    assert answer.json["parentId"] == A
    assert there.post("Tickets", {"colour": "Red", "done": True, "what": 1}).json.keys() >= {"colour", "done"}
    assert "what" not in there.get("Tickets(colour='Red',done=true)").json


def test_update(talk):
    """204 by default, the entity when asked for; keys never change."""
    there = talk()
    there.post("Things", {"id": A, "name": "a", "count": 1})

    assert (
        there.patch(f"Things({A})", {"count": 2, "id": B}).status,
        there.get(f"Things({A})").json["count"],
    ) == (204, 2)
    assert there.patch(f"Bases({A})", {"name": None}, **REPRESENTATION).json["@odata.type"] == "#T.Thing"
    assert there.patch(f"Things({A})", {"count": "x"}).status == 400
    assert there.get(f"Things({A})").json["name"] is None
    assert there.journal == [("create", "Things"), ("update", "Things"), ("update", "Bases")]


def test_update_of_nothing(talk):
    """404, or 204 with nothing written, or a new entity; with replaced keys under another key."""
    assert talk().patch(f"Things({A})", {}).status == 404
    nothing, upsert, other = (
        talk(patch_missing="204"),
        talk(patch_missing="upsert"),
        talk(patch_missing="upsert", own_keys="replaced"),
    )

    assert (nothing.patch(f"Things({A})", {}).status, nothing.journal) == (204, [])
    assert (upsert.patch(f"Things({A})", {"name": "a"}).status, upsert.get(f"Things({A})").json["name"]) == (
        201,
        "a",
    )
    assert upsert.patch(f"Lines(thingId={A},code='x')", {"text": "t"}).json["text"] == "t"
    assert other.patch(f"Things({A})", {}).json["id"] != A


def test_references(talk):
    """A key that leads nowhere is a business error naming the property; what is used is not deleted."""
    there = talk()
    refused = there.post("Things", {"id": A, "parentId": B})

    assert (refused.status, refused.json["error"]["details"], "parentId" in refused.message) == (
        500,
        {},
        True,
    )
    there.post("Things", {"id": B}), there.post("Things", {"id": A, "parentId": B})
    used = there.delete(f"Things({B})")
    assert (used.status, "T.Thing.parentId" in used.message) == (500, True)
    assert there.patch(f"Things({A})", {"parentId": A[:-1] + "0"}).status == 500
    assert there.patch(f"Things({A})", {"parentId": A}).status == 204
    assert (there.delete(f"Things({A})").status, there.delete(f"Things({A})").status) == (204, 404)
    assert talk(check_references=False).post("Things", {"parentId": B}).status == 201


def test_etags(talk):
    """If-Match is honoured where there are ETags, and asked for where it is required."""
    there, required = talk(etag="on"), talk(etag="required")
    tag = there.post("Things", {"id": A}).headers["etag"]
    required.post("Things", {"id": A})

    changed = there.patch(f"Things({A})", {"count": 1}, if_match=tag)
    assert (changed.status, changed.headers["etag"] != tag) == (204, True)
    assert there.patch(f"Things({A})", {"count": 2}, if_match=tag).status == 412
    assert there.delete(f"Things({A})", if_match=tag).status == 412
    assert there.patch(f"Things({A})", {"count": 2}).status == 204
    assert (required.patch(f"Things({A})", {}).status, required.delete(f"Things({A})").status) == (428, 428)
    assert required.patch(f"Things({A})", {}, if_match="*").status == 204
    assert required.delete(f"Things({A})", if_match='W/"2"').status == 204


def test_methods(talk):
    """What is not done is 405, what is not there 404, what is no JSON 415."""
    there = talk()
    there.post("Things", {"id": A})

    assert talk(put="405").send("PUT", f"Things({A})", {}).status == 405
    assert there.post(f"Things({A})", {}).status == 405
    assert there.patch("Things", {}).status == 405
    assert there.delete("Things").status == 405
    assert there.post(f"Things({A})/SetState", {}).status == 404
    assert there.send("POST", "Things", {}, content_type="text/plain").status == 415


def test_answers_lost(talk):
    """A write is lost before it was carried out, or its answer after it was; refused ones are counted too."""
    there = talk(Faults(drop_before_write={1}, drop_after_write={2, 3, 4}))

    assert (there.post("Things", {"id": A}).lost, there.journal) == (True, [])
    assert (there.post("Things", {"id": A}).lost, there.journal) == (True, [("create", "Things")])
    assert there.patch(f"Things({A})", {"count": 1}).lost
    assert there.delete(f"Things({A})").lost
    assert there.journal == [("create", "Things"), ("update", "Things"), ("delete", "Things")]
    assert not there.post("Things", {"id": A}).lost
