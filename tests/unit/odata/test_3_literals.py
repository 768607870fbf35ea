"""Chapter 3: literals, keys, URLs, payloads.

What goes into a URL must be what the OASIS grammar allows, and what comes back must be the value that went out: to the last digit,
whatever signs a key is made of. What servers write in their own way is read all the same; what is no value is refused.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.odata.csdl import read_metadata
from importer.odata.edm import equal
from importer.odata.edm.exact import ExactDuration, ExactMoment, ExactTime, Verbatim
from importer.odata.edm.primitives import EdmValue
from importer.odata.payload import (
    decode,
    encode,
    encode_as,
    entity_decoder,
    parse_json,
    read_error,
    read_page,
    to_json,
)
from importer.odata.url.literals import encoded, read_literal, write_literal
from importer.odata.url.paths import entity_path, parse_alternate_key, parse_key_predicate

# Productions of the OData ABNF (odata-abnf-construction-rules 4.01, "Literal Data Values"), as regular expressions.
YEAR = r"-?(?:0\d{3}|[1-9]\d{3,})"
DAY = rf"{YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,12})?)?"
NUMBER = r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
DURATION = r"[+-]?P(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
BASE64 = r"(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048]=?|[A-Za-z0-9_-][AQgw](?:==)?)?"
ABNF = {
    "Edm.String": r"'(?:[^']|'')*'",
    "Edm.Boolean": r"(?i:true|false)",
    "Edm.Byte": r"\d{1,3}",
    "Edm.SByte": r"[+-]?\d{1,3}",
    "Edm.Int16": r"[+-]?\d{1,5}",
    "Edm.Int32": r"[+-]?\d{1,10}",
    "Edm.Int64": r"[+-]?\d{1,19}",
    "Edm.Decimal": NUMBER,
    "Edm.Single": rf"{NUMBER}|NaN|-?INF",
    "Edm.Double": rf"{NUMBER}|NaN|-?INF",
    "Edm.Guid": r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    "Edm.Date": DAY,
    "Edm.DateTimeOffset": rf"{DAY}T{CLOCK}(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    "Edm.TimeOfDay": CLOCK,
    "Edm.Duration": rf"duration'{DURATION}'",
    "Edm.Binary": rf"binary'{BASE64}'",
}

fractions = st.from_regex(r"[0-9]{1,6}", fullmatch=True)
VALUES: dict[str, st.SearchStrategy[EdmValue]] = {
    "Edm.String": st.text(),
    "Edm.Boolean": st.booleans(),
    "Edm.Byte": st.integers(0, 255),
    "Edm.SByte": st.integers(-128, 127),
    "Edm.Int16": st.integers(-(2**15), 2**15 - 1),
    "Edm.Int32": st.integers(-(2**31), 2**31 - 1),
    "Edm.Int64": st.integers(-(2**63), 2**63 - 1),
    "Edm.Decimal": st.decimals(allow_nan=False, allow_infinity=False),
    "Edm.Single": st.floats(width=32, allow_nan=False),
    "Edm.Double": st.floats(allow_nan=False),
    "Edm.Guid": st.uuids(),
    "Edm.Date": st.dates(),
    "Edm.DateTimeOffset": st.builds(ExactMoment.of, st.datetimes(timezones=st.just(UTC)), fractions),
    "Edm.TimeOfDay": st.builds(ExactTime.of, st.times(), fractions),
    "Edm.Duration": st.timedeltas(),
    "Edm.Binary": st.binary(),
}
DOCUMENT = """<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="N" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EnumType Name="Colour" IsFlags="true"><Member Name="Red" Value="1"/><Member Name="Green" Value="2"/><Member Name="Blue" Value="4"/></EnumType>
<TypeDefinition Name="Money" UnderlyingType="Edm.Decimal"/>
<ComplexType Name="Address"><Property Name="city" Type="Edm.String"/></ComplexType>
<ComplexType Name="Abroad" BaseType="N.Address"><Property Name="visa" Type="Edm.Date"/></ComplexType>
<EntityType Name="Thing" OpenType="true"><Key><PropertyRef Name="code"/></Key><Property Name="code" Type="Edm.String" Nullable="false"/>
  <Property Name="number" Type="Edm.Int64"/><Property Name="price" Type="N.Money"/><Property Name="prices" Type="Collection(N.Money)"/>
  <Property Name="colour" Type="N.Colour"/><Property Name="address" Type="N.Address"/><Property Name="made" Type="Edm.DateTimeOffset"/></EntityType>
