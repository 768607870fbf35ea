"""A set that refuses, annotations that do not speak to us, and 1:1 keys: what follows for each property."""

import pytest

from importer.odata.csdl import read_metadata
from importer.odata.edm.writable import Required, Writability, required_on_create, writability

CORE, CAP, COMMON = "Org.OData.Core.V1", "Org.OData.Capabilities.V1", "com.sap.vocabularies.Common.v1"


def model_of(inner, on_set="", key="id"):
    document = f"""<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="N" xmlns="http://docs.oasis-open.org/odata/ns/edm">
    <EntityType Name="It"><Key><PropertyRef Name="{key}"/></Key><Property Name="id" Type="Edm.Guid" Nullable="false"/>{inner}</EntityType>
    <EntityType Name="User"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid"/></EntityType>
    <EntityContainer Name="C"><EntitySet Name="Its" EntityType="N.It">{on_set}</EntitySet></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"""
    return read_metadata(document.encode(), "$metadata")


def restriction(kind, word):
    return f'<Annotation Term="{CAP}.{kind}Restrictions"><Record><PropertyValue Property="{word}" Bool="false"/></Record></Annotation>'


INSERT, UPDATE = restriction("Insert", "Insertable"), restriction("Update", "Updatable")


@pytest.mark.parametrize(
    ("on_set", "expected"),
    [
        (INSERT, Writability(on_create=False, reason="permissions")),
        (UPDATE, Writability(on_update=False, reason="permissions")),
        (INSERT + UPDATE, Writability(on_create=False, on_update=False, reason="permissions")),
    ],
)
def test_what_the_set_refuses(on_set, expected):
    """What the whole set refuses, each of its properties refuses; the type by itself does not."""
    model = model_of('<Property Name="x" Type="Edm.String" Nullable="false"/>', on_set)

    assert writability(model, "Its", "N.It", "x") == expected
    assert writability(model, "", "N.It", "x") == Writability()
    assert bool(required_on_create(model, "Its", "N.It")) is expected.on_create


@pytest.mark.parametrize(
    ("annotation", "writable"),
    [
        (f'<Annotation Term="{COMMON}.FieldControl" Int="1"/>', False),
        (f'<Annotation Term="{COMMON}.FieldControl" Int="3"/>', True),
        (f'<Annotation Term="{COMMON}.FieldControl" Int="0"/>', False),
        (f'<Annotation Term="{CORE}.Computed" Qualifier="Phone"/>', True),
        (f'<Annotation Term="{CORE}.Computed"><Null/></Annotation>', True),
        (f'<Annotation Term="{CORE}.Computed"><If/></Annotation>', True),
        (f'<Annotation Term="{COMMON}.FieldControl" Bool="true"/>', True),
    ],
)
def test_what_annotations_do_not_say(annotation, writable):
    """Numbers stand for members; a qualified, empty or dynamic annotation forbids nothing."""
    model = model_of(f'<Property Name="x" Type="Edm.String">{annotation}</Property>')

    assert writability(model, "Its", "N.It", "x").on_create is writable


def test_mandatory_by_number():
    """FieldControl may be a number too."""
    model = model_of(
        f'<Property Name="x" Type="Edm.Int32"><Annotation Term="{COMMON}.FieldControl" Int="7"/></Property>'
    )

    assert required_on_create(model, "Its", "N.It") == (Required("x", certain=True),)


def test_a_key_that_is_a_reference():
    """Where the key is the pair of a navigation (1:1), nobody but the row can tell it."""
    model = model_of(
        '<Property Name="userId" Type="Edm.Guid" Nullable="false"/><NavigationProperty Name="user" Type="N.User"/>',
        key="userId",
    )

    assert required_on_create(model, "Its", "N.It") == (
        Required("id", certain=False),
        Required("userId", certain=True),
    )


def test_the_key_of_cap():
    """CAP marks keys that it makes itself: never required, yet one of ours may be sent."""
    key = f'<Property Name="code" Type="Edm.String" Nullable="false"><Annotation Term="{CORE}.ComputedDefaultValue" Bool="true"/></Property>'
    model = model_of(key, key="code")

    assert required_on_create(model, "Its", "N.It") == (Required("id", certain=False),)
    assert writability(model, "Its", "N.It", "code") == Writability()
