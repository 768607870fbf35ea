"""What the several ways of writing CSDL have in common: aliases, extended containers, targets, facets; and Timetta."""

from pathlib import Path

import pytest

from importer.odata.csdl import read_metadata
from importer.odata.edm import Annotation, Constraint
from importer.odata.edm.pairing import pair_of

EDMX = 'xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"'
EDM = 'xmlns="http://docs.oasis-open.org/odata/ns/edm"'
TIMETTA = Path(__file__).parents[5] / "shared/timetta/metadata.xml"


def read(*schemas, version="4.0", references=""):
    """The model of schemas written as (Namespace, Alias, inner XML)."""
    inner = "".join(
        f'<Schema Namespace="{name}"' + (f' Alias="{alias}"' if alias else "") + f" {EDM}>{text}</Schema>"
        for name, alias, text in schemas
    )
    return read_metadata(
        f'<edmx:Edmx Version="{version}" {EDMX}>{references}<edmx:DataServices>{inner}</edmx:DataServices></edmx:Edmx>'.encode(),
        "$metadata",
    )


def read_types(inner):
    return read(("N", None, inner))


def test_keys_with_paths():
    """A key may lie inside a complex property, and then has another name in URLs (OData CSDL §6.5)."""
    model = read_types(
        '<ComplexType Name="A"><Property Name="zip" Type="Edm.String"/></ComplexType>'
        '<EntityType Name="It"><Key><PropertyRef Name="n"/><PropertyRef Name="a/zip" Alias="zip"/></Key>'
        '<Property Name="n" Type="Edm.Int32"/><Property Name="a" Type="N.A"/></EntityType><EntityType Name="More" BaseType="N.It"/>'
    )

    assert model.key_of("N.More") == ("n", "a/zip")
    assert model.key_aliases_of("N.More") == {"a/zip": "zip"}
    assert model.key_aliases_of("N.Nobody") == {}
    assert model.property_at("N.It", "a/zip").type == "Edm.String"
    assert model.property_at("N.It", "a/nothing") is None
    assert model.property_at("N.It", "nothing/zip") is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (
            'Type="Edm.String" Nullable="false" MaxLength="50" Unicode="false" DefaultValue=""',
            {"nullable": False, "max_length": 50, "unicode": False, "default": ""},
        ),
        (
            'Type="Edm.String" MaxLength="max" Unicode="true"',
            {"nullable": True, "max_length": None, "unicode": True, "default": None},
        ),
        ('Type="Edm.Decimal" Precision="18" Scale="4"', {"precision": 18, "scale": 4}),
        ('Type="Edm.Decimal" Scale="Variable"', {"scale": "variable"}),
        ('Type="Edm.Decimal" Scale="floating"', {"scale": "floating"}),
        (
            'Type="Edm.Decimal" Scale="x" MaxLength="-1" Precision="2.5"',
            {"scale": None, "max_length": None, "precision": None},
        ),
        (
            f'Type="Edm.Decimal" MaxLength="{"9" * 5000}" Precision="²"',
            {"max_length": None, "precision": None},
        ),
        ('Type="Collection(Self.Mode)"', {"type": "N.Mode", "collection": True}),
        ('Type="Self.Mode"', {"type": "N.Mode"}),
        ("", {"type": "Edm.String"}),
    ],
)
def test_facets(written, expected):
    """Every facet; one that cannot be read counts as not written."""
    declared = (
        read(("N", "Self", f'<EntityType Name="It"><Property Name="x" {written}/></EntityType>'))
        .types["N.It"]
        .properties["x"]
    )

    assert {name: getattr(declared, name) for name in expected} == expected


def test_navigation():
    """Navigation properties with everything that hangs on them."""
    model = read(
        (
            "N",
            "Self",
            """<EntityType Name="It">
      <NavigationProperty Name="one" Type="Self.It" Nullable="false" Partner="many"><ReferentialConstraint Property="oneId" ReferencedProperty="id"/>
        <ReferentialConstraint Property="other" ReferencedProperty="code"/></NavigationProperty>
      <NavigationProperty Name="many" Type="Collection(Self.It)" ContainsTarget="true"><OnDelete Action="Cascade"/></NavigationProperty></EntityType>""",
        )
    )
    one, many = model.types["N.It"].navigation.values()

    assert (one.type, one.collection, one.nullable, one.partner, one.contains_target, one.on_delete) == (
        "N.It",
        False,
        False,
        "many",
        False,
        None,
    )
    assert one.constraints == (Constraint("oneId", "id"), Constraint("other", "code"))
    assert (many.type, many.collection, many.contains_target, many.on_delete) == (
        "N.It",
        True,
        True,
        "Cascade",
    )


