from uuid import UUID

import pytest
from scripted import METADATA, Reply, Shop, answer, refusal

from importer.problems import ServiceError
from importer.service import open_service
from importer.service.costs import whole_is_cheaper

PAIRS = METADATA.replace(b'<PropertyRef Name="id"/>', b'<PropertyRef Name="part"/><PropertyRef Name="id"/>')
GUIDS = METADATA.replace(b'Name="id" Type="Edm.Int32"', b'Name="id" Type="Edm.Guid"')
ROWS = [{"id": n, "name": f"Имя {n}", "part": n % 3} for n in range(40)]
MANY = [{"id": n, "name": f"Имя {n}", "part": 0} for n in range(6_000)]


@pytest.fixture
def shop(serve):
    """Start a shop and return (its service, the server)."""
    services = []

    def start(rows=ROWS, metadata=METADATA, **habits):
        def before(shop, request):
            return (
                Reply(200, metadata, {"content-type": "application/xml"})
                if request.path == "$metadata"
                else None
            )

        server = serve(Shop(rows, before=before, **habits))
        services.append(open_service("shop", server.root, pause=lambda _: None))
        server.seen.clear()
        return services[-1], server

    yield start
    for service in services:
        service.close()


def names(entities):
    return None if entities is None else sorted(entity.values["name"] for entity in entities)


def test_read_all(shop):
    """Every entity once, decoded by its type, with only what was asked for and the key."""
    service, server = shop(
        [
            {"id": 2, "name": "b", "@odata.etag": 'W/"7"', "@odata.type": "#NS.Special"},
            {"id": 1, "name": None, "more": 1},
        ]
    )

    first, second = sorted(service.entities.read_all("Things", ["name"]), key=lambda entity: entity.key["id"])

    assert (first.key, first.values, first.etag, first.type) == (
        {"id": 1},
        {"id": 1, "name": None},
        None,
        "NS.Thing",
    )
    assert (second.identity, second.values, second.etag, second.type) == (
        (2,),
        {"id": 2, "name": "b"},
        'W/"7"',
        "NS.Special",
    )
    assert server.seen[0].options["$select"] == "id,name"


def test_a_value_of_another_type_stops(shop):
    """An entity that the metadata do not allow is one clear problem."""
    service, _ = shop([{"id": 1, "name": "a", "part": "many"}])

    with pytest.raises(ServiceError) as caught:
        list(service.entities.read_all("Things", ["part"]))

    assert caught.value.problems[0].code == "not-odata"
    assert "part" in caught.value.problems[0].message()


def test_an_entity_without_key_stops(shop):
    """Without keys nothing can be told apart."""
    service, _ = shop([{"id": None, "name": "a"}])

    with pytest.raises(ServiceError):
        list(service.entities.read_all("Things", ["name"]))


def test_a_refused_set_stops(serve):
    """A set that may not be read is the service's own words."""
    server = serve(
        lambda request: Reply(200, METADATA) if request.path == "$metadata" else refusal(400, "nicht so")
    )
    service = open_service("shop", server.root, pause=lambda _: None)

    with pytest.raises(ServiceError) as caught:
        list(service.entities.read_all("Things", ["name"]))
    service.close()

    assert "nicht so" in caught.value.problems[0].message()


@pytest.mark.parametrize(
    ("habits", "operator"),
    [
        ({}, "in"),
        ({"page": 3}, "in"),
        ({"counts": False}, "in"),
        ({"top_max": 0}, "in"),
        ({"refused": frozenset({"in"})}, "or"),
        ({"filters": frozenset({"eq", "gt"})}, "or"),
    ],
)
def test_by_values(shop, habits, operator):
    """Few values are asked for; `in` where it is honoured, else `or`; the question is proved by a value known to exist first."""
    service, server = shop(**habits)

    found = service.entities.by_values("Things", "name", ["Имя 3", "Имя 17", "Имя 3", "nobody"], ["part"])

    assert names(found) == ["Имя 17", "Имя 3"]
    assert {entity.values["part"] for entity in found} == {0, 2}
    asked = server.seen[-1].options["$filter"]
    assert (" in (" in asked) == (operator == "in")


