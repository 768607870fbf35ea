"""CSDL JSON says the same as CSDL XML, with its own defaults; what is wrong with it is told with its place."""

import json
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.odata.csdl import read_metadata
from importer.odata.edm import Annotation, Model, Parameter
from importer.problems import ServiceError

XML = """<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
<edmx:Reference Uri="https://example.test/Core.xml"><edmx:Include Namespace="Org.OData.Core.V1" Alias="Kern"/></edmx:Reference>
<edmx:DataServices><Schema Namespace="A.B" Alias="Self" xmlns="http://docs.oasis-open.org/odata/ns/edm">
 <EnumType Name="Kind" IsFlags="true" UnderlyingType="Edm.Int64"><Member Name="None" Value="0"/><Member Name="One" Value="1"><Annotation Term="Kern.Description" String="first"/></Member></EnumType>
 <TypeDefinition Name="Money" UnderlyingType="Edm.Decimal" Precision="10" Scale="2"/>
 <ComplexType Name="Address" Abstract="true"><Property Name="city" Type="Edm.String" MaxLength="20"/><Property Name="zip" Type="Edm.String" Nullable="false"/></ComplexType>
 <ComplexType Name="Home" BaseType="Self.Address"/>
 <EntityType Name="Top" Abstract="true" OpenType="true" HasStream="true"><Key><PropertyRef Name="id"/><PropertyRef Name="address/zip" Alias="zip"/></Key>
  <Property Name="id" Type="Edm.Guid" Nullable="false"/><Property Name="address" Type="Self.Address" Nullable="false"/></EntityType>
 <EntityType Name="It" BaseType="Self.Top">
  <Property Name="name" Type="Edm.String" MaxLength="50" Unicode="false" DefaultValue="x"><Annotation Term="Kern.Computed" Bool="true"/></Property>
  <Property Name="rate" Type="Edm.Decimal" Precision="18" Scale="variable"/>
  <Property Name="floats" Type="Edm.Decimal" Precision="7" Scale="floating"/>
  <Property Name="whole" Type="Edm.Decimal" Scale="0" DefaultValue="5"/>
  <Property Name="place" Type="Edm.GeographyPoint" SRID="4326" Nullable="false"/>
  <Property Name="kinds" Type="Collection(Self.Kind)" Nullable="false"/>
  <NavigationProperty Name="top" Type="Self.Top" Partner="its" Nullable="false"><ReferentialConstraint Property="topId" ReferencedProperty="id"/><OnDelete Action="Cascade"/></NavigationProperty>
  <NavigationProperty Name="its" Type="Collection(A.B.It)" ContainsTarget="true"/>
 </EntityType>
 <Action Name="Do" IsBound="true" EntitySetPath="it/its"><Parameter Name="it" Type="Self.It" Nullable="false"/><Parameter Name="names" Type="Collection(Edm.String)" Nullable="false" MaxLength="9"/><ReturnType Type="Self.It" Nullable="false"/></Action>
 <Action Name="Do" IsBound="true"><Parameter Name="top" Type="Self.Top"/></Action>
 <Function Name="Ask" IsComposable="true"><ReturnType Type="Collection(Self.It)" Nullable="false"/></Function>
 <Term Name="Colour" Type="Edm.String"/>
 <EntityContainer Name="Old"><EntitySet Name="Tops" EntityType="A.B.Top"/></EntityContainer>
 <EntityContainer Name="C" Extends="Self.Old">
  <EntitySet Name="Its" EntityType="Self.It"><NavigationPropertyBinding Path="top" Target="Tops"/><NavigationPropertyBinding Path="Self.It/its" Target="Self.C/Its"/></EntitySet>
  <Singleton Name="Me" Type="Self.It"/><ActionImport Name="DoIt" Action="Self.Do"/><FunctionImport Name="AskIt" Function="Self.Ask" EntitySet="Its"/>
 </EntityContainer>
 <Annotations Target="Self.C/Its"><Annotation Term="Capabilities.InsertRestrictions"><Record><PropertyValue Property="Insertable" Bool="false"/><PropertyValue Property="RequiredProperties"><Collection><PropertyPath>name</PropertyPath></Collection></PropertyValue></Record></Annotation></Annotations>
 <Annotations Target="Self.It/rate"><Annotation Term="Core.Immutable" Bool="true" Qualifier="Q"/></Annotations>
 <Annotations Target="Self.Do(Self.Top)"><Annotation Term="Kern.Description" String="of the top"/></Annotations>
 <Annotations Target="Self.Kind/None"><Annotation Term="Kern.Description" String="zero"/></Annotations>
</Schema></edmx:DataServices></edmx:Edmx>"""
JSON = {
    "$Version": "4.01",
    "$EntityContainer": "A.B.C",
    "$Reference": {
        "https://example.test/Core.xml": {"$Include": [{"$Namespace": "Org.OData.Core.V1", "$Alias": "Kern"}]}
    },
    "A.B": {
        "$Alias": "Self",
        "Kind": {
            "$Kind": "EnumType",
            "$IsFlags": True,
            "$UnderlyingType": "Edm.Int64",
            "None": 0,
            "One": "1",
            "One@Kern.Description": "first",
        },
        "Money": {"$Kind": "TypeDefinition", "$UnderlyingType": "Edm.Decimal", "$Precision": 10, "$Scale": 2},
        "Address": {
            "$Kind": "ComplexType",
            "$Abstract": True,
            "city": {"$MaxLength": 20, "$Nullable": True},
            "zip": {},
        },
        "Home": {"$Kind": "ComplexType", "$BaseType": "Self.Address"},
        "Top": {
            "$Kind": "EntityType",
            "$Abstract": True,
            "$OpenType": True,
            "$HasStream": True,
            "$Key": ["id", {"zip": "address/zip"}],
            "id": {"$Type": "Edm.Guid"},
            "address": {"$Type": "Self.Address"},
        },
        "It": {
            "$Kind": "EntityType",
            "$BaseType": "Self.Top",
            "name": {
                "$MaxLength": 50,
                "$Nullable": True,
                "$Unicode": False,
                "$DefaultValue": "x",
                "@Kern.Computed": True,
            },
            "rate": {"$Type": "Edm.Decimal", "$Nullable": True, "$Precision": 18},
            "floats": {"$Type": "Edm.Decimal", "$Nullable": True, "$Precision": 7, "$Scale": "Floating"},
            "whole": {"$Type": "Edm.Decimal", "$Nullable": True, "$Scale": 0, "$DefaultValue": 5},
            "place": {"$Kind": "Property", "$Type": "Edm.GeographyPoint", "$SRID": 4326},
            "kinds": {"$Type": "Self.Kind", "$Collection": True},
            "top": {
                "$Kind": "NavigationProperty",
                "$Type": "Self.Top",
                "$Partner": "its",
                "$ReferentialConstraint": {"topId": "id"},
                "$OnDelete": "Cascade",
            },
            "its": {
                "$Kind": "NavigationProperty",
                "$Collection": True,
                "$Type": "A.B.It",
                "$ContainsTarget": True,
            },
        },
        "Do": [
            {
                "$Kind": "Action",
                "$IsBound": True,
                "$EntitySetPath": "it/its",
                "$Parameter": [
                    {"$Name": "it", "$Type": "Self.It"},
                    {"$Name": "names", "$Collection": True, "$MaxLength": 9},
                ],
                "$ReturnType": {"$Type": "Self.It"},
            },
            {
                "$Kind": "Action",
                "$IsBound": True,
                "$Parameter": [{"$Name": "top", "$Type": "Self.Top", "$Nullable": True}],
            },
        ],
        "Ask": [
            {
                "$Kind": "Function",
                "$IsComposable": True,
                "$ReturnType": {"$Type": "Self.It", "$Collection": True},
            }
        ],
        "Colour": {"$Kind": "Term"},
        "Old": {"$Kind": "EntityContainer", "Tops": {"$Collection": True, "$Type": "A.B.Top"}},
        "C": {
            "$Kind": "EntityContainer",
            "$Extends": "Self.Old",
            "Its": {
                "$Collection": True,
                "$Type": "Self.It",
                "$NavigationPropertyBinding": {"top": "Tops", "Self.It/its": "Self.C/Its"},
            },
            "Me": {"$Type": "Self.It"},
            "DoIt": {"$Action": "Self.Do"},
            "AskIt": {"$Function": "Self.Ask", "$EntitySet": "Its"},
        },
        "$Annotations": {
            "Self.C/Its": {
                "@Capabilities.InsertRestrictions": {"Insertable": False, "RequiredProperties": ["name"]}
            },
            "Self.It/rate": {"@Core.Immutable#Q": True},
            "Self.Do(Self.Top)": {"@Kern.Description": "of the top"},
            "Self.Kind/None": {"@Kern.Description": "zero"},
        },
    },
}