def test_members_without_a_value_count_on():
    """Whatever stands before them (OData CSDL §10.3)."""
    model = read_types(
        '<EnumType Name="E"><Member Name="A"/><Member Name="B" Value="5"/><Member Name="C"/><Member Name="D" Value="x"/><Member Name="F" Value="-3"/></EnumType>'
    )

    assert model.enums["N.E"].members == {"A": 0, "B": 5, "C": 6, "D": 7, "F": -3}


def test_several_schemas_with_aliases():
    """Names with an alias are the same names; a container that extends another has its sets too."""
    model = read(
        (
            "Com.Types",
            "T",
            (
                '<EntityType Name="Base"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid"/></EntityType>'
                '<EntityType Name="User" BaseType="T.Base"/><EntityContainer Name="Old"><EntitySet Name="Bases" EntityType="T.Base"/></EntityContainer>'
            ),
        ),
        (
            "Com.Service",
            "S",
            (
                '<EntityContainer Name="C" Extends="T.Old"><EntitySet Name="Users" EntityType="T.User">'
                '<NavigationPropertyBinding Path="role" Target="S.C/Bases"/><NavigationPropertyBinding Path="T.User/role" Target="T.Old/Bases"/>'
                '<NavigationPropertyBinding Path="lines/T.User/role" Target="Users/lines"/></EntitySet><Singleton Name="Me" Type="T.User"/></EntityContainer>'
            ),
        ),
        version="4.01",
    )

    assert (model.version, model.schemas) == ("4.01", ("Com.Types", "Com.Service"))
    assert model.types["Com.Types.User"].base == "Com.Types.Base"
    assert list(model.sets) == ["Bases", "Users"]
    assert model.sets["Users"].type == model.singletons["Me"].type == "Com.Types.User"
    assert model.sets["Users"].bindings == {
        "role": "Bases",
        "Com.Types.User/role": "Bases",
        "lines/Com.Types.User/role": "Users/lines",
    }


def test_bindings_of_other_entities_are_not_taken():
    """A binding path through a property belongs to another entity; a cast to another type does not help either."""
    model = read_types("""<EntityType Name="Line"><NavigationProperty Name="role" Type="N.Role"/></EntityType><EntityType Name="Role"/>
      <EntityType Name="Doc"><NavigationProperty Name="lines" Type="Collection(N.Line)" ContainsTarget="true"/><NavigationProperty Name="role" Type="N.Role"/></EntityType>
      <EntityType Name="Act" BaseType="N.Doc"/><EntityType Name="Bill" BaseType="N.Doc"><NavigationProperty Name="bank" Type="N.Role"/></EntityType>
      <EntityContainer Name="C"><EntitySet Name="Docs" EntityType="N.Doc"><NavigationPropertyBinding Path="lines/role" Target="LineRoles"/>
      <NavigationPropertyBinding Path="N.Bill/bank" Target="Banks"/></EntitySet><EntitySet Name="Roles" EntityType="N.Role"/></EntityContainer>""")

    assert model.target_set("Docs", "role") == "Roles"
    assert model.target_set("Docs", "bank") == model.target_set("Docs", "bank", "N.Bill") == "Banks"
    assert model.target_set("Docs", "bank", "N.Act") is None


def test_vocabulary_aliases():
    """Terms are full whoever names their vocabulary: the document, everybody, or nobody."""
    references = '<edmx:Reference Uri="https://x/Core.xml"><edmx:Include Namespace="Org.OData.Core.V1" Alias="Kern"/></edmx:Reference>'
    notes = '<Annotation Term="Kern.Computed"/><Annotation Term="Core.Immutable"/><Annotation Term="SAP__common.FieldControl" EnumMember="Common.FieldControlType/Mandatory"/><Annotation Term="My.Own"/>'
    model = read(
        (
            "N",
            None,
            f'<EntityType Name="It"><Property Name="x" Type="Edm.String">{notes}</Property></EntityType>',
        ),
        references=references,
    )
    found, common = model.types["N.It"].properties["x"].annotations, "com.sap.vocabularies.Common.v1"

    assert model.references == ("https://x/Core.xml",)
    assert [note.term for note in found] == [
        "Org.OData.Core.V1.Computed",
        "Org.OData.Core.V1.Immutable",
        f"{common}.FieldControl",
        "My.Own",
    ]
    assert found[2].value == f"{common}.FieldControlType/Mandatory"


def test_a_schema_may_be_called_common():
    """A service's own schema wins over a vocabulary's usual alias."""
    model = read(
        (
            "Common",
            None,
            '<ComplexType Name="A"><Property Name="b" Type="Common.A"/><Annotation Term="Common.Mark"/></ComplexType><Term Name="Mark" Type="Edm.Boolean"/>',
        )
    )

    assert model.types["Common.A"].properties["b"].type == "Common.A"
    assert model.types["Common.A"].annotations == (Annotation("Common.Mark"),)
    assert model.terms == ("Common.Mark",)


