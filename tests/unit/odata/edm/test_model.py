"""What an importer asks of a model: inheritance, keys, and where references lead."""

from importer.odata.csdl import read_metadata
from importer.odata.edm import Model

DOCUMENT = b"""<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="N" xmlns="http://docs.oasis-open.org/odata/ns/edm">
 <TypeDefinition Name="Money" UnderlyingType="Edm.Decimal"/>
 <EntityType Name="Resource" OpenType="true"><Key><PropertyRef Name="id"/></Key>
  <Property Name="id" Type="Edm.Guid"/><Property Name="name" Type="Edm.String"/><NavigationProperty Name="department" Type="N.Department"/></EntityType>
 <EntityType Name="Department" BaseType="N.Resource"><Property Name="code" Type="Edm.String"/></EntityType>
 <EntityType Name="User" BaseType="N.Resource"><Property Name="name" Type="Edm.Int32"/><NavigationProperty Name="role" Type="N.Role"/>
  <NavigationProperty Name="grade" Type="N.Grade"/><NavigationProperty Name="log" Type="N.Log"/></EntityType>
 <EntityType Name="Boss" BaseType="N.User"/>
 <EntityType Name="Orphan" BaseType="N.Gone"><Property Name="x" Type="Edm.String"/></EntityType>
 <EntityType Name="Role"/><EntityType Name="Grade"/><EntityType Name="Log"/>
 <EntityContainer Name="C">
  <EntitySet Name="Users" EntityType="N.User"><NavigationPropertyBinding Path="department" Target="Departments"/></EntitySet>
  <EntitySet Name="Resources" EntityType="N.Resource"><NavigationPropertyBinding Path="N.User/role" Target="Roles"/></EntitySet>
  <EntitySet Name="Departments" EntityType="N.Department"/><EntitySet Name="Roles" EntityType="N.Role"/>
  <EntitySet Name="Grades" EntityType="N.Grade"/><EntitySet Name="OldGrades" EntityType="N.Grade"/>
 </EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"""
MODEL = read_metadata(DOCUMENT, "$metadata")


def test_inheritance():
    """Inherited properties come first; a derived type's own declaration wins; keys and openness are inherited."""
    assert list(MODEL.properties_of("N.Boss")) == ["id", "name"]
    assert MODEL.properties_of("N.Boss")["name"].type == "Edm.Int32"
    assert list(MODEL.navigation_of("N.Boss")) == ["department", "role", "grade", "log"]
    assert MODEL.key_of("N.Boss") == ("id",)
    assert MODEL.is_open("N.Boss")
    assert not MODEL.is_open("N.Role")
    assert [declared.name for declared in MODEL.lineage("N.Boss")] == ["N.Boss", "N.User", "N.Resource"]


def test_kinship():
    """Who derives from whom."""
    assert MODEL.is_a("N.Boss", "N.Resource")
    assert MODEL.is_a("N.User", "N.User")
    assert not MODEL.is_a("N.Resource", "N.User")
    assert MODEL.derived_of("N.Resource") == ("N.Department", "N.User", "N.Boss")
    assert MODEL.derived_of("N.Boss") == ()


def test_what_is_not_there():
    """Unknown names and bases are no error: they have nothing."""
    assert list(MODEL.properties_of("N.Orphan")) == ["x"]
    assert MODEL.key_of("N.Orphan") == ()
    assert MODEL.properties_of("N.Nobody") == {}
    assert MODEL.sets_of("N.Nobody") == ()
    assert MODEL.target_set("Nobody", "x") is None
    assert Model().derived_of("N.User") == ()


def test_where_a_reference_leads():
    """By its binding, also one with a cast; else the only set of the type; else nobody knows."""
    assert MODEL.target_set("Users", "department") == "Departments"
    assert MODEL.target_set("Resources", "role") == "Roles"
    assert MODEL.target_set("Users", "role") == "Roles"
    assert MODEL.target_set("Users", "grade") is None
    assert MODEL.target_set("Users", "log") is None
    assert MODEL.target_set("Resources", "grade", "N.User") is None


def test_definitions():
    """A type definition is what stands behind it."""
    assert MODEL.underlying("N.Money") == "Edm.Decimal"
    assert MODEL.underlying("Edm.Guid") == "Edm.Guid"
