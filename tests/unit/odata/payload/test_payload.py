"""Values in JSON bodies, both ways and exactly; and as forgiving as servers make it necessary."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.odata.csdl import read_metadata
from importer.odata.edm.exact import ExactMoment
from importer.odata.payload import Page, decode, encode, entity_decoder, parse_json, read_page, to_json
from importer.odata.payload.decoding import NotDecodable
from importer.odata.payload.pages import control
from importer.odata.payload.quick import quick_page_reader

MODEL = read_metadata(
    b"""<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="N" xmlns="http://docs.oasis-open.org/odata/ns/edm">
 <TypeDefinition Name="Money" UnderlyingType="Edm.Decimal"/><EnumType Name="Mode"><Member Name="Manual"/><Member Name="Auto"/></EnumType>
 <ComplexType Name="Address"><Property Name="city" Type="Edm.String"/><Property Name="since" Type="Edm.Date"/><Property Name="inner" Type="N.Address"/></ComplexType>
 <EntityType Name="It"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid"/><Property Name="rate" Type="N.Money"/>
  <Property Name="mode" Type="N.Mode"/><Property Name="address" Type="N.Address"/><Property Name="tags" Type="Collection(Edm.String)"/></EntityType>
</Schema></edmx:DataServices></edmx:Edmx>""",
    "$metadata",
)
NINE = datetime(2026, 1, 31, 9, tzinfo=UTC)
decimals = st.decimals(allow_nan=False, allow_infinity=False)
VALUES = {
    "Edm.String": st.text(),
    "Edm.Boolean": st.booleans(),
    "Edm.Byte": st.integers(0, 255),
    "Edm.Int64": st.integers(-(2**63), 2**63 - 1),
    "Edm.Decimal": decimals,
    "N.Money": decimals,
    "Edm.Double": st.floats(allow_nan=False),
    "Edm.Single": st.floats(width=32, allow_nan=False),
    "Edm.Guid": st.uuids(),
    "Edm.Date": st.dates(),
    "Edm.DateTimeOffset": st.datetimes(timezones=st.just(UTC)),
    "Edm.TimeOfDay": st.times(),
    "Edm.Duration": st.timedeltas(),
    "Edm.Binary": st.binary(),
    "N.Mode": st.sampled_from(["Manual", "Auto", "Manual,Auto"]),
    "N.Address": st.fixed_dictionaries({"city": st.none() | st.text(), "since": st.dates()}),
}


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_there_and_back(kind, data):
    """What is written is what is read, for every type, alone, as null and in collections."""
    value, many = data.draw(VALUES[kind]), data.draw(st.lists(VALUES[kind], max_size=3))

    assert decode(parse_json(to_json(encode(value))), kind, MODEL) == value
    assert decode(parse_json(to_json(encode(tuple(many)))), kind, MODEL, collection=True) == tuple(many)
    assert decode(parse_json(to_json(encode(None))), kind, MODEL) is None


@pytest.mark.parametrize(
    ("value", "body"),
    [
        (Decimal("12345678901234.56789012345678901"), b"12345678901234.56789012345678901"),
        (Decimal("1.10"), b"1.10"),
        (0.1, b"0.1"),
        (float("inf"), b'"INF"'),
        (float("-inf"), b'"-INF"'),
        (float("nan"), b'"NaN"'),
        (True, b"true"),
        (None, b"null"),
        (2**63 - 1, b"9223372036854775807"),
        (NINE, b'"2026-01-31T09:00:00Z"'),
        (NINE.astimezone(timezone(timedelta(hours=3))), b'"2026-01-31T09:00:00Z"'),
        (date(2026, 1, 31), b'"2026-01-31"'),
        (time(9, 30), b'"09:30:00"'),
        (timedelta(hours=8), b'"PT8H"'),
        (b"\xfb\xff", b'"-_8="'),
        (UUID(int=10), b'"00000000-0000-0000-0000-00000000000a"'),
        (({"a": Decimal("1.0")}, {}), b'[{"a":1.0},{}]'),
        ('\u0401"\\\n\U0001f600', '"Ё\\"\\\\\\n😀"'.encode()),
    ],
)
def test_bytes(value, body):
    """Each value has exactly one text; Decimals keep all their digits and never pass through floats."""
    assert to_json(encode(value)) == body


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("Edm.Int32", "8", 8),
        ("Edm.Int64", '"9007199254740993"', 9007199254740993),
        ("Edm.Int32", "8.0", 8),
        ("Edm.Int32", "8e2", 800),
        ("Edm.Decimal", '"1.50"', Decimal("1.50")),
        ("Edm.Decimal", "5", Decimal(5)),
        ("Edm.Decimal", "1E+3", Decimal(1000)),
        ("Edm.Double", "1", 1.0),
        ("Edm.Double", '"INF"', float("inf")),
        ("Edm.Double", '"-INF"', float("-inf")),
        ("Edm.Double", '"1.5"', 1.5),
        ("Edm.Boolean", '"true"', True),
        ("Edm.Boolean", '"false"', False),
        ("Edm.String", "5", "5"),
        ("Edm.String", "true", "true"),
        ("Edm.Guid", '"4D1A525F-3ABC-4871-A64A-349C1DD3CABF"', UUID("4d1a525f-3abc-4871-a64a-349c1dd3cabf")),
        ("Edm.Date", '"2026-01-31T00:00:00Z"', date(2026, 1, 31)),
        ("Edm.Date", '"2026-01-31T00:00:00+03:00"', date(2026, 1, 31)),
        (
            "Edm.DateTimeOffset",
            '"2026-01-31T12:00:00.1234567+03:00"',
            ExactMoment.of(NINE.replace(microsecond=123456), "7"),
        ),
        ("Edm.DateTimeOffset", '"2026-01-31T09:00Z"', NINE),
        ("Edm.DateTimeOffset", '"2026-01-31T09:00:00"', NINE),
        ("Edm.DateTimeOffset", '"2026-01-31"', NINE.replace(hour=0)),
        ("Edm.DateTimeOffset", '"0001-01-01T00:00:00+03:00"', datetime(1, 1, 1, tzinfo=UTC)),
        ("Edm.TimeOfDay", '"09:30:00.0000000"', time(9, 30)),
        ("Edm.TimeOfDay", '"09:30"', time(9, 30)),
        ("Edm.Duration", '"-P1DT2H3M4.5S"', -timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("Edm.Duration", '"PT36H"', timedelta(hours=36)),
        ("Edm.Binary", '"+/8="', b"\xfb\xff"),
        ("Edm.Binary", '"-_8"', b"\xfb\xff"),
        ("Edm.Binary", '""', b""),
        ("N.Mode", '"Manual"', "Manual"),
        ("N.Mode", "1", "Auto"),
        ("N.Mode", '"1"', "Auto"),
        ("N.Mode", "7", "7"),
        ("N.Unknown", '{"@odata.type":"#N.X","a":1}', {"a": 1}),
        ("N.Address", '{"city":"Омск","undeclared":1,"@odata.type":"#N.Address"}', {"city": "Омск"}),
    ],
)
def test_what_servers_write(kind, written, value):
    """Numbers as texts, seven digits of a second, midnight for a day, other alphabets of base64: understood."""
    found = decode(parse_json(written.encode()), kind, MODEL)

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("Edm.Int32", "8.5"),
        ("Edm.Int32", "true"),
        ("Edm.Int32", '"x"'),
        ("Edm.Int32", "[]"),
        ("Edm.Int32", "1e999999999"),
        ("Edm.Int32", '"Infinity"'),
        ("Edm.Decimal", "true"),
        ("Edm.Decimal", '"NaN"'),
        ("Edm.Decimal", '"x"'),
        ("Edm.Decimal", "{}"),
        ("Edm.Double", "true"),
        ("Edm.Double", '"x"'),
        ("Edm.Double", "[]"),
        ("Edm.Boolean", '"yes"'),
        ("Edm.Boolean", "1"),
        ("Edm.Guid", '"x"'),
        ("Edm.Guid", "5"),
        ("Edm.Date", '"31.01.2026"'),
        ("Edm.Date", '"2026-01-31T09:00:00Z"'),
        ("Edm.Date", '"2026-02-30"'),
        ("Edm.Date", "5"),
        ("Edm.DateTimeOffset", '"yesterday"'),
        ("Edm.DateTimeOffset", '"2026-02-30T00:00:00Z"'),
        ("Edm.DateTimeOffset", "5"),
        ("Edm.TimeOfDay", '"25:00:00"'),
        ("Edm.TimeOfDay", "5"),
        ("Edm.TimeOfDay", '"09:30:00.x"'),
        ("Edm.Duration", '"P"'),
        ("Edm.Duration", '"PT"'),
        ("Edm.Duration", '"-PT"'),
        ("Edm.Duration", '"P1Y"'),
        ("Edm.Duration", '"P99999999999D"'),
        ("Edm.Duration", "5"),
        ("Edm.Binary", '"?"'),
        ("Edm.Binary", "5"),
        ("Edm.Binary", '"a"'),
        ("Edm.Binary", '"Ё"'),
        ("N.Address", '"Омск"'),
        ("N.Address", '{"since":"x"}'),
        ("N.Mode", "{}"),
    ],
)
def test_what_nobody_can_read(kind, written):
    """A value that is not of its type is told as such, never guessed and never a crash."""
    with pytest.raises(NotDecodable):
        decode(parse_json(written.encode()), kind, MODEL)


def test_collections():
    """A collection is a list; one wrong item spoils it."""
    assert decode([1, None], "Edm.Int32", MODEL, collection=True) == (1, None)
    for wrong in (5, "x", {}, ["x"]):
        with pytest.raises(NotDecodable):
            decode(wrong, "Edm.Int32", MODEL, collection=True)


def test_entities():
    """Declared properties are read; control information and undeclared ones are left out; a mistake names its property."""
    raw = parse_json(
        b'{"@odata.etag":"W/1","id":"4d1a525f-3abc-4871-a64a-349c1dd3cabf","rate":"1.5","tags":["a"],"address":null,"other":1}'
    )

    read = entity_decoder(MODEL, "N.It", raw)
    assert read(raw) == {
        "id": UUID("4d1a525f-3abc-4871-a64a-349c1dd3cabf"),
        "rate": Decimal("1.5"),
        "tags": ("a",),
        "address": None,
    }
    with pytest.raises(NotDecodable, match=r"^address: since: 'x' is no Edm.Date$"):
        read({"address": {"since": "x"}})
    assert entity_decoder(MODEL, "N.It", ["rate", "other"])(raw) == {"rate": Decimal("1.5")}


@given(
    values=st.lists(
        st.sampled_from(
            [
                None,
                "",
                "a",
                "1.5",
                1,
                Decimal("2.50"),
                True,
                "4d1a525f-3abc-4871-a64a-349c1dd3cabf",
                ["a"],
                {},
            ]
        ),
        max_size=6,
    )
)
def test_entities_like_their_values(values):
    """A decoder that is used again and again says of each value what is said of it alone."""
    for name, declared in MODEL.properties_of("N.It").items():
        read = entity_decoder(MODEL, "N.It", [name])
        for value in values:
            try:
                expected = decode(value, declared.type, MODEL, collection=declared.collection)
            except NotDecodable as error:
                with pytest.raises(NotDecodable, match=re.escape(f"{name}: {error}")):
                    read({name: value})
            else:
                assert read({name: value}) == {name: expected}


SENT = st.sampled_from(
    [
        None,
        "",
        "a",
        "1.5",
        "2026-01-31",
        "2026-01-31T00:00:00Z",
        "Auto",
        1,
        2.5,
        True,
        "4d1a525f-3abc-4871-a64a-349c1dd3cabf",
        "4D1A525F3ABC4871A64A349C1DD3CABF",
        ["a"],
        [None],
        {},
        {"since": "2026-01-31"},
        {"since": 1},
    ]
)


@given(
    entities=st.lists(
        st.dictionaries(
            st.sampled_from(
                ["id", "rate", "mode", "tags", "address", "other", "@odata.etag", "@etag", "@odata.type"]
            ),
            SENT,
        ),
        max_size=3,
    ),
    outer=st.fixed_dictionaries(
        {}, optional={"@odata.count": SENT, "@nextLink": st.sampled_from(["", "x"]), "more": SENT}
    ),
    bom=st.booleans(),
)
def test_the_quick_way_is_the_forgiving_one(entities, outer, bom):
    """A page read in one pass holds what is read entity by entity; what it does not understand it leaves alone."""
    body = b"\xef\xbb\xbf" * bom + json.dumps({"value": entities, **outer}).encode()
    names = ["id", "rate", "mode", "tags", "address"]
    quick = quick_page_reader(MODEL, "N.It", names)(body)
    read = entity_decoder(MODEL, "N.It", names)

    if quick is not None:
        slow = read_page(body)
        assert (quick.next_link, quick.count) == (slow.next_link, slow.count)
        etags = [values.pop("@odata.etag", None) for values in quick.entities]
        assert quick.entities == [read(raw) for raw in slow.entities]
        assert [repr(values) for values in etags] == [repr(control(raw, "etag")) for raw in slow.entities]


def test_names_in_any_alphabet():
    """Properties of services in Russian are read like all others."""
    model = read_metadata(
        """<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="N" xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="Лицо"><Key><PropertyRef Name="Код"/></Key>
