"""The key of an entity as people see it."""

import re
from collections.abc import Mapping

from importer.plan import JsonValue
from importer.plan.references import reference_of

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def key_text(key: Mapping[str, JsonValue] | None) -> str | None:
    """Return a key as text: one value as it is, several as in a key predicate; None while it is not known."""
    if key is None or any(reference_of(value) is not None for value in key.values()):
        return None
    if len(key) == 1:
        return str(next(iter(key.values())))
    return ",".join(f"{name}={_literal(value)}" for name, value in key.items())


def _literal(value: JsonValue) -> str:
    """Return a value as it stands in a key predicate (OData ABNF §7); texts in quotes, but for GUIDs."""
    if isinstance(value, str):
        return value if _GUID.fullmatch(value) else "'" + value.replace("'", "''") + "'"
    return str(value).lower() if isinstance(value, bool) else str(value)
