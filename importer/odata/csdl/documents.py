"""One CSDL document, XML or JSON, as what it declares: the same for both, before documents are put together."""

from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

import msgspec

from importer.odata.csdl.linking import Targets
from importer.odata.edm import (
    Annotation,
    EntitySet,
    EnumType,
    Operation,
    OperationImport,
    Singleton,
    StructuredType,
    TypeDefinition,
)
from importer.problems import RecipePlace


class IncludedAnnotations(msgspec.Struct, frozen=True):
    """Which annotations of a referenced document count here (OData CSDL XML §4.3); None: any."""

    terms: str
    qualifier: str | None = None
    targets: str | None = None

    def cover(self, target: str, annotation: Annotation) -> bool:
        """Whether they are meant: by the term's namespace, its qualifier and what it targets."""
        return (
            annotation.term.rpartition(".")[0] == self.terms
            and self.qualifier in (None, annotation.qualifier)
            and (self.targets is None or target.partition("/")[0].rpartition(".")[0] == self.targets)
        )


class Reference(msgspec.Struct, frozen=True):
    """`edmx:Reference`: the document at `uri` has these namespaces, and these annotations for us."""

    uri: str
    namespaces: tuple[str, ...] = ()
    annotations: tuple[IncludedAnnotations, ...] = ()


class Container(msgspec.Struct, frozen=True):
    """An entity container as declared; `name` and `extends` are full names."""

    name: str
    extends: str | None = None
    sets: tuple[EntitySet, ...] = ()
    singletons: tuple[Singleton, ...] = ()
    imports: tuple[OperationImport, ...] = ()
    annotations: tuple[Annotation, ...] = ()


class Declared(msgspec.Struct):
    """What schemas declare."""

    types: dict[str, StructuredType] = msgspec.field(default_factory=dict)
    enums: dict[str, EnumType] = msgspec.field(default_factory=dict)
    definitions: dict[str, TypeDefinition] = msgspec.field(default_factory=dict)
    terms: list[str] = msgspec.field(default_factory=list)
    operations: list[Operation] = msgspec.field(default_factory=list)
    containers: dict[str, Container] = msgspec.field(default_factory=dict)


class Document(Protocol):
    """A parsed document that can be asked."""

    name: str
    version: str
    namespaces: tuple[str, ...]
    references: tuple[Reference, ...]

    def targeted(self) -> Iterator[tuple[str, tuple[Annotation, ...]]]:
        """Yield what is annotated apart from where it stands: (full path of the target, annotations)."""

    def declare(self, into: Declared, targets: Targets, namespaces: Collection[str] | None = None) -> None:
        """Add what the schemas declare, or those of some namespaces only."""

    def counts(self) -> Mapping[str, int]:
        """Return how often each thing is written in this document (cli.md, *JSON*, describe)."""

    def place_of_type(self, name: str) -> RecipePlace:
        """Return where the type of a full name stands."""
