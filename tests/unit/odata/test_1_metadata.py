"""Chapter 1: what a service says it has. `$metadata`, in XML or JSON, becomes one model, or is told for what it is."""

import pytest

from importer.odata.csdl import from_map, read_metadata
from importer.problems import ServiceError

EDMX = 'xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"'


def metadata(schema, *, before="", version="4.0"):
    """`$metadata` with one schema `Shop`, alias `Self`."""
    return (
        f'<edmx:Edmx Version="{version}" {EDMX}>{before}<edmx:DataServices>'
        f'<Schema Namespace="Shop" Alias="Self" xmlns="http://docs.oasis-open.org/odata/ns/edm">{schema}</Schema>'
        "</edmx:DataServices></edmx:Edmx>"
    ).encode()


def model_of(schema, **how):
    return read_metadata(metadata(schema, **how), "$metadata")


def refusal(document):
    with pytest.raises(ServiceError) as refused:
        read_metadata(document, "$metadata")
    return refused.value.problems[0]


def test_a_type_has_its_own_properties_and_those_of_its_bases():
    """A derived type has the base's key and properties, first; aliases are spelled out."""
    model = model_of("""
        <EntityType Name="Thing" Abstract="true"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid" Nullable="false"/></EntityType>
        <EntityType Name="Book" BaseType="Self.Thing" OpenType="true"><Property Name="title" Type="Edm.String" MaxLength="80"/></EntityType>""")

    assert model.types["Shop.Book"].base == "Shop.Thing"
    assert model.key_of("Shop.Book") == ("id",)
    assert list(model.properties_of("Shop.Book")) == ["id", "title"]
    assert (model.is_open("Shop.Book"), model.is_open("Shop.Thing")) == (True, False)
    assert model.derived_of("Shop.Thing") == ("Shop.Book",)


def test_a_key_may_lie_in_a_complex_property():
    """It is a path then, and has another name in URLs."""
    model = model_of("""
        <ComplexType Name="Isbn"><Property Name="number" Type="Edm.String" Nullable="false"/></ComplexType>
        <EntityType Name="Book"><Key><PropertyRef Name="isbn/number" Alias="isbn"/><PropertyRef Name="edition"/></Key>
        <Property Name="isbn" Type="Self.Isbn"/><Property Name="edition" Type="Edm.Int32"/></EntityType>""")

    assert model.key_of("Shop.Book") == ("isbn/number", "edition")
    assert model.key_aliases_of("Shop.Book") == {"isbn/number": "isbn"}


def test_facets_say_how_long_and_how_exact():
    """`max` is no limit; a type definition's facets are those of its properties, unless they have their own."""
    found = model_of("""
        <TypeDefinition Name="Price" UnderlyingType="Edm.Decimal" Precision="10" Scale="2"/>
        <EntityType Name="Book"><Property Name="text" Type="Edm.String" MaxLength="max" Unicode="false" DefaultValue="none"/>
        <Property Name="price" Type="Self.Price"/><Property name="nobody" Type="Edm.String"/><Property Name="net" Type="Self.Price" Scale="4"/>
        <Property Name="weight" Type="Edm.Decimal" Scale="floating"/><Property Name="shop" Type="Edm.GeographyPoint" SRID="variable"/></EntityType>""")
    book = found.properties_of("Shop.Book")

    assert (book["text"].max_length, book["text"].unicode, book["text"].default) == (None, False, "none")
    assert (book["price"].precision, book["price"].scale, book["net"].scale) == (10, 2, 4)
    assert (book["weight"].scale, book["shop"].srid) == ("floating", "variable")
    assert found.underlying(book["price"].type) == "Edm.Decimal"


def test_enumerations_count_on():
    """Members without values are numbered from 0; flags and their size are known."""
    enum = model_of("""<EnumType Name="Genre" IsFlags="true" UnderlyingType="Edm.Byte"><Member Name="Prose"/><Member Name="Verse"/>
        <Member Name="Drama" Value="4"/></EnumType>""").enums["Shop.Genre"]

    assert (enum.members, enum.flags, enum.underlying) == (
        {"Prose": 0, "Verse": 1, "Drama": 4},
        True,
        "Edm.Byte",
    )


