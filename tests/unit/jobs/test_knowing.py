"""The schema that knows a service says no to nothing that `check` takes, and to what it surely refuses."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from importer.documents import parse_document
from importer.jobs.knowing import service_schema
from importer.sandbox import plain_service, running
from importer.service import Service, open_service
from tests.building import STAFF, TIMETTA
from tests.house.generating import ROOT
from tests.unit.planner.test_examples import EXAMPLES, WHOLE, northwind, timetta, whole_timetta

SERVICES = {"timetta": timetta, "northwind": northwind, "whole": whole_timetta}
ALIASES = {"Users": {"nickname": "name"}}
RECIPES = {
    "onboarding": ("timetta", (ROOT / "samples" / "onboarding" / "onboarding.yaml").read_text("utf-8")),
    "staff": ("timetta", STAFF.format(**TIMETTA)),
    **{name: ("timetta", (EXAMPLES / f"{name}.yaml").read_text("utf-8")) for name in ("flat", "accounting")},
    **{
        name: ("northwind", (EXAMPLES / f"{name}.yaml").read_text("utf-8"))
        for name in ("northwind", "trippin")
    },
}
# A model of everything that is unusual: names, depths, open and derived types, sets inside sets.
ODD = """<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="N.S" xmlns="http://docs.oasis-open.org/odata/ns/edm">
 <EnumType Name="Пол"><Member Name="М" Value="0"/><Member Name="Ж" Value="1"/></EnumType>
 <ComplexType Name="Deep"><Property Name="Text" Type="Edm.String"/><Property Name="Deeper" Type="N.S.Deep"/></ComplexType>
 <EntityType Name="Вещь"><Key><PropertyRef Name="Код"/></Key>
  <Property Name="Код" Type="Edm.String" Nullable="false"/><Property Name="Пол" Type="N.S.Пол"/>
  <Property Name="Deep" Type="N.S.Deep"/><Property Name="Blob" Type="Edm.Binary"/>
  <Property Name="Made" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.Computed"/></Property>
  <Property Name="Tags" Type="Collection(Edm.String)"/>
  <NavigationProperty Name="Сама" Type="N.S.Вещь"/>
  <NavigationProperty Name="Части" Type="Collection(N.S.Часть)" ContainsTarget="true"/></EntityType>
 <EntityType Name="Особая" BaseType="N.S.Вещь"><Property Name="Цена" Type="Edm.Decimal" Precision="9" Scale="2"/></EntityType>
 <EntityType Name="Часть"><Key><PropertyRef Name="Номер"/></Key><Property Name="Номер" Type="Edm.Int32" Nullable="false"/>
  <NavigationProperty Name="Части" Type="Collection(N.S.Часть)" ContainsTarget="true"/></EntityType>
 <EntityType Name="Open" OpenType="true"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Guid" Nullable="false"/></EntityType>
 <EntityContainer Name="C"><EntitySet Name="Вещи" EntityType="N.S.Вещь"/><EntitySet Name="Opens" EntityType="N.S.Open"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"""


@cache
def schema_of(name: str) -> dict[str, Any]:
    if name == "odd":
        with running(plain_service(ODD.encode(), "odd")) as found:
            service = open_service("odd", found.url, pause=lambda _: None)
            text = service_schema(service)
            service.close()
    else:
        with SERVICES[name]() as service:
            text = service_schema(service, ALIASES if name == "timetta" else {})
    schema: dict[str, Any] = json.loads(text)
    return schema


def faults(name: str, text: str) -> list[str]:
    """What the schema of a service has against a recipe: place and message."""
    data = json.loads(json.dumps(parse_document(text, "r.yaml").root.data(), default=_json))
    found = Draft202012Validator(schema_of(name)).iter_errors(data)
    return [f"{'/'.join(map(str, item.absolute_path))}: {item.message}" for item in found]


def _json(value: object) -> object:
    return float(str(value)) if type(value).__name__ == "Decimal" else str(value)


def step(to: str, *fields: str, more: str = "", top: str = "", match: str = "x") -> str:
    lines = "".join(f"      {item}\n" for item in fields)
    return f"recipe: 1\nsource: a.xlsx\n{top}steps:\n  - to: {to}\n{more}    match: {match}\n    fields:\n{lines}"


def references(found: object) -> Iterator[str]:
    if isinstance(found, dict):
        if isinstance(found.get("$ref"), str):
            yield found["$ref"]
        for value in found.values():
            yield from references(value)
    elif isinstance(found, list):
        for value in found:
            yield from references(value)


@pytest.mark.parametrize("name", ["timetta", "northwind", "odd"])
def test_a_schema(name: str) -> None:
    """It is JSON Schema 2020-12, and each reference in it leads somewhere."""
    schema = schema_of(name)
    Draft202012Validator.check_schema(schema)

    for found in set(references(schema)):
        assert found.removeprefix("#/$defs/") in schema["$defs"], found


@pytest.mark.parametrize("name", RECIPES)
def test_takes_what_check_takes(name: str) -> None:
    """Recipes that pass `check` have no red line."""
    service, text = RECIPES[name]
    assert faults(service, text) == []


@pytest.mark.parametrize(
    "text",
    [
        step("Вещи", "Код: Код", "Пол: Пол", "Deep/Text: A", "Сама: {column: A, by: Код, where: {Пол: B}}"),
        step("Вещи", "Deep/Deeper/Deeper/Deeper/Deeper/Text: too deep to be told, and right"),
        step("Вещи", "Цена: Цена", "Tags: {column: A, split: ','}", more="    type: Особая\n"),
        step("Вещи", "Цена: Цена", more="    type: N.S.Особая\n"),
        step("Вещи", "Код: A", more="    type: Вещь\n"),
        step("Вещи/Части", "Номер: A", more="    under: {column: A, by: Код}\n"),
        step("Вещи/Части/Части/Части/Части/Части", "Номер: A", more="    under: A\n"),
        step("Opens", "ID: A", "own: {column: A, type: Edm.String}"),
        step("Вещи", "другое: A", top="aliases: {Вещи: {другое: Код}}\n"),
        step("Вещи", "другое: A", top="include: [shared.yaml]\n"),
        step("Вещи", 'Пол: ="М"', "Код: 8"),
        step("Вещи", "Пол: {column: A, map: {м: М, '*': =value}, default: Ж}"),
        step("Вещи", "Код: A", match="{any: [{remember: A}, Код, [Код, Пол]]}"),
        step("Вещи", "Код: A", top="lookups: {Вещи: {by: [Код, {initials: Код}], where: {Пол: A}}}\n"),
        step("Вещи", "Сама: {column: A, row_of: Вещи, by: № п/п}"),
    ],
)
def test_takes_what_is_unusual(text: str) -> None:
    """Deep paths, derived and open types, sets inside sets, names of the recipe's own, columns where properties may stand."""
    assert faults("odd", text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (step("Вещь", "Код: A"), "steps/0/to"),
        (step("Вещи", "Кот: A"), "steps/0/fields"),
        (step("Вещи", "Цена: A"), "steps/0/fields"),
        (step("Вещи", "Цена: A", more="    type: Вещь\n"), "steps/0/fields"),
        (step("Вещи", "Код: A", more="    type: Часть\n"), "steps/0/type"),
        (step("Вещи", "Made: computed"), "steps/0/fields"),
        (step("Вещи", "Blob: binary"), "steps/0/fields"),
        (step("Вещи", "Deep: whole"), "steps/0/fields"),
        (step("Вещи", "Deep/Other: A"), "steps/0/fields"),
        (step("Вещи", "другое: A", top="aliases: {Opens: {другое: ID}}\n"), "steps/0/fields"),
        (step("Вещи/Части", "Код: A"), "steps/0/fields"),
        (step("Opens", "own: without a type"), "steps/0/fields/own"),
        (step("Вещи", "Сама: {column: A, in: Люди}"), "steps/0/fields/Сама"),
        (step("Вещи", "Код: A", top="lookups: {Люди: {by: Код}}\n"), "lookups"),
        (step("Вещи", "Код: A", top="aliases: {Люди: {by: Код}}\n"), "aliases"),
    ],
)
def test_refuses(text: str, place: str) -> None:
    """What `check` is sure to refuse is refused at its place."""
    found = faults("odd", text)
    assert found
    assert all(item.startswith(f"{place}:") for item in found), found


