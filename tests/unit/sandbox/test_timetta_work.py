"""Projects' trees of tasks, and states, of the Timetta-like service."""

import pytest

TM = "584dddc1-94df-43b2-b3f3-372c02fcb016"
STATES = {
    "Draft": "9752fc91-714a-414f-9c03-8a3a1d6cce06",
    "InProgress": "cd2f2bf7-9388-43b8-9039-dded9700afd2",
    "Completed": "55e2beec-94de-5aca-83fe-ea338d4e29cf",
    "Archived": "bca4b4d8-294b-591c-a559-99dfa3850cea",
    "Closed": "389bd56e-94ef-502d-99cd-624dafae91f8",
}


@pytest.fixture
def project(timetta):
    manager = timetta.post("Users", {"name": "Р", "email": "r@example.ru"}).json
    return timetta.post("Projects", {"name": "П", "managerId": manager["id"], "billingTypeId": TM}).json["id"]


def tree(timetta):
    found = timetta.get("ProjectTasks", orderby="structNumber").json["value"]
    return [(task["structNumber"], task["number"], task["indent"], task["fullPath"]) for task in found]


@pytest.fixture
def task(timetta, project):
    """Make a task below a parent, else below the root."""

    def make(name, parent=None, **more):
        return timetta.post(
            "ProjectTasks",
            {"name": name, "projectId": project, "leadTaskId": parent or root(timetta), **more},
        )

    return make


def root(timetta):
    return timetta.get("ProjectTasks", filter="leadTaskId eq null").json["value"][0]["id"]


def test_a_tree(timetta, task):
    """A project has one root; outline numbers, depths and paths are computed, and moved tasks computed anew."""
    one = task("Внедрение").json
    task("Обучение")
    inner = task("Тестирование", one["id"]).json
    assert (inner["structNumber"], inner["indent"], inner["fullPath"]) == (
        "1.1",
        2,
        "Внедрение\\Тестирование",
    )
    assert tree(timetta) == [
        ("", 0, 0, ""),
        ("1", 0, 1, "Внедрение"),
        ("1.1", 0, 2, "Внедрение\\Тестирование"),
        ("2", 1, 1, "Обучение"),
    ]
    first = task("Сначала", number=0).json
    assert {item["name"] for item in first["updatedTasks"]} == {"Внедрение", "Тестирование", "Обучение"}
    assert [(place, path) for place, _, _, path in tree(timetta)[1:]] == [
        ("1", "Сначала"),
        ("2", "Внедрение"),
        ("2.1", "Внедрение\\Тестирование"),
        ("3", "Обучение"),
    ]
    timetta.patch(f"ProjectTasks({first['id']})", {"number": 2})
    assert [path for _, _, _, path in tree(timetta)[1:]] == [
        "Внедрение",
        "Внедрение\\Тестирование",
        "Обучение",
        "Сначала",
    ]
    timetta.patch(f"ProjectTasks({inner['id']})", {"leadTaskId": root(timetta), "number": 0, "name": "Т"})
    assert [path for _, _, _, path in tree(timetta)[1:]] == ["Т", "Внедрение", "Обучение", "Сначала"]
    assert timetta.delete(f"ProjectTasks({one['id']})").status == 204
    assert [(place, path) for place, _, _, path in tree(timetta)[1:]] == [
        ("1", "Т"),
        ("2", "Обучение"),
        ("3", "Сначала"),
    ]
    assert ("update", "ProjectTasks") in timetta.journal
    assert timetta.journal.count(("create", "ProjectTasks")) == 4


def test_refused(timetta, task, project, talk, timetta_pack):
    """A second root, a gap in the numbers and a circle are refused; without the switch anything goes."""
    one = task("а").json["id"]
    for wrong in ({"leadTaskId": None}, {"number": 5}, {"number": -1}):
        body = {"name": "x", "projectId": project, "leadTaskId": root(timetta)} | wrong
        assert timetta.post("ProjectTasks", body).status == 500
    assert timetta.patch(f"ProjectTasks({one})", {"leadTaskId": one}).status == 500
    assert timetta.delete(f"Projects({project})").status == 500
    timetta.delete(f"ProjectTasks({one})")
    manager = timetta.get("Users").json["value"][0]["id"]
    member = timetta.post("ProjectTeamMembers", {"projectId": project, "resourceId": manager}).json["id"]
    assert timetta.delete(f"Projects({project})").status == 500
    assert tree(timetta) == [("", 0, 0, "")], "a refused deletion takes nothing with it"
    timetta.delete(f"ProjectTeamMembers({member})")
    assert timetta.delete(f"Projects({project})").status == 204
    assert tree(timetta) == []
    free = talk(pack=timetta_pack, task_tree=False)
    manager = free.post("Users", {"name": "Р", "email": "r@example.ru"}).json["id"]
    other = free.post("Projects", {"name": "П", "managerId": manager, "billingTypeId": TM}).json["id"]
    assert free.post("ProjectTasks", {"name": "x", "projectId": other, "number": 9}).json["number"] == 9


def test_states(timetta, project, talk, timetta_pack):
    """States follow one another as the lifecycle says; a protected one refuses every change."""

    def go(state, action="SetState"):
        return timetta.post(
            f"Projects({project})/{action}", {"stateId": STATES[state], "transitionFormValue": {}}
        ).status

    assert [
        go("Archived"),
        go("Closed"),
        go("InProgress"),
        go("Completed", "WP.SetState"),
        go("Archived"),
    ] == [500, 500, 204, 204, 204]
    assert timetta.get(f"Projects({project})/state").json["code"] == "Archived"
    assert timetta.get(f"Projects({project})").json["isActive"] is False
    assert timetta.patch(f"Projects({project})", {"description": "x"}).status == 500
    assert timetta.post(f"Projects({project})/SetState", {"stateId": "x"}).status == 400
    assert timetta.post(f"Projects({project})/Nothing", {}).status == 404
    assert timetta.post("Projects(8503a5c1-0000-4000-8000-0000000000aa)/SetState", {}).status == 404
    assert timetta.get("Projects").json["value"]
    free = talk(pack=timetta_pack, lifecycles=False)
    made = free.post("Organizations", {"name": "О", "stateId": STATES["Closed"]}).json["id"]
    assert free.post(f"Organizations({made})/SetState", {"stateId": STATES["Closed"]}).status == 404
    assert free.patch(f"Organizations({made})", {"name": "x"}).status == 204
