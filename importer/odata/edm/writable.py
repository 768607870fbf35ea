"""What can be written, per property, from annotations (vocabularies Core, Capabilities; SAP's FieldControl).

Absence says nothing: most services publish none of them. A dialect corrects the rest.
"""

from collections.abc import Iterator

import msgspec

from importer.odata.edm.annotations import Annotation, AnnotationValue
from importer.odata.edm.model import Model
from importer.odata.edm.pairing import pair_of
from importer.odata.edm.properties import Property

_CORE = "Org.OData.Core.V1."
_CAPABILITIES = "Org.OData.Capabilities.V1."
_FIELD_CONTROL = "com.sap.vocabularies.Common.v1.FieldControl"
_RESTRICTIONS = {
    "Insertable": "InsertRestrictions",
    "Updatable": "UpdateRestrictions",
    "Deletable": "DeleteRestrictions",
}
# FieldControlType, by name and by number: annotations may write either.
_MANDATORY: frozenset[str | int] = frozenset({"Mandatory", 7})
_READ_ONLY: frozenset[str | int] = frozenset({"ReadOnly", 1, "Inapplicable", "Hidden", 0})
_UNWRITABLE: frozenset[str | int] = frozenset({"Read", 1, "None", 0})


class Writability(msgspec.Struct, frozen=True):
    """Whether a property may be sent. `reason`, None where nothing is forbidden, is one of three words.

    They are "computed", "immutable", "permissions" (recipe-language.md §13).
    """

    on_create: bool = True
    on_update: bool = True
    reason: str | None = None


class Required(msgspec.Struct, frozen=True):
    """A property needed to create an entity. Not `certain`: non-nullable, usually filled by the service."""

    property: str
    certain: bool


def writability(model: Model, set_name: str, type_name: str, property_name: str) -> Writability:
    """Return whether a structural property of a set's entities may be created and updated.

    `set_name` may be empty: then the type alone decides. What the whole set refuses, its properties refuse
    too.
    """
    declared = model.properties_of(type_name).get(property_name)
    annotations = declared.annotations if declared else ()
    if _is_true(annotations, _CORE + "Computed"):
        return Writability(on_create=False, on_update=False, reason="computed")
    if _is(annotations, _CORE + "Permissions", _UNWRITABLE) or _is(annotations, _FIELD_CONTROL, _READ_ONLY):
        return Writability(on_create=False, on_update=False, reason="permissions")
    on_create = set_allows(model, set_name, "Insertable") and property_name not in _listed(
        model, set_name, "InsertRestrictions", "NonInsertableProperties"
    )
    on_update = set_allows(model, set_name, "Updatable") and property_name not in _listed(
        model, set_name, "UpdateRestrictions", "NonUpdatableProperties"
    )
    if _is_true(annotations, _CORE + "Immutable"):
        return Writability(on_create=on_create, on_update=False, reason="immutable")
    reason = None if on_create and on_update else "permissions"
    return Writability(on_create=on_create, on_update=on_update, reason=reason)


def set_allows(model: Model, set_name: str, restriction: str) -> bool:
    """Whether entities of the set may be made, changed or deleted: Insertable, Updatable or Deletable."""
    return _record(model, set_name, _RESTRICTIONS[restriction]).get(restriction) is not False


def required_on_create(model: Model, set_name: str, type_name: str) -> tuple[Required, ...]:
    """Return what is needed to create an entity, in the model's order (`required-unmapped`).

    Certain: what annotations say, a non-nullable pair of a navigation, a non-nullable text, a key that is
    text or part of a composite one. Computed properties, those with a default and those that cannot be sent
    are never required.
    """
    navigations = model.navigation_of(type_name).values()
    pairs = frozenset(pair_of(model, type_name, navigation) for navigation in navigations)
    stated = _listed(model, set_name, "InsertRestrictions", "RequiredProperties")
    return tuple(
        Required(name, certain)
        for name, declared in model.properties_of(type_name).items()
        if (certain := _need(model, type_name, declared, pairs=pairs, stated=stated)) is not None
        and writability(model, set_name, type_name, name).on_create
    )


def _need(
    model: Model, type_name: str, declared: Property, *, pairs: frozenset[str | None], stated: tuple[str, ...]
) -> bool | None:
    """Return whether a property is certainly required, None when it is not required at all."""
    if declared.collection or declared.default is not None:
        return None
    if _is_true(declared.annotations, _CORE + "ComputedDefaultValue"):
        return None
    if declared.name in stated or _is(declared.annotations, _FIELD_CONTROL, _MANDATORY):
        return True
    key = model.key_of(type_name)
    is_text = model.underlying(declared.type) == "Edm.String"
    if declared.name in key and (is_text or len(key) > 1):
        return True
    if declared.nullable:
        return None
    if is_text or declared.name in pairs:
        return True
    # A single key of another type is made by the service, or by us.
    return None if declared.name in key else False


def _listed(model: Model, set_name: str, restriction: str, collection: str) -> tuple[str, ...]:
    found = _record(model, set_name, restriction).get(collection)
    return tuple(str(item) for item in found) if isinstance(found, tuple) else ()


def _record(model: Model, set_name: str, restriction: str) -> dict[str, AnnotationValue]:
    entity_set = model.sets.get(set_name)
    values = _values(entity_set.annotations, _CAPABILITIES + restriction) if entity_set else ()
    return next((value for value in values if isinstance(value, dict)), {})


def _values(annotations: tuple[Annotation, ...], term: str) -> Iterator[AnnotationValue]:
    """Yield the values of a term; a qualified annotation is meant for somebody else."""
    return (item.value for item in annotations if item.term == term and item.qualifier is None)


def _is_true(annotations: tuple[Annotation, ...], term: str) -> bool:
    return any(value is True for value in _values(annotations, term))


def _is(annotations: tuple[Annotation, ...], term: str, members: frozenset[str | int]) -> bool:
    """Whether an enumerated term is one of `members`; several members at once are none of them."""
    for value in _values(annotations, term):
        if isinstance(value, int) and not isinstance(value, bool) and value in members:
            return True
        if isinstance(value, str) and " " not in value and value.rpartition("/")[2] in members:
            return True
    return False
