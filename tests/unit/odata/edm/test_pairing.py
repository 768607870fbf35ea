"""Which property holds the key of a reference, on services whose metadata cannot be trusted (timetta.md §7, 1)."""

import pytest

from importer.odata.csdl import read_metadata
from importer.odata.edm.pairing import pair_of

HEAD = '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="N" xmlns="http://docs.oasis-open.org/odata/ns/edm">'
TARGETS = """
<TypeDefinition Name="Key" UnderlyingType="Edm.Guid"/>
<EntityType Name="User"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.Guid" Nullable="false"/></EntityType>
<EntityType Name="Role"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="N.Key" Nullable="false"/></EntityType>
<EntityType Name="Rate"><Key><PropertyRef Name="a"/><PropertyRef Name="b"/></Key><Property Name="a" Type="Edm.Guid"/><Property Name="b" Type="Edm.Guid"/></EntityType>
<EntityType Name="Keyless"/><EntityType Name="Strange"><Key><PropertyRef Name="nowhere"/></Key></EntityType>
"""


def constraint(property_name, referenced="id"):
    return f'<ReferentialConstraint Property="{property_name}" ReferencedProperty="{referenced}"/>'


def navigation(name, target="N.User", inner=""):
    return f'<NavigationProperty Name="{name}" Type="{target}">{inner}</NavigationProperty>'


def properties(*names, kind="Edm.Guid"):
    return "".join(f'<Property Name="{name}" Type="{kind}"/>' for name in names)


CASES = [
    (
        "a right constraint",
        navigation("manager", inner=constraint("managerId")) + properties("managerId"),
        "managerId",
    ),
    ("none, though the property is there", navigation("manager") + properties("managerId"), "managerId"),
    ("CAP's spelling", navigation("manager") + properties("manager_id"), "manager_id"),
    ("upper case", navigation("manager") + properties("manager_ID"), "manager_ID"),
    ("upper case without a line", navigation("manager") + properties("managerID"), "managerID"),
    (
        "Timetta: Department.leadDepartment",
        navigation("manager", inner=constraint("userId")) + properties("userId", "managerId"),
        "managerId",
    ),
    (
        "Timetta: TimeSheet.createdBy → userId",
        navigation("manager", inner=constraint("userId"))
        + navigation("user", inner=constraint("userId"))
        + properties("userId"),
        None,
    ),
    (
        "a constraint under another name",
        navigation("manager", inner=constraint("boss")) + properties("boss"),
        "boss",
    ),
    ("a constraint to no property", navigation("manager", inner=constraint("boss")), None),
    (
        "a constraint of another type",
        navigation("manager", inner=constraint("boss")) + properties("boss", kind="Edm.String"),
        None,
    ),
    (
        "a constraint to something else",
        navigation("manager", inner=constraint("boss", "code")) + properties("boss"),
        None,
    ),
    (
        "two constraints",
        navigation("manager", inner=constraint("a") + constraint("b")) + properties("a", "b"),
        None,
    ),
    ("a property of another type", navigation("manager") + properties("managerId", kind="Edm.String"), None),
    ("no key at all (Organization.legal)", navigation("manager"), None),
    ("a collection", navigation("manager", "Collection(N.User)") + properties("managerId"), None),
    ("a composite key", navigation("manager", "N.Rate") + properties("managerId"), None),
    ("a key by definition", navigation("manager", "N.Role") + properties("managerId"), "managerId"),
    ("a target without key", navigation("manager", "N.Keyless") + properties("managerId"), None),
    ("a key that is no property", navigation("manager", "N.Strange") + properties("managerId"), None),
    ("a target that is nowhere", navigation("manager", "N.Missing") + properties("managerId"), None),
]


@pytest.mark.parametrize(("story", "inner", "pair"), CASES, ids=[case[0] for case in CASES])
def test_pairs(story, inner, pair):
    """By name first, by constraint only where no such property exists and it is nobody else's."""
    document = (
        f"{HEAD}{TARGETS}<EntityType Name='It'>{inner}</EntityType></Schema></edmx:DataServices></edmx:Edmx>"
    )
    model = read_metadata(document.encode(), "$metadata")

    assert pair_of(model, "N.It", model.navigation_of("N.It")["manager"]) == pair


def test_a_pair_may_be_inherited():
    """The property may stand in a base type, the navigation in the derived one."""
    inner = f"<EntityType Name='Top'>{properties('managerId')}</EntityType><EntityType Name='It' BaseType='N.Top'>{navigation('manager')}</EntityType>"
    model = read_metadata(
        f"{HEAD}{TARGETS}{inner}</Schema></edmx:DataServices></edmx:Edmx>".encode(), "$metadata"
    )

    assert pair_of(model, "N.It", model.navigation_of("N.It")["manager"]) == "managerId"
