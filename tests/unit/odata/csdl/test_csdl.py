"""`$metadata` as services write it; anything else is told for what it is, and no bytes are a crash."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import importer
from importer.odata.csdl import read_metadata
from importer.odata.edm import (
    Annotation,
    Constraint,
    Operation,
    OperationImport,
    Parameter,
    Property,
    TypeKind,
)
from importer.problems import ServiceError
from importer.problems.problem import code_of

NS = 'xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"'
TIMETTA = (Path(importer.__file__).parent / "sandbox/services/timetta/metadata.xml").read_bytes()
DOCUMENT = f"""<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.01" {NS}>
<edmx:Reference Uri="https://oasis/Core.xml"><edmx:Include Namespace="Org.OData.Core.V1" Alias="Kern"/></edmx:Reference>
<edmx:DataServices>
<Schema Namespace="A.B" Alias="Self" xmlns="http://docs.oasis-open.org/odata/ns/edm">
 <!-- a comment --><?pi x?>
 <EnumType Name="Kind" IsFlags="true" UnderlyingType="Edm.Int64"><Member Name="None"/><Member Name="One"/><Member Name="Four" Value="4"/><Member Name="Five"/></EnumType>
 <TypeDefinition Name="Money" UnderlyingType="Edm.Decimal" Precision="10" Scale="2"/>
 <ComplexType Name="Address"><Property Name="city" Type="Edm.String" MaxLength="max"/></ComplexType>
 <EntityType Name="Top" Abstract="true" OpenType="true"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid" Nullable="false"/></EntityType>
 <EntityType Name="It" BaseType="Self.Top">
  <Property Name="name" Type="Edm.String" MaxLength="50" Unicode="false" DefaultValue="x"><Annotation Term="Kern.Computed"/></Property>
  <Property Name="rate" Type="Edm.Decimal" Precision="18" Scale="variable"/><Property Name="kinds" Type="Collection(Self.Kind)" Nullable="false"/>
  <Property Name="sum" Type="Self.Money"/><Property Name="untyped"/>
  <NavigationProperty Name="top" Type="Self.Top" Nullable="false" Partner="its"><ReferentialConstraint Property="topId" ReferencedProperty="id"/><OnDelete Action="Cascade"/></NavigationProperty>
  <NavigationProperty Name="its" Type="Collection(A.B.It)" ContainsTarget="true"/>
 </EntityType>
 <Action Name="Do" IsBound="true"><Parameter Name="it" Type="Self.It"/><Parameter Name="names" Type="Collection(Edm.String)" Nullable="false"/></Action>
 <Function Name="Ask"><ReturnType Type="Collection(Self.It)"/></Function><Term Name="Colour" Type="Edm.String"/>
 <EntityContainer Name="C">
  <EntitySet Name="Its" EntityType="Self.It"><NavigationPropertyBinding Path="top" Target="Tops"/><NavigationPropertyBinding Path="Self.It/its" Target="Self.C/Its"/></EntitySet>
  <EntitySet Name="Tops" EntityType="A.B.Top"/><Singleton Name="Me" Type="Self.It"/>
  <ActionImport Name="DoIt" Action="Self.Do"/><FunctionImport Name="AskIt" Function="Self.Ask" EntitySet="Its"/>
 </EntityContainer>
 <Annotations Target="Self.C/Its"><Annotation Term="Capabilities.InsertRestrictions"><Record><PropertyValue Property="Insertable" Bool="false"/></Record></Annotation></Annotations>
 <Annotations Target="Self.It/rate"><Annotation Term="Core.Immutable" Bool="true" Qualifier="Q"/></Annotations>
 <Annotations Target="Nobody/nothing"><Annotation Term="Core.Computed"/></Annotations>