def test_annotations_by_target():
    """What is annotated elsewhere stands at the thing itself; a target that does not exist is ignored."""

    def target(path):
        return f'<Annotations Target="{path}"><Annotation Term="T.x" String="{path}"/></Annotations>'

    paths = (
        "S.It",
        "S.It/p",
        "S.It/n",
        "S.Mode",
        "S.Def",
        "S.C",
        "S.C/Its",
        "S.C/Me",
        "S.Gone",
        "S.It/gone",
        "S.C/Gone",
        "",
        "S.Mode/A",
    )
    model = read(
        (
            "N",
            "S",
            f"""{"".join(map(target, paths))}<EntityType Name="It"><Property Name="p" Type="Edm.String"><Annotation Term="T.own"/></Property>
      <NavigationProperty Name="n" Type="S.It"/></EntityType><EnumType Name="Mode"><Member Name="A"/></EnumType><TypeDefinition Name="Def" UnderlyingType="Edm.String"/>
      <EntityContainer Name="C"><EntitySet Name="Its" EntityType="S.It"/><Singleton Name="Me" Type="S.It"/></EntityContainer>""",
        )
    )
    it = model.types["N.It"]

    assert it.annotations == (Annotation("T.x", "S.It"),)
    assert it.properties["p"].annotations == (Annotation("T.own"), Annotation("T.x", "S.It/p"))
    assert [
        item.annotations[0].value
        for item in (it.navigation["n"], model.enums["N.Mode"], model.definitions["N.Def"])
    ] == ["S.It/n", "S.Mode", "S.Def"]
    assert [item.annotations[0].value for item in (model.sets["Its"], model.singletons["Me"])] == [
        "S.C/Its",
        "S.C/Me",
    ]
    assert model.container_annotations == (Annotation("T.x", "S.C"),)


def test_a_target_in_the_extending_container():
    """Sets that come from the extended container are annotated under either name."""
    one, two = (
        '<Annotation Term="T.one"/>',
        '<Annotation Term="T.two"/><Annotation Term="T.three" Qualifier="Own"/>',
    )
    model = read(
        (
            "A",
            None,
            f'<EntityContainer Name="Old"><EntitySet Name="Its" EntityType="A.It"/></EntityContainer><Annotations Target="A.Old/Its">{one}</Annotations>',
        ),
        (
            "B",
            None,
            f'<EntityContainer Name="New" Extends="A.Old"/><Annotations Target="B.New/Its" Qualifier="Q">{two}</Annotations>',
        ),
    )

    assert model.sets["Its"].annotations == (
        Annotation("T.one"),
        Annotation("T.two", qualifier="Q"),
        Annotation("T.three", qualifier="Own"),
    )


def test_annotations_without_end():
    """Values nested beyond reason end in nothing."""
    inner = "<Collection>" * 100 + "</Collection>" * 100
    (note,) = (
        read_types(f'<EntityType Name="It"><Annotation Term="T.x">{inner}</Annotation></EntityType>')
        .types["N.It"]
        .annotations
    )
    value, depth = note.value, 0
    while value:
        value, depth = value[0], depth + 1

    assert (value, depth < 100) == (None, True)


def test_what_nobody_knows_is_ignored():
    """Extensions of other vendors, in attributes and elements, and nameless things never disturb."""
    other = 'xmlns:v="urn:vendor"'
    model = read_types(
        f'<v:EntityType Name="Fake" {other}/><EntityType Name="It" v:color="red" Color="blue" {other}><v:Property Name="fake" Type="Edm.String"/><Property Name="x" Type="Edm.String" v:Nullable="false"/>'
        '<Property Type="Edm.String"/><Widget Name="w"/><v:Annotation Term="T.x"/></EntityType><EntityType/><Novelty Name="n"/><!-- a comment --><?pi?>'
        '<EntityContainer Name="C"><EntitySet EntityType="N.It"/><Novelty Name="n"/></EntityContainer>'
    )

    assert list(model.types) == ["N.It"]
    assert list(model.types["N.It"].properties) == ["x"]
    assert model.types["N.It"].properties["x"].nullable
    assert model.types["N.It"].annotations == ()
    assert model.sets == {}


