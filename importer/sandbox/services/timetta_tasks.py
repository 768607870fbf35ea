"""A project's tree of tasks (timetta.md §4): one root each, numbers without gaps, paths computed.

What the service itself writes here is no write of a client's: the journal does not show it.
"""

import uuid
from collections.abc import Iterator
from typing import Any

from importer.odata.edm import Model
from importer.sandbox.refusals import business
from importer.sandbox.store import Entity, Store
from importer.sandbox.typed import Value, Values, empty_value

TASK = "WP.ProjectTask"


def plant_root(store: Store, model: Model, project: Values) -> None:
    """Make the root task of a new project."""
    values = {name: empty_value(item, model) for name, item in model.properties_of(TASK).items()}
    values |= {"id": str(uuid.uuid4()), "name": project.get("name"), "projectId": project["id"]}
    values |= {"structNumber": "", "fullPath": "", "isActive": True, "allowTimeEntry": True}
    values |= {name: project.get(name) for name in ("created", "modified", "rowVersion")}
    store.plant(values["id"], Entity(TASK, values))


def is_bare_root(store: Store, entity: Entity) -> bool:
    """Whether an entity is a root task without tasks below it."""
    is_root = entity.type == TASK and entity.values.get("leadTaskId") is None
    return is_root and not _children(store, entity.values["id"])


def remove_root(store: Store, project: Values) -> None:
    """Remove the root task of a project that was deleted."""
    root = _root(store, project["id"])
    if root is not None:
        store.uproot(TASK, str(root["id"]))


def complete_task(store: Store, values: dict[str, Value]) -> None:
    """Give a new task the next number below its parent, where none was sent."""
    if values.get("number") is None:
        values["number"] = len(_children(store, values.get("leadTaskId")))


def check_task(store: Store, values: Values) -> None:
    """Refuse a second root, a parent in another project, and a gap in the numbers.

    Raises:
        Refused: with a business error.
    """
    root, above = _root(store, values.get("projectId")), values.get("leadTaskId")
    if root is None or root["id"] == values["id"]:
        return
    if above is None:
        raise business("Поле обязательно для заполнения. (leadTaskId)")
    parent = store.get(TASK, str(above))
    if parent is not None and parent.values.get("projectId") != values.get("projectId"):
        raise business("Родительская задача принадлежит другому проекту. (leadTaskId)")
    others = [item for item in _children(store, above) if item.values["id"] != values["id"]]
    if not 0 <= values["number"] <= len(others):
        raise business("Нарушена нумерация задач. (number)")


def settle_task(store: Store, values: Values | None, before: Values | None) -> Values:
    """Number and name anew what a write of a task moved; return `updatedTasks` for the answer to a POST."""
    task: Values = values or before or {}
    for parent in {item.get("leadTaskId") for item in (values, before) if item is not None}:
        order = sorted(_children(store, parent), key=lambda item: _rank(item, task["id"], before))
        for number, child in enumerate(order):
            if child.values["number"] != number:
                _replant(store, child, number=number)
    root = _root(store, task.get("projectId"))
    changed = [item for item in _named(store, root) if item["id"] != task["id"]] if root else []
    return {"updatedTasks": changed} if before is None and changed else {}


def _rank(item: Entity, task: Value, before: Values | None) -> tuple[int, int]:
    """Rank siblings: the one written goes before the one whose number it took, or behind it when it moved down."""
    number: int = item.values["number"]
    if item.values["id"] != task:
        return number, 0
    return number, 1 if before is not None and before["number"] < number else -1


def _named(store: Store, root: Values) -> Iterator[Values]:
    """Compute paths, depths and outline numbers below a root anew; yield the tasks that changed."""
    pending: list[tuple[Values, str, str, int]] = [(root, "", "", 0)]
    while pending:
        parent, path, outline, depth = pending.pop()
        for child in _children(store, parent["id"]):
            name, number = str(child.values.get("name") or ""), child.values["number"] + 1
            found: dict[str, Any] = {
                "fullPath": f"{path}\\{name}" if path else name,
                "structNumber": f"{outline}.{number}" if outline else str(number),
                "indent": depth + 1,
            }
            if any(child.values[key] != value for key, value in found.items()):
                child = _replant(store, child, **found)  # noqa: PLW2901 - as it is from now on
                yield child.values
            pending.append((child.values, found["fullPath"], found["structNumber"], depth + 1))


def _replant(store: Store, entity: Entity, **changed: Value) -> Entity:
    after = Entity(entity.type, {**entity.values, **changed}, entity.version)
    store.plant(str(entity.values["id"]), after)
    return after


def _children(store: Store, parent: Value) -> list[Entity]:
    return [] if parent is None else store.having(TASK, "leadTaskId", [parent])


def _root(store: Store, project: Value) -> Values | None:
    if project is None:
        return None
    tasks = store.having(TASK, "projectId", [project])
    return next((item.values for item in tasks if item.values.get("leadTaskId") is None), None)