<Property Name="Код" Type="Edm.String"/><Property Name="name" Type="Edm.String"/></EntityType></Schema></edmx:DataServices></edmx:Edmx>""".encode(),
        "m.xml",
    )
    body = '{"value":[{"Код":"1","name":"x"}]}'.encode()

    quick = quick_page_reader(model, "N.Лицо", ["Код", "name"])(body)
    plain = quick_page_reader(model, "N.Лицо", ["name"])(body)

    assert quick is None or quick.entities == [{"Код": "1", "name": "x"}]
    assert plain is not None
    assert plain.entities == [{"name": "x"}]


def test_pages_as_promised_are_read_the_quick_way():
    """What standard services send needs no second look; a derived type, or anything that is no page, does."""
    read = quick_page_reader(MODEL, "N.It", ["id", "rate", "mode"])
    page = b'{"@odata.context":"x","@odata.nextLink":"y","value":[{"@odata.etag":"W/1","id":"4d1a525f-3abc-4871-a64a-349c1dd3cabf","rate":1.50}]}'

    found = read(page)

    assert found is not None
    assert found.next_link == "y"
    assert found.entities == [
        {"@odata.etag": "W/1", "id": UUID("4d1a525f-3abc-4871-a64a-349c1dd3cabf"), "rate": Decimal("1.50")}
    ]
    assert str(found.entities[0]["rate"]) == "1.50"
    for other in (
        b'{"value":[{"@odata.type":"#N.Part","id":null}]}',
        b"{}",
        b'{"value":{}}',
        b'{"value":[1]}',
        b"<html>",
        page[:-5],
    ):
        assert read(other) is None


def nested(depth):
    return b'{"inner":' * depth + b"{}" + b"}" * depth


@pytest.mark.parametrize("depth", [10, 300, 900, 100_000])
def test_depth(depth):
    """An entity nested without end is refused, not a crash."""
    try:
        found = decode(parse_json(nested(depth)), "N.Address", MODEL)
    except ValueError:
        assert depth > 10
    else:
        assert found["inner"]


def test_pages():
    """A page has its entities, its next link and its count, in either version's spelling."""
    assert read_page(b'{"value":[]}') == Page([], None, None)
    assert read_page(b'\xef\xbb\xbf{"@odata.count":5,"value":[{"a":1}],"@odata.nextLink":"x?y"}') == Page(
        [{"a": 1}], "x?y", 5
    )
    assert read_page(b'{"@count":"5","@nextLink":"x","value":[]}') == Page([], "x", 5)
    assert read_page(b'{"@odata.count":true,"value":[],"@nextLink":""}') == Page([], None, None)
    assert read_page(b'{"@odata.count":"many","value":[]}').count is None
    assert read_page(b'{"@odata.count":3.0,"value":[]}').count == 3
    assert read_page(b'{"@odata.count":1e999999999,"value":[]}').count is None
    assert read_page(b'{"@odata.count":2.5,"value":[]}').count is None
    assert control({"@odata.count": 0, "@count": 1}, "count") == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b'{"value":{}}',
        b'{"value":[1]}',
        b"<html>",
        b'{"value":["\xff"]}',
        b"[" * 100_000,
        b'{"value":[NaN]}',
    ],
)
def test_no_page(body):
    """What is no collection of entities is told as such."""
    with pytest.raises(ValueError, match=r"."):
        read_page(body)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
    | st.sampled_from(["1e99", "P1D", "Infinity", "2026-01-31"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["city", "inner", "x", "@a"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(json_values, st.sampled_from([*VALUES, "Edm.Stream", "N.Gone"]), st.booleans())
def test_any_json(value, kind, collection):
    """Whatever a service sends for a property: a value or NotDecodable."""
    try:
        decode(parse_json(json.dumps(value).encode()), kind, MODEL, collection=collection)
    except NotDecodable as error:
        assert str(error)  # noqa: PT017 - the only exception there may be
