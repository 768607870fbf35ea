"""Documents that a document refers to: taken from where we are told they lie, never fetched, never from outside."""

import re

import pytest

from importer.odata.csdl import from_folder, from_map, read_metadata
from importer.odata.edm import Annotation
from importer.problems import ServiceError

EDMX = 'xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"'
EDM = 'xmlns="http://docs.oasis-open.org/odata/ns/edm"'


def document(references, *schemas):
    inner = "".join(f'<Schema Namespace="{name}" {EDM}>{text}</Schema>' for name, text in schemas)
    return f'<edmx:Edmx Version="4.0" {EDMX}>{references}<edmx:DataServices>{inner}</edmx:DataServices></edmx:Edmx>'.encode()


def reference(uri, *included):
    return f'<edmx:Reference Uri="{uri}">{"".join(included)}</edmx:Reference>'


def include(namespace, alias=None):
    return f'<edmx:Include Namespace="{namespace}"{f" Alias={chr(34)}{alias}{chr(34)}" if alias else ""}/>'


BASE = document(
    reference("root.xml", include("Root")),
    (
        "Base",
        '<EntityType Name="Thing"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid"/></EntityType>',
    ),
    ("Hidden", '<EntityType Name="Ghost"/>'),
)
MAIN = document(
    reference("https://example.test/schemas/base.xml", include("Base", "B")),
    (
        "Main",
        '<EntityType Name="Chair" BaseType="B.Thing"><Property Name="legs" Type="Edm.Int32"/></EntityType>',
    ),
)
ROOT = document(
    reference("main.xml", include("Main")),
    ("Root", '<EntityType Name="Origin"/><Term Name="T" Type="Edm.String"/>'),
)


def test_bases_come_from_the_folder(tmp_path):
    """A base type in another file gives its key and properties; schemas that are not included stay out."""
    (tmp_path / "base.xml").write_bytes(BASE)
    model = read_metadata(MAIN, "main.xml", from_folder(tmp_path))

    assert model.key_of("Main.Chair") == ("id",)
    assert list(model.properties_of("Main.Chair")) == ["id", "legs"]
    assert "Hidden.Ghost" not in model.types
    assert [item.name for item in model.own_types()] == ["Main.Chair"]
    assert (model.schemas, model.counts["entity_types"]) == (("Main",), 1)


def test_circles_of_references_are_read_once():
    """Documents that refer to each other, and to the first, are read once each."""
    asked = []
    shelf = {"https://example.test/schemas/base.xml": BASE, "root.xml": ROOT, "main.xml": MAIN}
    model = read_metadata(MAIN, "main.xml", lambda uri: asked.append(uri) or shelf.get(uri))

    assert sorted(asked) == sorted(shelf)
    assert set(model.types) == {"Main.Chair", "Base.Thing", "Root.Origin"}


def test_a_document_under_several_addresses_counts_once():
    """Two URIs of one document, or one of the first document itself, double no operation and no annotation."""
    notes = (
        '<EntityType Name="Chair"/><Action Name="Fold" IsBound="true"><Parameter Name="it" Type="Main.Chair"/></Action>'
        '<Annotations Target="Main.Chair"><Annotation Term="T.x"/></Annotations>'
    )
    main = document(
        reference("main.xml", include("Main"))
        + reference("a/b.xml", include("B"))
        + reference("b.xml", include("B")),
        ("Main", notes),
    )
    other = document("", ("B", notes.replace("Main.", "B.")))
    shelf = {"main.xml": main, "a/b.xml": other, "b.xml": other}
    model = read_metadata(main, "main.xml", from_map(shelf))

    assert [item.name for item in model.operations] == ["Main.Fold", "B.Fold"]
    assert [len(model.types[name].annotations) for name in ("Main.Chair", "B.Chair")] == [1, 1]


def test_another_document_of_that_name_says_nothing():
    """A file that happens to have the name, but not the namespace, adds neither types nor annotations."""
    other = document(
        "",
        (
            "Else",
            '<Annotations Target="Main.Chair"><Annotation Term="T.x"/></Annotations><EntityType Name="A"/>',
        ),
    )
    model = read_metadata(MAIN, "main.xml", from_map({"https://example.test/schemas/base.xml": other}))

    assert (list(model.types), model.types["Main.Chair"].annotations) == (["Main.Chair"], ())


def test_what_is_not_there_is_left_out():
    """Without the other document, its names stay names."""
    model = read_metadata(MAIN, "main.xml", from_map({}))

    assert model.types["Main.Chair"].base == "Base.Thing"
    assert model.key_of("Main.Chair") == ()