</Schema></edmx:DataServices></edmx:Edmx>""".encode()
MODEL = read_metadata(DOCUMENT, "$metadata")


def test_types():
    """Types, bases, keys and openness, with aliases in full."""
    it, top = MODEL.types["A.B.It"], MODEL.types["A.B.Top"]

    assert (MODEL.version, MODEL.schemas, MODEL.references) == ("4.01", ("A.B",), ("https://oasis/Core.xml",))
    assert (top.kind, top.abstract, top.open, top.key, top.base) == (
        TypeKind.ENTITY,
        True,
        True,
        ("id",),
        None,
    )
    assert (it.base, it.abstract, it.open, it.key) == ("A.B.Top", False, False, ())
    assert MODEL.types["A.B.Address"].kind is TypeKind.COMPLEX
    assert MODEL.enums["A.B.Kind"].members == {"None": 0, "One": 1, "Four": 4, "Five": 5}
    assert (MODEL.enums["A.B.Kind"].flags, MODEL.enums["A.B.Kind"].underlying) == (True, "Edm.Int64")
    assert (MODEL.definitions["A.B.Money"].underlying, MODEL.definitions["A.B.Money"].scale) == (
        "Edm.Decimal",
        2,
    )
    assert MODEL.terms == ("A.B.Colour",)


def test_properties():
    """Facets as declared; `max` is no number."""
    found = MODEL.properties_of("A.B.It")

    assert found["name"] == Property(
        "name",
        "Edm.String",
        max_length=50,
        unicode=False,
        default="x",
        annotations=(Annotation("Org.OData.Core.V1.Computed"),),
    )
    assert (found["rate"].precision, found["rate"].scale) == (18, "variable")
    assert (found["kinds"].type, found["kinds"].collection, found["kinds"].nullable) == (
        "A.B.Kind",
        True,
        False,
    )
    assert MODEL.underlying(found["sum"].type) == "Edm.Decimal"
    assert MODEL.types["A.B.Address"].properties["city"].max_length is None
    assert found["id"].nullable is False


def test_navigation():
    """References, what they lead to, and constraints as written."""
    top, its = MODEL.navigation_of("A.B.It").values()

    assert (top.type, top.nullable, top.collection, top.partner, top.on_delete) == (
        "A.B.Top",
        False,
        False,
        "its",
        "Cascade",
    )
    assert top.constraints == (Constraint("topId", "id"),)
    assert (its.type, its.collection, its.contains_target) == ("A.B.It", True, True)
    assert MODEL.sets["Its"].bindings == {"top": "Tops", "A.B.It/its": "Its"}
    assert MODEL.singletons["Me"].type == "A.B.It"


def test_operations():
    """Actions and functions with their parameters."""
    do, ask = MODEL.operations

    assert do == Operation(
        "A.B.Do",
        action=True,
        bound=True,
        parameters=(
            Parameter("it", "A.B.It"),
            Parameter("names", "Edm.String", collection=True, nullable=False),
        ),
    )
    assert (ask.action, ask.returns, ask.returns_collection) == (False, "A.B.It", True)
    assert MODEL.operation_imports == (
        OperationImport("DoIt", "A.B.Do", action=True),
        OperationImport("AskIt", "A.B.Ask", action=False, entity_set="Its"),
    )


def test_annotations_written_elsewhere():
    """`Annotations Target=` means the same as an annotation in place; unknown targets are nobody's."""
    assert MODEL.sets["Its"].annotations == (
        Annotation("Org.OData.Capabilities.V1.InsertRestrictions", {"Insertable": False}),
    )
    assert (
        Annotation("Org.OData.Core.V1.Immutable", qualifier="Q")
        in MODEL.properties_of("A.B.It")["rate"].annotations
    )


def wrapped(inner):
    return f'<edmx:Edmx Version="4.0" {NS}><edmx:DataServices><Schema Namespace="N" xmlns="http://docs.oasis-open.org/odata/ns/edm">{inner}</Schema></edmx:DataServices></edmx:Edmx>'.encode()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('String="x"', "x"),
        ('Bool="true"', True),
        ('Bool="false"', False),
        ('Int="5"', 5),
        ('Int="-5"', -5),
        ('Int="--5"', "--5"),
        ('Int="²"', "²"),
        ('Decimal="1.5"', 1.5),
        ('Float="x"', "x"),
        ('EnumMember="Core.Permission/Read"', "Org.OData.Core.V1.Permission/Read"),
        ('Path="a/b"', "a/b"),
        ("", True),
    ],
)
def test_annotation_constants(written, value):
    """Constants have the type they are written in; what is no number stays the text it is."""
    model = read_metadata(
        wrapped(f'<EntityType Name="It"><Annotation Term="X.Y" {written}/></EntityType>'), "$metadata"
    )

    assert model.types["N.It"].annotations == (Annotation("X.Y", value),)


@pytest.mark.parametrize(
    ("inner", "value"),
    [
        ("<String>x</String>", "x"),
        ("<Collection><String>a</String><Int>2</Int></Collection>", ("a", 2)),
        ("<Null/>", None),
        ("<Collection/>", ()),
        (
            '<Record><PropertyValue Property="a" Bool="true"/><PropertyValue Property="b"><Collection><PropertyPath>c</PropertyPath></Collection></PropertyValue></Record>',
            {"a": True, "b": ("c",)},
        ),
    ],
)
def test_annotation_expressions(inner, value):
    """Records are dicts, collections tuples."""
    model = read_metadata(
        wrapped(f'<EntityType Name="It"><Annotation Term="X.Y">{inner}</Annotation></EntityType>'),
        "$metadata",
    )

    assert model.types["N.It"].annotations[0].value == value


def test_counts():
    """The counts of `describe` are those of the document."""
    assert {name: count for name, count in MODEL.counts.items() if count} == {
        "entity_types": 2,
        "abstract_entity_types": 1,
        "derived_entity_types": 1,
        "open_entity_types": 1,
        "complex_types": 1,
        "enum_types": 1,
        "enum_members": 4,
        "type_definitions": 1,
        "terms": 1,
        "properties": 7,
        "navigation_properties": 2,
        "containment_navigations": 1,
        "navigations_with_referential_constraint": 1,
        "referential_constraints": 1,
        "entity_sets": 2,
        "singletons": 1,
        "actions": 1,
        "functions": 1,
        "bound_operations": 1,
        "action_imports": 1,
        "function_imports": 1,
        "navigation_property_bindings": 2,
        "annotations": 4,
        "capabilities_annotations": 1,
    }