def test_tells() -> None:
    """A property's line has its type, what is needed to create, and its names in both languages."""
    fields = schema_of("timetta")["$defs"]["fields.Users"]["properties"]

    assert fields["email"]["description"].startswith("String")
    assert "required to create" in fields["name"]["description"]
    assert fields["department"]["description"].startswith("Departments · ")
    assert "department finds it by a name" in fields["departmentId"]["description"]
    assert fields["nickname"]["description"].startswith("name · ")


def test_offers_members() -> None:
    """The members of an enumeration are offered as constants and in value tables."""
    found = schema_of("odd")["$defs"]
    offered = json.dumps(found[next(name for name in found if name.startswith("enum"))], ensure_ascii=False)

    assert '"=\\"М\\""' in offered
    assert '["М", "Ж"]' in offered


@pytest.mark.skipif(not WHOLE.is_file(), reason="the whole metadata are not beside the project")
def test_the_whole_of_a_service() -> None:
    """65 sets with 3,000 properties are no more than 1.5 MB, and know the recipe of the design."""
    with whole_timetta() as service:
        text = service_schema(service)

    assert len(text.encode()) < 1_500_000
    assert faults("whole", (EXAMPLES / "onboarding.yaml").read_text("utf-8")) == []


def test_no_sets() -> None:
    """A service without entity sets leaves the language as it is."""
    empty = ODD.replace('<EntitySet Name="Вещи" EntityType="N.S.Вещь"/>', "").replace(
        '<EntitySet Name="Opens" EntityType="N.S.Open"/>', ""
    )
    with running(plain_service(empty.encode(), "odd")) as found:
        service: Service = open_service("odd", found.url, pause=lambda _: None)
        schema = json.loads(service_schema(service))
        service.close()
    data = json.loads(json.dumps(parse_document(step("Any", "x: A"), "r.yaml").root.data()))
    assert Draft202012Validator(schema).is_valid(data)


def test_a_long_chain_of_references() -> None:
    """Hundreds of sets, each of which leads to the next, are no deeper than one."""
    count = 400
    types = "".join(
        f'<EntityType Name="T{n}"><Key><PropertyRef Name="ID"/></Key><Property Name="ID" Type="Edm.Int32" Nullable="false"/>'
        f'<NavigationProperty Name="next" Type="N.S.T{(n + 1) % count}"/></EntityType>'
        for n in range(count)
    )
    sets = "".join(f'<EntitySet Name="S{n}" EntityType="N.S.T{n}"/>' for n in range(count))
    head, tail = ODD.partition(" <EnumType")[0], "</Schema></edmx:DataServices></edmx:Edmx>"
    document = f'{head}{types}<EntityContainer Name="C">{sets}</EntityContainer>{tail}'
    with running(plain_service(document.encode(), "chain")) as found:
        service = open_service("chain", found.url, pause=lambda _: None)
        schema = json.loads(service_schema(service))
        service.close()

    assert {name for name in schema["$defs"] if not schema["$defs"][name]} == set()
    assert f"find.S{count - 1}" in schema["$defs"]
