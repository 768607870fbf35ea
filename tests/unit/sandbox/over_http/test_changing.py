"""What a client may write, and how the service answers, by its habits."""

import json
from urllib.parse import quote
from uuid import UUID

import pytest
from sandbox_clients import said

ID, OTHER = str(UUID(int=1)), str(UUID(int=2))


def test_create(serve, plain):
    """A created entity comes back with its address and what the service filled in."""
    with serve(plain) as client:
        answer = client.post("Things", {"id": ID.upper(), "name": "Ё", "rate": 1.10})

        assert answer.status_code == 201
        assert answer.headers["location"] == f"{client.there.url}/Things({ID})"
        assert (answer.json()["id"], answer.json()["name"], answer.json()["on"]) == (ID, "Ё", False)
        made = client.post("Things", {"name": "x"}, prefer="return=minimal")
        assert (made.status_code, made.content) == (204, b"")
        assert made.headers["odata-entityid"] == made.headers["location"]
        assert client.http.get(made.headers["location"]).json()["name"] == "x"


def test_update_and_delete(serve, plain):
    """PATCH changes what it names, DELETE removes; both answer 204."""
    with serve(plain) as client:
        client.post("Things", {"id": ID, "name": "a", "size": 1})

        assert client.patch(f"Things({ID})", {"size": 2}).status_code == 204
        assert (
            client.patch(f"Things({ID})", {"name": None}, prefer="return=representation").json()["size"] == 2
        )
        assert client.ask(f"Things({ID})").json()["name"] is None
        assert client.delete(f"Things({ID})").status_code == 204
        assert client.ask(f"Things({ID})").status_code == client.delete(f"Things({ID})").status_code == 404
        assert [(write["n"], write["op"], write["set"], write["id"]) for write in client.there.journal] == [
            (1, "create", "Things", ID),
            (2, "update", "Things", ID),
            (3, "update", "Things", ID),
            (4, "delete", "Things", ID),
        ]


@pytest.mark.parametrize(
    "value",
    [
        {"nobody": 1},
        {"id": "x"},
        {"name": 5},
        {"name": "x" * 21},
        {"size": "x"},
        {"size": 1.5},
        {"size": 2**31},
        {"size": True},
        {"small": -1},
        {"small": 256},
        {"rate": "x"},
        {"rate": True},
        {"rate": "NaN"},
        {"since": "2026-02-30"},
        {"since": "31.01.2026"},
        {"since": 5},
        {"at": "2026-01-31"},
        {"at": "2026-01-31T09:00:00"},
        {"on": "true"},
        {"on": None},
        {"kind": "Huge"},
        {"kind": 7.5},
        {"address": 5},
        {"address": {"nobody": 1}},
        {"address": {"flat": "x"}},
        {"tags": "a"},
        {"tags": [1]},
        {"span": "8 hours"},
        {"span": "P"},
        {"clock": "9"},
        {"@odata.type": "#N.Nobody"},
        {"@odata.type": "#N.Word"},
        {"up@odata.bind": "nothing"},
        {"nobody@odata.bind": f"Things({ID})"},
        [],
        "x",
    ],
)
def test_what_does_not_fit(serve, plain, value):
    """A body that does not fit the model is a 400, and nothing is written."""
    with serve(plain) as client:
        assert client.post("Things", value).status_code == 400
        assert client.there.journal == []


def test_no_json(serve, plain):
    """Broken JSON is a 400, a body of no stated type a 415."""
    with serve(plain) as client:
        for headers, status in (({"content-type": "application/json"}, 400), ({}, 415)):
            assert (
                client.http.post(
                    f"{client.there.url}/Things", content=b"{broken", headers=headers
                ).status_code
                == status
            )
        assert client.there.journal == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"size": "8"}, {"size": 8}),
        ({"kind": "large"}, {"kind": "Large"}),
        ({"span": "-P1DT2H"}, {"span": "-P1DT2H"}),
        ({"clock": "09:30"}, {}),
        ({"tags": []}, {"tags": []}),
        ({"weight": 0.5}, {"weight": 0.5}),
        ({"up@odata.bind": f"Things({OTHER})"}, {"upId": OTHER}),
        ({"parts": [{"name": "x"}], "@odata.etag": "x"}, {}),
        ({"address": {"city": "x", "@odata.type": "#N.Address"}}, {}),
    ],
)
def test_what_does(serve, plain, value, shown):
    """Coercions and dropped parts, as the library has them."""
    with serve(plain) as client:
        client.post("Things", {"id": OTHER})
        answer = client.post("Things", {"id": ID, **value})

        assert answer.status_code == 201, answer.text
        assert {name: answer.json()[name] for name in shown} == shown


