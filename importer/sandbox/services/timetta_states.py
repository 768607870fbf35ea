"""States of entities: which may follow which, and what a protected one forbids (timetta.md §4, §8)."""

from collections.abc import Mapping

from importer.odata.edm import Model
from importer.sandbox.refusals import bad_input, business
from importer.sandbox.store import Entity, Store
from importer.sandbox.typed import Value, Values

# Type of the lifecycle → code of a state → codes that may follow.
_TRANSITIONS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "Project": {
        "Draft": ("InProgress", "Cancelled"),
        "InProgress": ("Completed", "Deferred", "Cancelled"),
        "Completed": ("Archived",),
        "Deferred": ("InProgress", "Cancelled"),
    },
    "Organization": {"Active": ("Closed",), "Closed": ("Active",)},
}


def check_protected(store: Store, values: Values) -> None:
    """Refuse to change what is in a protected state.

    Raises:
        Refused: with a business error.
    """
    state = _state(store, values.get("stateId"))
    if state is not None and state.get("isEntityProtected"):
        raise business(f"Изменение сущности в состоянии «{state['name']}» запрещено.")


def set_state(store: Store, model: Model, entity: Entity, given: Values) -> dict[str, Value] | None:
    """Return the entity in the state `given["stateId"]`; None: the type has no states.

    Raises:
        Refused: the state is none of this lifecycle, or does not follow the present one.
    """
    if "stateId" not in model.properties_of(entity.type):
        return None
    target = _state(store, str(given.get("stateId", "")).lower())
    if target is None:
        raise bad_input("The parameter 'stateId' is not a state.")
    now = _state(store, entity.values.get("stateId")) or {}
    of_type = entity.type.rpartition(".")[2]
    allowed = _TRANSITIONS.get(of_type, {}).get(str(now.get("code")), ())
    if target.get("lifecycleId") != now.get("lifecycleId") or target["code"] not in allowed:
        raise business(f"Переход в состояние «{target['name']}» невозможен.")
    changed = {**entity.values, "stateId": target["id"]}
    if "isActive" in changed:
        changed["isActive"] = not target.get("isEntityDisabled")
    return changed


def _state(store: Store, key: Value) -> Values | None:
    found = None if key is None else store.get("WP.State", str(key))
    return None if found is None else found.values
