"""CSDL JSON → what it declares (OData CSDL JSON 4.01). Unknown members never disturb."""

from collections.abc import Collection, Iterator, Mapping

from importer.odata.csdl.documents import Container, Declared, IncludedAnnotations, Reference
from importer.odata.csdl.json_annotations import annotations_in
from importer.odata.csdl.json_counting import counts_of, kind_of_part
from importer.odata.csdl.json_text import parse, place_of
from importer.odata.csdl.json_types import JsonTypes
from importer.odata.csdl.json_values import Json, named, objects, text
from importer.odata.csdl.linking import Aliases, Targets
from importer.odata.edm import Annotation, EntitySet, OperationImport, Singleton, TypeKind
from importer.problems import RecipePlace

_STRUCTURED = {"EntityType": TypeKind.ENTITY, "ComplexType": TypeKind.COMPLEX}


class JsonDocument:
    """One JSON document, parsed."""

    def __init__(self, document: bytes, name: str) -> None:
        """Parse it; `name` stands in places of problems.

        Raises:
            ServiceError: it is no OData v4 metadata, or no sound JSON.
        """
        self._document = document
        self._root = parse(document, name)
        self._schemas: dict[str, Json] = {
            own: schema for own, schema in named(self._root) if isinstance(schema, dict)
        }
        self.name = name
        self.version: str = self._root["$Version"]
        self.namespaces = tuple(self._schemas)
        self.references = tuple(_references(self._root))
        self._aliases = Aliases(dict(self._alias_pairs()), self.namespaces)

    def targeted(self) -> Iterator[tuple[str, tuple[Annotation, ...]]]:
        """Yield what is annotated by `$Annotations`."""
        for schema in self._schemas.values():
            found = schema.get("$Annotations")
            for target, annotated in found.items() if isinstance(found, dict) else ():
                if isinstance(annotated, dict):
                    yield self._aliases.path(target), annotations_in(annotated, self._aliases)

    def counts(self) -> Mapping[str, int]:
        """Return how often each thing is written."""
        return counts_of(self._root, self._schemas.values(), self._aliases)

    def place_of_type(self, name: str) -> RecipePlace:
        """Return where the type stands."""
        namespace, _, own = name.rpartition(".")
        return place_of(self._document, self.name, [namespace, own])

    def declare(self, into: Declared, targets: Targets, namespaces: Collection[str] | None = None) -> None:
        """Add what the schemas declare, or those of some namespaces only."""
        reader = JsonTypes(self._aliases, targets)
        for name, found in self._members(namespaces):
            match text(found, "$Kind"):
                case "EntityType" | "ComplexType" as word:
                    into.types[name] = reader.structured(found, name, _STRUCTURED[word])
                case "EnumType":
                    into.enums[name] = reader.enum(found, name)
                case "TypeDefinition":
                    into.definitions[name] = reader.definition(found, name)
                case "Action" | "Function":
                    into.operations.append(reader.operation(found, name))
                case "Term":
                    into.terms.append(name)
                case "EntityContainer":
                    into.containers[name] = self._container(found, name)

    def _members(self, namespaces: Collection[str] | None) -> Iterator[tuple[str, Json]]:
        for namespace, schema in self._schemas.items():
            if namespaces is not None and namespace not in namespaces:
                continue
            for own, value in named(schema):
                for found in objects(value):
                    yield f"{namespace}.{own}", found

    def _container(self, found: Json, name: str) -> Container:
        extends = text(found, "$Extends")
        parts = [(own, item) for own, item in named(found) if isinstance(item, dict)]
        return Container(
            name=name,
            extends=self._aliases.full(extends) if extends else None,
            sets=tuple(
                EntitySet(own, self._type(item), self._bindings(item), self._annotations(item))
                for own, item in parts
                if kind_of_part(item) == "EntitySet"
            ),
            singletons=tuple(
                Singleton(own, self._type(item), self._bindings(item), self._annotations(item))
                for own, item in parts
                if kind_of_part(item) == "Singleton"
            ),
            imports=tuple(self._import(own, item) for own, item in parts if "Import" in kind_of_part(item)),
            annotations=self._annotations(found),
        )

    def _import(self, name: str, found: Json) -> OperationImport:
        word = "$Action" if kind_of_part(found) == "ActionImport" else "$Function"
        operation = self._aliases.full(text(found, word) or "")
        entity_set = text(found, "$EntitySet")
        return OperationImport(
            name,
            operation,
            word == "$Action",
            self._aliases.path(entity_set) if entity_set else None,
            self._annotations(found),
        )

    def _bindings(self, found: Json) -> dict[str, str]:
        written = found.get("$NavigationPropertyBinding")
        return {
            self._aliases.path(path): self._aliases.path(target)
            for path, target in (written.items() if isinstance(written, dict) else ())
            if isinstance(target, str)
        }

    def _type(self, found: Json) -> str:
        return self._aliases.full(text(found, "$Type") or "")

    def _annotations(self, found: Json) -> tuple[Annotation, ...]:
        return annotations_in(found, self._aliases)

    def _alias_pairs(self) -> Iterator[tuple[str, str]]:
        for namespace, schema in self._schemas.items():
            if alias := text(schema, "$Alias"):
                yield alias, namespace
        for found in _included(self._root):
            if alias := text(found, "$Alias"):
                yield alias, text(found, "$Namespace") or ""


def _references(root: Json) -> Iterator[Reference]:
    found = root.get("$Reference")
    for uri, reference in found.items() if isinstance(found, dict) else ():
        if not isinstance(reference, dict):
            continue
        yield Reference(
            uri,
            tuple(text(item, "$Namespace") or "" for item in objects(reference.get("$Include"))),
            tuple(
                IncludedAnnotations(
                    text(item, "$TermNamespace") or "",
                    text(item, "$Qualifier"),
                    text(item, "$TargetNamespace"),
                )
                for item in objects(reference.get("$IncludeAnnotations"))
            ),
        )


def _included(root: Json) -> Iterator[Json]:
    found = root.get("$Reference")
    for reference in objects(list(found.values()) if isinstance(found, dict) else []):
        yield from objects(reference.get("$Include"))
