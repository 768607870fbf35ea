"""A small service with every kind of type, and a way to talk to a sandbox without a socket."""

import json
from urllib.parse import quote, urlencode

import pytest

from importer.sandbox import Faults, Habits, load_service, plain_service

CSDL = """<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="T" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EnumType Name="Colour" IsFlags="true"><Member Name="Red" Value="1"/><Member Name="Blue" Value="2"/></EnumType>
  <TypeDefinition Name="Code" UnderlyingType="Edm.String"/>
  <ComplexType Name="Address"><Property Name="city" Type="Edm.String"/>
    <Property Name="zip" Type="Edm.Int32" Nullable="false"/></ComplexType>
  <ComplexType Name="Anything" OpenType="true"/>
  <EntityType Name="Base" Abstract="true"><Key><PropertyRef Name="id"/></Key>
    <Property Name="id" Type="Edm.Guid" Nullable="false"/><Property Name="name" Type="Edm.String" MaxLength="20"/></EntityType>
  <EntityType Name="Thing" BaseType="T.Base">
    <Property Name="allowed" Type="Edm.Boolean"/><Property Name="amount" Type="Edm.Decimal" Scale="2"/>
    <Property Name="count" Type="Edm.Int32" DefaultValue="7"/><Property Name="small" Type="Edm.Byte"/>
    <Property Name="ratio" Type="Edm.Double" DefaultValue="0.5"/><Property Name="on" Type="Edm.Boolean" DefaultValue="true"/>
    <Property Name="day" Type="Edm.Date"/><Property Name="at" Type="Edm.DateTimeOffset"/>
    <Property Name="time" Type="Edm.TimeOfDay"/><Property Name="lasts" Type="Edm.Duration"/>
    <Property Name="colour" Type="T.Colour" Nullable="false"/><Property Name="code" Type="T.Code"/>
    <Property Name="address" Type="T.Address"/><Property Name="extra" Type="T.Anything"/>
    <Property Name="tags" Type="Collection(Edm.String)"/><Property Name="place" Type="Edm.GeographyPoint"/>
    <Property Name="parentId" Type="Edm.Guid"/>
    <NavigationProperty Name="parent" Type="T.Thing"/>
    <NavigationProperty Name="parts" Type="Collection(T.Thing)" Partner="parent"/>
    <NavigationProperty Name="lines" Type="Collection(T.Line)"/>
  </EntityType>
  <EntityType Name="Other" BaseType="T.Base"><Property Name="size" Type="Edm.Int32"/></EntityType>
  <EntityType Name="Line"><Key><PropertyRef Name="thingId"/><PropertyRef Name="code"/></Key>
    <Property Name="thingId" Type="Edm.Guid" Nullable="false"/><Property Name="code" Type="Edm.String" Nullable="false"/>
    <Property Name="text" Type="Edm.String"/><NavigationProperty Name="thing" Type="T.Thing"/></EntityType>
  <EntityType Name="Numbered"><Key><PropertyRef Name="no"/></Key>
    <Property Name="no" Type="Edm.Int32" Nullable="false"/><Property Name="name" Type="Edm.String"/></EntityType>
  <EntityType Name="Coded"><Key><PropertyRef Name="code"/></Key>
    <Property Name="code" Type="Edm.String" Nullable="false"/><Property Name="name" Type="Edm.String" Nullable="false"/></EntityType>
  <EntityType Name="Ticket" OpenType="true"><Key><PropertyRef Name="colour"/><PropertyRef Name="done"/></Key>
    <Property Name="colour" Type="T.Colour" Nullable="false"/><Property Name="done" Type="Edm.Boolean" Nullable="false"/></EntityType>
  <EntityContainer Name="C">
    <EntitySet Name="Bases" EntityType="T.Base"/><EntitySet Name="Things" EntityType="T.Thing"/>
    <EntitySet Name="Lines" EntityType="T.Line"/><EntitySet Name="Numbers" EntityType="T.Numbered"/>
    <EntitySet Name="Codes" EntityType="T.Coded"/><EntitySet Name="Tickets" EntityType="T.Ticket"/>
  </EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"""
ROOT = "http://127.0.0.1:1/odata/"


class Answer:
    """A reply, as a test reads it."""

    def __init__(self, reply):
        self.status, self.headers, self.lost, self.text = (
            reply.status,
            reply.headers,
            reply.lost,
            reply.body.decode(),
        )

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def message(self):
        error = self.json["error"]
        return " ".join([error["message"], *(item["message"] for item in error["details"])])

    @property
    def names(self):
        return [item["name"] for item in self.json["value"]]


class Talk:
    """A client without a socket. Options are given by name without their dollar."""

    def __init__(self, pack, habits, faults, store=None):
        self.store = store or pack.store()
        self.sandbox = pack.sandbox(self.store, habits, faults, ROOT)

    def get(self, path, query=None, **options):
        query = (
            urlencode({f"${name}": value for name, value in options.items()}, quote_via=quote)
            if query is None
            else query
        )
        return Answer(self.sandbox.handle("GET", path, query, {}, b""))

    def send(self, method, path, body=None, **headers):
        named = {"content-type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        return Answer(self.sandbox.handle(method, path, "", named, raw))

    def post(self, path, body, **headers):
        return self.send("POST", path, body, **headers)

    def patch(self, path, body, **headers):
        return self.send("PATCH", path, body, **headers)

    def delete(self, path, **headers):
        return self.send("DELETE", path, **headers)

    @property
    def journal(self):
        return [(entry["op"], entry["set"]) for entry in self.store.journal]


@pytest.fixture(scope="session")
def plain_pack():
    return plain_service(CSDL.encode(), "test")


@pytest.fixture(scope="session")
def timetta_pack():
    return load_service("timetta")


@pytest.fixture
def talk(plain_pack):
    """Make a client of a service of `CSDL`, with these habits."""
    made = []

    def make(faults=None, pack=plain_pack, store=None, **habits):
        made.append(Talk(pack, Habits(**habits), faults or Faults(), store))
        return made[-1]

    yield make
    for item in made:
        item.store.close()


@pytest.fixture
def timetta(talk, timetta_pack):
    return talk(pack=timetta_pack)