def test_references(serve, plain):
    """A reference must lead somewhere, and what is referred to stays, unless the habit is off."""
    with serve(plain) as client:
        refused = client.post("Things", {"id": ID, "upId": OTHER})
        assert (refused.status_code, OTHER in said(refused)) == (500, True)
        client.post("Things", {"id": OTHER})
        assert client.post("Things", {"id": ID, "upId": OTHER}).status_code == 201
        assert client.patch(f"Things({ID})", {"upId": str(UUID(int=9))}).status_code == 500
        assert client.delete(f"Things({OTHER})").status_code == 500
        assert (
            client.delete(f"Things({ID})").status_code == client.delete(f"Things({OTHER})").status_code == 204
        )
    with serve(plain, {"check_references": False}) as client:
        assert client.post("Things", {"id": ID, "upId": OTHER}).status_code == 201


@pytest.mark.parametrize("code", ["x", "O'Brien", "a/b", "Ёж (и) уж", "50%+ & # ?", "a=b,c", "''", " "])
def test_text_keys(serve, plain, code):
    """Any text is a key: quotes, slashes, brackets, Cyrillic."""
    path = "Words(" + quote("'" + code.replace("'", "''") + "'", safe="") + ")"
    with serve(plain) as client:
        made = client.post("Words", {"code": code, "text": "t"})
        assert made.status_code == 201, made.text
        assert client.ask(path).json()["code"] == code
        assert client.http.get(made.headers["location"]).json()["code"] == code
        assert client.patch(path, {"text": "u"}).status_code == 204
        assert client.batch({"method": "GET", "url": path}).json()["responses"][0]["body"]["text"] == "u"
        assert client.delete(path).status_code == 204


def test_composite_keys(serve, plain):
    """Parts of a key come in any order; each is needed."""
    key = {"day": "2024-01-01", "code": "dev/1'x", "thingId": ID}
    inner = f"code=%27dev%2F1%27%27x%27,thingId={ID},day=2024-01-01"
    with serve(plain) as client:
        made = client.post("Rates", {**key, "value": 1})
        assert made.status_code == 201
        assert client.http.get(made.headers["location"]).json()["value"] == 1
        assert client.ask(f"Rates({inner})").json()["code"] == "dev/1'x"
        assert client.post("Rates", key).status_code == 500
        assert client.post("Rates", {**key, "day": "2024-01-02"}).status_code == 201
        assert client.ask(f"Rates({ID})").status_code == 400
        assert client.post("Rates", {"day": "2024-01-01"}).status_code == 400


def test_number_keys(serve, plain):
    """A key that is a number is made by the service when nobody gives one."""
    with serve(plain) as client:
        assert client.post("Numbers", {"id": 41}).status_code == 201
        assert client.post("Numbers", {"name": "x"}).json()["id"] == 42


@pytest.mark.parametrize(
    ("habits", "status", "kept"),
    [
        ({}, 201, True),
        ({"own_keys": "replaced"}, 201, False),
        ({"own_keys": "refused"}, 400, None),
        ({"post_answer": 204}, 204, True),
    ],
)
def test_own_keys(serve, plain, habits, status, kept):
    """Keys chosen by the client are kept, replaced or refused."""
    with serve(plain, habits) as client:
        made = client.post("Things", {"id": ID})

        assert made.status_code == status
        if kept is not None:
            assert (ID in made.headers["location"]) is kept
            assert client.http.get(made.headers["location"]).status_code == 200


@pytest.mark.parametrize(
    ("habit", "status", "rows"),
    [("500", 500, "1"), ("409", 409, "1"), ("400", 400, "1"), ("accepted", 201, "2")],
)
def test_duplicates(serve, plain, habit, status, rows):
    """A key that is taken: refused in many ways, or accepted under a new one."""
    with serve(plain, {"duplicate": habit}) as client:
        client.post("Things", {"id": ID})

        assert client.post("Things", {"id": ID}).status_code == status
        assert client.ask("Things/$count").text == rows


@pytest.mark.parametrize(
    ("habit", "status", "rows"), [("404", 404, "0"), ("204", 204, "0"), ("upsert", 201, "1")]
)
def test_patch_of_nothing(serve, plain, habit, status, rows):
    """A PATCH of nothing: 404, a lie, or an insert."""
    with serve(plain, {"patch_missing": habit}) as client:
        assert client.patch(f"Things({ID})", {"name": "x"}).status_code == status
        assert client.ask("Things/$count").text == rows


