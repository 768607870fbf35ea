"""CSDL XML → what it declares (OData CSDL XML 4.01; 4.0 is read alike). Unknown elements never disturb."""

from collections.abc import Collection, Iterator, Mapping

from lxml import etree

from importer.odata.csdl.annotation_reader import annotations_in
from importer.odata.csdl.counting import counts_of
from importer.odata.csdl.documents import Container, Declared, IncludedAnnotations, Reference
from importer.odata.csdl.linking import Aliases, Targets
from importer.odata.csdl.safe_xml import EDM, EDMX, children, kind, named, parse, place_of
from importer.odata.csdl.type_reader import TypeReader
from importer.odata.edm import Annotation, EntitySet, OperationImport, Singleton, TypeKind
from importer.problems import RecipePlace

_STRUCTURED = {"EntityType": TypeKind.ENTITY, "ComplexType": TypeKind.COMPLEX}


class XmlDocument:
    """One XML document, parsed."""

    def __init__(self, document: bytes, name: str) -> None:
        """Parse it; `name` stands in places of problems.

        Raises:
            ServiceError: it is no OData v4 metadata, or ill-formed.
        """
        self._root = parse(document, name)
        self._schemas = tuple(self._root.iter(EDM + "Schema"))
        self.name = name
        self.version: str = self._root.get("Version", "4.0")
        self.namespaces = tuple(item.get("Namespace", "") for item in self._schemas)
        self.references = tuple(map(_reference, self._root.iterchildren(EDMX + "Reference")))
        self._aliases = Aliases(dict(_alias_pairs(self._root)), self.namespaces)

    def targeted(self) -> Iterator[tuple[str, tuple[Annotation, ...]]]:
        """Yield what is annotated by `Annotations Target=`."""
        for schema in self._schemas:
            for element in children(schema, "Annotations"):
                yield self._aliases.path(element.get("Target", "")), annotations_in(element, self._aliases)

    def counts(self) -> Mapping[str, int]:
        """Return how often each thing is written."""
        return counts_of(self._root, self._aliases)

    def place_of_type(self, name: str) -> RecipePlace:
        """Return the line of the type, the last of that name."""
        found = [item for full, item in self._members() if full == name and kind(item) in _STRUCTURED]
        return place_of(found[-1], self.name) if found else RecipePlace(self.name, 1, 1)

    def declare(self, into: Declared, targets: Targets, namespaces: Collection[str] | None = None) -> None:
        """Add what the schemas declare, or those of some namespaces only."""
        reader = TypeReader(self._aliases, targets)
        for name, element in self._members(namespaces):
            match kind(element):
                case "EntityType" | "ComplexType" as word:
                    into.types[name] = reader.structured(element, name, _STRUCTURED[word])
                case "EnumType":
                    into.enums[name] = reader.enum(element, name)
                case "TypeDefinition":
                    into.definitions[name] = reader.definition(element, name)
                case "Action" | "Function":
                    into.operations.append(reader.operation(element, name))
                case "Term":
                    into.terms.append(name)
                case "EntityContainer":
                    into.containers[name] = self._container(element, name)

    def _members(self, namespaces: Collection[str] | None = None) -> Iterator[tuple[str, etree._Element]]:
        for namespace, schema in zip(self.namespaces, self._schemas, strict=True):
            if namespaces is not None and namespace not in namespaces:
                continue
            for element in schema:
                if own := element.get("Name"):
                    yield f"{namespace}.{own}", element

    def _container(self, element: etree._Element, name: str) -> Container:
        extends = element.get("Extends")
        return Container(
            name=name,
            extends=self._aliases.full(extends) if extends else None,
            sets=tuple(
                EntitySet(
                    own, self._named_type(item, "EntityType"), self._bindings(item), self._annotations(item)
                )
                for own, item in named(element, "EntitySet")
            ),
            singletons=tuple(
                Singleton(own, self._named_type(item, "Type"), self._bindings(item), self._annotations(item))
                for own, item in named(element, "Singleton")
            ),
            imports=tuple(self._imports(element)),
            annotations=self._annotations(element),
        )

    def _named_type(self, element: etree._Element, attribute: str) -> str:
        return self._aliases.full(element.get(attribute, ""))

    def _imports(self, container: etree._Element) -> Iterator[OperationImport]:
        for word in ("Action", "Function"):
            for own, item in named(container, f"{word}Import"):
                entity_set, notes = item.get("EntitySet"), self._annotations(item)
                yield OperationImport(own, self._named_type(item, word), word == "Action", entity_set, notes)

    def _bindings(self, element: etree._Element) -> dict[str, str]:
        return {
            self._aliases.path(item.get("Path", "")): self._aliases.path(item.get("Target", ""))
            for item in children(element, "NavigationPropertyBinding")
        }

    def _annotations(self, element: etree._Element) -> tuple[Annotation, ...]:
        return annotations_in(element, self._aliases)


def _reference(element: etree._Element) -> Reference:
    included = element.iterchildren(EDMX + "Include")
    return Reference(
        element.get("Uri", ""),
        tuple(item.get("Namespace", "") for item in included),
        tuple(
            IncludedAnnotations(
                item.get("TermNamespace", ""), item.get("Qualifier"), item.get("TargetNamespace")
            )
            for item in element.iterchildren(EDMX + "IncludeAnnotations")
        ),
    )


def _alias_pairs(root: etree._Element) -> Iterator[tuple[str, str]]:
    for element in root.iter(EDM + "Schema", EDMX + "Include"):
        if alias := element.get("Alias"):
            yield alias, element.get("Namespace", "")
