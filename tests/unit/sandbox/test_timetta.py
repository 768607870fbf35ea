"""The Timetta-like service: what is there from the beginning, and what it refuses."""

import pytest

from importer.odata.edm.pairing import pair_of

SETS = (
    "Departments Users Resources Roles Levels Grades Locations LegalEntities Currencies UserCostValues CustomFields Directories DirectoryEntries Lifecycles "
    "States Organizations Contacts ProjectBillingTypes Projects ProjectTasks ProjectTeamMembers"
)
TM = "584dddc1-94df-43b2-b3f3-372c02fcb016"


def user(there, name="Ким А.", email="a@example.ru"):
    return there.post("Users", {"name": name, "email": email})


def test_metadata(timetta):
    """The twenty-one sets, and the traps: names pair, wrong constraints do not (timetta.md §7)."""
    model = timetta.sandbox.site.model
    department = model.navigation_of("WP.Department")

    assert set(model.sets) == set(SETS.split())
    assert department["leadDepartment"].constraints[0].property == "departmentId"
    assert pair_of(model, "WP.Department", department["leadDepartment"]) == "leadDepartmentId"
    assert pair_of(model, "WP.Project", model.navigation_of("WP.Project")["createdBy"]) == "createdById"
    assert model.is_open("WP.User")
    assert not model.properties_of("WP.Project")["managerId"].nullable
    assert model.properties_of("WP.User")["name"].nullable


def test_constants(timetta):
    """The system's constants have the identifiers of every tenant, and hold together; nobody's data are there."""
    states = timetta.get("States", filter="lifecycle/entityType eq 'Project' and code eq 'Draft'").json[
        "value"
    ]
    kinds = timetta.get("DirectoryEntries", filter="directory/code eq 'EmploymentType'", orderby="code").json[
        "value"
    ]

    assert [state["id"] for state in states] == ["9752fc91-714a-414f-9c03-8a3a1d6cce06"]
    assert [kind["code"] for kind in kinds] == ["EXTERNAL", "INTERNAL"]
    assert timetta.get(f"ProjectBillingTypes({TM})").json["code"] == "TM"
    assert timetta.get("LegalEntities", expand="currency").json["value"][0]["currency"]["alpha3Code"] == "RUB"
    assert timetta.get("Resources/$count").text == timetta.get("Projects/$count").text == "0"
    assert timetta.journal == []


def test_defaults(timetta):
    """A new entity holds what the service fills in."""
    manager = user(timetta).json
    project = timetta.post("Projects", {"name": "П", "managerId": manager["id"], "billingTypeId": TM}).json
    department = timetta.post("Departments", {"name": "Отдел"}).json

    assert (manager["isActive"], manager["resourceType"], department["resourceType"]) == (
        True,
        "User",
        "Department",
    )
    assert timetta.get(f"Projects({project['id']})/state").json["code"] == "Draft"
    assert timetta.get(f"Projects({project['id']})/currency").json["alpha3Code"] == "RUB"
    assert timetta.get(f"Users({manager['id']})/legalEntity").json["code"] == "Default"
    assert project["createdById"] == project["modifiedById"]
    assert project["created"] == project["modified"]
    assert len(project["created"]) == len("2026-06-19T21:29:44.9781885Z")
    read = timetta.get(f"Projects({project['id']})").json
    assert read["created"] == project["created"].removesuffix("5Z") + "Z"


def test_shared_identity(timetta):
    """A user is a resource, and a team may have either."""
    manager = user(timetta).json
    department = timetta.post("Departments", {"name": "Отдел"}).json
    project = timetta.post("Projects", {"name": "П", "managerId": manager["id"], "billingTypeId": TM}).json

    assert timetta.get(f"Resources({manager['id']})").json["@odata.type"] == "#WP.User"
    for resource in (manager, department):
        assert (
            timetta.post(
                "ProjectTeamMembers", {"projectId": project["id"], "resourceId": resource["id"]}
            ).status
            == 201
        )
    assert len(timetta.get(f"Projects({project['id']})/projectTeamMembers").json["value"]) == 2
    assert timetta.post("Generics", {}).status == 404


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("Departments", {}, "(name)"),
        ("Users", {"name": "x"}, "(email)"),
        ("Users", {"name": "ким а.", "email": "b@example.ru"}, "уникальным. (name)"),
        ("Users", {"name": "x", "email": "A@EXAMPLE.ru"}, "уникальным. (email)"),
        ("Currencies", {"name": "x", "alpha3Code": "rub"}, "уникальным. (alpha3Code)"),
        ("Projects", {"name": "x", "billingTypeId": TM}, "(managerId)"),
        ("Organizations", {"name": ""}, "(name)"),
        ("Organizations", {"name": "x", "managerId": TM}, "managerId"),
        ("Users", {"name": "x", "email": "x@x", "departmentId": TM}, "departmentId"),
    ],
)
def test_business_errors(timetta, path, body, words):
    """Each is a 500 with a code, a message and `details: {}`."""
    user(timetta)
    answer = timetta.post(path, body)

    assert (answer.status, answer.json["error"]["details"]) == (500, {})
    assert answer.json["error"]["code"].startswith("Tmt")
    assert words in answer.message


def test_its_own_values_disturb_nobody(timetta):
    """An update that repeats an entity's unique values is no duplicate."""
    found = user(timetta).json

    assert timetta.patch(f"Users({found['id']})", {"email": "A@example.ru", "name": "Ким А."}).status == 204


def test_a_tree_stays_a_tree(timetta):
    """A department never stands below itself."""
    above = timetta.post("Departments", {"name": "a"}).json["id"]
    below = timetta.post("Departments", {"name": "b", "leadDepartmentId": above}).json["id"]

    for lead in (below, above):
        assert "циклическая" in timetta.patch(f"Departments({above})", {"leadDepartmentId": lead}).message
    assert [item["name"] for item in timetta.get(f"Departments({above})/departments").json["value"]] == ["b"]


def test_row_versions(timetta):
    """The version grows with each write of anybody, and is checked when it is sent."""
    found = user(timetta).json
    other = timetta.post("Departments", {"name": "a"}).json

    assert other["rowVersion"] > found["rowVersion"]
    assert (
        timetta.patch(f"Users({found['id']})", {"phone": "1", "rowVersion": found["rowVersion"]}).status
        == 204
    )
    stale = timetta.patch(f"Users({found['id']})", {"phone": "2", "rowVersion": found["rowVersion"]})
    assert (stale.status, stale.json["error"]["code"]) == (500, "TmtConcurrencyException")


def test_domains(talk, timetta_pack):
    """Domains of e-mails are a switch, off by default."""
    strict = talk(pack=timetta_pack, email_domains=("example.ru",))

    assert user(strict).status == 201
    assert "домену" in user(strict, "Чужой", "a@mail.example").message


def test_used_reference_data(timetta):
    """What is used is not deleted; what is not, is."""
    currency = timetta.get("Currencies", filter="alpha3Code eq 'RUB'").json["value"][0]["id"]
    other = timetta.get("Currencies", filter="alpha3Code eq 'MXN'").json["value"][0]["id"]

    assert "LegalEntity.currencyId" in timetta.delete(f"Currencies({currency})").message
    assert timetta.delete(f"Currencies({other})").status == 204


def test_names_on_open_types(timetta):
    """Timetta's trap: a misspelt property is taken and dropped."""
    answer = timetta.post("Departments", {"name": "a", "nmae": "b"})

    assert answer.status == 201
    assert "nmae" not in answer.json
