"""Chapter 2: what can be written.

`$metadata` tells names and types, and says little of what may be sent. What it does say stands in annotations of three
vocabularies, at the property, at the set, at the type, at the container, or in an `Annotations` element elsewhere. What it does not
say, and what it says wrongly, stands in the service's *dialect*.
"""

from pathlib import Path

import pytest

from importer.jobs.describing import Describer
from importer.odata.csdl import read_metadata
from importer.odata.edm.pairing import pair_of
from importer.odata.edm.writable import facts_of, required_on_create, set_allows, writability
from importer.sandbox import load_service
from importer.service.dialect import Dialect, read_dialect
from importer.service.facts import corrected_facts

CORE, CAP, COMMON = "Org.OData.Core.V1", "Org.OData.Capabilities.V1", "com.sap.vocabularies.Common.v1"
TIMETTA = Path(__file__).parents[4] / "shared" / "timetta" / "metadata.xml"


def shop(properties="", *, on_type="", on_set="", on_container="", elsewhere="", key="id"):
    """Return the model of a small shop: Orders with a customer, some properties and some annotations."""
    keys = "".join(f'<PropertyRef Name="{name}"/>' for name in key.split())
    document = f"""<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
    <Schema Namespace="Shop" xmlns="http://docs.oasis-open.org/odata/ns/edm">
    <ComplexType Name="Address"><Property Name="city" Type="Edm.String"/><Property Name="geo" Type="Edm.String">
      <Annotation Term="{CORE}.Computed"/></Property></ComplexType>
    <EntityType Name="Customer"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid" Nullable="false"/></EntityType>
    <EntityType Name="Order"><Key>{keys}</Key><Property Name="id" Type="Edm.Guid" Nullable="false"/>
      <Property Name="note" Type="Edm.String"/>{properties}{on_type}</EntityType>
    <EntityContainer Name="Container">{on_container}<EntitySet Name="Orders" EntityType="Shop.Order">{on_set}</EntitySet></EntityContainer>
    {elsewhere}</Schema></edmx:DataServices></edmx:Edmx>"""
    return read_metadata(document.encode(), "$metadata")


def facts(model, name="note"):
    return facts_of(model, "Orders", "Shop.Order")[name]


def answer(model, name="note"):
    """Return the answer in words."""
    found = facts(model, name)
    words = ("create" * found.on_create, "update" * found.on_update, "required" * found.required)
    return " ".join(filter(None, words)) or found.reason


def restriction(kind, inner):
    return f'<Annotation Term="{CAP}.{kind}Restrictions"><Record>{inner}</Record></Annotation>'


def says(key, value):
    return f'<PropertyValue Property="{key}" Bool="{value}"/>'


def lists(key, *paths):
    items = "".join(f"<PropertyPath>{path}</PropertyPath>" for path in paths)
    return f'<PropertyValue Property="{key}"><Collection>{items}</Collection></PropertyValue>'


def noted(annotation, attributes=""):
    """Return the shop whose property `x` has an annotation."""
    return shop(f'<Property Name="x" Type="Edm.String" {attributes}>{annotation}</Property>')


