"""Whatever answers instead of metadata is told as what it is, and no document can hurt the reader."""

import signal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.odata.csdl import read_metadata
from importer.odata.csdl.refusals import MAX_SIZE
from importer.odata.edm import Model
from importer.problems import RecipePlace, ServiceError

WHOLE = """<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
  <edmx:DataServices>
    <Schema Namespace="N" Alias="S" xmlns="http://docs.oasis-open.org/odata/ns/edm">
      <EntityType Name="It"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Int32" MaxLength="5"/></EntityType>
      <EnumType Name="Mode"><Member Name="Ё" Value="1"/></EnumType>
      <Annotations Target="S.It/id"><Annotation Term="Core.Computed" Bool="true"/></Annotations>
      <EntityContainer Name="C"><EntitySet Name="Its" EntityType="S.It"/></EntityContainer>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>
"""
HEAD = '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="N" xmlns="http://docs.oasis-open.org/odata/ns/edm">'
TAIL = "</Schema></edmx:DataServices></edmx:Edmx>"
OLD = """<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx">
<edmx:DataServices xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" {}><Schema Namespace="N" xmlns="http://schemas.microsoft.com/ado/2008/09/edm"/></edmx:DataServices></edmx:Edmx>"""
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def refusal(document):
    """The only problem that reading a document raises."""
    with pytest.raises(ServiceError) as caught:
        read_metadata(document if isinstance(document, bytes) else document.encode(), "metadata.xml")
    (problem,) = caught.value.problems
    assert (caught.value.exit_code, problem.code) == (5, "not-odata")
    assert isinstance(problem.place, RecipePlace)
    assert problem.place.file == "metadata.xml"
    assert problem.advice()
    return problem


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("", "it is empty."),
        (" \n\t", "it is empty."),
        ("\ufeff", "it is empty."),
        ("Not found", "it is plain text."),
        (
            "<!DOCTYPE html><html><body>Login</body></html>",
            "it is an html page, perhaps of a login or a proxy.",
        ),
        (
            '<?xml version="1.0"?>\n<!-- x -->\n<html xmlns="http://www.w3.org/1999/xhtml"/>',
            "it is an html page",
        ),
        ("\n<HTML lang='ru'>", "it is an html page"),
        ('{"value": []}', "it is JSON."),
        ("[1]", "it is JSON."),
        ('{"error": {"code": "", "message": "no"}}', "it is a JSON error message."),
        ('{"d": {"results": []}}', "it is data of OData v2 or v3 in JSON."),
        ('{"openapi": "3.1.0", "paths": {}}', "it is an OpenAPI description."),
        ('{"$schema": "http://json-schema.org/draft-07/schema#"}', "it is a JSON Schema."),
        (
            '{"@odata.context": "x/$metadata", "value": [{"name": "Users", "kind": "EntitySet", "url": "Users"}]}',
            "it is the service document, a list of its entity sets; the metadata are at $metadata.",
        ),
        (
            '{"@odata.context": "x/$metadata#Users", "value": [{"id": 1}]}',
            "it is data of an OData service in JSON.",
        ),
        (b"PK\x03\x04\x14\0\0\0", "it is a zip archive or a workbook."),
        (b"\x1f\x8b\x08\0", "it is data packed with gzip."),
        (b"%PDF-1.7", "it is a PDF document."),
        (bytes(range(1, 200)), "it is binary data."),
        ('<service xmlns="http://www.w3.org/2007/app"/>', "it is an Atom service document."),
        ('<feed xmlns="http://www.w3.org/2005/Atom"/>', "it is an Atom feed."),
        ('<entry xmlns="http://www.w3.org/2005/Atom"/>', "it is an Atom entry."),
        ('<m:error xmlns:m="http://docs.oasis-open.org/odata/ns/metadata"/>', "it is an XML error message."),
        ("<wsdl:definitions xmlns:wsdl='urn:x'/>", "it is a SOAP service's description (WSDL)."),
        ("<Schema/>", "it is an XML document <Schema>."),
        (
            '<edmx:Edmx Version="3.0" xmlns:edmx="http://schemas.microsoft.com/ado/2009/11/edmx"><edmx:Runtime/></edmx:Edmx>',
            "it is an Entity Framework model (EDMX), which no service sends.",
        ),
        (OLD.format('m:DataServiceVersion="2.0"'), "metadata of OData v2; only OData v4 is spoken here."),
        (OLD.format('m:DataServiceVersion="3.0"'), "metadata of OData v3;"),
        (OLD.format(""), "metadata of OData v2 or v3;"),
        (OLD.format("").replace('Version="1.0"', 'Version="4.0"'), "metadata of OData v2 or v3;"),
        (WHOLE.replace('Version="4.0"', 'Version="5.0"'), "metadata of OData v2 or v3;"),
        (
            '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"/>',
            "it holds no schema of OData v4.",
        ),
    ],
)
def test_something_else(document, said):
    """A login page, JSON, Atom, an older version: the message says which, and what to do."""
    assert said in refusal(document).message()