<EntityType Name="Toy" BaseType="N.Thing"><Property Name="age" Type="Edm.Int32"/></EntityType>
<EntityType Name="Rate"><Key><PropertyRef Name="day"/><PropertyRef Name="code"/><PropertyRef Name="id"/></Key>
  <Property Name="day" Type="Edm.Date" Nullable="false"/><Property Name="code" Type="Edm.String" Nullable="false"/>
  <Property Name="id" Type="Edm.Guid" Nullable="false"/><Property Name="email" Type="Edm.String"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="Things" EntityType="N.Thing"/><EntitySet Name="Rates" EntityType="N.Rate"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"""
MODEL = read_metadata(DOCUMENT.encode(), "$metadata")


@pytest.mark.parametrize("kind", VALUES)
@settings(deadline=None)
@given(data=st.data())
def test_a_literal_is_valid_and_comes_back(kind, data):
    """Every literal is one of the grammar's, and is read as the value it was written from."""
    value = data.draw(VALUES[kind])
    literal = write_literal(value)

    assert re.fullmatch(ABNF[kind], literal, re.DOTALL)
    assert read_literal(literal, kind) == value


@pytest.mark.parametrize("kind", VALUES)
@settings(deadline=None)
@given(data=st.data())
def test_a_json_value_comes_back(kind, data):
    """So does every value in a body, in both forms of numbers."""
    value = data.draw(VALUES[kind])

    assert decode(parse_json(to_json(encode(value))), kind, MODEL) == value
    assert decode(parse_json(to_json(encode_as(value, kind, MODEL))), kind, MODEL) == value


@settings(deadline=None)
@given(day=st.dates(), code=st.text(), number=st.uuids())
def test_a_key_comes_back(day, code, number):
    """Keys of any signs are found again in a URL, bare, composite and alternate; encoding is done once."""
    single, composite = {"code": code}, {"day": day, "code": code, "id": number}
    root = "https://host/odata/v4/"

    assert parse_key_predicate(root + entity_path("Things", single), MODEL, "Things") == single
    assert parse_key_predicate(entity_path("Rates", composite), MODEL, "Rates") == composite
    alternate = entity_path("Rates", {"email": code}, alternate=True)
    assert alternate.startswith("Rates(email=")
    assert parse_alternate_key(alternate, MODEL, "Rates") == {"email": code}
    assert re.fullmatch(r"[A-Za-z0-9_.~%()=,-]*", alternate)


@pytest.mark.parametrize(
    "code",
    [
        "O'Brien",
        "a/b",
        "100%",
        "a+b",
        "a&b",
        "#1",
        "why?",
        "Ёж",
        "a b",
        "(x)",
        "a=b,c=d",
        "'",
        "''",
        "a/b(c)",
        "%41",
        "",
    ],
)
def test_keys_with_awkward_signs(code):
    """Also where a server leaves them as they are in `Location`, as some do."""
    path = entity_path("Things", {"code": code})

    assert re.fullmatch(r"Things\((?:%27)(?:[A-Za-z0-9_.~-]|%[0-9A-F]{2})*(?:%27)\)", path)
    assert parse_key_predicate(path, MODEL, "Things") == {"code": code}
    if "%" not in code:
        raw = "http://host/odata/Things('" + code.replace("'", "''") + "')"
        assert parse_key_predicate(raw, MODEL, "Things") == {"code": code}


def test_no_key_at_all():
    """A predicate without a key tells none."""
    assert parse_key_predicate("Things()", MODEL, "Things") is None
    assert parse_key_predicate("Things('')", MODEL, "Things") == {"code": ""}


def test_shapes_are_kept_as_they_are():
    """GeoJSON goes through untouched, and two shapes are compared without a crash."""
    shape = decode(parse_json(b'{"type":"Point","coordinates":[142.1,64.1]}'), "Edm.GeographyPoint", MODEL)

    assert to_json(encode(shape)) == b'{"type":"Point","coordinates":[142.1,64.1]}'
    assert equal((shape,), (shape, shape)[:1])
    assert not equal((shape,), ({"type": "Point", "coordinates": ()},))


