"""What can be written, per property: the one place that reads annotations (vocabularies Core, Capabilities; SAP's FieldControl).

Absence says nothing: most services publish none of them. What depends on data (a path, an expression) says nothing either.
A dialect corrects the rest (`importer.service.facts`).
"""

from collections.abc import Iterator, Mapping

import msgspec

from importer.odata.edm.annotations import Annotation, AnnotationValue
from importer.odata.edm.model import Model
from importer.odata.edm.pairing import pair_of
from importer.odata.edm.properties import NavigationProperty, Property
from importer.odata.edm.stated import CORE, MANDATORY, field_control, is_true, may_write, permits, values_of

_CAPABILITIES = "Org.OData.Capabilities.V1."
_RESTRICTIONS = {
    "Insertable": "InsertRestrictions",
    "Updatable": "UpdateRestrictions",
    "Deletable": "DeleteRestrictions",
}


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


class PropertyFacts(msgspec.Struct, frozen=True):
    """Everything that decides how one property is written.

    `required`: an entity cannot be made without it. `usual`: it is not nullable, and services usually fill it by themselves.
    `computed`: the service makes its value. `immutable`: it can be given only on create. `pair` is the key property of a
    navigation, None for structural properties and where `@odata.bind` is the only way.
    """

    name: str
    on_create: bool = True
    on_update: bool = True
    computed: bool = False
    immutable: bool = False
    required: bool = False
    usual: bool = False
    key: bool = False
    pair: str | None = None
    reason: str | None = None


def facts_of(model: Model, set_name: str, type_name: str) -> Mapping[str, PropertyFacts]:
    """Return what is said of each structural and single-valued navigation property of a set's entities, by name."""
    rules = _rules(model, set_name, type_name)
    required = _required(model, set_name, type_name, rules)
    needed = {item.property: item.certain for item in required}
    key = model.key_of(type_name)
    found = {
        name: _facts(
            _writability(model, type_name, name, rules), name, needed=needed.get(name), key=name in key
        )
        for name in model.properties_of(type_name)
    }
    for name, navigation in model.navigation_of(type_name).items():
        if navigation.collection:
            continue
        pair = pair_of(model, type_name, navigation)
        allowed = _writability(model, type_name, name, rules)
        of_pair = found.get(pair or "")
        if of_pair is not None:
            found[name] = msgspec.structs.replace(_stricter(of_pair, allowed), name=name, pair=pair)
        else:
            mandatory = field_control(navigation.annotations) == MANDATORY
            found[name] = _facts(allowed, name, needed=(mandatory and allowed.on_create) or None, key=False)
    return found


def writability(model: Model, set_name: str, type_name: str, property_name: str) -> Writability:
    """Return whether a property, a path into a complex one, or a navigation may be given on create and on update.

    `set_name` may be empty: then the type alone decides. What the whole set refuses, its properties refuse too, and what is
    forbidden for a complex property is forbidden for what is inside it.
    """
    return _writability(model, type_name, property_name, _rules(model, set_name, type_name))


def set_allows(model: Model, set_name: str, restriction: str, type_name: str | None = None) -> bool:
    """Whether entities of the set may be made, changed or deleted: Insertable, Updatable or Deletable."""
    said = _restriction(model, set_name, type_name, _RESTRICTIONS[restriction], restriction)
    if said is not None:
        return said is not False
    return all(permits(annotations) for annotations in _holders(model, set_name, type_name)[:-1])


def required_on_create(model: Model, set_name: str, type_name: str) -> tuple[Required, ...]:
    """Return what is needed to create an entity, in the model's order (`required-unmapped`).

    Certain: what annotations say, a non-nullable pair of a navigation, a non-nullable text, a key that is
    text or part of a composite one. Computed properties, those with a default and those that cannot be sent
    are never required.
    """
    return _required(model, set_name, type_name, _rules(model, set_name, type_name))


class _Rules(msgspec.Struct, frozen=True):
    """What is said of a set as a whole: whether entities are made and changed, and the paths that are left out of it."""

    insertable: bool
    updatable: bool
    non_insertable: frozenset[str]
    non_updatable: frozenset[str]


def _rules(model: Model, set_name: str, type_name: str) -> _Rules:
    return _Rules(
        set_allows(model, set_name, "Insertable", type_name),
        set_allows(model, set_name, "Updatable", type_name),
        _left_out(model, set_name, type_name, ("InsertRestrictions", "NonInsertable")),
        _left_out(model, set_name, type_name, ("UpdateRestrictions", "NonUpdatable")),
    )


