import pytest

from importer.odata.csdl import read_metadata
from importer.service.changes import Kind, Subject, concerns
from importer.service.drift import changes

BEFORE = b"""<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="NS" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EnumType Name="Color"><Member Name="Red"/><Member Name="Green"/></EnumType>
  <TypeDefinition Name="Money" UnderlyingType="Edm.Decimal" Precision="10" Scale="2"/>
  <EntityType Name="Base"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid" Nullable="false"/></EntityType>
  <EntityType Name="Team" BaseType="NS.Base" OpenType="true"><Property Name="name" Type="Edm.String" MaxLength="50"/></EntityType>
  <EntityType Name="User" BaseType="NS.Base">
    <Property Name="email" Type="Edm.String" Nullable="false"/><Property Name="code" Type="Edm.String" MaxLength="10"/>
    <Property Name="rate" Type="Edm.Decimal" Precision="10" Scale="2"/><Property Name="color" Type="NS.Color"/>
    <Property Name="born" Type="Edm.Date"/><Property Name="teamId" Type="Edm.Guid"/>
    <NavigationProperty Name="team" Type="NS.Team"/></EntityType>
  <Action Name="Fire" IsBound="true"><Parameter Name="it" Type="NS.User"/><Parameter Name="reason" Type="Edm.String"/></Action>
  <EntityContainer Name="C">
    <EntitySet Name="Users" EntityType="NS.User"><NavigationPropertyBinding Path="team" Target="Teams"/></EntitySet>
    <EntitySet Name="Teams" EntityType="NS.Team"/><Singleton Name="Me" Type="NS.User"/>
  </EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"""

CASES = [
    ('<EntitySet Name="Teams"', '<EntitySet Name="Squads"', "set renamed Teams Teams>Squads!"),
    (
        'Name="code" Type="Edm.String" MaxLength="10"',
        'Name="code" Type="Edm.String" MaxLength="8"',
        "property max_length NS.User.code 10>8!",
    ),
    (
        'Name="code" Type="Edm.String" MaxLength="10"',
        'Name="code" Type="Edm.String" MaxLength="20"',
        "property max_length NS.User.code 10>20",
    ),
    (
        'Name="code" Type="Edm.String" MaxLength="10"',
        'Name="code" Type="Edm.String"',
        "property max_length NS.User.code 10>None",
    ),
    (
        'Name="rate" Type="Edm.Decimal" Precision="10" Scale="2"',
        'Name="rate" Type="Edm.Decimal" Precision="10" Scale="variable"',
        "property scale NS.User.rate 2>variable",
    ),
    (
        'Name="born" Type="Edm.Date"',
        'Name="born" Type="Edm.DateTimeOffset"',
        "property type NS.User.born Edm.Date>Edm.DateTimeOffset!",
    ),
    (
        'Name="born" Type="Edm.Date"',
        'Name="birthday" Type="Edm.Date"',
        "property renamed NS.User.born born>birthday!",
    ),
    ('<Property Name="born" Type="Edm.Date"/>', "", "property removed NS.User.born Edm.Date>None!"),
    (
        '<Property Name="born" Type="Edm.Date"/>',
        '<Property Name="born" Type="Edm.Date"/><Property Name="phone" Type="Edm.Int32"/>',
        "property added NS.User.phone None>Edm.Int32",
    ),
    (
        'Name="born" Type="Edm.Date"',
        'Name="born" Type="Edm.Date" DefaultValue="2000-01-01"',
        "property default NS.User.born None>2000-01-01",
    ),
    (
        'Name="email" Type="Edm.String" Nullable="false"',
        'Name="email" Type="Edm.String"',
        "property nullable NS.User.email false>true",
    ),
    (
        '<Member Name="Green"/>',
        '<Member Name="Blau"/><Member Name="Gold"/>',
        "member renamed NS.Color.Green Green>Blau!",
    ),
    ('<Member Name="Green"/>', "", "member removed NS.Color.Green 1>None!"),
    (
        '<Member Name="Green"/>',
        '<Member Name="Green"/><Member Name="Blue"/>',
        "member added NS.Color.Blue None>2",
    ),
    (
        'UnderlyingType="Edm.Decimal" Precision="10"',
        'UnderlyingType="Edm.Decimal" Precision="8"',
        "type precision NS.Money 10>8!",
    ),
    ('Path="team" Target="Teams"', 'Path="team" Target="Users"', "navigation target Users.team Teams>Users!"),
    (
        'Name="teamId" Type="Edm.Guid"',
        'Name="teamId" Type="Edm.Int32"',
        "navigation pair NS.User.team teamId>None!",
    ),
    (
        'Name="reason" Type="Edm.String"',
        'Name="why" Type="Edm.String"',
        "action signature NS.User/Fire (reason: Edm.String)>(why: Edm.String)!",
    ),
    (
        'Name="Team" BaseType="NS.Base" OpenType="true"',
        'Name="Team" BaseType="NS.Base"',
        "type open NS.Team true>false!",
    ),
    ('<Singleton Name="Me" Type="NS.User"/>', "", "singleton removed Me NS.User>None!"),
    (
        '<EntitySet Name="Teams" EntityType="NS.Team"/>',
        '<EntitySet Name="Teams" EntityType="NS.Team"><Annotation Term="Org.OData.Capabilities.V1.InsertRestrictions"><Record><PropertyValue Property="Insertable" Bool="false"/></Record></Annotation></EntitySet>',
        "set on_create Teams true>false!",
    ),
    (
        '<Property Name="born" Type="Edm.Date"/>',
        '<Property Name="born" Type="Edm.Date"><Annotation Term="Org.OData.Core.V1.Computed"/></Property>',
        "property on_update NS.User.born true>false!",
    ),
    (
        'Name="born" Type="Edm.Date"',
        'Name="born" Type="Edm.Date" Nullable="false"',
        "property nullable NS.User.born true>false!",
    ),
    (
        'Name="code" Type="Edm.String" MaxLength="10"',
        'Name="code" Type="Edm.String" MaxLength="10" Nullable="false"',
        "property required Users.code false>true!",
    ),
]


