"""Keys of new entities: the client's where the service takes them, else the service's own."""

import uuid

from importer.odata.edm import Model
from importer.sandbox.habits import Habits
from importer.sandbox.refusals import bad_input
from importer.sandbox.store import Store
from importer.sandbox.typed import INTEGERS, Value


def choose_key(values: dict[str, Value], kind: str, store: Store, habits: Habits) -> None:
    """Put the key of a new entity into `values`.

    Raises:
        Refused: a part that only the client can know is missing, or keys of clients are refused.
    """
    names = store.model.key_of(kind)
    if not makes_keys(store.model, kind):
        for name in names:
            if values.get(name) is None:
                raise bad_input(f"The property '{name}' is required.")
        return
    sent = values.get(names[0]) is not None
    if sent and habits.own_keys == "refused":
        raise bad_input(f"The property '{names[0]}' is computed.")
    if not sent or habits.own_keys == "replaced":
        values[names[0]] = new_key(kind, store)


def makes_keys(model: Model, kind: str) -> bool:
    """Whether the service can make keys of this type by itself."""
    return len(model.key_of(kind)) == 1 and _key_type(model, kind) in ("Edm.Guid", *INTEGERS)


def new_key(kind: str, store: Store) -> Value:
    """Return a key that nothing has; of types for which `makes_keys` holds."""
    if _key_type(store.model, kind) == "Edm.Guid":
        return str(uuid.uuid4())
    name = store.model.key_of(kind)[0]
    return 1 + max((entity.values[name] for entity in store.all(store.family(kind))), default=0)


def _key_type(model: Model, kind: str) -> str:
    return model.underlying(model.properties_of(kind)[model.key_of(kind)[0]].type)
