"""A reference is a key, or "the entity that action 7 makes": `{"$action": 7}` inside the JSON values of a plan.

No property of OData begins with `$`, so the marker cannot be mistaken for a complex value.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

import msgspec

# Decimals are JSON numbers with all their digits; they never pass through float.
JsonValue: TypeAlias = "bool | int | float | Decimal | str | list[JsonValue] | dict[str, JsonValue] | None"

MARK = "$action"


class ActionReference(msgspec.Struct, frozen=True):
    """The entity that an action of this plan makes."""

    action: int

    def as_json(self) -> JsonValue:
        """Return the marker that stands in a plan's values."""
        return {MARK: self.action}


def reference_of(value: object) -> ActionReference | None:
    """Return the reference that a JSON value is, if it is one."""
    if isinstance(value, dict) and value.keys() == {MARK}:
        number = value[MARK]
        return ActionReference(number) if isinstance(number, int) else None
    return None


def references_in(value: object) -> Iterator[ActionReference]:
    """Yield every reference inside a JSON value, at any depth."""
    found = reference_of(value)
    if found is not None:
        yield found
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from references_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from references_in(item)


def filled(value: JsonValue, key_of: Callable[[int], JsonValue]) -> JsonValue:
    """Return `value` with each reference replaced by what `key_of(action)` gives."""
    found = reference_of(value)
    if found is not None:
        return key_of(found.action)
    if isinstance(value, dict):
        return {name: filled(item, key_of) for name, item in value.items()}
    if isinstance(value, list):
        return [filled(item, key_of) for item in value]
    return value
