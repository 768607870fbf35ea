"""Keys out of the `Location` headers that servers really write, with the types of the metadata."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.odata.csdl import read_metadata
from importer.odata.url.paths import entity_path, parse_key_predicate
from importer.odata.url.predicates import PAIR_TERMS, pair_chunks
from importer.odata.url.query import query

GUID = UUID("4d1a525f-3abc-4871-a64a-349c1dd3cabf")
MODEL = read_metadata(
    b"""<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="N" xmlns="http://docs.oasis-open.org/odata/ns/edm">
 <TypeDefinition Name="Code" UnderlyingType="Edm.String"/><EnumType Name="Mode"><Member Name="Auto"/></EnumType>
 <EntityType Name="User"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid"/></EntityType>
 <EntityType Name="Order"><Key><PropertyRef Name="number"/></Key><Property Name="number" Type="Edm.Int32"/></EntityType>
 <EntityType Name="Role"><Key><PropertyRef Name="code"/></Key><Property Name="code" Type="N.Code"/></EntityType>
 <EntityType Name="Rate"><Key><PropertyRef Name="projectId"/><PropertyRef Name="role"/><PropertyRef Name="day"/></Key>
  <Property Name="projectId" Type="Edm.Guid"/><Property Name="role" Type="Edm.String"/><Property Name="day" Type="Edm.Date"/></EntityType>
 <ComplexType Name="A"><Property Name="zip" Type="Edm.String"/></ComplexType>
 <EntityType Name="Place"><Key><PropertyRef Name="a/zip" Alias="zip"/><PropertyRef Name="mode"/></Key><Property Name="a" Type="N.A"/><Property Name="mode" Type="N.Mode"/></EntityType>
 <EntityType Name="Odd"><Key><PropertyRef Name="nowhere"/></Key></EntityType>
 <EntityContainer Name="C"><EntitySet Name="Users" EntityType="N.User"/><EntitySet Name="Orders" EntityType="N.Order"/><EntitySet Name="Roles" EntityType="N.Role"/>
 <EntitySet Name="Rates" EntityType="N.Rate"/><EntitySet Name="Places" EntityType="N.Place"/><EntitySet Name="Odds" EntityType="N.Odd"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>""",
    "$metadata",
)


def rate(role):
    return {"projectId": GUID, "role": role, "day": date(2024, 1, 1)}


@pytest.mark.parametrize(
    ("location", "entity_set", "key"),
    [
        (f"https://x/odata/Users({GUID})", "Users", {"id": GUID}),
        (f"Users({str(GUID).upper()})", "Users", {"id": GUID}),
        (f"/odata/Users(id='{GUID}')", "Users", {"id": GUID}),
        (f"Resources(%27{GUID}%27)", "Users", {"id": GUID}),
        (f"Users({GUID})?$select=id#x", "Users", {"id": GUID}),
        (f" Users( {GUID} ) ", "Users", {"id": GUID}),
        ("Orders(7)", "Orders", {"number": 7}),
        ("https://x/Orders('7')", "Orders", {"number": 7}),
        ("Orders(number=-7)", "Orders", {"number": -7}),
        ("Roles('a%2Fb')", "Roles", {"code": "a/b"}),
        ("Roles('a/b')", "Roles", {"code": "a/b"}),
        ("Roles(%D0%81)", "Roles", {"code": "Ё"}),
        ("Roles('O''B')", "Roles", {"code": "O'B"}),
        ("Roles('O'B')", "Roles", {"code": "O'B"}),
        ("Roles('a=b')", "Roles", {"code": "a=b"}),
        ("Roles(code='x')", "Roles", {"code": "x"}),
        ("Roles('100%')", "Roles", {"code": "100%"}),
        ("Roles('a?b')", "Roles", {"code": "a?b"}),
        ("Roles('(a)')", "Roles", {"code": "(a)"}),
        ("Roles('')", "Roles", {"code": ""}),
        (f"Rates(projectId={GUID},role='dev',day=2024-01-01)", "Rates", rate("dev")),
        (f"Rates(day='2024-01-01',role='dev/1'x',projectId={GUID})", "Rates", rate("dev/1'x")),
        (f"Rates( day = 2024-01-01 , role = 'a,b' , projectId = '{GUID}' )", "Rates", rate("a,b")),
        (f"Rates(projectId={GUID},role='a,day=1',day=2024-01-01)", "Rates", rate("a,day=1")),
        ("Places(zip='1',mode=N.Mode'Auto')", "Places", {"a/zip": "1", "mode": "Auto"}),
        ("Places(mode='Auto',zip='1')", "Places", {"a/zip": "1", "mode": "Auto"}),
    ],
)
def test_locations(location, entity_set, key):
    """Absolute or relative, encoded or not, quoted where it should not be, in any order: the key is found, typed."""
    assert parse_key_predicate(location, MODEL, entity_set) == key


@pytest.mark.parametrize(
    ("location", "entity_set"),
    [
        ("", "Users"),
        ("https://x/odata/Users", "Users"),
        ("Users()", "Users"),
        ("Users(7)", "Users"),
        ("Users(null)", "Users"),
        ("Orders(x)", "Orders"),
        ("Orders(99999999999)", "Orders"),
        ("Users(7)", "Nowhere"),
        ("Odds(7)", "Odds"),
        (f"Rates({GUID})", "Rates"),
        (f"Rates(projectId={GUID},role='x')", "Rates"),
        (f"Rates(projectId={GUID},role='x',day=2024-01-01,more=1)", "Rates"),
        (f"Rates(projectId={GUID},role='x',day=2023-02-29)", "Rates"),
        (f"Rates(projectId={GUID},role='x',role='y',day=2024-01-01)", "Rates"),
        ("Users" + "(" * 50_000, "Users"),
        ("Rates(" + "a='" * 20_000 + ")", "Rates"),
    ],
)
def test_no_keys(location, entity_set):
    """What cannot be told for sure is not told."""
    assert parse_key_predicate(location, MODEL, entity_set) is None


@settings(deadline=None)
@given(st.text(), st.uuids(), st.dates())
def test_there_and_back(role, project, day):
    """A key read out of the path that was written for it is that key, whatever signs its text has."""
    key = {"projectId": project, "role": role, "day": day}

    assert parse_key_predicate(entity_path("Rates", key), MODEL, "Rates") == key
    assert parse_key_predicate(
        "https://x/odata/" + entity_path("Roles", {"code": role}) + "?a=b", MODEL, "Roles"
    ) in ({"code": role}, {"code": role.strip()})


@settings(deadline=None)
@given(st.text(max_size=40), st.sampled_from(list(MODEL.sets)))
def test_any_location(text, entity_set):
    """No header is a crash."""
    for location in (text, f"{entity_set}({text})"):
        found = parse_key_predicate(location, MODEL, entity_set)
        assert found is None or set(found) == set(MODEL.key_of(MODEL.sets[entity_set].type))


def test_paths_encode_once():
    """Slashes, quotes, percent, plus and Cyrillic are encoded, once; so are names that are not English."""
    assert entity_path("Roles", {"code": "/ '%+Ё"}) == "Roles(%27%2F%20%27%27%25%2B%D0%81%27)"
    assert entity_path("Роли", {"имя": 1, "b": 2}) == "%D0%A0%D0%BE%D0%BB%D0%B8(%D0%B8%D0%BC%D1%8F=1,b=2)"


def test_queries_encode_once():
    """A blank is %20 and a plus %2B; options stand in one order."""
    assert (
        query(filter="a eq '1 + 2'", select=["id", "a/b"], orderby=["id desc"], top=5, count=True)
        == "?$select=id,a%2Fb&$filter=a%20eq%20%271%20%2B%202%27&$orderby=id%20desc&$top=5&$count=true"
    )
    assert query() == ""


def test_pairs():
    """Composite keys are asked for nine at a time, and as many bytes as allowed."""
    keys = [{"a": number, "b": "Ё"} for number in range(20)]
    chunks = list(pair_chunks(keys))

    assert [len(chunk) for chunk, _ in chunks] == [PAIR_TERMS, PAIR_TERMS, 2]
    assert chunks[-1][1] == "(a eq 18 and b eq 'Ё') or (a eq 19 and b eq 'Ё')"
    assert [len(chunk) for chunk, _ in pair_chunks(keys[:3], budget=1)] == [1, 1, 1]
    assert list(pair_chunks([])) == []
