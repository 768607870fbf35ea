"""The plan's JSON values as EDM values, as bodies, and whether what is stored is what was sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from importer.odata.edm import EdmValue, EntitySet, Model, Property, equal
from importer.odata.payload import decode, encode
from importer.odata.payload.decoding import NotDecodable
from importer.odata.url.paths import entity_path
from importer.plan import JsonValue

BIND = "$bind"

Key: TypeAlias = Mapping[str, EdmValue]
Values: TypeAlias = Mapping[str, EdmValue]


@dataclass(frozen=True, slots=True)
class Difference:
    """A property whose stored value is not the one sent, or not the one seen before."""

    property: str
    expected: EdmValue
    found: EdmValue


def typed(values: Mapping[str, JsonValue], model: Model, type_name: str) -> dict[str, EdmValue]:
    """Return a plan's JSON values as EDM values, without control information and binds.

    A value that its type does not take, or of a property that is not declared (open types), is returned as it
    is.
    """
    declared = model.properties_of(type_name)
    found: dict[str, EdmValue] = {}
    for name, value in values.items():
        if "@" not in name:
            found[name] = _typed(value, declared.get(name), model)
    return found


def wire(values: Mapping[str, JsonValue], model: Model, type_name: str) -> dict[str, Any]:
    """Return the body of a write: values in the service's notation, Decimals exact, binds as paths."""
    body: dict[str, Any] = {name: encode(value) for name, value in typed(values, model, type_name).items()}
    for name, value in values.items():
        if "@" in name:
            body[name] = _bound(value, model)
    return body


def binds_of(values: Mapping[str, JsonValue], model: Model) -> dict[str, str]:
    """Return navigation property → path of the entity that a body sets it to, collections left out."""
    found = {
        name.partition("@")[0]: _bound(value, model)
        for name, value in values.items()
        if name.endswith("@odata.bind")
    }
    return {name: path for name, path in found.items() if isinstance(path, str)}


def plain(key: Key | None) -> dict[str, JsonValue] | None:
    """Return a key as the journal keeps it: JSON values, numbers with a point as text."""
    if key is None:
        return None
    written = {name: encode(value) for name, value in key.items()}
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in written.items()}


def key_path(entity_set: EntitySet, key: Key, model: Model) -> str:
    """Return the path of an entity, with its key's properties in the order of the metadata."""
    declared = model.properties_of(entity_set.type)
    names = model.key_of(entity_set.type) or tuple(key)
    enums = {
        name: declared[name].type for name in names if name in declared and declared[name].type in model.enums
    }
    return entity_path(entity_set.name, {name: key[name] for name in names}, enums)


def identity(key: Key) -> tuple[EdmValue, ...]:
    """Return a key as something to look up by, as `FetchedEntity.identity` does."""
    return tuple(key.values())


def differences(
    expected: Values, found: Mapping[str, EdmValue], properties: Mapping[str, Property]
) -> tuple[Difference, ...]:
    """Return what `found` holds otherwise than `expected` (rule 8); a property it lacks counts as null."""
    return tuple(
        Difference(name, value, found.get(name))
        for name, value in expected.items()
        if not equal(value, found.get(name), scale=_scale(properties.get(name)))
    )


def shown(value: EdmValue) -> str:
    """Return a value as people read it in a message."""
    if value is None:
        return "null"
    return f'"{value}"' if isinstance(value, str) else str(value)


def described(found: Iterable[Difference]) -> str:
    """Return `position: "a" → "b"; …`, first what was expected."""
    return "; ".join(f"{item.property}: {shown(item.expected)} → {shown(item.found)}" for item in found)


def _typed(value: JsonValue, declared: Property | None, model: Model) -> EdmValue:
    exact: EdmValue = _exact(value)
    if declared is None:
        return exact
    try:
        return decode(exact, declared.type, model, collection=declared.collection)
    except NotDecodable:
        return exact


def _exact(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return floats of a JSON document as the decimals they were written as."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {name: _exact(item) for name, item in value.items()}
    return [_exact(item) for item in value] if isinstance(value, list) else value


def _bound(value: JsonValue, model: Model) -> JsonValue:
    """Return `Set(key)` of a bind, `{"$bind": Set, "key": …}`; other control information as it is."""
    if isinstance(value, list):
        return [_bound(item, model) for item in value]
    if not isinstance(value, dict) or BIND not in value:
        return value
    target = model.sets[str(value[BIND])]
    key = value["key"]
    if not isinstance(key, dict):
        key = {model.key_of(target.type)[0]: key}
    return key_path(target, typed(key, model, target.type), model)


def _scale(declared: Property | None) -> int | None:
    return declared.scale if declared is not None and isinstance(declared.scale, int) else None
