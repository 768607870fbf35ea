"""Each switch of the sandbox does what docs/reference/sandbox.md says, and a wrong one is told."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from importer.sandbox import Habits, WrongSwitches, plain_service, read_faults
from importer.sandbox.faults import ANSWER
from importer.sandbox.habits import COERCIONS, WORDS

A, B, C = (f"8503a5c1-0000-4000-8000-0000000000{n}" for n in ("aa", "bb", "cc"))

COMPUTED = b"""<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="K" xmlns="http://docs.oasis-open.org/odata/ns/edm">
 <EntityType Name="Note"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid" Nullable="false"/>
  <Property Name="text" Type="Edm.String" MaxLength="5"/><Property Name="rowVersion" Type="Edm.Int64"/>
  <Property Name="sum" Type="Edm.Decimal"><Annotation Term="Org.OData.Core.V1.Computed" Bool="true"/></Property></EntityType>
 <EntityContainer Name="C"><EntitySet Name="Notes" EntityType="K.Note"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"""


@pytest.fixture(scope="module")
def notes():
    return plain_service(COMPUTED, "notes")


def things(there, count=5):
    for n in range(count):
        there.post("Things", {"id": f"8503a5c1-0000-4000-8000-00000000000{n}", "name": f"n{n}"})
    return there


def pages(there, query, path="Things"):
    """The names on each page, and the links that led on."""
    names, links = [], []
    while True:
        answer = there.get(path, query).json
        names.append([item["name"] for item in answer["value"]])
        link = answer.get("@odata.nextLink", answer.get("@nextLink"))
        if link is None or link in links:
            return names, links
        links.append(link)
        query = link.partition("?")[2]


@pytest.mark.parametrize(
    ("habit", "status", "stored"), [("404", 404, 0), ("204", 204, 0), ("201", 201, 1), ("upsert", 201, 1)]
)
def test_patch_missing(talk, habit, status, stored):
    """A PATCH of nothing: refused, answered and not written, or made under another key or that key."""
    there = talk(patch_missing=habit)

    assert there.patch(f"Things({A})", {"name": "a"}).status == status
    assert len(there.journal) == stored
    assert there.get(f"Things({A})").status == (200 if habit == "upsert" else 404)


def test_put(talk):
    """PUT replaces what is there: what is not said goes back to its default."""
    there = talk()
    there.post("Things", {"id": A, "name": "a", "count": 1, "code": "c"})

    assert there.send("PUT", f"Things({A})", {"name": "b"}).status == 204
    found = there.get(f"Things({A})").json
    assert (found["id"], found["name"], found["count"], found["code"]) == (A, "b", 7, None)


def test_if_none_match(talk):
    """`If-None-Match: *` guards what is there, or is ignored."""
    for habit, status in (("ignored", 204), ("honoured", 412)):
        there = talk(if_none_match=habit)
        there.post("Things", {"id": A})
        assert there.patch(f"Things({A})", {"name": "x"}, if_none_match="*").status == status


@pytest.mark.parametrize(
    ("habit", "status", "rows"),
    [("yes", 200, 1), ("400", 400, 0), ("501", 501, 0), ("500", 500, 0), ("ignored", 200, 5)],
)
def test_in_operator(talk, habit, status, rows):
    """`in` works, is refused, or finds everything."""
    answer = things(talk(in_operator=habit)).get("Things", filter="name in ('n1','x')")

    assert (answer.status, len(answer.json.get("value", []))) == (status, rows)


def test_unknown_in_filter(talk):
    """A name that a closed type does not have is 400, or a property of nobody."""
    assert things(talk()).get("Things", filter="nam eq 'n1'").status == 400
    assert things(talk(unknown_in_filter="nobody")).get("Things", filter="nam eq 'n1'").json["value"] == []


def test_unknown_property(talk):
    """An unknown property is refused by closed types, by all, or dropped."""
    ticket = {"colour": "Red", "done": True, "more": 1}
    assert [talk(unknown_property=word).post("Tickets", ticket).status for word in ("typed", "refused")] == [
        201,
        400,
    ]
    assert [talk(unknown_property=word).post("Things", {"x": 1}).status for word in ("typed", "dropped")] == [
        400,
        201,
    ]


def test_location(talk):
    """Where a new entity is said to be: absolute, relative, unencoded, nowhere."""
    body = {"code": "a/b c", "name": "n"}
    found = {
        word: talk(location=word).post("Codes", body).headers.get("location")
        for word in ("absolute", "relative", "unencoded", "absent")
    }

    assert found == {
        "absolute": "http://127.0.0.1:1/odata/Codes('a%2Fb%20c')",
        "relative": "Codes('a%2Fb%20c')",
        "unencoded": "http://127.0.0.1:1/odata/Codes('a/b c')",
        "absent": None,
    }
    bare = talk(location="absent", post_answer=204, entity_id=False).post("Codes", body)
    assert (bare.status, dict(bare.headers)) == (204, {})
    assert "odata-entityid" in talk(location="absent", post_answer=204).post("Codes", body).headers


@pytest.mark.parametrize("paging", ["offset", "keyset"])
def test_paging(talk, paging):
    """The service's own pages hold everything once; a keyset survives a row that comes in between."""
    there = things(talk(page_size=2, paging=paging))
    names, links = pages(there, "$select=name&$top=4")

    assert names == [["n0", "n1"], ["n2", "n3"]]
    assert ("skiptoken" in links[0]) is (paging == "keyset")
    assert pages(there, "")[0] == [["n0", "n1"], ["n2", "n3"], ["n4"]]
    token = pages(there, "")[1][0].partition("?")[2]
    there.delete("Things(8503a5c1-0000-4000-8000-000000000000)")
    assert there.get("Things", token).names == (["n2", "n3"] if paging == "keyset" else ["n3", "n4"])


