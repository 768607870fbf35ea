"""Keys of new entities: our own GUIDs where the service may keep them, natural keys where the fields hold them (timetta.md §13, 7)."""

from collections.abc import Hashable, Mapping
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from importer.odata.edm import Model
from importer.odata.edm.writable import writability
from importer.text.folding import fold


def may_choose(model: Model, entity_set: str, type_name: str) -> bool:
    """Whether a key of ours may be proposed: one GUID that the metadata do not call computed."""
    key = model.key_of(type_name)
    declared = model.properties_of(type_name)
    if len(key) != 1 or key[0] not in declared or model.underlying(declared[key[0]].type) != "Edm.Guid":
        return False
    return writability(model, entity_set, type_name, key[0]).on_create


def own_key(url: str, entity_set: str, values: Mapping[str, Hashable], salt: str = "") -> UUID:
    """Return the GUID that this entity always gets: of service, set and folded match values.

    Two people who run one recipe at once collide on the key instead of making two entities.
    """
    parts = [
        url.rstrip("/").casefold(),
        entity_set,
        *(f"{name}={_text(value)}" for name, value in sorted(values.items())),
    ]
    if salt:
        parts.append(salt)
    return uuid5(NAMESPACE_URL, "\x1f".join(parts))


def _text(value: Hashable) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return fold(value) if isinstance(value, str) else str(value)