def test_silence_forbids_nothing():
    """Most services publish no annotations: then everything may be sent, and the key is known for one."""
    assert answer(shop()) == "create update"
    assert facts(shop(), "id").key
    assert not facts(shop()).key


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (f'<Annotation Term="{CORE}.Computed"/>', "computed"),
        (f'<Annotation Term="{CORE}.Computed" Bool="false"/>', "create update"),
        (f'<Annotation Term="{CORE}.Computed" Path="isFinished"/>', "create update"),
        (f'<Annotation Term="{CORE}.ComputedDefaultValue"/>', "create update"),
        (f'<Annotation Term="{CORE}.Immutable"/>', "create"),
        (f'<Annotation Term="{CORE}.Permissions" EnumMember="{CORE}.Permission/Read"/>', "permissions"),
        (f'<Annotation Term="{CORE}.Permissions" EnumMember="{CORE}.PermissionType/Read"/>', "permissions"),
        (f'<Annotation Term="{CORE}.Permissions" EnumMember="{CORE}.Permission/None"/>', "permissions"),
        (
            f'<Annotation Term="{CORE}.Permissions" EnumMember="{CORE}.Permission/Read {CORE}.Permission/Filter"/>',
            "permissions",
        ),
        (
            f'<Annotation Term="{CORE}.Permissions" EnumMember="{CORE}.Permission/Read {CORE}.Permission/Write"/>',
            "create update",
        ),
        (f'<Annotation Term="{CORE}.Permissions" Int="5"/>', "permissions"),
        (f'<Annotation Term="{CORE}.Permissions" Int="3"/>', "create update"),
        (
            f'<Annotation Term="{COMMON}.FieldControl" EnumMember="{COMMON}.FieldControlType/ReadOnly"/>',
            "permissions",
        ),
        (
            f'<Annotation Term="{COMMON}.FieldControl" EnumMember="{COMMON}.FieldControlType/Hidden"/>',
            "permissions",
        ),
        (
            f'<Annotation Term="{COMMON}.FieldControl" EnumMember="{COMMON}.FieldControlType/Mandatory"/>',
            "create update required",
        ),
        (f'<Annotation Term="{COMMON}.FieldControl" Path="to_Status/ReadOnly"/>', "create update"),
        ('<Annotation Term="Vendor.Anything" Bool="true"/>', "create update"),
    ],
)
def test_the_property_s_own_annotations(annotation, expected):
    """A value that depends on data is unknown before there is data, and forbids nothing."""
    assert answer(noted(annotation), "x") == expected


def test_what_the_set_says():
    """A set may refuse to make or change entities at all, or name the properties that it does not take."""
    sealed = shop(on_set=restriction("Insert", says("Insertable", "false")))
    listed = shop(on_set=restriction("Update", lists("NonUpdatableProperties", "note")))

    assert answer(sealed) == "update"
    assert answer(listed) == "create"
    assert not set_allows(sealed, "Orders", "Insertable")
    assert set_allows(sealed, "Orders", "Updatable")
    assert not set_allows(
        shop(on_set=restriction("Delete", says("Deletable", "false"))), "Orders", "Deletable"
    )


def test_where_it_may_stand():
    """At the set, elsewhere by Target, at the type, at the container; the nearest that says something wins, key by key."""
    no = restriction("Insert", says("Insertable", "false"))
    elsewhere = f'<Annotations Target="Shop.Container/Orders">{no}</Annotations>'

    assert answer(shop(elsewhere=elsewhere)) == "update"
    assert answer(shop(on_type=no)) == "update"
    assert answer(shop(on_container=no)) == "update"
    assert (
        answer(shop(on_container=no, on_set=restriction("Insert", says("Insertable", "true"))))
        == "create update"
    )
    assert (
        answer(shop(on_container=no, on_set=restriction("Insert", lists("RequiredProperties", "note"))))
        == "update"
    )
    whole = f'<Annotation Term="{CORE}.Permissions" EnumMember="{CORE}.Permission/Read"/>'
    assert answer(shop(on_set=whole)) == "permissions"


def test_inside_a_complex_property():
    """What is forbidden for the whole is forbidden for its parts, and a part may be computed by itself."""
    model = shop(
        '<Property Name="ship" Type="Shop.Address"/><Property name="y" Type="Edm.String" Name="y"/>',
        on_set=restriction("Update", lists("NonUpdatableProperties", "ship", "Shop.Special/y")),
    )
    asked = {
        path: writability(model, "Orders", "Shop.Order", path) for path in ("ship/city", "ship/geo", "y")
    }

    assert (asked["ship/city"].on_create, asked["ship/city"].on_update) == (True, False)
    assert asked["ship/geo"].reason == "computed"
    assert not asked["y"].on_update