# Test cases of the grammar: what is a literal and what is not.
@pytest.mark.parametrize(
    ("literal", "kind", "value"),
    [
        ("binary''", "Edm.Binary", b""),
        ("binary'Zg=='", "Edm.Binary", b"f"),
        ("binary'Zg'", "Edm.Binary", b"f"),
        ("binary'Zm8='", "Edm.Binary", b"fo"),
        ("binary'Zm8'", "Edm.Binary", b"fo"),
        ("binary'-_-_'", "Edm.Binary", bytes.fromhex("fbffbf")),
        ("0", "Edm.Byte", 0),
        ("-128", "Edm.SByte", -128),
        ("+32767", "Edm.Int16", 32767),
        ("9223372036854775807", "Edm.Int64", 2**63 - 1),
        ("3.14", "Edm.Decimal", Decimal("3.14")),
        ("-0.1e-7", "Edm.Decimal", Decimal("-0.1e-7")),
        ("INF", "Edm.Double", float("inf")),
        ("-INF", "Edm.Single", float("-inf")),
        ("1.7976931348623157e308", "Edm.Double", 1.7976931348623157e308),
        ("2012-09-03", "Edm.Date", date(2012, 9, 3)),
        ("0001-01-01", "Edm.Date", date(1, 1, 1)),
        ("2012-09-03T13:52Z", "Edm.DateTimeOffset", datetime(2012, 9, 3, 13, 52, tzinfo=UTC)),
        ("2012-09-03T14:53+02:00", "Edm.DateTimeOffset", datetime(2012, 9, 3, 12, 53, tzinfo=UTC)),
        ("0001-01-01T00:00:00+03:00", "Edm.DateTimeOffset", datetime(1, 1, 1, tzinfo=UTC)),
        ("13:20:00.123456", "Edm.TimeOfDay", time(13, 20, 0, 123456)),
        (
            "duration'P6DT23H59M59.9999S'",
            "Edm.Duration",
            timedelta(days=6, hours=23, minutes=59, seconds=59.9999),
        ),
        ("-PT1M", "Edm.Duration", timedelta(minutes=-1)),
        ("'O''Neil'", "Edm.String", "O'Neil"),
        ("''", "Edm.String", ""),
        ("00000000-0000-0000-0000-000000000001", "Edm.Guid", UUID(int=1)),
        ("N.Colour'Red,Green'", "N.Colour", "Red,Green"),
        ("'Red'", "N.Colour", "Red"),
        ("N.Colour'3'", "N.Colour", "3"),
        ("geography'SRID=0;Point(142.1 64.1)'", "Edm.GeographyPoint", "geography'SRID=0;Point(142.1 64.1)'"),
        ("null", "Edm.Int32", None),
    ],
)
def test_literals_of_the_grammar(literal, kind, value):
    """What the grammar allows is read; enumerations with their type (4.0) and without (4.01)."""
    assert read_literal(literal, kind) == value


@pytest.mark.parametrize(
    ("literal", "kind"),
    [
        ("binary'Z'", "Edm.Binary"),
        ("256", "Edm.Byte"),
        ("1.0", "Edm.Int32"),
        ("9223372036854775808", "Edm.Int64"),
        ("٣", "Edm.Int32"),
        ("1e", "Edm.Decimal"),
        ("Infinity", "Edm.Double"),
        ("2012-13-01", "Edm.Date"),
        ("2012-09-31", "Edm.Date"),
        ("12-09-03", "Edm.Date"),
        ("2012-09-03T24:00Z", "Edm.DateTimeOffset"),
        ("2012-09-03T13:52:61Z", "Edm.DateTimeOffset"),
        ("24:00:00", "Edm.TimeOfDay"),
        ("duration'P1Y'", "Edm.Duration"),
        ("'O'Neil'", "Edm.String"),
        ("unquoted", "Edm.String"),
        ("4d1a525f3abc", "Edm.Guid"),
        ("yes", "Edm.Boolean"),
        ("geography'Point(1 2)'; drop", "Edm.GeographyPoint"),
        ("x", "Edm.Stream"),
    ],
)
def test_what_is_no_literal(literal, kind):
    """What the grammar refuses is refused."""
    with pytest.raises(ValueError, match=r"."):
        read_literal(literal, kind)


def test_the_seventh_digit():
    """.NET writes seven digits of a second: two instants that differ in the last one differ, and a key with it is found again."""
    seven = read_literal("2026-01-31T09:00:00.1234567Z", "Edm.DateTimeOffset")
    six = read_literal("2026-01-31T09:00:00.123456Z", "Edm.DateTimeOffset")
    other = read_literal("2026-01-31T12:00:00.123456700000+03:00", "Edm.DateTimeOffset")
    assert isinstance(seven, datetime)
    assert isinstance(six, datetime)

    assert seven == other
    assert not equal(seven, six)
    assert not equal(six, seven)
    assert len({seven, six, other}) == 2
    assert max(six, seven) is seven
    assert six < seven
    assert write_literal(seven) == "2026-01-31T09:00:00.1234567Z"
    assert encode(seven) == "2026-01-31T09:00:00.1234567Z"
    assert read_literal("2026-01-31T09:00:00.1234560Z", "Edm.DateTimeOffset") == six
    assert write_literal(read_literal("09:00:00.0000001", "Edm.TimeOfDay")) == "09:00:00.0000001"
    shortest = read_literal("duration'-PT0.0000001S'", "Edm.Duration")
    assert write_literal(shortest) == "duration'-PT0.0000001S'"
    assert shortest == ExactDuration.of(timedelta(), "1", negative=True)
    assert seven + timedelta(seconds=1) == six + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("12026-01-31", "Edm.Date"),
        ("-0044-03-15", "Edm.Date"),
        ("0000-01-01", "Edm.Date"),
        ("12026-01-31T09:00:00Z", "Edm.DateTimeOffset"),
        ("9999-12-31T23:59:59.9999999-05:00", "Edm.DateTimeOffset"),
    ],
)
def test_years_beyond_python(text, kind):
    """A day that Python's dates do not reach is kept as it is written, in URLs and bodies."""
    value = decode(text, kind, MODEL)

    assert isinstance(value, Verbatim)
    assert write_literal(read_literal(text, kind)) == text
    assert encode(value) == text