def test_navigation_leads_to_a_set():
    """By its binding: plain, with a cast, into another container's set, or into a contained one."""
    model = model_of("""
        <EntityType Name="Person"/><EntityType Name="Line"/>
        <EntityType Name="Book"><NavigationProperty Name="author" Type="Self.Person" Nullable="false" Partner="books">
          <ReferentialConstraint Property="authorId" ReferencedProperty="id"/><OnDelete Action="SetNull"/></NavigationProperty></EntityType>
        <EntityType Name="Comic" BaseType="Self.Book"><NavigationProperty Name="artist" Type="Self.Person"/></EntityType>
        <EntityType Name="Order"><NavigationProperty Name="lines" Type="Collection(Self.Line)" ContainsTarget="true"/></EntityType>
        <EntityContainer Name="All"><EntitySet Name="People" EntityType="Self.Person"/><EntitySet Name="Artists" EntityType="Self.Person"/>
        <EntitySet Name="Books" EntityType="Self.Book"><NavigationPropertyBinding Path="author" Target="Self.All/People"/>
          <NavigationPropertyBinding Path="Self.Comic/artist" Target="Artists"/></EntitySet>
        <EntitySet Name="Orders" EntityType="Self.Order"><NavigationPropertyBinding Path="lines" Target="Orders/lines"/></EntitySet></EntityContainer>""")
    author = model.navigation_of("Shop.Comic")["author"]

    assert (author.partner, author.on_delete, author.constraints[0].property) == (
        "books",
        "SetNull",
        "authorId",
    )
    assert [model.target_set("Books", name) for name in ("author", "artist")] == ["People", "Artists"]
    assert model.target_set("Orders", "lines") == "Orders/lines"


def test_overloads_are_several_operations():
    """One name may be bound to several types; what is bound to a base can be called on what derives from it."""
    model = model_of("""
        <EntityType Name="Thing"/><EntityType Name="Book" BaseType="Self.Thing"/>
        <Action Name="Sell" IsBound="true"><Parameter Name="it" Type="Self.Thing"/><Parameter Name="price" Type="Edm.Decimal" Scale="2"/></Action>
        <Action Name="Sell" IsBound="true"><Parameter Name="it" Type="Self.Book"/></Action>
        <Function Name="Cheapest" IsComposable="true"><ReturnType Type="Collection(Self.Book)"/></Function>""")

    assert [len(item.parameters) for item in model.operations_on("Shop.Book")] == [1, 2]
    assert [len(item.parameters) for item in model.operations_on("Shop.Thing")] == [2]
    assert (model.operations[2].returns, model.operations[2].returns_collection) == ("Shop.Book", True)


def test_annotations_are_found_wherever_they_are_written():
    """Inside the element, by target, with a qualifier; the vocabulary's alias does not matter."""
    vocabulary = '<edmx:Reference Uri="https://example.test/v.xml"><edmx:Include Namespace="Org.OData.Core.V1" Alias="SAP__core"/></edmx:Reference>'
    model = model_of(
        """<EntityType Name="Book"><Property Name="id" Type="Edm.Guid"><Annotation Term="SAP__core.Computed"/></Property></EntityType>
        <EntityContainer Name="All"><EntitySet Name="Books" EntityType="Self.Book"/></EntityContainer>
        <Annotations Target="Self.Book/id" Qualifier="Web"><Annotation Term="SAP__core.Description" String="Number"/></Annotations>
        <Annotations Target="Self.All/Books"><Annotation Term="SAP__capabilities.InsertRestrictions"><Record><PropertyValue Property="Insertable" Bool="false"/></Record></Annotation></Annotations>
        <Annotations Target="Self.All/Books/id"><Annotation Term="Acme.Shiny"/></Annotations>""",
        before=vocabulary,
    )
    computed, described = model.types["Shop.Book"].properties["id"].annotations
    (restricted,) = model.sets["Books"].annotations

    assert (computed.term, computed.value) == ("Org.OData.Core.V1.Computed", True)
    assert (described.value, described.qualifier) == ("Number", "Web")
    assert (restricted.term, restricted.value) == (
        "Org.OData.Capabilities.V1.InsertRestrictions",
        {"Insertable": False},
    )
    assert [note.term for note in model.targeted["Shop.All/Books/id"]] == ["Acme.Shiny"]