def test_a_container_that_extends_another_documents():
    """A service whose own document is an index has the sets and singletons of the container that it extends."""
    index = document(
        reference("/redfish/v1/schema/Root_v1.xml", include("Root.v1_0_0")),
        ("Service", '<EntityContainer Name="Service" Extends="Root.v1_0_0.Container"/>'),
    )
    root = document(
        "",
        (
            "Root.v1_0_0",
            """<EntityType Name="Root"/><EntityContainer Name="Container"><Singleton Name="Systems" Type="Root.v1_0_0.Root">
            <NavigationPropertyBinding Path="x" Target="Root.v1_0_0.Container/Systems"/></Singleton></EntityContainer>
            <EntityContainer Name="Other"><EntitySet Name="Not" EntityType="Root.v1_0_0.Root"/></EntityContainer>""",
        ),
    )
    model = read_metadata(index, "index.xml", from_map({"/redfish/v1/schema/Root_v1.xml": root}))

    assert model.singletons["Systems"].bindings == {"x": "Systems"}
    assert (model.sets, model.counts["singletons"]) == ({}, 0)


def test_annotations_of_other_documents():
    """`IncludeAnnotations` takes those of a vocabulary, a qualifier, a target's namespace; nothing else."""
    notes = document(
        "",
        (
            "Notes",
            """<Annotations Target="Main.Chair"><Annotation Term="T.V1.a"/><Annotation Term="T.V1.b" Qualifier="Q"/><Annotation Term="U.c"/></Annotations>
            <Annotations Target="Other.Chair"><Annotation Term="U.c"/></Annotations>""",
        ),
    )

    def annotated(included):
        main = document(reference("notes.xml", included), ("Main", '<EntityType Name="Chair"/>'))
        return read_metadata(main, "main.xml", from_map({"notes.xml": notes})).types["Main.Chair"].annotations

    assert annotated('<edmx:IncludeAnnotations TermNamespace="T.V1"/>') == (
        Annotation("T.V1.a"),
        Annotation("T.V1.b", qualifier="Q"),
    )
    assert annotated('<edmx:IncludeAnnotations TermNamespace="T.V1" Qualifier="Q"/>') == (
        Annotation("T.V1.b", qualifier="Q"),
    )
    assert annotated('<edmx:IncludeAnnotations TermNamespace="U" TargetNamespace="Other"/>') == ()
    assert annotated("") == ()


@pytest.mark.parametrize(
    "uri",
    [
        "../secret.xml",
        "/../secret.xml",
        "%2e%2e/secret.xml",
        "a%00b",
        "",
        "https://host",
        "x/$value",
        "a" * 5000,
        "sub",
    ],
)
def test_nothing_outside_the_folder(tmp_path, uri):
    """No URI leads out of the folder, whatever its steps; strange ones lead nowhere."""
    (tmp_path / "secret.xml").write_bytes(b"secret")
    folder = tmp_path / "shelf"
    (folder / "sub").mkdir(parents=True)

    assert from_folder(folder)(uri) is None


def test_paths_below_the_folder(tmp_path):
    """A relative path is followed inside the folder; a fragment or query does not matter."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/Core v1.xml").write_bytes(b"x")

    assert from_folder(tmp_path)("sub/Core%20v1.xml?api=v2#Core") == b"x"


def test_a_json_document_may_refer_to_xml_and_back():
    """The forms mix."""
    main = b'{"$Version": "4.01", "$Reference": {"b.xml": {"$Include": [{"$Namespace": "Base", "$Alias": "B"}]}}, "M": {"Chair": {"$Kind": "EntityType", "$BaseType": "B.Thing"}}}'

    assert read_metadata(main, "m.json", from_map({"b.xml": BASE})).key_of("M.Chair") == ("id",)


def test_a_broken_document_is_named():
    """The problem names the document that cannot be read, not the one that was asked for."""
    with pytest.raises(ServiceError) as caught:
        read_metadata(MAIN, "main.xml", from_map({"https://example.test/schemas/base.xml": b"<a>"}))

    assert caught.value.problems[0].place.file == "https://example.test/schemas/base.xml"


def test_cycles_across_documents():
    """A circle through two documents is refused in one of them."""
    one = document(reference("two.xml", include("Two")), ("One", '<EntityType Name="A" BaseType="Two.B"/>'))
    two = document("", ("Two", '<EntityType Name="B" BaseType="One.A"/>'))
    with pytest.raises(ServiceError, match=re.escape("One.A → Two.B → One.A")):
        read_metadata(one, "one.xml", from_map({"two.xml": two}))


def test_containers_that_extend_themselves():
    """A circle of containers is refused as one of types is."""
    circle = document(
        "", ("N", '<EntityContainer Name="A" Extends="N.B"/><EntityContainer Name="B" Extends="N.A"/>')
    )
    with pytest.raises(ServiceError, match=re.escape("N.A → N.B → N.A")):
        read_metadata(circle, "m.xml")