def _writability(model: Model, type_name: str, path: str, rules: _Rules) -> Writability:
    immutable = False
    for annotations in _along(model, type_name, path):
        if is_true(annotations, CORE + "Computed"):
            return Writability(on_create=False, on_update=False, reason="computed")
        if not may_write(annotations):
            return Writability(on_create=False, on_update=False, reason="permissions")
        immutable = immutable or is_true(annotations, CORE + "Immutable")
    steps = path.split("/")
    around = {"/".join(steps[:length]) for length in range(1, len(steps) + 1)}
    on_create = rules.insertable and around.isdisjoint(rules.non_insertable)
    on_update = rules.updatable and around.isdisjoint(rules.non_updatable)
    if immutable:
        return Writability(on_create=on_create, on_update=False, reason="immutable")
    reason = None if on_create and on_update else "permissions"
    return Writability(on_create=on_create, on_update=on_update, reason=reason)


def _required(model: Model, set_name: str, type_name: str, rules: _Rules) -> tuple[Required, ...]:
    navigations = model.navigation_of(type_name).values()
    pairs: dict[str | None, NavigationProperty] = {
        pair_of(model, type_name, item): item for item in navigations
    }
    stated = _listed(model, set_name, type_name, "InsertRestrictions", "RequiredProperties")
    found: list[Required] = []
    for name, declared in model.properties_of(type_name).items():
        navigation = pairs.get(name)
        said = name in stated or (
            navigation is not None
            and (navigation.name in stated or field_control(navigation.annotations) == MANDATORY)
        )
        certain = _need(model, type_name, declared, is_pair=navigation is not None, said=said)
        if certain is not None and _writability(model, type_name, name, rules).on_create:
            found.append(Required(name, certain))
    return tuple(found)


def _facts(allowed: Writability, name: str, *, needed: bool | None, key: bool) -> PropertyFacts:
    return PropertyFacts(
        name,
        on_create=allowed.on_create,
        on_update=allowed.on_update,
        computed=allowed.reason == "computed",
        immutable=allowed.reason == "immutable",
        required=needed is True,
        usual=needed is False,
        key=key,
        reason=allowed.reason,
    )


def _stricter(facts: PropertyFacts, allowed: Writability) -> PropertyFacts:
    """Return the facts of a pair, with what its navigation forbids forbidden too."""
    if allowed.reason is None:
        return facts
    on_create = facts.on_create and allowed.on_create
    return msgspec.structs.replace(
        facts,
        on_create=on_create,
        on_update=facts.on_update and allowed.on_update,
        computed=facts.computed or allowed.reason == "computed",
        immutable=facts.immutable or allowed.reason == "immutable",
        required=facts.required and on_create,
        usual=facts.usual and on_create,
        reason=allowed.reason,
    )


def _need(model: Model, type_name: str, declared: Property, *, is_pair: bool, said: bool) -> bool | None:
    """Return whether a property is certainly required, None when it is not required at all."""
    if declared.collection or declared.default is not None:
        return None
    if is_true(declared.annotations, CORE + "ComputedDefaultValue"):
        return None
    if said or field_control(declared.annotations) == MANDATORY:
        return True
    key = model.key_of(type_name)
    is_text = model.underlying(declared.type) == "Edm.String"
    if declared.name in key and (is_text or len(key) > 1):
        return True
    if declared.nullable:
        return None
    if is_text or is_pair:
        return True
    # A single key of another type is made by the service, or by us.
    return None if declared.name in key else False


def _along(model: Model, type_name: str, path: str) -> Iterator[tuple[Annotation, ...]]:
    """Yield the annotations of each property on a path; none of names that nobody declares."""
    for step in path.split("/"):
        declared = model.properties_of(type_name).get(step) or model.navigation_of(type_name).get(step)
        if declared is None:
            return
        yield declared.annotations
        type_name = declared.type


# Capabilities: at the set, else at its type or a base of it, else at the container. Each key of a record counts by itself.


def _holders(model: Model, set_name: str, type_name: str | None) -> list[tuple[Annotation, ...]]:
    entity_set = model.sets.get(set_name)
    if entity_set is None:
        return [()]
    lineage = model.lineage(type_name or entity_set.type)
    return [
        entity_set.annotations,
        *(declared.annotations for declared in lineage),
        model.container_annotations,
    ]


def _restriction(model: Model, set_name: str, type_name: str | None, term: str, key: str) -> AnnotationValue:
    for annotations in _holders(model, set_name, type_name):
        for value in values_of(annotations, _CAPABILITIES + term):
            if isinstance(value, dict) and value.get(key) is not None:
                return value[key]
    return None


def _listed(model: Model, set_name: str, type_name: str, term: str, key: str) -> tuple[str, ...]:
    found = _restriction(model, set_name, type_name, term, key)
    return tuple(str(item) for item in found) if isinstance(found, tuple) else ()


def _left_out(model: Model, set_name: str, type_name: str, where: tuple[str, str]) -> frozenset[str]:
    """Return the paths in NonInsertableProperties or its like, without casts; what is inside of them is left out too."""
    term, kind = where
    listed = (
        *_listed(model, set_name, type_name, term, f"{kind}Properties"),
        *_listed(model, set_name, type_name, term, f"{kind}NavigationProperties"),
    )
    return frozenset("/".join(step for step in item.split("/") if "." not in step) for item in listed)