def read(document):
    return read_metadata(
        document if isinstance(document, bytes) else json.dumps(document).encode(), "metadata.json"
    )


def schema(**members):
    return read({"$Version": "4.01", "N": members})


def refusal(document):
    with pytest.raises(ServiceError) as caught:
        read(document)
    (problem,) = caught.value.problems
    assert (caught.value.exit_code, problem.code, bool(problem.advice())) == (5, "not-odata", True)
    return problem


def test_the_same_service_in_both_forms():
    """Types, containers, annotations and counts of a service are equal, whichever form it answers in."""
    xml, other = read_metadata(XML.encode(), "metadata.json"), read(JSON)

    for name in Model.__dataclass_fields__:
        assert getattr(other, name) == getattr(xml, name), name
    assert sum(xml.counts.values()) > 40


def test_other_defaults_than_xml():
    """Absent: no null, a text, any scale. XML means the opposite by each absence."""
    model = schema(
        It={"$Kind": "EntityType", "a": {}, "b": {"$Type": "Edm.Decimal"}, "c": {"$Nullable": True}}
    )
    a, b, c = model.types["N.It"].properties.values()

    assert (a.type, a.nullable, b.scale, c.nullable) == ("Edm.String", False, "variable", True)


def test_operations_in_an_array_or_alone():
    """Overloads stand in an array; one that stands alone is read too."""
    model = schema(Do={"$Kind": "Action", "$Parameter": {"$Name": "x"}}, Ask=[{"$Kind": "Function"}, 5, None])

    assert [(item.name, item.action) for item in model.operations] == [("N.Do", True), ("N.Ask", False)]
    assert model.operations[0].parameters == (Parameter("x", "Edm.String", nullable=False),)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("x", "x"),
        (None, None),
        (1.5, 1.5),
        ([1, "a"], (1, "a")),
        ({"$Path": "a/b"}, "a/b"),
        ({"$If": [True, 1, 2]}, None),
        ({"$Apply": ["a"], "$Function": "odata.concat", "@T.x": 1}, None),
        ({"a": {"b": [True]}, "@type": "N.R", "@T.x": 1, "a@T.x": 2}, {"a": {"b": (True,)}}),
    ],
)
def test_annotation_values(written, value):
    """Constants, paths, collections and records are what they are in XML; what is dynamic has no value yet."""
    note = schema(It={"$Kind": "EntityType", "@T.x": written}).types["N.It"].annotations

    assert note == (Annotation("T.x", value),)