def test_what_nobody_knows_disturbs_nobody():
    """Elements, attributes and terms of other vendors are passed over."""
    model = model_of(
        """<x:Magic xmlns:x="urn:x"/><EntityType Name="Book" Colour="red"><Blob/><Property Name="id" Type="Edm.Guid" x:y="1" xmlns:x="urn:x"/></EntityType>"""
    )

    assert list(model.types["Shop.Book"].properties) == ["id"]


def test_a_document_may_lie_in_several_files():
    """What it refers to is taken from where we are told, never from the network; what is missing stays a name."""
    first = metadata(
        '<EntityType Name="Book" BaseType="B.Thing"/>',
        before='<edmx:Reference Uri="https://example.test/base.xml"><edmx:Include Namespace="Base" Alias="B"/></edmx:Reference>',
    )
    base = metadata(
        '<EntityType Name="Thing"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid"/></EntityType>'
    ).replace(b'Namespace="Shop"', b'Namespace="Base"')

    assert read_metadata(first, "m", from_map({"https://example.test/base.xml": base})).key_of(
        "Shop.Book"
    ) == ("id",)
    assert read_metadata(first, "m").key_of("Shop.Book") == ()


def test_json_says_the_same():
    """CSDL JSON is the same model; what it leaves out means the opposite of what XML leaves out."""
    document = b"""{"$Version": "4.01", "Shop": {"Book": {"$Kind": "EntityType", "$Key": ["id"], "id": {"$Type": "Edm.Guid"}, "title": {"$Nullable": true}},
        "All": {"$Kind": "EntityContainer", "Books": {"$Collection": true, "$Type": "Shop.Book"}}}}"""
    model = read_metadata(document, "$metadata")

    assert (list(model.sets), model.key_of("Shop.Book")) == (["Books"], ("id",))
    assert [item.nullable for item in model.properties_of("Shop.Book").values()] == [False, True]
    assert model.properties_of("Shop.Book")["title"].type == "Edm.String"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (
            b"<!DOCTYPE html><html><title>Sign in</title></html>",
            "an html page, perhaps of a login or a proxy",
        ),
        (b'<service xmlns="http://www.w3.org/2007/app"/>', "an Atom service document"),
        (b'{"error": {"code": "", "message": "No"}}', "a JSON error message"),
        (
            b'{"@odata.context": "$metadata", "value": [{"name": "Books", "url": "Books"}]}',
            "the service document",
        ),
        (b'<Edmx Version="1.0" xmlns="http://schemas.microsoft.com/ado/2007/06/edmx"/>', "OData v2 or v3"),
        (
            b'<Edmx Version="3.0" xmlns="http://schemas.microsoft.com/ado/2009/11/edmx"><Runtime/></Edmx>',
            "an Entity Framework model",
        ),
        (b"", "empty"),
        (b"PK\x03\x04", "a zip archive"),
        (metadata("")[:-30], "it is cut short"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + metadata(""), "it declares a DOCTYPE"),
        (
            metadata('<EntityType Name="A" BaseType="Self.B"/><EntityType Name="B" BaseType="Self.A"/>'),
            "A → Shop.B",
        ),
        (b" " * (64 * 2**20 + 1), "bytes"),
    ],
)
def test_what_is_no_metadata_is_told_for_what_it_is(document, said):
    """Each with its place, and what to do."""
    problem = refusal(document)

    assert said in problem.message()
    assert problem.advice()
    assert problem.place.as_json()["file"] == "$metadata"
