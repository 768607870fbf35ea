"""Rules of the business behind a service, as far as metadata tell them: no loose references.

A service of the shelf (`services/`) adds its own by a subclass.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from importer.odata.edm import Model
from importer.odata.edm.pairing import pair_of
from importer.sandbox.addresses import read_key
from importer.sandbox.habits import Habits
from importer.sandbox.refusals import bad_input, business
from importer.sandbox.store import Entity, Store
from importer.sandbox.typed import Value, Values


@dataclass(frozen=True, slots=True)
class Change:
    """A write: `before` is None for a new entity, `values` None for a deleted one."""

    values: Values | None
    before: Values | None


@dataclass(frozen=True, slots=True)
class Call:
    """A call of an action bound to an entity: its name without a namespace, its parameters."""

    name: str
    given: Values


class Rules:
    """What every service checks. `author` is who `createdById` and `modifiedById` say wrote; None: nobody."""

    author: str | None = None

    def __init__(self, model: Model) -> None:
        """Check by a model."""
        self.model = model
        self._pairs: dict[str, Mapping[str, str]] = {}

    def pairs(self, kind: str) -> Mapping[str, str]:
        """Return navigation property → the property that holds the target's key, for a type."""
        found = self._pairs.get(kind)
        if found is None:
            navigation = self.model.navigation_of(kind)
            paired = {name: pair_of(self.model, kind, declared) for name, declared in navigation.items()}
            found = self._pairs[kind] = {name: pair for name, pair in paired.items() if pair is not None}
        return found

    def complete(self, store: Store, kind: str, values: dict[str, Value], habits: Habits) -> None:
        """Fill what the service fills by itself when an entity is made."""

    def settle(self, store: Store, kind: str, change: Change, habits: Habits) -> Values:  # noqa: ARG002
        """Do what a committed write brings about; return what the answer says of it besides the entity."""
        return {}

    def check_change(self, store: Store, entity: Entity, habits: Habits) -> None:
        """Refuse to change an entity in the state it is in.

        Raises:
            Refused: with a business error.
        """

    def act(self, store: Store, entity: Entity, call: Call, habits: Habits) -> dict[str, Value] | None:  # noqa: ARG002
        """Return what an action makes of an entity; None: there is no such action.

        Raises:
            Refused: with a business error.
        """
        return None

    def check(self, store: Store, kind: str, values: Values, before: Values | None, habits: Habits) -> None:
        """Refuse what the business does not allow; `before` is None for a new entity.

        Raises:
            Refused: with a business error.
        """
        if habits.unique_names and values.get("name") is not None:
            same = store.having(kind, "name", [str(values["name"]).casefold()], folded=True)
            names = self.model.key_of(kind)
            if any([item.values[n] for n in names] != [values[n] for n in names] for item in same):
                raise business("Поле должно быть уникальным. (name)")
        if not habits.check_references:
            return
        for name, pair in self.pairs(kind).items():
            key = values.get(pair)
            if key is None or (before is not None and before.get(pair) == key):
                continue
            if self.follow(store, values, kind, name) is None:
                message = f"Ссылка {pair} указывает на несуществующую запись: {key}."
                raise business(message, "TmtReferenceException")

    def check_delete(self, store: Store, entity: Entity, key: str) -> None:
        """Refuse to delete what something refers to.

        Raises:
            Refused: with a business error.
        """
        stored = entity.values[self.model.key_of(entity.type)[0]]
        for kind in self.model.types:
            for name, pair in self.pairs(kind).items():
                if not self.model.is_a(entity.type, self.model.navigation_of(kind)[name].type):
                    continue
                others = [item for item in store.having(kind, pair, [stored]) if item is not entity]
                if any(not self.owned(store, entity, item) for item in others):
                    raise business(f"Запись {key} используется: {kind}.{pair}.", "TmtReferencedException")

    def owned(self, store: Store, entity: Entity, other: Entity) -> bool:  # noqa: ARG002
        """Whether `other` goes with `entity` when that is deleted."""
        return False

    def follow(self, store: Store, values: Values, kind: str, navigation: str) -> Entity | None:
        """Return the entity that a single-valued navigation leads to."""
        pair = self.pairs(kind).get(navigation)
        key = values.get(pair) if pair else None
        return None if key is None else store.get(self.model.navigation_of(kind)[navigation].type, str(key))

    def children(self, store: Store, values: Values, kind: str, navigation: str) -> list[Entity]:
        """Return where a collection navigation leads: what its partner, or first pair to here, leads from."""
        declared = self.model.navigation_of(kind)[navigation]
        pairs, back = self.pairs(declared.type), self.model.navigation_of(declared.type)
        fitting = [pair for name, pair in pairs.items() if self.model.is_a(kind, back[name].type)]
        pair = pairs.get(declared.partner or "", fitting[0] if fitting else None)
        key = values[self.model.key_of(kind)[0]]
        return [] if pair is None else store.having(declared.type, pair, [key])

    def bound(self, kind: str, navigation: str, link: str) -> Values:
        """Return the pair that `nav@odata.bind` sets.

        Raises:
            Refused: there is no such navigation, or the link is no entity's.
        """
        pair = self.pairs(kind).get(navigation)
        if pair is None or "(" not in link or not link.endswith(")"):
            raise bad_input(f"The property '{navigation}@odata.bind' is not valid on type '{kind}'.")
        target = self.model.navigation_of(kind)[navigation].type
        return {pair: read_key(link[link.index("(") + 1 : -1], self.model, target)}

    def links(self, store: Store) -> "Links":
        """Return how a filter walks from entity to entity."""
        return Links(self, store)


@dataclass(frozen=True, slots=True)
class Links:
    """Navigation over stored entities, as values."""

    rules: Rules
    store: Store

    def follow(self, values: Values, kind: str, navigation: str) -> Values | None:
        """Return the entity that a single-valued navigation leads to."""
        found = self.rules.follow(self.store, values, kind, navigation)
        return None if found is None else found.values

    def children(self, values: Values, kind: str, navigation: str) -> list[Values]:
        """Return the entities that a collection navigation leads to."""
        return [child.values for child in self.rules.children(self.store, values, kind, navigation)]