def test_what_is_needed_to_create():
    """Certain: what is said, a text that is not nullable, a reference that is not, keys that only the row can know."""
    model = shop(
        """<Property Name="title" Type="Edm.String" Nullable="false"/>
        <Property Name="state" Type="Edm.String" Nullable="false" DefaultValue="new"/>
        <Property Name="urgent" Type="Edm.Boolean" Nullable="false"/>
        <Property Name="sum" Type="Edm.Decimal"/>
        <Property Name="customerId" Type="Edm.Guid" Nullable="false"/>
        <NavigationProperty Name="customer" Type="Shop.Customer"/>""",
        on_set=restriction("Insert", lists("RequiredProperties", "sum")),
    )
    found = {item.property: item.certain for item in required_on_create(model, "Orders", "Shop.Order")}

    assert found == {"title": True, "urgent": False, "sum": True, "customerId": True}
    assert answer(model, "customer") == "create update required"
    assert facts(model, "urgent").usual

    composite = shop('<Property Name="line" Type="Edm.Int32" Nullable="false"/>', key="id line")
    assert [item.certain for item in required_on_create(composite, "Orders", "Shop.Order")] == [True, True]


PAIR = "<Property Name='{}' Type='{}'>{}</Property><NavigationProperty Name='customer' Type='Shop.Customer'>{}</NavigationProperty>"
CONSTRAINT = "<ReferentialConstraint Property='{}' ReferencedProperty='id'/>"


@pytest.mark.parametrize(
    ("story", "properties", "pair"),
    [
        ("by name", PAIR.format("customerId", "Edm.Guid", "", ""), "customerId"),
        ("CAP's managed associations", PAIR.format("customer_id", "Edm.Guid", "", ""), "customer_id"),
        ("keys called ID", PAIR.format("customer_ID", "Edm.Guid", "", ""), "customer_ID"),
        ("not of the key's type", PAIR.format("customerId", "Edm.String", "", ""), None),
        ("by constraint", PAIR.format("buyer", "Edm.Guid", "", CONSTRAINT.format("buyer")), "buyer"),
        (
            "a name and a wrong constraint",
            "<Property Name='buyerId' Type='Edm.Guid'/>"
            + PAIR.format("customerId", "Edm.Guid", "", CONSTRAINT.format("buyerId")),
            "customerId",
        ),
        (
            "another navigation's property",
            "<NavigationProperty Name='buyer' Type='Shop.Customer'/>"
            + PAIR.format("buyerId", "Edm.Guid", "", CONSTRAINT.format("buyerId")),
            None,
        ),
        (
            "two that claim one property",
            f"<NavigationProperty Name='payer' Type='Shop.Customer'>{CONSTRAINT.format('buyerId')}</NavigationProperty>"
            + PAIR.format("buyerId", "Edm.Guid", "", CONSTRAINT.format("buyerId")),
            None,
        ),
        (
            "Dataverse: the property is for reading",
            PAIR.format(
                "_customer_value",
                "Edm.Guid",
                f"<Annotation Term='{CORE}.Computed'/>",
                CONSTRAINT.format("_customer_value"),
            ),
            None,
        ),
    ],
)
def test_which_property_holds_a_reference(story, properties, pair):
    """By name, then by a constraint that nothing speaks against; None: `@odata.bind` is the way."""
    model = shop(properties)

    assert pair_of(model, "Shop.Order", model.navigation_of("Shop.Order")["customer"]) == pair


def test_the_traps_of_a_real_document():
    """In Timetta's metadata no constraint wins over a property of the right name, and no two references share one property."""
    if not TIMETTA.is_file():
        pytest.skip(f"no {TIMETTA.name} beside the checkout")
    model = read_metadata(TIMETTA.read_bytes(), "$metadata")
    for name in model.types:
        own = model.properties_of(name)
        single = [item for item in model.navigation_of(name).values() if not item.collection]
        pairs = {item.name: pair_of(model, name, item) for item in single}
        assert all(pairs[item] == f"{item}Id" for item in pairs if f"{item}Id" in own), name
        taken = [pair for pair in pairs.values() if pair is not None]
        assert len(taken) == len(set(taken)), name

    assert pair_of(model, "WP.TimeSheet", model.navigation_of("WP.TimeSheet")["createdBy"]) == "createdById"
    assert pair_of(model, "WP.Organization", model.navigation_of("WP.Organization")["legal"]) is None


