"""Services of four makes, in small: the counts are those of the document, counted here by other means than the reader's."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from importer.jobs.describe import describe
from importer.odata.csdl import from_folder, read_metadata
from importer.odata.edm import Annotation
from importer.odata.edm.pairing import pair_of
from importer.odata.edm.writable import required_on_create, writability
from importer.reports.documents import document

SHAPES = Path(__file__).with_name("shapes")
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
TIMETTA = Path(__file__).parents[5] / "shared/timetta/metadata.xml"
FILES = sorted(SHAPES.rglob("*.xml"))


def counted(path):
    """The counts of `describe --json`, by XPath and Python's own XML parser."""
    root = ET.parse(path).getroot()

    def number(name, condition=lambda _: True):
        return sum(condition(item) for item in root.iter(EDM + name))

    def true(attribute):
        return lambda item: item.get(attribute) == "true"

    capabilities = {"Org.OData.Capabilities.V1", "SAP__capabilities"}
    return {
        "entity_types": number("EntityType"),
        "abstract_entity_types": number("EntityType", true("Abstract")),
        "derived_entity_types": number("EntityType", lambda item: "BaseType" in item.attrib),
        "open_entity_types": number("EntityType", true("OpenType")),
        "composite_keys": number("Key", lambda item: len(item) > 1),
        "complex_types": number("ComplexType"),
        "abstract_complex_types": number("ComplexType", true("Abstract")),
        "derived_complex_types": number("ComplexType", lambda item: "BaseType" in item.attrib),
        "enum_types": number("EnumType"),
        "enum_members": number("Member"),
        "type_definitions": number("TypeDefinition"),
        "terms": number("Term"),
        "properties": number("Property"),
        "navigation_properties": number("NavigationProperty"),
        "containment_navigations": number("NavigationProperty", true("ContainsTarget")),
        "navigations_with_referential_constraint": number(
            "NavigationProperty", lambda item: item.find(EDM + "ReferentialConstraint") is not None
        ),
        "referential_constraints": number("ReferentialConstraint"),
        "entity_sets": number("EntitySet"),
        "singletons": number("Singleton"),
        "actions": number("Action"),
        "functions": number("Function"),
        "bound_operations": number("Action", true("IsBound")) + number("Function", true("IsBound")),
        "action_imports": number("ActionImport"),
        "function_imports": number("FunctionImport"),
        "navigation_property_bindings": number("NavigationPropertyBinding"),
        "annotations": number("Annotation"),
        "capabilities_annotations": number(
            "Annotation", lambda item: item.get("Term").rpartition(".")[0] in capabilities
        ),
    }


def described(path):
    return json.loads(document("describe", describe(None, metadata=path)))


@pytest.mark.parametrize("path", [*FILES, TIMETTA], ids=lambda path: path.name)
def test_counts(path):
    """`describe --json` counts what the file writes, whatever it extends, inherits or refers to."""
    if not path.is_file():
        pytest.skip("the reconstruction of Timetta's metadata is not beside the checkout")
    found = described(path)

    assert found["counts"] == counted(path)
    assert len(found["types"]) == found["counts"]["entity_types"] + found["counts"]["complex_types"]
    assert len(found["sets"]) == found["counts"]["entity_sets"]


@pytest.mark.parametrize(
    ("name", "some"),
    [
        (
            "graph.xml",
            {
                "entity_types": 7,
                "abstract_entity_types": 2,
                "open_entity_types": 3,
                "annotations": 9,
                "capabilities_annotations": 2,
                "bound_operations": 5,
            },
        ),
        (
            "business_central.xml",
            {
                "entity_types": 5,
                "composite_keys": 1,
                "containment_navigations": 4,
                "enum_members": 4,
                "annotations": 4,
            },
        ),
        (
            "s4.xml",
            {
                "entity_types": 2,
                "composite_keys": 2,
                "annotations": 12,
                "capabilities_annotations": 4,
                "bound_operations": 1,
            },
        ),
        (
            "redfish/Root_v1.xml",
            {
                "entity_types": 3,
                "derived_entity_types": 3,
                "entity_sets": 0,
                "singletons": 2,
                "annotations": 4,
            },
        ),
    ],
)
def test_some_counts_by_hand(name, some):
    """Counted by eye, once."""
    counts = described(SHAPES / name)["counts"]

    assert {key: counts[key] for key in some} == some