def test_next_link(talk):
    """A next link: absolute, relative to the root or the request, to elsewhere, to itself, or left out."""
    found = {}
    for word in ("absolute", "root", "request", "foreign", "loop", "absent"):
        there = things(talk(page_size=2, next_link=word))
        for n in (1, 2, 3):
            there.patch(
                f"Things(8503a5c1-0000-4000-8000-00000000000{n})",
                {"parentId": "8503a5c1-0000-4000-8000-000000000000"},
            )
        parts = "Things(8503a5c1-0000-4000-8000-000000000000)/parts"
        found[word] = there.get(parts).json.get("@odata.nextLink")
        if word in ("absolute", "root"):
            assert pages(there, "", parts)[0] == [["n1", "n2"], ["n3"]]
    path = "Things(8503a5c1-0000-4000-8000-000000000000)/parts?$skip="
    assert found == {
        "absolute": f"http://127.0.0.1:1/odata/{path}2",
        "root": f"{path}2",
        "request": "parts?$skip=2",
        "foreign": f"http://elsewhere.invalid/{path}2",
        "loop": f"http://127.0.0.1:1/odata/{path}0",
        "absent": None,
    }
    assert "@nextLink" in things(talk(page_size=2, next_link_name="@nextLink")).get("Things").json


def test_count(talk):
    """`$count` is right, refused, left out or wrong."""
    found = {
        word: things(talk(count=word)).get("Things", count="true")
        for word in ("right", "refused", "absent", "wrong")
    }

    assert found.pop("refused").status == 400
    assert {word: answer.json.get("@odata.count") for word, answer in found.items()} == {
        "right": 5,
        "absent": None,
        "wrong": 6,
    }


def test_top_max_on_chosen_sets(talk):
    """A ceiling of `$top` holds for the sets named."""
    there = talk(top_max=50, top_max_sets=("Codes",))

    assert [there.get(name, top="51").status for name in ("Codes", "Things")] == [400, 200]


def test_names(talk):
    """Names of sets, properties and options count in any case, or exactly."""
    either, exact = things(talk()), things(talk(names="exact"))

    assert either.post("things", {"NAME": "x"}).json["name"] == "x"
    assert either.get("Things", "top=1").names
    assert [exact.post("things", {}).status, exact.post("Things", {"NAME": "x"}).status] == [404, 400]
    assert len(exact.get("Things", "top=1").names) == 5
    assert exact.get("Things", "$Top=1").status == 400


def test_coercions(talk, notes):
    """Values are changed in silence before they are stored, each kind by its own word."""
    there = talk(coerces=("days", "rounding", "trimming"))
    made = there.post(
        "Things", {"day": "2023-02-29", "amount": 1.005, "ratio": 1.2345678901234567, "name": " x "}
    ).json
    honest = talk().post("Things", {"amount": 1.005, "name": " x "}).json
    careless = talk(pack=notes, coerces=("computed", "lengths"))

    assert (made["day"], made["amount"], made["ratio"], made["name"]) == (
        "2023-03-01",
        1.0,
        1.23456789012346,
        "x",
    )
    assert (honest["amount"], honest["name"]) == (1.005, " x ")
    assert talk().post("Things", {"day": "2023-02-29"}).status == 400
    assert there.post("Things", {"day": "2023-02-39"}).status == 400
    stored = careless.post("Notes", {"text": "much too long", "sum": 5}).json
    assert (stored["text"], stored["sum"]) == ("much ", None)


def test_renamed_and_numbered(talk):
    """The service's own text goes over what was sent; an empty number is filled."""
    there = talk(renamed=("Codes/name",), numbered=("Things/code", "Things/size", "Numbers/name"))

    assert there.post("Codes", {"code": "c", "name": "mine"}).json["name"] == "№ 000001"
    assert there.post("Things", {"name": "kept"}).json["code"] == "000002"
    assert there.post("Things", {"code": "own"}).json["code"] == "own"


