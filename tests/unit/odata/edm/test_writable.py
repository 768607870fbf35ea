"""What may be written and what must be, as far as a service says it."""

import pytest

from importer.odata.csdl import read_metadata
from importer.odata.edm.writable import Required, Writability, required_on_create, set_allows, writability

CORE, CAP, COMMON = "Org.OData.Core.V1", "Org.OData.Capabilities.V1", "com.sap.vocabularies.Common.v1"
YES, NO = Writability(), Writability(on_create=False, on_update=False, reason="permissions")


def names(*found):
    return (
        "<Collection>" + "".join(f"<PropertyPath>{name}</PropertyPath>" for name in found) + "</Collection>"
    )


def model_of(properties="", on_set="", key="id", more=""):
    keys = "".join(f'<PropertyRef Name="{name}"/>' for name in key.split())
    document = f"""<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
    <Schema Namespace="N" xmlns="http://docs.oasis-open.org/odata/ns/edm">
    <EntityType Name="It"><Key>{keys}</Key><Property Name="id" Type="Edm.Guid" Nullable="false"/>{properties}</EntityType>
    <EntityType Name="User"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid"/></EntityType>{more}
    <EntityContainer Name="C"><EntitySet Name="Its" EntityType="N.It">{on_set}</EntitySet></EntityContainer>
    </Schema></edmx:DataServices></edmx:Edmx>"""
    return read_metadata(document.encode(), "$metadata")


def property_with(annotation, more=""):
    return f'<Property Name="x" Type="Edm.String" {more}>{annotation}</Property>'


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ("", YES),
        (
            f'<Annotation Term="{CORE}.Computed"/>',
            Writability(on_create=False, on_update=False, reason="computed"),
        ),
        (
            f'<Annotation Term="{CORE}.Computed" Bool="true"/>',
            Writability(on_create=False, on_update=False, reason="computed"),
        ),
        (f'<Annotation Term="{CORE}.Computed" Bool="false"/>', YES),
        (
            f'<Annotation Term="{CORE}.Immutable"/>',
            Writability(on_create=True, on_update=False, reason="immutable"),
        ),
        (f'<Annotation Term="{CORE}.Permissions" EnumMember="{CORE}.Permission/Read"/>', NO),
        (f'<Annotation Term="{CORE}.Permissions" EnumMember="{CORE}.Permission/None"/>', NO),
        (
            f'<Annotation Term="{CORE}.Permissions" EnumMember="{CORE}.Permission/Read {CORE}.Permission/Write"/>',
            YES,
        ),
        (f'<Annotation Term="{COMMON}.FieldControl" EnumMember="{COMMON}.FieldControlType/ReadOnly"/>', NO),
        (f'<Annotation Term="{COMMON}.FieldControl" EnumMember="{COMMON}.FieldControlType/Hidden"/>', NO),
        (f'<Annotation Term="{COMMON}.FieldControl" EnumMember="{COMMON}.FieldControlType/Optional"/>', YES),
        (f'<Annotation Term="{COMMON}.FieldControl" Path="howMuch"/>', YES),
        ('<Annotation Term="Vendor.Whatever" Bool="true"/>', YES),
    ],
)
def test_a_property_s_own_annotations(annotation, expected):
    """What stands at the property decides; what nobody knows decides nothing."""
    assert writability(model_of(property_with(annotation)), "Its", "N.It", "x") == expected


@pytest.mark.parametrize(
    ("restriction", "collection", "expected"),
    [
        (
            "InsertRestrictions",
            "NonInsertableProperties",
            Writability(on_create=False, on_update=True, reason="permissions"),
        ),
        (
            "UpdateRestrictions",
            "NonUpdatableProperties",
            Writability(on_create=True, on_update=False, reason="permissions"),
        ),
    ],
)
def test_restrictions_of_the_set(restriction, collection, expected):
    """A set may name properties that it does not take."""
    on_set = f'<Annotation Term="{CAP}.{restriction}"><Record><PropertyValue Property="{collection}">{names("x")}</PropertyValue></Record></Annotation>'
    model = model_of(property_with("") + '<Property Name="y" Type="Edm.String"/>', on_set)

    assert writability(model, "Its", "N.It", "x") == expected
    assert writability(model, "Its", "N.It", "y") == YES
    assert writability(model, "Nowhere", "N.It", "x") == YES


