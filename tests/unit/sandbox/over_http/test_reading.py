"""What a client may ask of the sandbox, and what it answers."""

from urllib.parse import quote
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sandbox_clients import opened, said

IDS = [str(UUID(int=n)) for n in range(1, 6)]
THINGS = [
    {
        "id": IDS[0],
        "name": "O'Brien",
        "size": 1,
        "rate": 1.10,
        "since": "2026-01-31",
        "at": "2026-01-31T12:00:00+03:00",
        "on": True,
        "kind": "Large",
        "tags": ["a"],
    },
    {
        "id": IDS[1],
        "name": "Ёж, (и) уж / 50%+",
        "size": 2,
        "rate": 2,
        "since": "2026-02-28",
        "at": "2026-01-31T09:00:00.5Z",
        "address": {"city": "Омск", "flat": 7},
        "upId": IDS[0],
    },
    {
        "id": IDS[2],
        "name": "ёж",
        "size": 30,
        "rate": 30.5,
        "since": "2025-12-31",
        "upId": IDS[0],
        "span": "PT8H",
        "clock": "09:30:00",
        "small": 255,
        "weight": 0.5,
    },
    {"id": IDS[3], "name": "b", "size": -4, "upId": IDS[1]},
    {"id": IDS[4], "size": None},
]


@pytest.fixture(scope="module")
def service(plain):
    with opened(plain) as client:
        for thing in THINGS:
            assert client.post("Things", thing).status_code == 201
        for number in range(1, 13):
            assert client.post("Numbers", {"id": number, "name": f"n{number}"}).status_code == 201
        yield client


def numbers(client, **options):
    answer = client.ask("Things", **options)
    assert answer.status_code == 200, answer.text
    return sorted(IDS.index(item["id"]) for item in answer.json()["value"])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("name eq 'O''Brien'", [0]),
        ("name eq 'Ёж, (и) уж / 50%+'", [1]),
        ("name eq 'ёж'", [2]),
        ("name eq null", [4]),
        ("name ne null", [0, 1, 2, 3]),
        ("size eq 30", [2]),
        ("size gt 1", [1, 2]),
        ("size ge 1", [0, 1, 2]),
        ("size lt 1", [3]),
        ("size le -4", [3]),
        ("rate eq 1.1", [0]),
        ("rate gt 1.10", [1, 2]),
        ("since eq 2026-01-31", [0]),
        ("since lt 2026-01-31", [2]),
        ("at eq 2026-01-31T09:00:00Z", [0]),
        ("at gt 2026-01-31T12:00:00+03:00", [1]),
        ("on eq true", [0]),
        ("on eq false", [1, 2, 3, 4]),
        ("kind eq N.Kind'Large'", [0]),
        (f"id eq {IDS[2]}", [2]),
        (f"id gt {IDS[2]}", [3, 4]),
        ("name in ('b','ёж')", [2, 3]),
        ("name in ('b')", [3]),
        ("name in ()", []),
        ("size in (1,2,99)", [0, 1]),
        (f"id in ({IDS[0]},{IDS[4]})", [0, 4]),
        ("rate in (1.1,2)", [0, 1]),
        ("size eq 1 or size eq 2", [0, 1]),
        ("size gt 0 and size lt 30", [0, 1]),
        ("not (size eq 1)", [1, 2, 3, 4]),
        ("size eq 1 or size eq 2 and name eq 'x'", [0]),
        ("contains(name,'ж')", [1, 2]),
        ("startswith(name,'O''')", [0]),
        ("endswith(name,'%+')", [1]),
        ("tolower(name) eq 'o''brien'", [0]),
        ("toupper(name) eq 'ЁЖ'", [2]),
        ("length(name) eq 1", [3]),
        ("year(since) eq 2026", [0, 1]),
        ("month(since) eq 12", [2]),
        ("day(since) eq 31", [0, 2]),
        ("trim(name) eq 'b'", [3]),
        ("concat(name,'x') eq 'bx'", [3]),
        ("indexof(name,'ж') eq 1", [1, 2]),
        ("up/name eq 'O''Brien'", [1, 2]),
        ("up/up/name eq 'O''Brien'", [3]),
        ("address/city eq 'Омск'", [1]),
        ("size add 1 eq 2", [0]),
        ("size sub 1 eq 1", [1]),
        ("size mul 2 eq 60", [2]),
    ],
)
def test_filter(service, asked, found):
    """Filters mean what the specification says."""
    assert numbers(service, filter=asked) == found