@pytest.mark.parametrize(
    ("form", "status", "kind"),
    [
        ("timetta", 500, "application/json"),
        ("odata", 400, "application/json"),
        ("text", 500, "text/plain"),
        ("html", 500, "text/html"),
        ("empty", 500, ""),
    ],
)
def test_error_form(talk, form, status, kind):
    """A refusal is said in Timetta's form, OData's, as text, as a page, or not at all."""
    answer = talk(error_form=form).post("Things", {"parentId": B})

    assert (answer.status, answer.headers.get("content-type", "").partition(";")[0]) == (status, kind)
    assert ("не существ" in answer.text or "несуществующую" in answer.text) is (form != "empty")


def test_row_version(talk, notes):
    """`rowVersion` is checked when sent, demanded, or ignored; a conflict has the status of the switch."""
    for habits, absent, stale in (
        ({}, 204, 500),
        ({"row_version": "required", "conflict": "409"}, 409, 409),
        ({"row_version": "ignored"}, 204, 204),
        ({"conflict": "412"}, 204, 412),
    ):
        there = talk(pack=notes, **habits)
        current = there.post("Notes", {"id": A}).json["rowVersion"]
        assert there.patch(f"Notes({A})", {"text": "a"}).status == absent
        assert there.patch(f"Notes({A})", {"text": "b", "rowVersion": current - 1}).status == stale
    there = talk(pack=notes, row_version="required")
    current = there.post("Notes", {"id": A}).json["rowVersion"]
    assert there.patch(f"Notes({A})", {"text": "b", "rowVersion": current}).status == 204


def test_unique_names(talk):
    """Names may come twice, or not."""
    assert things(talk()).post("Things", {"name": "n1"}).status == 201
    there = things(talk(unique_names=True))
    assert there.post("Things", {"name": "N1"}).status == 500
    assert there.patch("Things(8503a5c1-0000-4000-8000-000000000001)", {"name": "n1"}).status == 204


def test_dynamic_properties_and_digits(talk, timetta_pack):
    """One entity is read with properties that lists do not have; a POST answers with seven digits of a second."""
    there = talk(pack=timetta_pack)
    made = there.post("Roles", {"name": "r"}).json
    read = there.get(f"Roles({made['id']})").json
    assert (len(made["created"]), len(read["created"]), read["editAllowed"]) == (28, 27, True)
    bare = talk(pack=timetta_pack, dynamic_properties=False, seven_digits=False)
    made = bare.post("Roles", {"name": "r"}).json
    assert (len(made["created"]), "editAllowed" in bare.get(f"Roles({made['id']})").json) == (27, False)


def written(tmp_path, value):
    path = tmp_path / "faults.json"
    path.write_text(json.dumps(value))
    return path


def test_all_mistakes_of_a_file_at_once(tmp_path):
    """Every wrong name and value is a problem, with the nearest name, also of a switch at the wrong level."""
    value = {
        "drop_after_writes": [1],
        "own_keys": "kept",
        "delay_ms": "5",
        "drop_in_batch": {"x": 1},
        "answers": [
            {"statsu": 500},
            {"status": True},
            {"status": 500, "retry_after": "Wed, 21 Oct 2026 07:28:00 GMT", "headers": {"x-a": "b"}},
        ],
        "habits": {
            "own_key": "kept",
            "etag": "sometimes",
            "coerces": ["days", "all"],
            "page_size": 0,
            "throttle_status": True,
        },
    }
    with pytest.raises(WrongSwitches) as caught:
        read_faults(written(tmp_path, value))
    said = {problem.message(): problem.advice() for problem in caught.value.problems}

    assert len(said) == len(caught.value.problems) == 12
    assert '"drop_after_write"' in said['The sandbox has no switch "drop_after_writes".']
    assert '"habits.own_keys"' in said['The sandbox has no switch "own_keys".']
    assert '"own_keys"' in said['The sandbox has no switch "habits.own_key".']
    assert 'The switch "habits.etag" takes "off" | "on" | "required", not "sometimes".' in said


@pytest.mark.parametrize("text", ["[]", "[" * 100_000, "{", '"x"'])
def test_no_object(tmp_path, text):
    """A file that is no JSON object is a mistake, no crash."""
    path = tmp_path / "faults.json"
    path.write_text(text)

    with pytest.raises(ValueError, match=r"object|nested|Expecting"):
        read_faults(path)


def test_habits_of_a_file(tmp_path):
    """Habits of a file are those of the sandbox; lists may be written as lists."""
    _, habits = read_faults(
        written(tmp_path, {"habits": {"coerces": ["days"], "groups": "atomic", "throttle": None}})
    )

    assert habits == Habits(coerces=("days",), groups="atomic")


def test_every_switch_is_documented():
    """docs/reference/sandbox.md names each switch, and each word that it takes."""
    page = (Path(__file__).parents[3] / "docs" / "reference" / "sandbox.md").read_text("utf-8")
    names = [*(item.name for item in fields(Habits)), *ANSWER, *COERCIONS]
    names += [str(word) for words in WORDS.values() for word in words]

    assert [name for name in names if f"`{name}`" not in page] == []