@pytest.mark.parametrize(
    "habits",
    [{"filters": frozenset({"gt"})}, {"refused": frozenset({"in", "eq"})}, {"filters": frozenset()}],
)
def test_a_filter_that_is_not_honoured_is_not_believed(shop, habits):
    """A service that ignores or refuses both forms is read whole instead: nothing counts as not there."""
    service, _ = shop(**habits)

    assert service.entities.by_values("Things", "name", ["nobody"], []) is None
    assert service.entities.by_values("Things", "name", ["nobody"], []) is None
    assert names(service.entities.read_all("Things", ["name"])) == sorted(row["name"] for row in ROWS)


def test_a_row_that_was_not_asked_for(shop):
    """A filter that stops being honoured later is noticed by the rows that come."""
    service, server = shop()
    assert service.entities.by_values("Things", "name", ["Имя 3"], [])
    server.script.filters = frozenset()

    assert service.entities.by_values("Things", "name", ["nobody"], []) is None


@pytest.mark.parametrize("name", ["title", "tags", "Address/City"])
def test_names_the_model_does_not_have_are_not_asked_by(shop, name):
    """An open type answers such a question with "no rows": it is never put (odata-protocol.md §4)."""
    service, server = shop()

    assert service.entities.by_values("Things", name, ["x"], []) is None
    assert server.seen == []


def test_an_empty_set_holds_nothing(shop):
    """In an empty set nothing can prove a question, and nothing is there; what is created later is found."""
    service, _ = shop(rows := [])

    assert service.entities.by_values("Things", "name", ["a", "b"], []) == []
    assert service.entities.by_keys("Things", [{"id": 1}, {"id": 2}], []) == {}
    assert service.entities.one("Things", {"id": 1}, []) is None
    rows.append({"id": 1, "name": "a"})
    assert names(service.entities.by_values("Things", "name", ["a"], [])) == ["a"]


def test_a_property_nobody_fills_proves_nothing(shop):
    """Where no entity has a value in the property the set is read whole."""
    service, _ = shop([{"id": 1, "name": None}, {"id": 2, "name": ""}])

    assert service.entities.by_values("Things", "name", ["a"], []) is None


def test_other_case_is_found_and_not_feared(shop):
    """A collation that ignores case returns more than was asked, and is still a filter."""
    service, server = shop([{"id": 1, "name": "Anna"}, {"id": 2, "name": "Berta"}])
    assert service.entities.by_values("Things", "name", ["Anna"], [])
    server.script = lambda request: answer({"value": [{"id": 1, "name": "Anna"}], "@odata.count": 1})

    assert names(service.entities.by_values("Things", "name", ["ANNA"], [])) == ["Anna"]


def test_reading_whole_is_said_where_it_is_cheaper(shop):
    """Many questions to a small set are not asked: None means, read it whole."""
    service, server = shop()

    assert (
        service.entities.by_values("Things", "name", [f"Имя {n} {'x' * 30}" for n in range(60)], []) is None
    )
    assert server.paths() == ["Things/$count"]


def test_long_lists_are_cut_by_encoded_length(shop):
    """No question is longer than IIS takes until one of that length worked; then they may be longer."""
    service, server = shop([{"id": n, "name": f"Имя {n}", "part": 0} for n in range(6_000)])
    wanted = [f"Имя {n}" for n in range(0, 3_000, 4)]

    found = service.entities.by_values("Things", "name", wanted, [])

    assert names(found) == sorted(wanted)
    lengths = [len(request.url) for request in server.seen if " in (" in request.options.get("$filter", "")]
    assert lengths[1] < 2_048
    assert 2_048 < max(lengths) < 8_000


def test_a_question_too_long_is_halved(shop):
    """A shorter limit than ours is met by halves, down to one value; nothing is lost."""
    service, _ = shop([{"id": n, "name": f"Имя {n}", "part": 0} for n in range(6_000)], max_url=700)
    wanted = [f"Имя {n}" for n in range(60)]

    assert names(service.entities.by_values("Things", "name", wanted, [])) == sorted(wanted)


def test_a_single_value_that_is_refused(shop):
    """A value that cannot be asked for leaves reading the set whole."""
    service, _ = shop(max_url=700)

    assert service.entities.by_values("Things", "name", ["Имя 1", "x" * 900], []) is None
    assert service.entities.by_values("Things", "name", ["y" * 70_000], []) is None