def corrected(model, **habits):
    return corrected_facts(model, Dialect.model_validate(habits), "Orders", "Shop.Order")


def test_a_dialect_corrects():
    """It may demand and excuse, and know what the service makes, renames, or takes only once."""
    model = shop(
        """<Property Name="title" Type="Edm.String" Nullable="false"/><Property Name="customerId" Type="Edm.Guid"/>
        <NavigationProperty Name="customer" Type="Shop.Customer"/>"""
    )
    demanded = corrected(model, required={"Order": ["customer"]}, optional={"Order": ["title"]})
    made = corrected(model, computed={"*": ["note"]}, required={"Order": ["note"]})
    once = corrected(model, immutable={"Order": ["customer"]}, renamed={"Order": ["title"]})

    assert demanded["customer"].required
    assert demanded["customerId"].required
    assert not demanded["title"].required
    assert (made["note"].computed, made["note"].required, made["note"].on_create) == (True, False, False)
    assert (once["customerId"].on_create, once["customerId"].on_update) == (True, False)
    assert (once["title"].required, once["title"].on_update) == (True, False)


def test_describe_gives_the_same_answers():
    """One place answers: what `describe` shows of a property is what a plan goes by, the dialect's corrections too."""
    dialect = read_dialect("timetta")
    model = load_service("timetta").model
    for told in Describer(model, dialect).sets():
        known = corrected_facts(model, dialect, told.name, told.type)
        for item in told.properties:
            facts = known[item.name]
            assert (item.required, item.computed, item.on_create, item.on_update, item.key) == (
                facts.required,
                facts.computed,
                facts.on_create,
                facts.on_update,
                facts.key,
            ), (told.name, item.name)
        for way in told.navigation:
            assert way.collection or way.pair == known[way.name].pair


def test_the_dialects_that_come_along():
    """Timetta's is told in full; `cap` and `dynamics` are examples to extend."""
    timetta = read_dialect("timetta")
    user = ("User", "Resource")

    assert timetta.is_required(user, "email")
    assert timetta.is_computed(user, "modified")
    assert timetta.match_keys(("Department", "Resource")) == (("code",), ("leadDepartment", "name"))
    assert timetta.labels_of(user, "name") == {"en": "Name", "ru": "Имя"}
    assert timetta.labels_of(("Role",), "name") == {"en": "Name", "ru": "Наименование"}
    assert timetta.title_of("Projects")["ru"] == "Проекты"
    assert timetta.concurrency_of(user) == "rowVersion"
    assert timetta.concurrency_of(("Organization",)) is None
    assert (timetta.limits.top, timetta.limits.requests_per_hour) == (50, 3000)
    assert timetta.nested_in("ProjectTariffs") == ("rates", "assignments")
    state = timetta.write_of_property(("Project",), "state")
    assert state is not None
    assert (state.action, state.path("Draft", "Archived")) == (
        "SetState",
        ("InProgress", "Completed", "Archived"),
    )
    assert state.path("Archived", "Draft") is None
    roles = timetta.write_of("UserRoles")
    assert roles is not None
    assert (roles.whole, roles.bound, roles.owner) == (True, True, "user")
    tree = timetta.tree_of("ProjectTasks")
    assert tree is not None
    assert (tree.parent, tree.root_of, tree.number) == ("leadTask", "project", "number")
    assert timetta.is_renamed(("TimeOffRequest",), "name")
    assert read_dialect("cap").is_computed(("Books",), "modifiedAt")
    assert read_dialect("dynamics").concurrency.if_match == "required"
