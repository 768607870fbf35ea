"""CSDL XML → `Model` (OData CSDL XML 4.01; 4.0 is read alike). Unknown elements never disturb."""

from collections.abc import Iterator

from lxml import etree

from importer.odata.csdl.annotation_reader import annotations_in
from importer.odata.csdl.counting import counts_of
from importer.odata.csdl.linking import Aliases, Targets, cycle_of
from importer.odata.csdl.safe_xml import EDM, EDMX, BrokenMetadata, children, kind, named, parse, place_of
from importer.odata.csdl.type_reader import TypeReader
from importer.odata.edm import (
    Annotation,
    EntitySet,
    EnumType,
    Model,
    Operation,
    OperationImport,
    Singleton,
    StructuredType,
    TypeDefinition,
    TypeKind,
)
from importer.problems import RecipePlace, ServiceError
from importer.text.translating import translate

_STRUCTURED = {"EntityType": TypeKind.ENTITY, "ComplexType": TypeKind.COMPLEX}


def read_metadata(document: bytes, name: str) -> Model:
    """Return the model of a `$metadata` document; `name` stands in places of problems.

    Raises:
        ServiceError: it is no OData v4 metadata, is ill-formed, or its types are cyclic.
    """
    return _Reader(parse(document, name), name).model()


class _Reader:
    """One document on its way to a model: types first, then the container that speaks of them."""

    def __init__(self, root: etree._Element, name: str) -> None:
        self._root, self._name = root, name
        self._schemas = tuple(root.iter(EDM + "Schema"))
        self._namespaces = tuple(item.get("Namespace", "") for item in self._schemas)
        self._aliases = Aliases(dict(_alias_pairs(root)), self._namespaces)
        self._targets = Targets(self._targeted())
        # One that extends another has its members too (OData CSDL XML §13.1.2): all are read as one.
        self._containers = {path: item for path, item in self._members() if kind(item) == "EntityContainer"}
        self._types: dict[str, StructuredType] = {}
        self._enums: dict[str, EnumType] = {}
        self._definitions: dict[str, TypeDefinition] = {}
        self._terms: list[str] = []
        self._operations: list[Operation] = []
        self._places: dict[str, RecipePlace] = {}

    def model(self) -> Model:
        reader = TypeReader(self._aliases, self._targets)
        for name, element in self._members():
            self._declare(reader, name, element)
        if chain := cycle_of(self._types):
            found = translate("types derive from themselves: {chain}").format(chain=" → ".join(chain))
            raise ServiceError(BrokenMetadata(place=self._places[chain[0]], name=self._name, found=found))
        return Model(
            version=self._root.get("Version", "4.0"),
            schemas=self._namespaces,
            references=tuple(item.get("Uri", "") for item in self._root.iterchildren(EDMX + "Reference")),
            types=self._types,
            enums=self._enums,
            definitions=self._definitions,
            terms=tuple(self._terms),
            operations=tuple(self._operations),
            counts=counts_of(self._root, self._aliases),
            sets={own: self._set(own, item) for own, item in self._parts("EntitySet")},
            singletons={own: self._singleton(own, item) for own, item in self._parts("Singleton")},
            operation_imports=tuple(self._imports()),
            container_annotations=tuple(
                note for name, item in self._containers.items() for note in self._annotations(item, name)
            ),
        )

    def _declare(self, reader: TypeReader, name: str, element: etree._Element) -> None:
        match kind(element):
            case "EntityType" | "ComplexType" as word:
                self._types[name] = reader.structured(element, name, _STRUCTURED[word])
                self._places[name] = place_of(element, self._name)
            case "EnumType":
                self._enums[name] = reader.enum(element, name)
            case "TypeDefinition":
                self._definitions[name] = reader.definition(element, name)
            case "Action" | "Function":
                self._operations.append(reader.operation(element, name))
            case "Term":
                self._terms.append(name)

    def _members(self) -> Iterator[tuple[str, etree._Element]]:
        for namespace, schema in zip(self._namespaces, self._schemas, strict=True):
            for element in schema:
                if own := element.get("Name"):
                    yield f"{namespace}.{own}", element

    def _targeted(self) -> Iterator[tuple[str, tuple[Annotation, ...]]]:
        for schema in self._schemas:
            for element in children(schema, "Annotations"):
                yield self._aliases.path(element.get("Target", "")), annotations_in(element, self._aliases)

    def _parts(self, name: str) -> Iterator[tuple[str, etree._Element]]:
        for container in self._containers.values():
            yield from named(container, name)

    def _set(self, name: str, element: etree._Element) -> EntitySet:
        declared = self._aliases.full(element.get("EntityType", ""))
        return EntitySet(name, declared, self._bindings(element), self._on_part(element, name))

    def _singleton(self, name: str, element: etree._Element) -> Singleton:
        declared = self._aliases.full(element.get("Type", ""))
        return Singleton(name, declared, self._bindings(element), self._on_part(element, name))

    def _imports(self) -> Iterator[OperationImport]:
        for word in ("Action", "Function"):
            for own, item in self._parts(f"{word}Import"):
                operation = self._aliases.full(item.get(word, ""))
                yield OperationImport(own, operation, word == "Action", item.get("EntitySet"))

    def _bindings(self, element: etree._Element) -> dict[str, str]:
        found = {}
        for item in children(element, "NavigationPropertyBinding"):
            # "NS.Container/Set" names a set as plain "Set" does; a path into a contained set keeps its steps.
            target = self._aliases.path(item.get("Target", ""))
            owner, _, rest = target.partition("/")
            found[self._aliases.path(item.get("Path", ""))] = rest if owner in self._containers else target
        return found

    def _on_part(self, element: etree._Element, name: str) -> tuple[Annotation, ...]:
        return self._annotations(element, *(f"{container}/{name}" for container in self._containers))

    def _annotations(self, element: etree._Element, *paths: str) -> tuple[Annotation, ...]:
        return (*annotations_in(element, self._aliases), *self._targets.on(*paths))


def _alias_pairs(root: etree._Element) -> Iterator[tuple[str, str]]:
    for element in root.iter(EDM + "Schema", EDMX + "Include"):
        if alias := element.get("Alias"):
            yield alias, element.get("Namespace", "")