@pytest.mark.parametrize(
    "asked",
    [
        "nobody eq 1",
        "name eq",
        "name eq 'x",
        "up/nobody eq 1",
        "nobody/name eq 1",
        "nope(name) eq 1",
        "(((",
        "name eq 'a' name",
        "contains(name)",
        "tolower(size) eq 'x'",
        "since eq 2026-02-30",
        "at eq yesterday",
        "size has 5",
        "size eq 'x' and",
        "$filter",
        "name gt size mul 'x'",
        "in",
        "id eq 5-5",
    ],
)
def test_a_wrong_filter(service, asked):
    """A filter that cannot be understood is a 400 with a reason, never a list of everything."""
    answer = service.ask("Things", filter=asked)

    assert answer.status_code == 400, answer.text
    assert said(answer)


def test_node_limit(service):
    """Twenty comparisons pass, a hundred do not; `in` counts once whatever its length."""
    assert numbers(service, filter=" or ".join(f"size eq {n}" for n in range(14))) == [0, 1]
    assert service.ask("Things", filter=" or ".join(f"size eq {n}" for n in range(60))).status_code == 400
    assert numbers(service, filter=f"size in ({','.join(map(str, range(500)))})") == [0, 1, 2]


def test_order_and_slices(service):
    """`$orderby`, `$top` and `$skip`; nulls come first."""

    def order(**options):
        return [IDS.index(item["id"]) for item in service.ask("Things", **options).json()["value"]]

    assert order(orderby="size") == [4, 3, 0, 1, 2]
    assert order(orderby="size desc") == [2, 1, 0, 3, 4]
    assert order(orderby="on desc,size desc") == [0, 2, 1, 3, 4]
    assert order(orderby="size", top=2, skip=1) == [3, 0]
    assert order(orderby="id", top=0) == []
    assert order(orderby="id", skip=3) == [3, 4]


def test_keyset(service):
    """Keyset paging reads everything once, also where keys are numbers."""
    for name, key, literal in (("Things", "id", str), ("Numbers", "id", str)):
        seen, last = [], None
        while True:
            options = {"orderby": key, "top": 4} | (
                {"filter": f"{key} gt {literal(last)}"} if last is not None else {}
            )
            page = service.ask(name, **options).json()["value"]
            if not page:
                break
            seen += [item[key] for item in page]
            last = seen[-1]
        assert seen == sorted(seen)
        assert len(seen) == {"Things": 5, "Numbers": 12}[name]


def test_select_and_count(service):
    """Only what is selected comes; the count is of all that match."""
    answer = service.ask("Things", select="id,name", filter="size gt 0", count="true", top=1).json()

    assert answer["@odata.count"] == 3
    assert len(answer["value"]) == 1
    assert answer["value"][0].keys() == {"id", "name"}
    assert service.ask("Things/$count").text == "5"
    assert service.ask("Things/$count", filter="size gt 0").text == "3"
    assert service.ask("Things", orderby="id", count="true", top=1).json()["@odata.count"] == 5
    assert service.ask("Things", select="*", top=1).json()["value"][0].keys() > {"id", "name", "size"}


def test_expand_and_navigate(service):
    """References can be followed and expanded, both ways."""
    answer = service.ask("Things", expand="up,parts", orderby="id").json()["value"]

    assert answer[0]["up"] is None
    assert answer[1]["up"]["name"] == "O'Brien"
    assert sorted(item["id"] for item in answer[0]["parts"]) == IDS[1:3]
    assert service.ask(f"Things({IDS[1]})/up").json()["id"] == IDS[0]
    assert service.ask(f"Things({IDS[0]})/up").status_code == 204
    assert {item["id"] for item in service.ask(f"Things({IDS[0]})/parts").json()["value"]} == set(IDS[1:3])
    assert service.ask(f"Things({IDS[0]})", expand="parts").json()["parts"]


