"""What a JSON document writes, counted: the same keys as for XML (cli.md, *JSON*, describe)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from importer.odata.csdl.counting import KEYS
from importer.odata.csdl.json_annotations import terms_in
from importer.odata.csdl.json_types import constraints_in, is_navigation, is_property
from importer.odata.csdl.json_values import Json, flag, named, objects, text
from importer.odata.csdl.linking import CAPABILITIES, Aliases

_Counted: TypeAlias = Iterator[str]
_PARTS = {
    "EntitySet": "entity_sets",
    "Singleton": "singletons",
    "ActionImport": "action_imports",
    "FunctionImport": "function_imports",
}


def counts_of(root: Json, schemas: Iterable[Json], aliases: Aliases) -> Mapping[str, int]:
    """Return how often each thing stands in the document."""
    counts = dict.fromkeys(KEYS, 0)
    for schema in schemas:
        for _, value in named(schema):
            for found in objects(value):
                for key in _keys_of(found):
                    counts[key] += 1
    for term in terms_in(root):
        counts["annotations"] += 1
        counts["capabilities_annotations"] += aliases.term(term).startswith(CAPABILITIES)
    return counts


def kind_of_part(found: Json) -> str:
    """Return what a member of a container is; it has no `$Kind` (CSDL JSON §13)."""
    if "$Action" in found:
        return "ActionImport"
    if "$Function" in found:
        return "FunctionImport"
    return "EntitySet" if flag(found, "$Collection") else "Singleton"


def _keys_of(found: Json) -> _Counted:
    counted = _BY_KIND.get(text(found, "$Kind") or "")
    return counted(found) if counted else iter(())


def _structured(found: Json, word: str, words: str) -> _Counted:
    yield words
    if flag(found, "$Abstract"):
        yield f"abstract_{words}"
    if "$BaseType" in found:
        yield f"derived_{words}"
    if word == "EntityType" and flag(found, "$OpenType"):
        yield f"open_{words}"
    key = found.get("$Key")
    if isinstance(key, list) and len(key) > 1:
        yield "composite_keys"
    for _, item in named(found):
        if is_property(item):
            yield "properties"
        elif is_navigation(item):
            yield from _navigation(item)


def _navigation(found: Json) -> _Counted:
    yield "navigation_properties"
    if flag(found, "$ContainsTarget"):
        yield "containment_navigations"
    constraints = len(list(constraints_in(found.get("$ReferentialConstraint"))))
    if constraints:
        yield "navigations_with_referential_constraint"
    yield from ["referential_constraints"] * constraints


def _enum(found: Json) -> _Counted:
    yield "enum_types"
    yield from ["enum_members"] * len(list(named(found)))


def _operation(found: Json) -> _Counted:
    yield "actions" if found["$Kind"] == "Action" else "functions"
    if flag(found, "$IsBound"):
        yield "bound_operations"


def _container(found: Json) -> _Counted:
    for _, item in named(found):
        if isinstance(item, dict):
            yield _PARTS[kind_of_part(item)]
            bindings = item.get("$NavigationPropertyBinding")
            if isinstance(bindings, dict):
                yield from ["navigation_property_bindings"] * len(list(named(bindings)))


_BY_KIND: dict[str, Callable[[Json], _Counted]] = {
    "EntityType": lambda found: _structured(found, "EntityType", "entity_types"),
    "ComplexType": lambda found: _structured(found, "ComplexType", "complex_types"),
    "EnumType": _enum,
    "TypeDefinition": lambda _: iter(("type_definitions",)),
    "Term": lambda _: iter(("terms",)),
    "Action": _operation,
    "Function": _operation,
    "EntityContainer": _container,
}
