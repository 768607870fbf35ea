"""Rules that Timetta documents (timetta.md §5, §8): required and unique values, trees, defaults.

What tasks and states do stands in `timetta_tasks` and `timetta_states`. Left out: other actions than `SetState`.
"""

from collections.abc import Mapping

from importer.sandbox.habits import Habits
from importer.sandbox.refusals import business
from importer.sandbox.rules import Call, Change, Rules
from importer.sandbox.services.timetta_states import check_protected, set_state
from importer.sandbox.services.timetta_tasks import (
    TASK,
    check_task,
    complete_task,
    is_bare_root,
    plant_root,
    remove_root,
    settle_task,
)
from importer.sandbox.store import Entity, Store
from importer.sandbox.typed import Value, Values

# "On create" of timetta.md §8, as far as the vendor documents it.
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "WP.Department": ("name",),
    "WP.User": ("name", "email"),
    "WP.Role": ("name",),
    "WP.Level": ("name",),
    "WP.Grade": ("name", "levelId"),
    "WP.Location": ("name",),
    "WP.LegalEntity": ("name",),
    "WP.Currency": ("name", "alpha3Code"),
    "WP.Organization": ("name",),
    "WP.Directory": ("name", "code"),
    "WP.DirectoryEntry": ("name", "directoryId"),
    "WP.Project": ("name", "billingTypeId", "managerId"),
    "WP.ProjectTask": ("name", "projectId"),
    "WP.ProjectTeamMember": ("projectId", "resourceId"),
    "WP.UserCostValue": ("userId",),
}
_UNIQUE: Mapping[str, tuple[str, ...]] = {"WP.User": ("name", "email"), "WP.Currency": ("alpha3Code",)}
_TREES: Mapping[str, str] = {"WP.Department": "leadDepartmentId", "WP.ProjectTask": "leadTaskId"}
_INITIAL: Mapping[str, tuple[str, str]] = {
    "WP.Project": ("Project", "Draft"),
    "WP.Organization": ("Organization", "Active"),
}
_EMPTY = (None, "", "00000000-0000-0000-0000-000000000000")


class TimettaRules(Rules):
    """What Timetta checks besides references."""

    author = "5ba24f09-3b1c-5c3f-9f0b-0a4d7a1c2e11"  # the one who calls; no user of the tenant

    def complete(self, store: Store, kind: str, values: dict[str, Value], habits: Habits) -> None:
        """Fill the defaults: active entities, the initial state, the tenant's currency and legal entity."""
        properties = self.model.properties_of(kind)
        if "isActive" in properties:
            values.setdefault("isActive", True)
        if "resourceType" in properties:
            values["resourceType"] = kind.rpartition(".")[2]
        if kind in _INITIAL and values.get("stateId") is None:
            values["stateId"] = self._state(store, *_INITIAL[kind])
        if kind == "WP.Project" and values.get("currencyId") is None:
            values["currencyId"] = _first(store, "WP.Currency", "alpha3Code", "RUB")
        if kind in ("WP.Project", "WP.User") and values.get("legalEntityId") is None:
            values["legalEntityId"] = _first(store, "WP.LegalEntity", "isDefault", value=True)
        if kind == TASK and habits.task_tree:
            complete_task(store, values)

    def check(self, store: Store, kind: str, values: Values, before: Values | None, habits: Habits) -> None:
        """Refuse what Timetta refuses.

        Raises:
            Refused: with a business error in the tenant's language.
        """
        for name in _REQUIRED.get(kind, ()):
            if values.get(name) in _EMPTY:
                raise business(f"Поле обязательно для заполнения. ({name})")
        for name in _UNIQUE.get(kind, ()):
            same = store.having(kind, name, [str(values.get(name)).casefold()], folded=True)
            if any(found.values["id"] != values["id"] for found in same):
                raise business(f"Поле должно быть уникальным. ({name})")
        domain = str(values.get("email")).rpartition("@")[2].lower()
        if kind == "WP.User" and habits.email_domains and domain not in habits.email_domains:
            raise business("Эл. почта не принадлежит домену организации. (email)")
        super().check(store, kind, values, before, habits)
        if kind in _TREES:
            self._check_tree(store, kind, values)
        if kind == TASK and habits.task_tree:
            check_task(store, values)

    def settle(self, store: Store, kind: str, change: Change, habits: Habits) -> Values:
        """Keep a project's tree of tasks: its root, numbers, paths."""
        values, before = change.values, change.before
        if habits.task_tree and kind == "WP.Project" and values is not None and before is None:
            plant_root(store, self.model, values)
        if kind == "WP.Project" and values is None and before is not None:
            remove_root(store, before)
        if habits.task_tree and kind == TASK:
            return settle_task(store, values, before)
        return {}

    def check_change(self, store: Store, entity: Entity, habits: Habits) -> None:
        """Refuse to change what is in a protected state.

        Raises:
            Refused: with a business error.
        """
        if habits.lifecycles:
            check_protected(store, entity.values)

    def owned(self, store: Store, entity: Entity, other: Entity) -> bool:
        """Whether `other` is the root task of a project, with nothing below it."""
        return entity.type == "WP.Project" and is_bare_root(store, other)

    def act(self, store: Store, entity: Entity, call: Call, habits: Habits) -> dict[str, Value] | None:
        """Carry out `SetState`.

        Raises:
            Refused: with a business error.
        """
        if call.name.lower() != "setstate" or not habits.lifecycles:
            return None
        return set_state(store, self.model, entity, call.given)

    def _check_tree(self, store: Store, kind: str, values: Values) -> None:
        pair = _TREES[kind]
        seen, above = {values["id"]}, values.get(pair)
        while above is not None:
            if above in seen:
                raise business(f"Обнаружена циклическая зависимость. ({pair})")
            seen.add(above)
            found = store.get(kind, above)
            above = None if found is None else found.values.get(pair)

    def _state(self, store: Store, entity_type: str, code: str) -> Value:
        lifecycle = _first(store, "WP.Lifecycle", "entityType", entity_type)
        states = store.having("WP.State", "code", [code])
        found = (item.values["id"] for item in states if item.values.get("lifecycleId") == lifecycle)
        return next(found, None)


def _first(store: Store, kind: str, name: str, value: Value) -> Value:
    return next((found.values["id"] for found in store.having(kind, name, [value])), None)