def test_a_large_directory():
    """Alias of a namespace with points, annotations by target, overloads told apart, casts and contained sets in bindings."""
    model = read_metadata((SHAPES / "graph.xml").read_bytes(), "graph.xml")
    user = model.properties_of("contoso.graph.user")

    assert list(user) == ["id", "deletedDateTime", "displayName", "days", "mailbox"]
    assert user["displayName"].annotations == (
        Annotation("Org.OData.Core.V1.Description", "Name in the address book"),
    )
    assert model.derived_of("contoso.graph.directoryObject") == ("contoso.graph.user", "contoso.graph.group")
    assert model.is_open("contoso.graph.user")
    assert [len(item.annotations) for item in model.operations if item.name == "contoso.graph.delta"] == [
        1,
        0,
    ]
    assert model.sets["users"].bindings == {
        "manager": "directoryObjects",
        "memberOf/contoso.graph.group/members": "directoryObjects",
        "messages/attachments": "users/messages/attachments",
    }
    assert model.enums["contoso.graph.weekday"].member_annotations["monday"][0].value == "the first"
    assert model.types["contoso.graph.calls.record"].base == "contoso.graph.entity"


def test_a_business_suite():
    """Composite keys in their order, dates, enumerations with strange members, pairs of contained navigations."""
    model = read_metadata((SHAPES / "business_central.xml").read_bytes(), "bc.xml")
    customer = "Contoso.NAV.customer"

    assert model.key_of("Contoso.NAV.journalLine") == (
        "Journal_Template_Name",
        "Journal_Batch_Name",
        "Line_No",
    )
    assert model.properties_of("Contoso.NAV.journalLine")["Posting_Date"].type == "Edm.Date"
    assert model.properties_of(customer)["balance"].scale == "variable"
    assert pair_of(model, customer, model.navigation_of(customer)["currency"]) == "currencyId"
    assert next(iter(model.enums["Contoso.NAV.customerBlocked"].members)) == "_x0020_"
    assert not writability(model, "customers", customer, "balance").on_create


def test_an_erp():
    """Vocabularies under SAP's aliases say what can be written; restrictions that depend on data say nothing."""
    model = read_metadata((SHAPES / "s4.xml").read_bytes(), "s4.xml")
    order = "erp.api.order.v0001.OrderType"

    assert {
        name: writability(model, "Order", order, name).on_create for name in ("Order", "Plant", "Currency")
    } == {
        "Order": False,
        "Plant": True,
        "Currency": False,
    }
    assert "Plant" in {item.property for item in required_on_create(model, "Order", order) if item.certain}
    assert [note.term for note in model.container_annotations] == [
        "Org.OData.Capabilities.V1.BatchSupported",
        "Org.OData.Capabilities.V1.SupportedFormats",
    ]
    assert model.operations[0].annotations[0].term == "Org.OData.Core.V1.OperationAvailable"
    assert len(model.references) == 4


def test_hardware():
    """An index of dozens of documents: singletons, keys and types come from the files beside it."""
    folder = SHAPES / "redfish"
    model = read_metadata((folder / "index.xml").read_bytes(), "index.xml", from_folder(folder))

    assert (list(model.sets), list(model.singletons)) == ([], ["Root", "Systems"])
    assert model.key_of("Root.v1_0_0.Root") == ("Id",)
    assert list(model.properties_of("Root.v1_0_0.Root")) == ["Id", "Name", "UUID"]
    assert model.underlying("Resource.UUID") == "Edm.Guid"
    assert "Root.v1_1_0.Root" not in model.types
    assert model.derived_of("Root.Root") == ("Root.v1_0_0.Root",)