def test_annotations_of_annotations_are_nobodys():
    """An annotation that explains another is counted, and never mistaken for one of the type."""
    model = schema(
        It={"$Kind": "EntityType", "@T.x#Q": 1, "@T.x#Q@Core.Description": "why", "@odata.type": "#x"}
    )

    assert model.types["N.It"].annotations == (Annotation("T.x", 1, "Q"),)
    assert model.counts["annotations"] == 2


def test_a_target_that_ends_in_an_annotation_counts_none():
    """Only what is annotated counts, not the path that says where."""
    model = read(
        {"$Version": "4.01", "N": {"$Annotations": {"N.C/Its/@Capabilities.X#q": {"@Core.Computed": True}}}}
    )

    assert (model.counts["annotations"], model.counts["capabilities_annotations"]) == (1, 0)
    assert list(model.targeted) == ["N.C/Its/@Org.OData.Capabilities.V1.X#q"]


def test_annotations_without_end():
    """Values nested beyond reason end in nothing."""
    value = [1]
    for _ in range(100):
        value = [value]
    (note,) = schema(It={"$Kind": "EntityType", "@T.x": value}).types["N.It"].annotations

    assert str(note.value).count("(") < 100


def test_a_member_twice():
    """Two members of one name are refused where the second stands, with its path."""
    text = '\ufeff{"$Version": "4.01",\n "N": {"It": {"$Kind": "EntityType",\n  "a": {}, "b": [1, {"x": 1}], "a": {}}}}'
    problem = refusal(text.encode())

    assert "N › It › a" in problem.message()
    assert (problem.place.line, problem.place.column) == (3, 32)