def test_every_key_of_the_counts():
    """Counted is what the document writes, not what is inherited; every key of the JSON is there, in its order."""
    model = read(
        (
            "N",
            "S",
            """<EntityType Name="A" Abstract="true" OpenType="true"><Key><PropertyRef Name="x"/><PropertyRef Name="y"/></Key><Property Name="x" Type="Edm.Int32"/></EntityType>
      <EntityType Name="B" BaseType="N.A"><NavigationProperty Name="n" Type="N.A" ContainsTarget="true"><ReferentialConstraint Property="x" ReferencedProperty="y"/>
      <ReferentialConstraint Property="z" ReferencedProperty="y"/></NavigationProperty><NavigationProperty Name="m" Type="N.A"/></EntityType>
      <ComplexType Name="C" Abstract="true" BaseType="N.D"/><EnumType Name="E"><Member Name="a"/><Member Name="b"/></EnumType><TypeDefinition Name="F" UnderlyingType="Edm.String"/>
      <Term Name="T" Type="Edm.String"/><Action Name="do" IsBound="true"/><Function Name="get" IsBound="true"/><Function Name="get"/>
      <Annotations Target="S.K/Bs"><Annotation Term="Capabilities.InsertRestrictions"><Record><PropertyValue Property="x"/><Annotation Term="T.x"/></Record></Annotation></Annotations>
      <EntityContainer Name="K"><EntitySet Name="Bs" EntityType="N.B"><NavigationPropertyBinding Path="n" Target="Bs"/></EntitySet><Singleton Name="Me" Type="N.B"/>
      <ActionImport Name="do" Action="N.do"/><FunctionImport Name="get" Function="N.get"/></EntityContainer>""",
        )
    )

    assert list(model.counts.items()) == [
        ("entity_types", 2),
        ("abstract_entity_types", 1),
        ("derived_entity_types", 1),
        ("open_entity_types", 1),
        ("composite_keys", 1),
        ("complex_types", 1),
        ("abstract_complex_types", 1),
        ("derived_complex_types", 1),
        ("enum_types", 1),
        ("enum_members", 2),
        ("type_definitions", 1),
        ("terms", 1),
        ("properties", 1),
        ("navigation_properties", 2),
        ("containment_navigations", 1),
        ("navigations_with_referential_constraint", 1),
        ("referential_constraints", 2),
        ("entity_sets", 1),
        ("singletons", 1),
        ("actions", 1),
        ("functions", 2),
        ("bound_operations", 2),
        ("action_imports", 1),
        ("function_imports", 1),
        ("navigation_property_bindings", 1),
        ("annotations", 2),
        ("capabilities_annotations", 1),
    ]


@pytest.fixture(scope="module")
def timetta():
    if not TIMETTA.is_file():
        pytest.skip("the reconstruction of Timetta's metadata is not beside the checkout")
    return read_metadata(TIMETTA.read_bytes(), "metadata.xml")


def test_timetta_counts(timetta):
    """The reconstructed service's model arrives whole."""
    found = tuple(
        timetta.counts[name]
        for name in ("entity_types", "open_entity_types", "entity_sets", "enum_types", "actions", "functions")
    )

    assert found == (71, 48, 65, 9, 35, 9)
    assert {name for name, item in timetta.types.items() if item.base == "WP.Resource"} == {
        "WP.User",
        "WP.Department",
        "WP.Generic",
    }


@pytest.mark.parametrize(
    ("owner", "navigation", "pair"),
    [
        ("Department", "leadDepartment", "leadDepartmentId"),
        ("Department", "department", "departmentId"),
        ("User", "supervisor", "supervisorId"),
        ("TimeSheet", "createdBy", "createdById"),
        ("ProjectTask", "leadTask", "leadTaskId"),
        ("ProjectTeamMember", "resource", "resourceId"),
        ("Project", "userValue1", "userValue1Id"),
        ("Project", "lookupValue1", "lookupValue1Id"),
        ("Organization", "legal", None),
    ],
)
def test_timetta_pairs(timetta, owner, navigation, pair):
    """The traps of timetta.md §7: wrong constraints, none at all, inherited ones, no key."""
    assert pair_of(timetta, f"WP.{owner}", timetta.navigation_of(f"WP.{owner}")[navigation]) == pair


def test_every_pair_of_timetta_is_named_after_its_navigation(timetta):
    """Wherever `xId` of the key's type stands beside `x`, it is the pair, whatever the constraint says."""
    wrong = 0
    for owner in timetta.types:
        own = timetta.properties_of(owner)
        for name, navigation in timetta.navigation_of(owner).items():
            if (
                not navigation.collection
                and own.get(f"{name}Id") is not None
                and own[f"{name}Id"].type == "Edm.Guid"
            ):
                assert pair_of(timetta, owner, navigation) == f"{name}Id"
                wrong += any(item.property != f"{name}Id" for item in navigation.constraints)

    assert wrong > 0
