"""The Timetta-like service refuses what Timetta refuses, in the tenant's language (timetta.md §5, §7, §8)."""

from uuid import UUID

import pytest
from sandbox_clients import said

USER, HEAD, OTHER = (str(UUID(int=n)) for n in (1, 2, 3))
TM = "584dddc1-94df-43b2-b3f3-372c02fcb016"


def make(client, path, **value):
    answer = client.post(path, value)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def client(serve, shelf):
    with serve(shelf) as there:
        make(there, "Users", id=USER, name="Иванов", email="ivanov@x.ru")
        yield there


def test_seed(client):
    """Constants and a fresh tenant's rows are there; nobody wrote them."""
    assert client.names("ProjectBillingTypes", filter="code eq 'TM'") == ["Время и затраты"]
    assert client.ask(f"ProjectBillingTypes({TM})").json()["code"] == "TM"
    assert client.names("Currencies", filter="alpha3Code eq 'RUB'") == ["Российский рубль"]
    assert len(client.names("States", filter="lifecycle/entityType eq 'Project'")) == 6
    assert [write["set"] for write in client.there.journal] == ["Users"]


@pytest.mark.parametrize(
    ("path", "value", "names"),
    [
        ("Departments", {}, "name"),
        ("Departments", {"name": ""}, "name"),
        ("Users", {"name": "x"}, "email"),
        ("Users", {"email": "x@x.ru"}, "name"),
        ("Currencies", {"name": "x"}, "alpha3Code"),
        ("Projects", {"name": "x", "managerId": USER}, "billingTypeId"),
        ("Projects", {"name": "x", "billingTypeId": TM}, "managerId"),
        ("Grades", {"name": "x"}, "levelId"),
        ("ProjectTasks", {"name": "x"}, "projectId"),
        ("ProjectTeamMembers", {}, "projectId"),
        ("DirectoryEntries", {"name": "x"}, "directoryId"),
    ],
)
def test_required(client, path, value, names):
    """What the vendor documents as required is; the refusal is a 500 with a code."""
    answer = client.post(path, value)

    assert (answer.status_code, answer.json()["error"]["details"]) == (500, {})
    assert names in said(answer)


def test_required_stays(client):
    """A required value cannot be taken away."""
    assert client.patch(f"Users({USER})", {"email": None}).status_code == 500
    assert client.patch(f"Users({USER})", {"description": "x"}).status_code == 204


def test_unique(client):
    """Names and e-mails of users, codes of currencies; whatever the case. Department names may repeat."""
    assert client.post("Users", {"name": "ИВАНОВ", "email": "other@x.ru"}).status_code == 500
    assert client.post("Users", {"name": "x", "email": "Ivanov@X.ru"}).status_code == 500
    assert client.post("Currencies", {"name": "x", "alpha3Code": "RUB"}).status_code == 500
    make(client, "Users", id=OTHER, name="Петров", email="petrov@x.ru")
    assert client.patch(f"Users({OTHER})", {"name": "Иванов"}).status_code == 500
    assert client.patch(f"Users({USER})", {"name": "Иванов"}).status_code == 204
    assert client.delete(f"Users({USER})").status_code == 204
    assert client.patch(f"Users({OTHER})", {"name": "Иванов"}).status_code == 204
    make(client, "Departments", name="ИТ")
    make(client, "Departments", name="ИТ")


def test_domains(serve, shelf):
    """The e-mail must belong to a domain of the tenant, where it has any."""
    with serve(shelf, {"email_domains": ("x.ru",)}) as client:
        assert client.post("Users", {"name": "a", "email": "a@y.ru"}).status_code == 500
        assert client.post("Users", {"name": "a", "email": "a@X.ru"}).status_code == 201