def said(change):
    owner = f"{change.owner}." if change.owner else ""
    return f"{change.subject} {change.kind} {owner}{change.name} {change.before}>{change.after}{'!' if change.breaking else ''}"


def between(old, new):
    assert old.encode() in BEFORE
    return changes(read_metadata(BEFORE, "a"), read_metadata(BEFORE.replace(old.encode(), new.encode()), "b"))


@pytest.mark.parametrize(("old", "new", "expected"), CASES, ids=[case[2] for case in CASES])
def test_change(old, new, expected):
    """Each change is told as what it is, and whether something that worked may not work any more."""
    assert expected in [said(change) for change in between(old, new)]


def test_nothing_changed():
    """The same document, comments and order apart, has no changes."""
    commented = BEFORE.replace(b"<EntityContainer", b"<!-- new --><EntityContainer")

    assert changes(read_metadata(BEFORE, "a"), read_metadata(commented, "b")) == ()


def test_a_property_that_moves_to_the_base_has_not_gone():
    """An inherited property is as good as an own one."""
    moved = BEFORE.replace(b'<Property Name="born" Type="Edm.Date"/>', b"").replace(
        b'<Property Name="id" Type="Edm.Guid" Nullable="false"/>',
        b'<Property Name="id" Type="Edm.Guid" Nullable="false"/><Property Name="born" Type="Edm.Date"/>',
    )
    found = changes(read_metadata(BEFORE, "a"), read_metadata(moved, "b"))

    assert [(change.owner, change.kind) for change in found] == [("NS.Base", Kind.ADDED)]


def test_a_change_of_a_base_concerns_its_heirs():
    """What a base type declares is what its derived types have."""
    model = read_metadata(BEFORE, "a")
    (change,) = (
        item
        for item in between(
            'Name="id" Type="Edm.Guid" Nullable="false"', 'Name="id" Type="Edm.String" Nullable="false"'
        )
        if item.subject is Subject.PROPERTY and item.kind is Kind.TYPE
    )

    assert concerns(change, model, "NS.User")
    assert not concerns(change, model, "NS.Money")