def test_an_unknown_property():
    """Of a name that is not declared nothing is known."""
    assert writability(model_of(), "Its", "N.It", "nobody") == YES


@pytest.mark.parametrize(
    ("word", "kind"), [("Insertable", "Insert"), ("Updatable", "Update"), ("Deletable", "Delete")]
)
def test_sets(word, kind):
    """A set that says it does not allow something does not; silence and strange values allow."""
    term = f'Term="{CAP}.{kind}Restrictions"'
    said = '<Annotation {}><Record><PropertyValue Property="{}" Bool="{}"/></Record></Annotation>'

    assert not set_allows(model_of(on_set=said.format(term, word, "false")), "Its", word)
    assert set_allows(model_of(on_set=said.format(term, word, "true")), "Its", word)
    assert set_allows(model_of(on_set=said.format(term, "Description", "false")), "Its", word)
    assert set_allows(model_of(on_set=f'<Annotation {term} Bool="false"/>'), "Its", word)
    assert set_allows(model_of(), "Its", word)


def required(model):
    return list(required_on_create(model, "Its", "N.It"))


@pytest.mark.parametrize(
    ("declared", "certain"),
    [
        ('<Property Name="x" Type="Edm.String"/>', None),
        ('<Property Name="x" Type="Edm.String" Nullable="false"/>', True),
        ('<Property Name="x" Type="Edm.Boolean" Nullable="false"/>', False),
        ('<Property Name="x" Type="Edm.Guid" Nullable="false"/>', False),
        ('<Property Name="x" Type="Edm.String" Nullable="false" DefaultValue=""/>', None),
        ('<Property Name="x" Type="Collection(Edm.String)" Nullable="false"/>', None),
        (property_with(f'<Annotation Term="{CORE}.Computed"/>', 'Nullable="false"'), None),
        (property_with(f'<Annotation Term="{CORE}.ComputedDefaultValue"/>', 'Nullable="false"'), None),
        (
            property_with(
                f'<Annotation Term="{CORE}.Permissions" EnumMember="{CORE}.Permission/Read"/>',
                'Nullable="false"',
            ),
            None,
        ),
        (
            property_with(
                f'<Annotation Term="{COMMON}.FieldControl" EnumMember="{COMMON}.FieldControlType/Mandatory"/>'
            ),
            True,
        ),
        (
            '<Property Name="xId" Type="Edm.Guid" Nullable="false"/><NavigationProperty Name="x" Type="N.User"/>',
            True,
        ),
        ('<Property Name="xId" Type="Edm.Guid"/><NavigationProperty Name="x" Type="N.User"/>', None),
    ],
)
def test_required(declared, certain):
    """Certain: said so, a non-nullable reference, a non-nullable text. Flags and numbers are usually filled by the service."""
    found = {item.property.removesuffix("Id"): item.certain for item in required(model_of(declared))}

    assert found == ({} if certain is None else {"x": certain})


def test_required_by_the_set():
    """What the set names is needed although it is nullable."""
    on_set = f'<Annotation Term="{CAP}.InsertRestrictions"><Record><PropertyValue Property="RequiredProperties">{names("x")}</PropertyValue></Record></Annotation>'

    assert required(model_of('<Property Name="x" Type="Edm.Int32"/>', on_set)) == [
        Required("x", certain=True)
    ]


def test_keys():
    """A Guid key is made by somebody; a text key and the parts of a composite one are not."""
    text = '<Property Name="code" Type="Edm.String" Nullable="false"/>'

    assert required(model_of()) == []
    assert required(model_of(text, key="code")) == [
        Required("id", certain=False),
        Required("code", certain=True),
    ]
    assert required(model_of('<Property Name="day" Type="Edm.Date" Nullable="false"/>', key="id day")) == [
        Required("id", certain=True),
        Required("day", certain=True),
    ]
