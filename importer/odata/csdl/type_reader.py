"""Elements of a schema → named types and operations (OData CSDL XML §6–§12)."""

from collections.abc import Iterator

from lxml import etree

from importer.odata.csdl.annotation_reader import annotations_in
from importer.odata.csdl.attributes import facet, integer, is_nullable, is_true, scale, srid, unicode
from importer.odata.csdl.linking import Aliases, Targets, overload
from importer.odata.csdl.safe_xml import children, kind, named
from importer.odata.edm import (
    Annotation,
    Constraint,
    EnumType,
    NavigationProperty,
    Operation,
    Parameter,
    Property,
    StructuredType,
    TypeDefinition,
    TypeKind,
)


class TypeReader:
    """Reads types with the document's aliases, and what is annotated elsewhere."""

    def __init__(self, aliases: Aliases, targets: Targets) -> None:
        """Keep both."""
        self._aliases, self._targets = aliases, targets

    def structured(self, element: etree._Element, name: str, type_kind: TypeKind) -> StructuredType:
        """Return an entity or complex type."""
        base = element.get("BaseType")
        key = dict(_key(element))
        return StructuredType(
            name=name,
            kind=type_kind,
            base=self._aliases.full(base) if base else None,
            abstract=is_true(element, "Abstract"),
            open=is_true(element, "OpenType"),
            key=tuple(key),
            properties={own: self._property(item, name, own) for own, item in named(element, "Property")},
            navigation={
                own: self._navigation(item, name, own) for own, item in named(element, "NavigationProperty")
            },
            annotations=self._annotations(element, name),
            key_aliases={path: alias for path, alias in key.items() if alias},
            has_stream=is_true(element, "HasStream"),
        )

    def enum(self, element: etree._Element, name: str) -> EnumType:
        """Return an enumeration; members without a value count on from the one before (OData CSDL §10.3)."""
        members: dict[str, int] = {}
        notes: dict[str, tuple[Annotation, ...]] = {}
        following = 0
        for own, item in named(element, "Member"):
            written = integer(item.get("Value"))
            members[own] = following if written is None else written
            following = members[own] + 1
            if found := self._annotations(item, f"{name}/{own}"):
                notes[own] = found
        return EnumType(
            name,
            members,
            element.get("UnderlyingType", "Edm.Int32"),
            is_true(element, "IsFlags"),
            self._annotations(element, name),
            notes,
        )

    def definition(self, element: etree._Element, name: str) -> TypeDefinition:
        """Return a type definition."""
        underlying = self._aliases.full(element.get("UnderlyingType", "Edm.String"))
        return TypeDefinition(
            name,
            underlying,
            facet(element, "MaxLength"),
            facet(element, "Precision"),
            scale(element),
            self._annotations(element, name),
            unicode(element),
            srid(element),
        )

    def operation(self, element: etree._Element, name: str) -> Operation:
        """Return one overload of an action or function."""
        returned = next(children(element, "ReturnType"), None)
        returns, many = (None, False) if returned is None else self._aliases.type(returned.get("Type", ""))
        action, bound = kind(element) == "Action", is_true(element, "IsBound")
        parameters = tuple(self._parameters(element, name))
        return Operation(
            name,
            action,
            bound,
            parameters,
            returns,
            many,
            self._annotations(element, name, overload(name, parameters, action=action, bound=bound)),
            returned is None or is_nullable(returned),
            is_true(element, "IsComposable"),
            element.get("EntitySetPath"),
        )

    def _parameters(self, element: etree._Element, operation: str) -> Iterator[Parameter]:
        for own, item in named(element, "Parameter"):
            yield Parameter(
                own,
                *self._aliases.type(item.get("Type", "")),
                is_nullable(item),
                facet(item, "MaxLength"),
                facet(item, "Precision"),
                scale(item),
                self._annotations(item, f"{operation}/{own}"),
            )

    def _property(self, element: etree._Element, owner: str, name: str) -> Property:
        declared, collection = self._aliases.type(element.get("Type", "Edm.String"))
        return Property(
            name=name,
            type=declared,
            nullable=is_nullable(element),
            collection=collection,
            max_length=facet(element, "MaxLength"),
            precision=facet(element, "Precision"),
            scale=scale(element),
            unicode=unicode(element),
            default=element.get("DefaultValue"),
            annotations=self._annotations(element, f"{owner}/{name}"),
            srid=srid(element),
        )

    def _navigation(self, element: etree._Element, owner: str, name: str) -> NavigationProperty:
        target, collection = self._aliases.type(element.get("Type", ""))
        return NavigationProperty(
            name=name,
            type=target,
            nullable=is_nullable(element),
            collection=collection,
            contains_target=is_true(element, "ContainsTarget"),
            partner=element.get("Partner"),
            constraints=tuple(
                Constraint(item.get("Property", ""), item.get("ReferencedProperty", ""))
                for item in children(element, "ReferentialConstraint")
            ),
            on_delete=next((item.get("Action") for item in children(element, "OnDelete")), None),
            annotations=self._annotations(element, f"{owner}/{name}"),
        )

    def _annotations(self, element: etree._Element, *paths: str) -> tuple[Annotation, ...]:
        return (*annotations_in(element, self._aliases), *self._targets.on(*paths))


def _key(element: etree._Element) -> Iterator[tuple[str, str | None]]:
    """Yield (path, alias) of the key's properties (OData CSDL XML §6.5)."""
    for key in children(element, "Key"):
        for item, reference in named(key, "PropertyRef"):
            yield item, reference.get("Alias")
