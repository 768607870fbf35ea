"""Documents → one model: annotations reach what they target, containers what they extend, types their bases."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec

from importer.odata.csdl.documents import Container, Declared, Document, IncludedAnnotations
from importer.odata.csdl.linking import Targets, cycle_of
from importer.odata.csdl.refusals import BrokenMetadata
from importer.odata.edm import Annotation, EntitySet, Model, OperationImport, Singleton
from importer.problems import ServiceError
from importer.text.translating import translate

_Part = TypeVar("_Part", EntitySet, Singleton)


def assemble(first: Document, others: Iterable[tuple[Document, frozenset[str]]]) -> Model:
    """Return the model of a document, with what it includes of others.

    Raises:
        ServiceError: types derive from themselves, or containers extend themselves.
    """
    others = tuple(others)
    targets = Targets((*first.targeted(), *_from_elsewhere(first, others)))
    declared, included = Declared(), Declared()
    first.declare(declared, targets)
    for document, namespaces in others:
        document.declare(included, targets, namespaces)
    # What the document itself declares wins over what it includes.
    types = declared.types | {
        name: item for name, item in included.types.items() if name not in declared.types
    }
    if chain := cycle_of({name: item.base for name, item in types.items()}):
        raise _cyclic(chain, (first, *(document for document, _ in others)))
    containers = tuple(_containers(declared.containers, included.containers, first))
    # The same path may name a set by its own container or by one that extends it (OData CSDL XML §13.1.2).
    paths = _Paths(targets, tuple(item.name for item in containers))
    return Model(
        version=first.version,
        schemas=first.namespaces,
        references=tuple(item.uri for item in first.references),
        types=types,
        enums=included.enums | declared.enums,
        definitions=included.definitions | declared.definitions,
        terms=tuple(declared.terms),
        operations=(*declared.operations, *included.operations),
        counts=first.counts(),
        sets={item.name: paths.whole(item) for each in containers for item in each.sets},
        singletons={item.name: paths.whole(item) for each in containers for item in each.singletons},
        operation_imports=tuple(paths.whole_import(item) for each in containers for item in each.imports),
        container_annotations=tuple(
            note for each in containers for note in (*each.annotations, *targets.on(each.name))
        ),
        targeted=targets.by_path,
    )


class _Paths:
    """Sets, singletons and imports made whole: no container's name in targets, annotations from elsewhere."""

    def __init__(self, targets: Targets, containers: tuple[str, ...]) -> None:
        self._targets, self._containers = targets, frozenset(containers)
        self._names = containers

    def whole(self, part: _Part) -> _Part:
        bindings = {path: self._plain(target) for path, target in part.bindings.items()}
        return msgspec.structs.replace(part, bindings=bindings, annotations=self._annotations(part))

    def whole_import(self, part: OperationImport) -> OperationImport:
        entity_set = self._plain(part.entity_set) if part.entity_set else None
        return msgspec.structs.replace(part, entity_set=entity_set, annotations=self._annotations(part))

    def _plain(self, target: str) -> str:
        """Return `Set` for `NS.Container/Set`; a path into a contained set keeps its steps."""
        owner, _, rest = target.partition("/")
        return rest if owner in self._containers else target

    def _annotations(self, part: EntitySet | Singleton | OperationImport) -> tuple[Annotation, ...]:
        return (*part.annotations, *self._targets.on(*(f"{name}/{part.name}" for name in self._names)))


def _from_elsewhere(
    first: Document, others: tuple[tuple[Document, frozenset[str]], ...]
) -> Iterator[tuple[str, tuple[Annotation, ...]]]:
    """Yield what other documents annotate: all in included schemas, and what `IncludeAnnotations` names."""
    asked = _asked((first, *(document for document, _ in others)))
    for document, namespaces in others:
        for target, annotations in document.targeted():
            if namespaces:
                yield target, annotations
            else:
                included = asked.get(document.name, ())
                yield (
                    target,
                    tuple(note for note in annotations if any(item.cover(target, note) for item in included)),
                )


def _asked(documents: Iterable[Document]) -> Mapping[str, tuple[IncludedAnnotations, ...]]:
    found: dict[str, tuple[IncludedAnnotations, ...]] = {}
    for document in documents:
        for reference in document.references:
            found[reference.uri] = (*found.get(reference.uri, ()), *reference.annotations)
    return found


def _containers(
    own: Mapping[str, Container], included: Mapping[str, Container], first: Document
) -> Iterator[Container]:
    """Yield the document's containers, each after those that it extends, wherever they are."""
    known, done = {**included, **own}, set[str]()
    for name in own:
        chain: list[str] = []
        current: str | None = name
        while current is not None and current in known and current not in done:
            if current in chain:
                raise _cyclic((*chain[chain.index(current) :], current), (first,))
            chain.append(current)
            current = known[current].extends
        done.update(chain)
        yield from (known[item] for item in reversed(chain))


def _cyclic(chain: tuple[str, ...], documents: Iterable[Document]) -> ServiceError:
    owner = chain[0].rpartition(".")[0]
    document = next(item for item in documents if owner in item.namespaces)
    found = translate("types derive from themselves: {chain}").format(chain=" → ".join(chain))
    place = document.place_of_type(chain[0])
    return ServiceError(BrokenMetadata(place=place, name=document.name, found=found))
