"""Reading, told from the beginning: pages, counts, questions about values, and why no answer is believed at once.

The server here is a shop of things, with the habits of real ones as switches; the details stand in `http/test_collecting.py` and in
`tests/unit/service/test_entities.py`. The last scenes are played against ASP.NET Core OData and SAP CAP themselves.
"""

from collections.abc import Callable, Iterator

import httpx
import pytest
from scripted import METADATA, Reply, Request, Shop, answer

from importer.problems import ServiceError
from importer.service import Service, open_service
from tests.servers import starting

THINGS = [{"id": n, "name": f"thing {n}", "part": n % 4} for n in range(130)]


@pytest.fixture
def shop(serve):
    """Open a shop; gives the service as we know it and the server as it saw us."""
    opened = []

    def start(rows=THINGS, metadata=METADATA, **habits):
        def before(shop: Shop, request: Request) -> Reply | None:
            return Reply(200, metadata) if request.path == "$metadata" else None

        server = serve(Shop(rows, before=before, **habits))
        opened.append(open_service("shop", server.root, pause=lambda _: None))
        server.seen.clear()
        return opened[-1], server

    yield start
    for service in opened:
        service.close()


def read(service: Service) -> list[int]:
    return sorted(entity.key["id"] for entity in service.entities.read_all("Things", ["name"]))


EVERYTHING = list(range(130))


def test_1_only_what_is_needed_is_asked_for(shop):
    """A set is read with its key and the properties that somebody will look at."""
    service, server = shop()
    read(service)

    assert all(request.options["$select"] == "id,name" for request in server.seen)


def test_2_pages_are_walked_by_the_key(shop):
    """An offset slips when others insert and delete; "greater than the last key" does not."""
    service, server = shop(page=50, links="root")

    assert read(service) == EVERYTHING
    assert [request.options.get("$filter") for request in server.seen] == [
        None,
        "id gt 49",
        "id gt 99",
        "id gt 129",
    ]


@pytest.mark.parametrize("links", ["absolute", "root", "request"])
def test_3_where_the_key_does_not_work_the_links_are_followed(shop, links):
    """A service that ignores the filter is read along its next links, however they are written."""
    service, _ = shop(page=50, links=links, filters=frozenset())

    assert read(service) == EVERYTHING


def test_4_and_where_there_are_no_links_rows_are_skipped(shop):
    """The last rung: `$skip`, until nothing new comes."""
    service, server = shop(page=50, links=None, filters=frozenset())

    assert read(service) == EVERYTHING
    assert any("$skip" in request.options for request in server.seen)


def test_5_a_ceiling_of_top_is_learned_from_the_refusal(shop):
    """`The limit of '50' for Top query has been exceeded`: the number is taken, the set is read all the same."""
    service, server = shop(top_max=50)

    assert read(service) == EVERYTHING
    assert [request.options.get("$top") for request in server.seen][:2] == ["1000", "50"]


def test_6_a_short_set_is_never_the_whole(shop):
    """Fifty things came, the service counts 130, and no way leads to the rest: that is an error, not an answer."""
    service, _ = shop(page=50, links=None, filters=frozenset(), skips=False)

    with pytest.raises(ServiceError) as caught:
        read(service)

    assert "130" in caught.value.problems[0].message()


def test_7_a_page_cut_in_the_middle_is_no_page(shop):
    """Half a JSON document is asked for once more; twice in a row it is an error."""
    service, server = shop()
    good, replies = server.script, iter([Reply(200, b'{"value":[{"id":1,'), None])
    server.script = lambda request: next(replies, None) or good(request)
    assert read(service) == EVERYTHING

    server.script = lambda request: Reply(200, b'{"value":[{"id":1,')
    with pytest.raises(ServiceError):
        read(service)


def test_8_a_circle_of_links_ends(shop):
    """A next link that leads back is followed once."""
    service, server = shop(filters=frozenset())
    server.script = lambda request: answer(
        {"value": THINGS[:2], "@odata.count": 5, "@odata.nextLink": "Things?$skiptoken=1"}
    )

    with pytest.raises(ServiceError):
        read(service)
    assert len(server.seen) < 20


