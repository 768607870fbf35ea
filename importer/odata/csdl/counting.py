"""What a document writes, counted: a row per key of `describe` (cli.md, *JSON*). Not what is inherited."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

from lxml import etree

from importer.odata.csdl.annotation_reader import term_of
from importer.odata.csdl.attributes import is_true
from importer.odata.csdl.linking import CAPABILITIES, Aliases
from importer.odata.csdl.safe_xml import EDM, children, kind

Element: TypeAlias = etree._Element  # noqa: SLF001 - lxml has no public name for it
Counted: TypeAlias = Callable[[Element, Aliases], int]


def counts_of(root: etree._Element, aliases: Aliases) -> Mapping[str, int]:
    """Return how often each thing of the table stands in the document."""
    counts = dict.fromkeys(KEYS, 0)
    for element in root.iter(EDM + "*"):
        for key, count in _BY_KIND.get(kind(element), ()):
            counts[key] += count(element, aliases)
    return counts


def _each(_element: Element, _aliases: Aliases) -> int:
    return 1


def _where(attribute: str) -> Counted:
    return lambda element, _: is_true(element, attribute)


def _derived(element: Element, _aliases: Aliases) -> int:
    return element.get("BaseType") is not None


def _composite(element: Element, _aliases: Aliases) -> int:
    return len(list(children(element, "PropertyRef"))) > 1


def _constrained(element: Element, _aliases: Aliases) -> int:
    return next(children(element, "ReferentialConstraint"), None) is not None


def _capability(element: Element, aliases: Aliases) -> int:
    return term_of(element, aliases).startswith(CAPABILITIES)


_TABLE: tuple[tuple[str, str, Counted], ...] = (
    ("entity_types", "EntityType", _each),
    ("abstract_entity_types", "EntityType", _where("Abstract")),
    ("derived_entity_types", "EntityType", _derived),
    ("open_entity_types", "EntityType", _where("OpenType")),
    ("composite_keys", "Key", _composite),
    ("complex_types", "ComplexType", _each),
    ("abstract_complex_types", "ComplexType", _where("Abstract")),
    ("derived_complex_types", "ComplexType", _derived),
    ("enum_types", "EnumType", _each),
    ("enum_members", "Member", _each),
    ("type_definitions", "TypeDefinition", _each),
    ("terms", "Term", _each),
    ("properties", "Property", _each),
    ("navigation_properties", "NavigationProperty", _each),
    ("containment_navigations", "NavigationProperty", _where("ContainsTarget")),
    ("navigations_with_referential_constraint", "NavigationProperty", _constrained),
    ("referential_constraints", "ReferentialConstraint", _each),
    ("entity_sets", "EntitySet", _each),
    ("singletons", "Singleton", _each),
    ("actions", "Action", _each),
    ("functions", "Function", _each),
    ("bound_operations", "Action", _where("IsBound")),
    ("bound_operations", "Function", _where("IsBound")),
    ("action_imports", "ActionImport", _each),
    ("function_imports", "FunctionImport", _each),
    ("navigation_property_bindings", "NavigationPropertyBinding", _each),
    ("annotations", "Annotation", _each),
    ("capabilities_annotations", "Annotation", _capability),
)
KEYS = tuple(dict.fromkeys(key for key, _, _ in _TABLE))
_BY_KIND: dict[str, list[tuple[str, Counted]]] = {}
for _key, _kind, _count in _TABLE:
    _BY_KIND.setdefault(_kind, []).append((_key, _count))