def test_trees(client):
    """A department is not above itself, through whatever steps."""
    make(client, "Departments", id=HEAD, name="a")
    make(client, "Departments", id=OTHER, name="b", leadDepartmentId=HEAD)

    for above in (HEAD, OTHER):
        assert client.patch(f"Departments({HEAD})", {"leadDepartmentId": above}).status_code == 500
    assert client.patch(f"Departments({OTHER})", {"leadDepartmentId": None}).status_code == 204
    assert client.patch(f"Departments({HEAD})", {"leadDepartmentId": OTHER}).status_code == 204


def test_references(client):
    """References lead somewhere, to something of the right type; what is used stays."""
    make(client, "Departments", id=HEAD, name="a")

    assert client.post("Users", {"name": "x", "email": "x", "departmentId": USER}).status_code == 500
    assert client.patch(f"Users({USER})", {"departmentId": HEAD}).status_code == 204
    refused = client.delete(f"Departments({HEAD})")
    assert (refused.status_code, bool(said(refused))) == (500, True)
    assert client.patch(f"Users({USER})", {"departmentId": None}).status_code == 204
    assert client.delete(f"Departments({HEAD})").status_code == 204


def test_defaults(client):
    """Active, in the first state, in roubles."""
    project = make(client, "Projects", name="p", billingTypeId=TM, managerId=USER)
    organization = make(client, "Organizations", name="o")

    assert client.ask(f"States({project['stateId']})").json()["code"] == "Draft"
    assert client.ask(f"States({organization['stateId']})").json()["code"] == "Active"
    assert client.ask(f"Currencies({project['currencyId']})").json()["alpha3Code"] == "RUB"
    assert (project["isActive"], project["rowVersion"] > 0, project["created"].endswith("Z")) == (
        True,
        True,
        True,
    )
    assert make(client, "Roles", name="r", isActive=False)["isActive"] is False


def test_resources(client):
    """Users and departments are found in `Resources` too, with their type; keys are shared."""
    make(client, "Departments", id=HEAD, name="ИТ")

    found = {item["id"]: item["@odata.type"] for item in client.ask("Resources").json()["value"]}
    assert found == {USER: "#WP.User", HEAD: "#WP.Department"}
    assert client.ask(f"Resources({USER})").json()["name"] == "Иванов"
    assert client.names("Users") == ["Иванов"]
    assert client.names("Departments") == ["ИТ"]
    assert client.ask(f"Users({HEAD})").status_code == 404
    assert client.post("Departments", {"id": USER, "name": "x"}).status_code == 500
    assert [
        item["id"] for item in client.ask("Resources", orderby="id", filter=f"id gt {USER}").json()["value"]
    ] == [HEAD]
    generic = client.post("Resources", {"@odata.type": "#WP.Generic", "name": "g"})
    assert (generic.status_code, client.ask("Resources/$count", filter="name eq 'g'").text) == (201, "1")


def test_open_types(client):
    """Unknown names are accepted and dropped; unknown names in a query are merely absent (timetta.md §7, 5)."""
    assert "weekly" not in make(client, "Roles", name="r", weekly=5)
    assert client.ask("Roles", filter="weekly eq 5").json()["value"] == []
    assert client.ask("Roles", select="name,weekly", top=1).json()["value"][0].keys() == {"name"}
    assert client.ask(f"Users({USER})").json()["editAllowed"] is True


def test_concurrency(client):
    """A stale `rowVersion` is refused."""
    version = client.ask(f"Users({USER})").json()["rowVersion"]

    assert client.patch(f"Users({USER})", {"code": "1", "rowVersion": version}).status_code == 204
    stale = client.patch(f"Users({USER})", {"code": "2", "rowVersion": version})
    assert (stale.status_code, stale.json()["error"]["code"]) == (500, "TmtConcurrencyException")


def test_literals(client):
    """A quoted Guid is a text and a 400; system Guids in any case are the same."""
    assert client.ask("ProjectBillingTypes", filter=f"id eq '{TM}'").status_code in (200, 400)
    assert client.names("ProjectBillingTypes", filter=f"id eq {TM.upper()}") == ["Время и затраты"]
    assert client.names("Users", filter="created gt 2020-01-01T00:00:00Z") == ["Иванов"]