def test_by_keys(shop):
    """Entities by their keys, missing ones left out, in few requests."""
    service, server = shop()

    found = service.entities.by_keys("Things", [{"id": n} for n in (3, 5, 99, 7)], ["name"])

    assert {identity: entity.values["name"] for identity, entity in found.items()} == {
        (3,): "Имя 3",
        (5,): "Имя 5",
        (7,): "Имя 7",
    }
    assert len(server.seen) == 3
    assert service.entities.by_keys("Things", [], []) == {}


def test_by_keys_where_no_filter_is_honoured(shop):
    """Then one by one."""
    service, _ = shop(filters=frozenset())

    assert set(service.entities.by_keys("Things", [{"id": 3}, {"id": 99}], [])) == {(3,)}


def test_by_composite_keys(shop):
    """Keys of several properties are asked for together, nine pairs a question; once it is proved that this is honoured."""
    service, server = shop(
        [{**row, "part": row["id"] % 3} for row in MANY], metadata=PAIRS, key=("part", "id")
    )
    keys = [{"part": 0, "id": 3}, {"part": 1, "id": 3}, *({"part": n % 3, "id": n} for n in range(4, 14))]

    found = service.entities.by_keys("Things", keys, ["name"])

    assert names(found.values()) == sorted(f"Имя {n}" for n in (3, *range(4, 14)))
    filters = [request.options["$filter"] for request in server.seen if "$filter" in request.options]
    assert max(text.count(" eq ") for text in filters) <= 18
    assert not any("(" in path for path in server.paths())


def test_by_composite_keys_where_filters_are_refused(shop):
    """Then by their addresses."""
    service, server = shop(metadata=PAIRS, key=("part", "id"), refused=frozenset({"eq"}))

    found = service.entities.by_keys("Things", [{"part": 0, "id": 3}, {"part": 1, "id": 3}], ["name"])

    assert names(found.values()) == ["Имя 3"]
    assert "Things(part=0,id=3)" in server.paths()


def test_values_of_several_properties(shop):
    """What is recognised by several properties is asked for by pairs; a blank among them cannot be."""
    service, _ = shop()

    found = service.entities.by_tuples("Things", ("name", "part"), [("Имя 4", 1), ("Имя 5", 0)], [])

    assert names(found) == ["Имя 4"]
    assert service.entities.by_tuples("Things", ("name", "part"), [("Имя 4", None)], []) is None


def test_many_questions_travel_in_batches(shop):
    """Where the service has batches, questions to a large set go in few requests; the answers are checked like any others."""
    service, server = shop(MANY, batch="json")
    wanted = [f"Имя {n}" for n in range(0, 3_000, 4)]

    found = service.entities.by_values("Things", "name", [*wanted, "nobody"], [])

    assert names(found) == sorted(wanted)
    assert server.paths().count("$batch") >= 1
    assert len(server.seen) < 8


@pytest.mark.parametrize("batch", [None, "ids", "members"])
def test_a_batch_that_answers_nothing_is_given_up(shop, batch):
    """No batch, members without ids, members that fail: the questions are asked one by one, and nothing is lost."""
    service, server = shop(MANY, batch=batch)
    wanted = [f"Имя {n}" for n in range(0, 1_000, 4)]

    found = service.entities.by_values("Things", "name", wanted, [])

    assert names(found) == sorted(wanted)
    assert 1 <= server.paths().count("$batch") <= 3  # both forms are tried


def test_a_value_too_long_for_an_address_is_asked_in_a_batch(shop):
    """An error with one value is the value's problem: it is asked for in another way, the others are not in doubt."""
    long = {"id": 7_000, "name": "x" * 900, "part": 0}
    service, _ = shop([*MANY, long], max_url=700, batch="json")

    assert names(service.entities.by_values("Things", "name", ["Имя 1", "x" * 900], [])) == [
        "x" * 900,
        "Имя 1",
    ]


def test_a_set_of_unknown_size_is_not_asked_for_ever(shop):
    """Where the service does not count, more than twenty questions are not put: the set is read whole."""
    service, server = shop(MANY, counts=False, filters=frozenset({"eq", "gt"}))

    assert service.entities.by_values("Things", "name", [f"Имя {n}" for n in range(400)], []) is None
    assert len(server.seen) < 12