def refusal(document):
    with pytest.raises(ServiceError) as refused:
        read_metadata(document, "x.xml")
    (problem,) = refused.value.problems
    return problem


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"hello", "text"),
        (b"<!DOCTYPE html><html>", "html page"),
        (b'<?xml version="1.0"?><html xmlns="x">', "html page"),
        (b'{"error":{"message":"no"}}', "JSON error"),
        (b"[]", "JSON"),
        (b"\xef\xbb\xbf<service/>", "Atom service document"),
        (b"<feed/>", "Atom feed"),
        (b"<error/>", "XML error"),
        (b"<other/>", "<other>"),
        (
            b'<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"/>',
            "OData v2 or v3",
        ),
        (
            b'<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"><edmx:DataServices m:DataServiceVersion="3.0" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"/></edmx:Edmx>',
            "OData v3",
        ),
    ],
)
def test_something_else(document, words):
    """A login page, JSON, Atom or an old version is told as such."""
    problem = refusal(document)

    assert code_of(problem) == "not-odata"
    assert words in problem.message()
    assert problem.place.file == "x.xml"


def test_ill_formed():
    """A broken document is told with its line."""
    problem = refusal(DOCUMENT.replace(b"</EnumType>", b"</Enumtype>"))

    assert (problem.place.line, problem.advice() != "") == (7, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_no_doctype(encoding):
    """Entities are never expanded: a document that declares any is refused."""
    text = f'<?xml version="1.0" encoding="{encoding.upper()[:6].rstrip("-")}"?><!DOCTYPE x [<!ENTITY a "aaaa">]><edmx:Edmx Version="4.0" {NS} x="&a;"/>'
    prefix = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")

    assert "DOCTYPE" in refusal(prefix + text.encode(encoding)).message()


def test_cycles():
    """Types that derive from themselves are refused with their chain."""
    document = wrapped(
        '<EntityType Name="A" BaseType="N.B"/><EntityType Name="B" BaseType="N.C"/><EntityType Name="C" BaseType="N.B"/>'
    )

    assert "N.B → N.C → N.B" in refusal(document).message()


@pytest.mark.parametrize("number", ["²", "-1", "9" * 5_000, "1e5", "", " 5", "٣"])
def test_facets_that_are_no_numbers(number):
    """A facet that nobody can read says nothing."""
    read_metadata(
        wrapped(
            f'<EnumType Name="E"><Member Name="m" Value="{number}"/></EnumType><EntityType Name="A"><Property Name="x" Type="Edm.String" MaxLength="{number}" Precision="{number}" Scale="{number}"/></EntityType>'
        ),
        "$metadata",
    )


def test_large_documents():
    """A document with very many types, each the base of the next, is read in no time."""
    inner = "".join(f'<EntityType Name="T{n}" BaseType="N.T{n - 1}"/>' for n in range(5_000))

    assert len(read_metadata(wrapped(inner), "$metadata").types) == 5_000


@pytest.mark.parametrize("depth", [50, 250, 5_000])
def test_depth(depth):
    """Annotations nested without end are cut or refused, never a crash."""
    inner = "<Collection>" * depth + "</Collection>" * depth
    try:
        read_metadata(
            wrapped(f'<EntityType Name="It"><Annotation Term="X.Y">{inner}</Annotation></EntityType>'),
            "$metadata",
        )
    except ServiceError:
        assert depth > 200


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, len(DOCUMENT) - 1),
    st.integers(0, 30),
    st.sampled_from(
        [b"", b"<", b">", b'"', b"&", b"\0", b"\xff", b"<!DOCTYPE", b"]]>", b"&x;", b"/>", b"9999", b"Self."]
    ),
)
def test_any_damage(position, dropped, instead):
    """Cut and damaged anywhere: a model or a ServiceError."""
    try:
        read_metadata(DOCUMENT[:position] + instead + DOCUMENT[position + dropped :], "$metadata")
    except ServiceError as error:
        assert error.problems  # noqa: PT017 - the only exception there may be


@given(
    st.binary(max_size=60)
    | st.tuples(
        st.sampled_from(
            [
                b"<?xml version='1.0' encoding='utf-7'?>",
                b"<?xml version='1.0' encoding='x'?>",
                b"\xff\xfe",
                b"\xfe\xff",
                b"<",
            ]
        ),
        st.binary(max_size=30),
    ).map(b"".join)
)
def test_any_bytes(document):
    """No bytes are a crash; none of so few are metadata."""
    assert refusal(document).message()


def test_the_shelf():
    """The Timetta-like service's document is read; its traps are in it."""
    model = read_metadata(TIMETTA, "$metadata")

    assert len(model.sets) == 21
    assert model.derived_of("WP.Resource") == ("WP.User", "WP.Department", "WP.Generic")
    assert model.target_set("Projects", "manager") == "Users"
