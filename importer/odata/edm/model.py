"""`Model`: everything `$metadata` says, with the questions an importer asks of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import msgspec

from importer.odata.edm.annotations import Annotation
from importer.odata.edm.operations import Operation, OperationImport
from importer.odata.edm.properties import NavigationProperty, Property
from importer.odata.edm.types import EnumType, StructuredType, TypeDefinition


class EntitySet(msgspec.Struct, frozen=True):
    """An entity set; `bindings` maps a navigation path ("department", "WP.User/role") to the target set."""

    name: str
    type: str
    bindings: Mapping[str, str] = msgspec.field(default_factory=dict)
    annotations: tuple[Annotation, ...] = ()


class Singleton(msgspec.Struct, frozen=True):
    """A singleton of the container."""

    name: str
    type: str
    bindings: Mapping[str, str] = msgspec.field(default_factory=dict)
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True)
class Model:
    """One service's model. Names of types are full ("WP.User"), of sets plain ("Users").

    `version` is the document's ("4.0", "4.01"), `schemas` its namespaces, `references` the URIs it refers to.
    Types may come from referenced documents too: those of the document itself are in a namespace of `schemas`.
    """

    version: str = "4.0"
    schemas: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    types: Mapping[str, StructuredType] = field(default_factory=dict)
    enums: Mapping[str, EnumType] = field(default_factory=dict)
    definitions: Mapping[str, TypeDefinition] = field(default_factory=dict)
    terms: tuple[str, ...] = ()
    operations: tuple[Operation, ...] = ()
    sets: Mapping[str, EntitySet] = field(default_factory=dict)
    singletons: Mapping[str, Singleton] = field(default_factory=dict)
    operation_imports: tuple[OperationImport, ...] = ()
    container_annotations: tuple[Annotation, ...] = ()
    # Everything written with a target, by its full path: also what is no model element of its own, such as
    # "NS.Container/Users/name", a property as entities of one set have it (OData CSDL §14.2).
    targeted: Mapping[str, tuple[Annotation, ...]] = field(default_factory=dict)
    # What the document itself writes, counted while it is read: the keys of cli.md, *JSON*, describe.
    counts: Mapping[str, int] = field(default_factory=dict)

    def lineage(self, type_name: str) -> Iterator[StructuredType]:
        """Yield the type and its bases, the type itself first; an unknown base ends it."""
        current = self.types.get(type_name)
        while current is not None:
            yield current
            current = self.types.get(current.base) if current.base else None

    def properties_of(self, type_name: str) -> Mapping[str, Property]:
        """Return the structural properties, inherited ones first; a type definition's facets are theirs."""
        return self._properties(type_name)

    def navigation_of(self, type_name: str) -> Mapping[str, NavigationProperty]:
        """Return the navigation properties, inherited ones first."""
        return self._navigation(type_name)

    def key_of(self, type_name: str) -> tuple[str, ...]:
        """Return the key's properties, which the type or the nearest base declares."""
        return next((declared.key for declared in self.lineage(type_name) if declared.key), ())

    def key_aliases_of(self, type_name: str) -> Mapping[str, str]:
        """Return path → name in URLs of those of the key's properties that have such a name."""
        return next((declared.key_aliases for declared in self.lineage(type_name) if declared.key), {})

    def property_at(self, type_name: str, path: str) -> Property | None:
        """Return the structural property at the end of a path through complex properties."""
        *steps, last = path.split("/")
        for step in steps:
            outer = self.properties_of(type_name).get(step)
            if outer is None:
                return None
            type_name = outer.type
        return self.properties_of(type_name).get(last)

    def is_open(self, type_name: str) -> bool:
        """Whether the type or a base of it is open."""
        return any(declared.open for declared in self.lineage(type_name))

    def is_a(self, type_name: str, base: str) -> bool:
        """Whether `type_name` is `base` or derives from it."""
        return any(declared.name == base for declared in self.lineage(type_name))

    def derived_of(self, type_name: str) -> tuple[str, ...]:
        """Return every type that derives from `type_name`, in the document's order, without itself."""
        found: set[str] = set()
        waiting = [type_name]
        while waiting:
            fresh = [name for name in self._children.get(waiting.pop(), ()) if name not in found]
            found.update(fresh)
            waiting.extend(fresh)
        found.discard(type_name)
        return tuple(sorted(found, key=self._order.__getitem__))

    def target_set(self, source_set: str, navigation: str, type_name: str | None = None) -> str | None:
        """Return the set that a navigation property of `source_set` leads to.

        By its binding, also one written with a cast to a derived type (with `type_name`: to it or to a base
        of it); else the only set of the target's type; else None.
        """
        entity_set = self.sets.get(source_set)
        if entity_set is None:
            return None
        if navigation in entity_set.bindings:
            return entity_set.bindings[navigation]
        for path, target in entity_set.bindings.items():
            *casts, last = path.split("/")
            # A step without a point is a property: such a path begins at another entity.
            fits = last == navigation and all("." in cast for cast in casts)
            if fits and (type_name is None or self.is_a(type_name, casts[-1])):
                return target
        declared = self.navigation_of(type_name or entity_set.type).get(navigation)
        candidates = self.sets_of(declared.type) if declared else ()
        return candidates[0] if len(candidates) == 1 else None

    def sets_of(self, type_name: str) -> tuple[str, ...]:
        """Return the sets whose declared type is `type_name`."""
        return self._sets_by_type.get(type_name, ())

    def underlying(self, type_name: str) -> str:
        """Return the primitive or enum type behind a type definition; other names unchanged."""
        definition = self.definitions.get(type_name)
        return definition.underlying if definition else type_name

    def own_types(self) -> Iterator[StructuredType]:
        """Yield the types of the document itself, not those of documents it refers to."""
        namespaces = frozenset(self.schemas)
        return (item for name, item in self.types.items() if name.rpartition(".")[0] in namespaces)

    def operations_on(self, type_name: str) -> Iterator[Operation]:
        """Yield the actions and functions bound to one entity of the type, or of a base of it, or to many."""
        for base in self.lineage(type_name):
            yield from self._operations_by_binding.get(base.name, ())

    @cached_property
    def _operations_by_binding(self) -> Mapping[str, tuple[Operation, ...]]:
        found: dict[str, list[Operation]] = {}
        for item in self.operations:
            if item.bound and item.parameters:
                found.setdefault(item.parameters[0].type, []).append(item)
        return {name: tuple(items) for name, items in found.items()}

    @cached_property
    def _children(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for item in self.types.values():
            if item.base:
                found.setdefault(item.base, []).append(item.name)
        return {name: tuple(names) for name, names in found.items()}

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {name: position for position, name in enumerate(self.types)}

    @cached_property
    def _sets_by_type(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for entity_set in self.sets.values():
            found[entity_set.type] = (*found.get(entity_set.type, ()), entity_set.name)
        return found

    @cached_property
    def _inherited(self) -> dict[str, tuple[Mapping[str, Property], Mapping[str, NavigationProperty]]]:
        return {}

    def _properties(self, type_name: str) -> Mapping[str, Property]:
        return self._collected(type_name)[0]

    def _navigation(self, type_name: str) -> Mapping[str, NavigationProperty]:
        return self._collected(type_name)[1]

    def _collected(self, type_name: str) -> tuple[Mapping[str, Property], Mapping[str, NavigationProperty]]:
        found = self._inherited.get(type_name)
        if found is None:
            properties: dict[str, Property] = {}
            navigation: dict[str, NavigationProperty] = {}
            for declared in reversed(tuple(self.lineage(type_name))):
                properties.update({name: self._completed(item) for name, item in declared.properties.items()})
                navigation.update(declared.navigation)
            found = self._inherited[type_name] = (properties, navigation)
        return found

    def _completed(self, declared: Property) -> Property:
        """Return the property with the facets that its type definition adds (OData CSDL §11.1)."""
        definition = self.definitions.get(declared.type)
        if definition is None:
            return declared
        facets = ("max_length", "precision", "scale", "unicode", "srid")
        missing = {name: getattr(definition, name) for name in facets if getattr(declared, name) is None}
        return replace(declared, **missing)