def test_exact_numbers():
    """Decimals never pass through floating point, and whole numbers beyond 2^53 stay whole."""
    assert (
        to_json(encode({"a": Decimal("0.1000"), "b": 2**63 - 1})) == b'{"a":0.1000,"b":9223372036854775807}'
    )
    assert decode(parse_json(b"12345678901234.56789012345678901"), "N.Money", MODEL) == Decimal(
        "12345678901234.56789012345678901"
    )
    assert write_literal(Decimal("1E+3")) == "1000"


def test_numbers_as_texts():
    """`IEEE754Compatible=true`: Int64 and Decimal are texts, also in collections; both forms are read."""
    entity: dict[str, EdmValue] = {
        "code": "1",
        "number": 2**60,
        "price": Decimal("1.10"),
        "prices": (Decimal(2), None),
        "x": 5,
    }

    written = encode_as(entity, "N.Thing", MODEL)

    assert written == {
        "code": "1",
        "number": "1152921504606846976",
        "price": "1.10",
        "prices": ["2", None],
        "x": 5,
    }
    read = entity_decoder(MODEL, "N.Thing", ["number", "price", "prices"])
    assert read(written) == read(encode(entity))


def test_an_entity_as_servers_send_it():
    """Both spellings of control information, derived types, what nobody declares, enumerations by number, null and extra names."""
    read = entity_decoder(
        MODEL, "N.Thing", ["code", "age", "colour", "address", "extra", "made"], dynamic=True
    )

    assert read(
        {
            "@odata.type": "#N.Toy",
            "code": "a",
            "age": "3",
            "colour": 5,
            "address": {"@odata.type": "#N.Abroad", "city": "Oslo", "visa": "2026-01-31", "huh": 1},
            "extra@odata.type": "#Decimal",
            "extra": "1.50",
            "unasked": {},
        }
    ) == {
        "code": "a",
        "age": 3,
        "colour": "Red,Blue",
        "address": {"city": "Oslo", "visa": date(2026, 1, 31)},
        "extra": Decimal("1.50"),
    }
    assert read(
        {
            "@type": "#N.Unknown",
            "code": "a",
            "address": None,
            "extra": [1],
            "extra@type": "#Collection(Int64)",
        }
    ) == {
        "code": "a",
        "address": None,
        "extra": (1,),
    }
    assert read({"colour": "Blue, Red"})["colour"] == read({"colour": 5})["colour"]


@pytest.mark.parametrize("prefix", ["@odata.", "@"])
def test_a_page(prefix):
    """4.0 and 4.01 name the same things differently."""
    page = read_page(
        to_json(
            {f"{prefix}nextLink": "Things?$skiptoken=2", f"{prefix}count": "12", "value": [{"code": "a"}]}
        )
    )

    assert (page.next_link, page.count, page.entities) == ("Things?$skiptoken=2", 12, [{"code": "a"}])


@pytest.mark.parametrize(
    ("body", "code", "text"),
    [
        (b'{"error":{"code":"E1","message":"No.","details":{}}}', "E1", "No."),
        (b'{"error":{"code":null,"message":"No.","details":[]}}', "", "No."),
        (b'{"error":{"code":404,"message":"No."}}', "404", "No."),
        (
            b'{"error":{"code":"","message":"No.","details":[{"target":"name","message":"Too long."}]}}',
            "",
            "No.; name: Too long.",
        ),
        (
            b'{"error":{"code":"","message":"","innererror":{"message":"Deep.","stacktrace":"at X"}}}',
            "",
            "Deep.",
        ),
        (b'{"message":"No."}', "", "No."),
        (b"Not found", "", "Not found"),
        (b"<!DOCTYPE html><html><title>502 Bad Gateway</title></html>", "", "502 Bad Gateway"),
        (b"", "", ""),
    ],
)
def test_refusals_of_every_shape(body, code, text):
    """What a service says is told, whatever shape it says it in, and its stack traces are not."""
    said = read_error(400, body)

    assert (said.code, said.text) == (code, text)


def test_a_url_is_encoded_once():
    """Only unreserved signs stay."""
    assert encoded("a+b c/ё'") == "a%2Bb%20c%2F%D1%91%27"