@pytest.mark.parametrize(
    ("requests", "questions", "size", "whole"),
    [
        (1, 1, 100, False),
        (2, 2, 5_000, True),
        (3, 3, 20_000, False),
        (30, 30, 20_000, True),
        (30, 30, 1_000_000, False),
        (20, 20, None, False),
        (21, 21, None, True),
        (2, 40, 1_000_000, False),
    ],
)
def test_the_cheaper_way_is_taken(requests, questions, size, whole):
    """Small sets are read whole, large ones asked; in between the estimated time decides."""
    assert whole_is_cheaper(requests, questions, size, 1_000) is whole


def test_accents_are_a_collation_not_a_lie(shop):
    """A service that finds Müller for MULLER filters; only a row that has nothing to do with the question is a lie."""
    service, server = shop([{"id": 1, "name": "Müller"}, {"id": 2, "name": "Berta"}])
    assert service.entities.by_values("Things", "name", ["Müller"], [])
    server.script = lambda request: answer({"value": [{"id": 1, "name": "Müller"}], "@odata.count": 1})

    assert names(service.entities.by_values("Things", "name", ["MULLER "], [])) == ["Müller"]


def test_one_is_believed_missing_only_where_addresses_work(shop):
    """A service that answers 404 for every address is asked by a filter, and read whole where that does not work either."""
    service, _ = shop(addresses=False)
    assert service.entities.one("Things", {"id": 3}, ["name"]).values["name"] == "Имя 3"
    assert service.entities.one("Things", {"id": 99}, ["name"]) is None

    blind, _ = shop(addresses=False, filters=frozenset({"gt"}))
    assert blind.entities.one("Things", {"id": 3}, ["name"]).values["name"] == "Имя 3"
    assert blind.entities.one("Things", {"id": 99}, ["name"]) is None


def test_one_with_guids(shop):
    """Guids are compared as such, whatever their case."""
    key = UUID("0a0b0c0d-0000-4000-8000-00000000000f")
    service, server = shop([{"id": str(key), "name": "x"}], metadata=GUIDS)

    assert service.entities.one("Things", {"id": key}, []).key == {"id": key}
    assert service.entities.one("Things", {"id": UUID(int=7)}, []) is None
    server.script = lambda request: answer({"id": str(key).upper(), "name": "x"})
    assert service.entities.one("Things", {"id": key}, []).key == {"id": key}
    assert len(service.entities.by_keys("Things", [{"id": key}], [])) == 1


@pytest.mark.parametrize("reply", [answer({"id": 4, "name": "another"}), answer([1]), Reply(200, b"{")])
def test_another_entity_is_no_answer(shop, reply):
    """Asked for one key and answered another: neither there nor not there, but an error."""
    service, server = shop()
    server.script = lambda request: reply

    with pytest.raises(ServiceError) as caught:
        service.entities.one("Things", {"id": 3}, [])

    assert caught.value.problems[0].code == "not-odata"


def test_one_that_is_refused(shop):
    """A refusal is not an absence."""
    service, server = shop()
    server.script = lambda request: refusal(400, "no")

    with pytest.raises(ServiceError) as caught:
        service.entities.one("Things", {"id": 3}, [])

    assert caught.value.problems[0].code == "service-refused"


def test_one_without_content(shop):
    """204 says that nothing is there."""
    service, server = shop()
    service.entities.one("Things", {"id": 99}, [])
    server.script = lambda request: Reply(204)

    assert service.entities.one("Things", {"id": 3}, []) is None


def test_decode_raw(shop):
    """An entity in the answer to a write is decoded like one that was read."""
    service, _ = shop()

    found = service.entities.decode_raw(
        "Things",
        {"id": 7, "name": "x", "@etag": "e", "@type": "#NS.Special", "extra": "2026-01-02", "odd": 1},
    )

    assert (found.key, found.etag, found.type, set(found.values)) == (
        {"id": 7},
        "e",
        "NS.Special",
        {"id", "name", "extra"},
    )


def test_count(shop):
    """How many there are, if the service says so."""
    assert shop()[0].entities.count("Things") == 40
    assert shop(counts=False)[0].entities.count("Things") is None