def test_etags(serve, plain):
    """ETags off, on and required."""
    with serve(plain) as client:
        assert "etag" not in client.post("Things", {"id": ID}).headers
    for habit, without in (("on", 204), ("required", 428)):
        with serve(plain, {"etag": habit}) as client:
            etag = client.post("Things", {"id": ID}).headers["etag"]
            assert (
                client.ask(f"Things({ID})").headers["etag"]
                == client.ask("Things").json()["value"][0]["@odata.etag"]
                == etag
            )
            assert client.patch(f"Things({ID})", {"size": 1}, if_match='W/"x"').status_code == 412
            assert client.patch(f"Things({ID})", {"size": 1}, if_match=etag).headers["etag"] != etag
            assert client.patch(f"Things({ID})", {"size": 2}, if_match=etag).status_code == 412
            assert client.patch(f"Things({ID})", {"size": 2}, if_match="*").status_code == 204
            assert client.patch(f"Things({ID})", {"size": 3}).status_code == without


def test_in_operator(serve, plain):
    """`in` refused, or silently ignored: all rows come."""
    for habit, status in (("400", 400), ("ignored", 200)):
        with serve(plain, {"in_operator": habit}) as client:
            client.post("Things", {"name": "a"})
            client.post("Things", {"name": "b"})
            answer = client.ask("Things", filter="name in ('a','x')")
            assert answer.status_code == status
            assert status == 400 or len(answer.json()["value"]) == 2


def test_paging(serve, plain):
    """Server paging: next links that lead to the end, `$top` counted down; a greater `$top` may be refused."""
    with serve(plain, {"page_size": 3, "top_max": 50}) as client:
        for number in range(8):
            client.post("Numbers", {"id": number, "name": "n"})
        for options, expected in (
            ({}, 8),
            ({"top": 7}, 7),
            ({"orderby": "id", "top": 5}, 5),
            ({"filter": "id ge 2", "skip": 1}, 5),
            ({"top": 3}, 3),
        ):
            answer, seen = client.ask("Numbers", **options).json(), []
            while True:
                assert len(answer["value"]) <= 3
                seen += [item["id"] for item in answer["value"]]
                if "@odata.nextLink" not in answer:
                    break
                answer = client.http.get(answer["@odata.nextLink"]).json()
            assert len(set(seen)) == len(seen) == expected
        assert client.ask("Numbers", top=51).status_code == 400


def test_limits(serve, plain):
    """A URL or a body that is too long is refused, as gateways do."""
    with serve(plain, {"url_limit": 200, "body_limit": 100}) as client:
        assert client.ask("Things", filter=f"name eq '{'x' * 300}'").status_code == 414
        assert client.post("Things", {"name": "x" * 300}).status_code == 413
        assert client.post("Things", {"name": "x"}).status_code == 201


def test_persistence(serve, plain, tmp_path):
    """With a folder the store is there again after a stop, and the journal goes on."""
    (tmp_path / "Things.json").write_text(
        json.dumps({"value": [{"id": OTHER, "name": "seeded", "rate": 1.1}]})
    )
    store = plain.store(tmp_path)
    with serve(plain, store=store) as client:
        assert client.names("Things") == ["seeded"]
        client.post("Things", {"id": ID, "name": "Ё", "rate": 12345678901234.56789})
        client.delete(f"Things({OTHER})")
    store.close()

    again = plain.store(tmp_path)
    with serve(plain, store=again) as client:
        assert client.names("Things") == ["Ё"]
        client.patch(f"Things({ID})", {"name": "x"})
        assert [(write["n"], write["op"]) for write in client.there.journal] == [
            (1, "create"),
            (2, "delete"),
            (3, "update"),
        ]
        assert (
            client.http.get(client.there.url.replace("/odata", "/_witness/journal")).json()
            == client.there.journal
        )
    again.close()


@pytest.mark.parametrize("text", ["5", "[1]", '{"value":5}', "{broken"])
def test_seeds_that_are_none(plain, tmp_path, text):
    """A seed file that is no list of entities is told."""
    (tmp_path / "Things.json").write_text(text)

    with pytest.raises(ValueError, match=r"."):
        plain.store(tmp_path).close()


def test_witness(serve, plain):
    """The witness counts requests by kind, and batches with their members."""
    with serve(plain) as client:
        client.ask("$metadata")
        client.ask("Things")
        client.post("Things", {})
        client.batch({"method": "GET", "url": "Things"}, {"method": "GET", "url": "Words"})
        root = client.there.url.removesuffix("/odata")

        assert (
            client.http.get(f"{root}/_witness/served").json()
            == {"metadata": 1, "get": 1, "post": 1, "batch": 1, "members": 2}
            == client.there.served
        )
        assert client.http.get(f"{root}/_witness/other").status_code == 404
