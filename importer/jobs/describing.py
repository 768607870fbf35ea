"""A model as `describe` tells it: sets and types with what an importer needs of each property."""

from collections.abc import Iterable, Iterator

from importer.odata.edm import Model
from importer.odata.edm.annotations import Annotation
from importer.odata.edm.pairing import pair_of
from importer.odata.edm.writable import required_on_create, writability
from importer.results.describe import DescribedNavigation, DescribedProperty, DescribedType
from importer.service.dialect import Dialect

# Terms that hold words for people: OData Core §3, and what services of SAP and their kin write.
_WORDS = frozenset(
    {"Description", "LongDescription", "Label", "Heading", "QuickInfo", "DisplayName", "Caption"}
)


class Describer:
    """Describes the parts of one service's model; `dialect` knows what its metadata do not say."""

    def __init__(self, model: Model, dialect: Dialect) -> None:
        """Keep the model."""
        self._model, self._dialect = model, dialect

    def sets(self) -> tuple[DescribedType, ...]:
        """Return the entity sets, in the document's order."""
        sets = self._model.sets.items()
        return tuple(self._typed(name, item.type, name, item.annotations) for name, item in sets)

    def singletons(self) -> tuple[DescribedType, ...]:
        """Return the singletons."""
        found = self._model.singletons.items()
        return tuple(self._typed(name, item.type, "", item.annotations) for name, item in found)

    def types(self) -> tuple[DescribedType, ...]:
        """Return every structured type, whether a set holds it or not."""
        return tuple(self._typed(item.name, item.name, "", ()) for item in self._model.types.values())

    def _typed(
        self, name: str, type_name: str, set_name: str, annotations: Iterable[Annotation]
    ) -> DescribedType:
        model = self._model
        declared = model.types.get(type_name)
        return DescribedType(
            name=name,
            type=type_name,
            key=model.key_of(type_name),
            properties=tuple(self._properties(type_name, set_name)),
            navigation=tuple(self._navigation(type_name, set_name)),
            actions=tuple(
                item.name
                for item in model.operations
                if item.action
                and item.bound
                and item.parameters
                and model.is_a(type_name, item.parameters[0].type)
            ),
            description=_words((*annotations, *(declared.annotations if declared else ()))),
        )

    def _properties(self, type_name: str, set_name: str) -> Iterator[DescribedProperty]:
        model, dialect = self._model, self._dialect
        lineage = tuple(declared.name.rpartition(".")[2] for declared in model.lineage(type_name))
        needed = {item.property for item in required_on_create(model, set_name, type_name) if item.certain}
        for name, declared in model.properties_of(type_name).items():
            allowed = writability(model, set_name, type_name, name)
            kind = model.underlying(declared.type)
            yield DescribedProperty(
                name=name,
                type=f"Collection({declared.type})" if declared.collection else declared.type,
                nullable=declared.nullable,
                writable=(allowed.on_create or allowed.on_update) and not dialect.is_computed(lineage, name),
                required=name in needed or dialect.is_required(lineage, name),
                max_length=declared.max_length,
                members=tuple(model.enums[kind].members) if kind in model.enums else (),
                description=_words(declared.annotations),
            )

    def _navigation(self, type_name: str, set_name: str) -> Iterator[DescribedNavigation]:
        model = self._model
        for name, navigation in model.navigation_of(type_name).items():
            target = model.target_set(set_name, name) if set_name else None
            yield DescribedNavigation(
                name=name,
                pair=pair_of(model, type_name, navigation),
                constraints=tuple((item.property, item.referenced) for item in navigation.constraints),
                target=target or navigation.type,
                collection=navigation.collection,
                description=_words(navigation.annotations),
            )


def _words(annotations: Iterable[Annotation]) -> str | None:
    """Return what annotations tell people, each text once."""
    texts = [
        item.value
        for item in annotations
        if isinstance(item.value, str) and item.term.rpartition(".")[2] in _WORDS
    ]
    return " · ".join(dict.fromkeys(texts)) or None