@pytest.mark.parametrize(
    ("document", "line"),
    [
        (WHOLE.replace("</EntityType>", "</EntityTipe>"), 5),
        (WHOLE[: WHOLE.index("<EnumType")], 6),
        (WHOLE.replace("<Key>", "<Key a=1>"), 5),
        (WHOLE.replace('Name="Its"', 'Name="a" Name="b"'), 8),
        (WHOLE.replace("utf-8", "no-such"), 1),
        (WHOLE.replace("edmx:DataServices>", "x:DataServices>"), 3),
        (WHOLE.replace("Ё", "&nobody;"), 6),
        (WHOLE.replace("Ё", "\x01"), 6),
        (WHOLE.encode().replace("Ё".encode(), b"\xff"), 6),
    ],
)
def test_broken_xml(document, line):
    """XML that is cut short or ill-formed is refused at its line."""
    problem = refusal(document)

    assert problem.place.line == line
    assert problem.place.column >= 1
    assert "cannot be read" in problem.message()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp037"]
)
@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE x>",
        LAUGHS,
        '<!DOCTYPE x SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>',
    ],
)
def test_doctype(encoding, doctype):
    """A DOCTYPE is refused in every encoding, used or not; nothing is ever expanded or fetched."""
    declared = encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    text = f'<?xml version="1.0" encoding="{declared}"?>\n<!-- <!DOCTYPE no> -->\n{doctype}{HEAD}<EntityType Name="It"/>{TAIL}'
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    problem = refusal(marks.get(encoding, b"") + text.encode(encoding, "xmlcharrefreplace"))

    assert "DOCTYPE" in problem.message() or encoding in ("utf-32", "cp037")
    assert encoding != "utf-8" or problem.place.line == 3


def test_a_doctype_behind_a_strange_comment():
    """`<!-->` begins a comment and does not end it."""
    text = f'<?xml version="1.0"?>\n\n<!--> -->\n<!DOCTYPE a>{HEAD}<EntityType Name="It"/>{TAIL}'

    assert refusal(text.encode()).place.line == 4


def test_a_doctype_that_is_none():
    """In a comment it is harmless."""
    assert read_metadata(f"<!-- <!DOCTYPE x> -->{HEAD}<EntityType Name='It'/>{TAIL}".encode(), "m").types
    assert read_metadata(f"{HEAD}<!-- <!DOCTYPE x> --><EntityType Name='It'/>{TAIL}".encode(), "m").types


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_other_encodings(encoding):
    """A byte order mark or UTF-16 is read like UTF-8."""
    model = read_metadata(WHOLE.replace("utf-8", encoding.removesuffix("-sig")).encode(encoding), "m")

    assert list(model.enums["N.Mode"].members) == ["Ё"]


@pytest.mark.parametrize(
    ("bases", "chain"),
    [
        ({"A": "A"}, "N.A → N.A"),
        ({"A": "B", "B": "A"}, "N.A → N.B → N.A"),
        ({"A": "B", "B": "C", "C": "B", "D": "A"}, "N.B → N.C → N.B"),
    ],
)
def test_cycles(bases, chain):
    """Types that derive from themselves are refused where the first of them stands."""
    document = (
        HEAD
        + "".join(f'\n<ComplexType Name="{name}" BaseType="N.{base}"/>' for name, base in bases.items())
        + TAIL
    )
    problem = refusal(document)

    assert chain in problem.message()
    assert problem.place.line == list(bases).index(chain[2]) + 2