def test_one(service):
    """An entity as it was sent: numbers with their digits, instants in UTC, defaults of .NET."""
    answer = service.ask(f"Things({IDS[0]})")

    assert answer.headers["odata-version"] == "4.0"
    assert b'"rate":1.1' in answer.content
    assert answer.json()["at"].startswith("2026-01-31T09:00:00")
    assert (answer.json()["kind"], answer.json()["size"], answer.json()["tags"]) == ("Large", 1, ["a"])
    assert service.ask(f"Things({IDS[4]})").json()["kind"] == "Small"
    assert service.ask(f"Things({IDS[1]})", select="address").json()["address"] == {"city": "Омск", "flat": 7}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("Nobody", 404),
        (f"Things({UUID(int=99)})", 404),
        ("Things(5)", 400),
        ("Things('x')", 400),
        (f"Things({IDS[0]})/nobody", 404),
        (f"Things({IDS[0]})/up/up", 404),
        ("Numbers(99)", 404),
        ("Numbers(x)", 400),
        ("Words('x')", 404),
        ("Words(x)", 400),
        ("Rates(code='x')", 400),
        ("Things/nobody", 404),
        ("Numbers(id=1)", 200),
        ("Numbers(1)", 200),
    ],
)
def test_addresses(service, path, status):
    """What is not there is a 404, what is no key of the type a 400."""
    assert service.ask(path).status_code == status


@pytest.mark.parametrize(
    "options",
    [
        {"apply": "x"},
        {"search": "x"},
        {"select": "nobody"},
        {"orderby": "nobody"},
        {"orderby": "name up"},
        {"expand": "nobody"},
        {"top": "-1"},
        {"top": "x"},
        {"skip": "x"},
        {"count": "maybe"},
    ],
)
def test_wrong_options(service, options):
    """An option that is not there, or names what is not there, is a 400."""
    assert service.ask("Things", **options).status_code == 400


def test_documents(service):
    """The service document and the metadata are where they belong; nothing stands elsewhere."""
    assert [item["url"] for item in service.ask("").json()["value"]] == [
        "Things",
        "Words",
        "Numbers",
        "Rates",
    ]
    assert service.ask("$metadata").content.startswith(b"<edmx:Edmx")
    assert service.http.get(service.there.url.removesuffix("/odata") + "/elsewhere").status_code == 404
    assert service.http.put(f"{service.there.url}/Things", json={}).status_code == 405
    assert service.http.get(f"{service.there.url}/$batch").status_code == 405


def test_without_order_there_is_none(service):
    """Lists without `$orderby` come in any order: who relies on one finds out."""
    orders = {tuple(service.names("Numbers")) for _ in range(10)}

    assert len(orders) > 1
    assert {tuple(sorted(order)) for order in orders} == {tuple(sorted(f"n{n}" for n in range(1, 13)))}


words = st.sampled_from(
    [
        "name",
        "size",
        "'x'",
        "1",
        "eq",
        "gt",
        "in",
        "(",
        ")",
        ",",
        "and",
        "or",
        "not",
        "null",
        "true",
        "up/name",
        "contains",
        "any",
        "tags",
        ":",
        "t",
        "/",
        "-",
        "2026-01-31",
        "has",
        "div",
        "mod",
        "cast",
        "@p",
    ]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(words, max_size=8).map(" ".join) | st.text(max_size=15))
def test_any_filter(service, text):
    """Whatever is asked: an answer or a 400, never a crash."""
    assert service.ask("Things", filter=text).status_code in (200, 400)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["Things", "Words", "Rates", "Numbers", ""]), st.text("()'/,=ab5 %", max_size=10))
def test_any_path(service, name, rest):
    """Whatever is addressed: never a crash."""
    assert service.ask(name + quote(rest)).status_code in (200, 204, 400, 404)