def test_cyclic_types():
    """Types that derive from themselves are refused at the type."""
    text = '{"$Version": "4.01",\n "N": {\n "A": {"$Kind": "EntityType", "$BaseType": "N.B"},\n "B": {"$Kind": "EntityType", "$BaseType": "N.A"}}}'
    problem = refusal(text.encode())

    assert "N.A → N.B → N.A" in problem.message()
    assert (problem.place.line, problem.place.column) == (3, 2)


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ('{"$Version": "3.0",\n "N": {}}', "metadata of OData v3;", 1),
        ('{"$Version": "4.01"}', "it holds no schema of OData v4.", 1),
        ('{"$Version": 4, "N": {}}', "it is JSON.", 1),
        ('{"$Version": "4.01",\n "N": {"a": ', "it is cut short", 2),
        ('{"$Version": "4.01",\n "N": {,}}', "it is no valid JSON", 2),
        ('{"$Version": "4.01", "N": {"a": NaN}}', "it is no valid JSON", 1),
        ('{"$Version": "4.01", "N": {"a": "\\ud800"}}', "cannot be read", 1),
        ('{"$Version": "4.01", "N": ' + "[" * 100_000, "it is nested too deeply", 1),
    ],
)
def test_what_cannot_be_read(text, said, line):
    """Old, empty, cut or ill-formed JSON is told with its line."""
    problem = refusal(text.encode())

    assert said in problem.message()
    assert problem.place.line == line


def test_cut_anywhere():
    """A document cut short anywhere is a problem, never half a model."""
    raw = json.dumps(JSON).encode()
    for length in range(0, len(raw), 37):
        assert refusal(raw[:length]).message()


# CSDL JSON 4.01, the keywords that say something to an importer.
KEYWORDS = """
$Version $Kind $Alias $Annotations $Reference $Include $IncludeAnnotations $Namespace $TermNamespace $TargetNamespace
$Qualifier $BaseType $Abstract $OpenType $HasStream $Key $Type $Collection $Nullable $MaxLength $Precision $Scale $SRID
$Unicode $DefaultValue $ContainsTarget $Partner $OnDelete $ReferentialConstraint $UnderlyingType $IsFlags $IsBound
$IsComposable $EntitySetPath $Parameter $Name $ReturnType $Extends $NavigationPropertyBinding $EntitySet $Action
$Function $Path
"""
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(st.data(), ODD)
def test_anything_anywhere(data, odd):
    """Whatever stands in the place of any value: a model or a problem."""
    document = json.loads(json.dumps(JSON))
    paths = []

    def walk(node, path):
        for key in node if isinstance(node, dict) else range(len(node)):
            paths.append((node, key))
            if isinstance(node[key], dict | list):
                walk(node[key], (*path, key))

    walk(document, ())
    node, key = data.draw(st.sampled_from(paths))
    node[key] = odd
    try:
        model = read(msgspec.json.encode(document))
    except ServiceError as error:
        assert error.problems  # noqa: PT017 - the only exception there may be
    else:
        assert isinstance(model, Model)


def test_keywords_of_the_reader_are_those_of_the_standard():
    """Every `$…` that the reader knows is one of CSDL JSON 4.01: a keyword misspelt would be read as absent."""
    folder = Path(__file__).parents[4] / "importer/odata/csdl"
    older = {"$AnnotationPath", "$PropertyPath", "$NavigationPropertyPath", "$ModelElementPath"}
    used = {
        word for path in folder.glob("json_*.py") for word in re.findall(r'"(\$[A-Z]\w+)"', path.read_text())
    }

    assert used - set(KEYWORDS.split()) - older == set()
    assert {"$Nullable", "$Scale", "$Extends"} <= used