def test_an_unknown_base_is_tolerated():
    """It may stand in a document that this one refers to."""
    assert (
        read_metadata(f'{HEAD}<EntityType Name="It" BaseType="Other.Base"/>{TAIL}'.encode(), "m")
        .types["N.It"]
        .base
        == "Other.Base"
    )


def test_too_large():
    """A document of more than 64 MiB is not even looked at."""
    assert "bytes" in refusal(b"<" * (MAX_SIZE + 1)).message()


def test_too_deep():
    """Elements nested without end are refused."""
    assert "cannot be read" in refusal(HEAD + "<a>" * 5000).message()


@pytest.mark.parametrize(
    "filling",
    [
        "<!-- x -->" * 100_000,
        "<?x y?>" * 100_000,
        " " * 1_000_000,
        "<!--" * 100_000,
        "<?" * 100_000,
        "\n<!-- <!-- " * 50_000,
    ],
)
def test_no_prolog_takes_for_ever(filling):
    """What stands before the root is read once, however long it is: read again and again, it would outlast the alarm."""
    before = signal.signal(signal.SIGVTALRM, lambda *_: pytest.fail("still reading"))
    signal.setitimer(signal.ITIMER_VIRTUAL, 60)
    try:
        outcome(f"{filling}{HEAD}{TAIL}".encode())
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def test_thousands_of_types():
    """A model ten times the largest one known is read whole; how fast, `benchmarks/metadata.py` tells."""
    properties = "".join(
        f'<Property Name="p{number}" Type="Edm.String" Nullable="false" MaxLength="50"/>'
        for number in range(20)
    )
    types = "".join(
        f'<EntityType Name="T{number}" BaseType="N.T{number + 1}">{properties}<NavigationProperty Name="n" Type="N.T0"/></EntityType>'
        for number in range(3000)
    )
    model = read_metadata((HEAD + types + TAIL).encode(), "m")

    assert (model.counts["entity_types"], model.counts["properties"]) == (3000, 60_000)
    assert len(list(model.lineage("N.T0"))) == 3000


def outcome(document):
    try:
        return read_metadata(document, "m")
    except ServiceError as error:
        return None if error.problems[0].message() else error


def test_cut_anywhere():
    """A document cut short anywhere is a problem, never half a model."""
    raw = WHOLE.encode().rstrip()
    assert [outcome(raw[:length]) for length in range(0, len(raw), 7)] == [None] * len(range(0, len(raw), 7))


@settings(deadline=None)
@given(st.integers(0, len(WHOLE.encode()) - 1), st.binary(min_size=1, max_size=3))
def test_any_byte_replaced(position, instead):
    """Whatever a byte is replaced by: a model or a problem."""
    raw = WHOLE.encode()
    found = outcome(raw[:position] + instead + raw[position + 1 :])

    assert found is None or isinstance(found, Model)


PIECES = [
    '<EntityType Name="A"',
    ' BaseType="N.A"',
    ' Name=""',
    "><Key>",
    "</Key>",
    '<PropertyRef Name="x"/>',
    '<Property Name="x" Type="Collection("',
    '<Property Name="x" Type="Collection(N.A)"',
    '<Property Name="x" Type="."',
    "/>",
    ">",
    "</Property>",
    "</EntityType>",
    '<Annotation Term="."',
    '<Annotation Term=""',
    ' Int="--5"',
    ' Int="²"',
    ' Float="1e999"',
    ' EnumMember=" . /"',
    "</Annotation>",
    "<Collection>",
    "</Collection>",
    "<Record>",
    "</Record>",
    '<Annotations Target="/"',
    '<Annotations Target="N.A/x"',
    "</Annotations>",
    '<EnumType Name="E"><Member Name="m" Value="1e5"/></EnumType>',
    '<EntityContainer Name="C" Extends="N.C">',
    "</EntityContainer>",
    '<EntitySet Name="S" EntityType="N.S"/>',
    '<NavigationPropertyBinding Path="/" Target="/"/>',
    "&lt;",
    "&#0;",
    "<![CDATA[",
    "]]>",
]


@settings(deadline=None)
@given(
    st.binary(max_size=60)
    | st.lists(st.sampled_from(PIECES), max_size=14).map(
        lambda found: (HEAD + "".join(found) + TAIL).encode()
    )
)
def test_any_bytes(document):
    """Hostile bytes are a model or a problem, nothing else."""
    found = outcome(document)

    assert found is None or isinstance(found, Model)
