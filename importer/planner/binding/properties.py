"""A name in a recipe → a property of a type: structural, a path into a complex one, or a navigation with its pair."""

from collections.abc import Iterator

from importer.odata.edm.pairing import pair_of
from importer.odata.edm.primitives import PRIMITIVES
from importer.odata.edm.writable import writability
from importer.planner.binding.bound import BoundProperty
from importer.planner.binding.problems import (
    CollectionProperty,
    DynamicWithoutType,
    KeyInsteadOfNavigation,
    KindNotWritten,
    NoKeyProperty,
    ReadOnlyProperty,
    UnknownProperty,
    UnknownType,
)
from importer.problems import Near, Place, Problem, nearest
from importer.service import Service

_WRITTEN = PRIMITIVES.keys() - {"Edm.Binary", "Edm.Stream"}


def bind_property(
    service: Service,
    type_name: str,
    name: str,
    place: Place | None,
    *,
    several: bool = False,
    dynamic: str | None = None,
) -> BoundProperty | Problem:
    """Return the property that `name` means on a type, or what is wrong with it.

    Lengths come from the metadata, else from the dialect. several: whether it may be a collection. dynamic: the type
    that the recipe says, of a property that an open type does not declare.
    """
    model = service.model
    navigation = model.navigation_of(type_name).get(name)
    if navigation is not None:
        if navigation.collection:
            if not several:
                return CollectionProperty(place=place, found=name, owner=_plain(type_name))
            return BoundProperty(
                name=name, wire=name, type="", collection=True, target_type=navigation.type, bind=True
            )
        pair = pair_of(model, type_name, navigation)
        found = _structural(service, type_name, pair) if pair else None
        wire = pair or name
        return BoundProperty(
            name=name,
            wire=wire,
            type=found.type if found else "",
            nullable=found.nullable if found else navigation.nullable,
            target_type=navigation.type,
            bind=pair is None,
            constraints=navigation.constraints,
        )
    if "/" in name:
        return _path(service, type_name, name, place, several=several)
    structural = _structural(service, type_name, name)
    if structural is None:
        if model.is_open(type_name):
            return _dynamic(type_name, name, place, dynamic)
        known = [*model.properties_of(type_name), *model.navigation_of(type_name)]
        return UnknownProperty(place=place, found=name, owner=_plain(type_name), near=nearest(name, known))
    return _writable(service, type_name, structural, place, several=several)


def _dynamic(type_name: str, name: str, place: Place | None, said: str | None) -> BoundProperty | Problem:
    """Return a property that an open type does not declare, of the type that the recipe says."""
    if said is None:
        return DynamicWithoutType(place=place, found=name, owner=_plain(type_name))
    kind = said if "." in said else f"Edm.{said}"
    if kind not in _WRITTEN:
        return UnknownType(place=place, found=said, near=nearest(kind, _WRITTEN))
    return BoundProperty(name=name, wire=name, type=kind)


def notes_on(
    service: Service, entity_set: str, type_name: str, found: BoundProperty, place: Place | None
) -> Iterator[Problem]:
    """Yield what stands against writing the property, or could be written better."""
    model = service.model
    on_create, on_update, reason = may_write(service, entity_set, type_name, found)
    if not on_create and not on_update:
        yield ReadOnlyProperty(place=place, found=found.name, reason=reason or "permissions")
    elif found.bind and not service.dialect.bind:
        yield NoKeyProperty(place=place, found=found.name, reason="", service=service.name)
    if found.target_type is None:
        for name, navigation in model.navigation_of(type_name).items():
            if pair_of(model, type_name, navigation) == found.name:
                yield KeyInsteadOfNavigation(place=place, found=found.name, expected=name)
                break


def may_write(
    service: Service, entity_set: str, type_name: str, found: BoundProperty
) -> tuple[bool, bool, str | None]:
    """Return whether a property may be given on create, on update, and why not; what is inside a complex one follows it."""
    facts = service.facts(entity_set, type_name)
    names = {found.path[0], found.name.partition("/")[0]} & facts.keys()
    inner = writability(service.model, entity_set, type_name, found.wire)
    on_create = inner.on_create and all(facts[name].on_create for name in names)
    on_update = inner.on_update and all(facts[name].on_update for name in names)
    reasons = (*(facts[name].reason for name in names), inner.reason)
    return on_create, on_update, next(filter(None, reasons), None)


def key_properties(service: Service, type_name: str) -> tuple[BoundProperty, ...]:
    """Return the key of a type."""
    found = (_structural(service, type_name, name) for name in service.model.key_of(type_name))
    return tuple(item for item in found if item is not None)


def plain_name(type_name: str) -> str:
    """Return a type's name without its namespace."""
    return type_name.rpartition(".")[2]


def _writable(
    service: Service, type_name: str, found: BoundProperty, place: Place | None, *, several: bool
) -> BoundProperty | Problem:
    """Return the property if values of its type can be written."""
    if found.collection and not several:
        return CollectionProperty(place=place, found=found.name, owner=_plain(type_name))
    if found.type in _WRITTEN or found.type in service.model.enums:
        return found
    inner = tuple(
        Near(f"{found.name}/{name}", 1.0) for name in list(service.model.properties_of(found.type))[:3]
    )
    return KindNotWritten(
        place=place, found=found.name, owner=_plain(type_name), expected=_plain(found.type), near=inner
    )


def _structural(service: Service, type_name: str, name: str) -> BoundProperty | None:
    model = service.model
    declared = model.properties_of(type_name).get(name)
    if declared is None:
        return None
    definition = model.definitions.get(declared.type)
    assumed = service.dialect.max_length.get(name) if declared.type == "Edm.String" else None
    return BoundProperty(
        name=name,
        wire=name,
        type=model.underlying(declared.type),
        nullable=declared.nullable,
        collection=declared.collection,
        max_length=declared.max_length or (definition.max_length if definition else None) or assumed,
        precision=declared.precision or (definition.precision if definition else None),
        scale=declared.scale if declared.scale is not None else (definition.scale if definition else None),
    )


def _path(
    service: Service, type_name: str, name: str, place: Place | None, *, several: bool
) -> BoundProperty | Problem:
    first, _, rest = name.partition("/")
    declared = service.model.properties_of(type_name).get(first)
    if declared is None or declared.collection or declared.type not in service.model.types:
        known = [
            item
            for item, found in service.model.properties_of(type_name).items()
            if found.type in service.model.types
        ]
        return UnknownProperty(place=place, found=first, owner=_plain(type_name), near=nearest(first, known))
    inner = bind_property(service, declared.type, rest, place, several=several)
    if isinstance(inner, Problem):
        return inner
    return BoundProperty(
        name=name,
        wire=f"{first}/{inner.wire}",
        type=inner.type,
        nullable=inner.nullable,
        collection=inner.collection,
        max_length=inner.max_length,
        precision=inner.precision,
        scale=inner.scale,
        target_type=inner.target_type,
        bind=inner.bind,
    )


_plain = plain_name