def test_9_what_is_not_there_is_believed_only_after_a_proof(shop):
    """First the service must find a thing that is there, and only that; then "no rows" means "not there"."""
    service, server = shop()

    assert service.entities.by_values("Things", "name", ["nothing of the kind"], []) == []
    asked = [request.options.get("$filter", "") for request in server.seen]
    assert "thing" in asked[1]
    assert asked[2] == "name in ('nothing of the kind')"


def test_10_a_filter_that_is_ignored_proves_nothing(shop):
    """All rows for any question: then the set is read and looked through here."""
    service, _ = shop(filters=frozenset({"gt"}))

    assert service.entities.by_values("Things", "name", ["nothing of the kind"], []) is None


def test_11_a_name_that_the_model_does_not_have_is_never_asked_by(shop):
    """An open type answers a misspelled property with "no rows", and that looks like "nobody has it"."""
    service, server = shop()

    assert service.entities.by_values("Things", "nmae", ["thing 1"], []) is None
    assert server.seen == []


def test_12_an_address_too_long_is_halved(shop):
    """Somebody between us and the service allows fewer bytes than any of our guesses."""
    rows = [{"id": n, "name": f"a thing with a long name, number {n}", "part": 0} for n in range(6_000)]
    service, _ = shop(rows, max_url=600)
    wanted = [row["name"] for row in rows[::150]]

    assert len(service.entities.by_values("Things", "name", wanted, [])) == len(wanted)


@pytest.fixture(
    params=[
        {},
        {"TOP_MAX": 50},
        {"PAGE": 7},
        {"SHUFFLE": 1, "PAGE": 9},
        {"STABLE": 1, "PAGE": 9},
        {"BATCH": 0},
    ]
)
def aspnetcore(request) -> Iterator[str]:
    """The target's own stack, with one habit after the other."""
    starting.need_aspnetcore()
    with starting.aspnetcore(**request.param) as url:
        yield url


@pytest.mark.aspnetcore
def test_13_the_target_itself(aspnetcore: str) -> None:
    """ASP.NET Core OData: everything is read, and found by name, by key, and by several together."""
    _lives_on(
        aspnetcore, "Departments", make=lambda n: {"name": f"Отдел «{n}», д'Артаньян & Ко", "code": f"D{n}"}
    )


@pytest.mark.cap
def test_14_a_server_of_another_house() -> None:
    """SAP CAP: the same promises."""
    starting.need_cap()
    with starting.cap() as url:
        _lives_on(
            url, "Departments", make=lambda n: {"name": f"Отдел «{n}», д'Артаньян & Ко", "code": f"D{n}"}
        )


def _lives_on(url: str, entity_set: str, make: Callable[[int], dict[str, str]]) -> None:
    made = [make(n) for n in range(60)]
    with httpx.Client(trust_env=False) as client:
        for item in made:
            assert client.post(f"{url}/{entity_set}", json=item).status_code == 201
    service = open_service("there", url, pause=lambda _: None)
    try:
        everything = list(service.entities.read_all(entity_set, ["name", "code"]))
        names = [item["name"] for item in made]
        found = {entity.values["name"] for entity in everything}
        keys = [entity.key for entity in everything]
        by_key = service.entities.by_keys(entity_set, keys, ["code"])
        by_name = service.entities.by_values(entity_set, "name", [*names[:3], "Нет такого"], ["code"])
        both = service.entities.by_tuples(
            entity_set, ("name", "code"), [(names[5], "D5"), (names[6], "D5")], []
        )

        assert found >= set(names)
        assert len({entity.identity for entity in everything}) == len(everything)
        assert set(by_key) == {entity.identity for entity in everything}
        assert by_name is None or {entity.values["name"] for entity in by_name} == set(names[:3])
        assert both is None or [entity.values["code"] for entity in both] == ["D5"]
    finally:
        service.close()
