"""A model as `describe` tells it: sets and types with what an importer needs of each property."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from importer.odata.edm import EntitySet, Model, Operation, Property, Singleton
from importer.odata.edm.annotations import Annotation
from importer.odata.edm.writable import PropertyFacts, set_allows
from importer.results.describe import (
    DescribedNavigation,
    DescribedOperation,
    DescribedProperty,
    DescribedType,
)
from importer.service.dialect import Dialect
from importer.service.facts import corrected_facts, plain_lineage

Labels: TypeAlias = Callable[[Sequence[str], str], Mapping[str, str]]
"""(plain names of a type and its bases, property) → language → what people call it."""

# Terms that hold words for people: OData Core §3, and what services of SAP and their kin write.
_WORDS = frozenset(
    {"Description", "LongDescription", "Label", "Heading", "QuickInfo", "DisplayName", "Caption"}
)
_VERBS = {"create": "Insertable", "update": "Updatable", "delete": "Deletable"}


def no_labels(_lineage: Sequence[str], _name: str) -> Mapping[str, str]:
    """Return nothing: no dialect names the properties."""
    return {}


class Describer:
    """Describes the parts of one service's model; `dialect` knows what its metadata do not say."""

    def __init__(self, model: Model, dialect: Dialect, labels: Labels = no_labels) -> None:
        """Keep the model."""
        self._model, self._dialect, self._labels = model, dialect, labels

    def sets(self, *names: str) -> tuple[DescribedType, ...]:
        """Return the entity sets, or some of them, in the document's order."""
        found = self._model.sets
        return tuple(self._set(found[name]) for name in names or found)

    def singletons(self, *names: str) -> tuple[DescribedType, ...]:
        """Return the singletons, or some of them."""
        found = self._model.singletons
        return tuple(self._set(found[name]) for name in names or found)

    def types(self, *names: str) -> tuple[DescribedType, ...]:
        """Return every structured type of the document, whether a set holds it or not, or some of them."""
        chosen = names or tuple(item.name for item in self._model.own_types())
        return tuple(self._typed(name, name, "", ()) for name in chosen)

    def _set(self, found: EntitySet | Singleton) -> DescribedType:
        set_name = found.name if isinstance(found, EntitySet) else ""
        return self._typed(found.name, found.type, set_name, found.annotations)

    def _typed(
        self, name: str, type_name: str, set_name: str, annotations: Iterable[Annotation]
    ) -> DescribedType:
        model = self._model
        declared = model.types.get(type_name)
        operations = tuple(map(_operation, model.operations_on(type_name)))
        facts = corrected_facts(model, self._dialect, set_name, type_name)
        return DescribedType(
            name=name,
            type=type_name,
            key=model.key_of(type_name),
            properties=tuple(self._properties(type_name, facts)),
            navigation=tuple(self._navigation(type_name, set_name, facts)),
            actions=tuple(item.name for item in operations if item.action),
            description=_words((*annotations, *(declared.annotations if declared else ()))),
            operations=operations,
            derived=model.derived_of(type_name),
            abstract=declared is not None and declared.abstract,
            open=model.is_open(type_name),
            forbidden=tuple(verb for verb, term in _VERBS.items() if not set_allows(model, set_name, term)),
        )

    def _properties(self, type_name: str, facts: Mapping[str, PropertyFacts]) -> Iterator[DescribedProperty]:
        lineage = plain_lineage(self._model, type_name)
        for name, declared in self._model.properties_of(type_name).items():
            said = facts[name]
            yield DescribedProperty(
                name=name,
                type=f"Collection({declared.type})" if declared.collection else declared.type,
                nullable=declared.nullable,
                writable=said.on_create or said.on_update,
                required=said.required,
                max_length=declared.max_length,
                members=self._members(declared),
                description=_words(declared.annotations),
                on_create=said.on_create,
                on_update=said.on_update,
                computed=said.computed,
                key=said.key,
                precision=declared.precision,
                scale=declared.scale,
                labels=tuple(dict.fromkeys(self._labels(lineage, name).values())),
            )

    def _navigation(
        self, type_name: str, set_name: str, facts: Mapping[str, PropertyFacts]
    ) -> Iterator[DescribedNavigation]:
        model = self._model
        lineage = plain_lineage(self._model, type_name)
        for name, navigation in model.navigation_of(type_name).items():
            target = model.target_set(set_name, name) if set_name else None
            yield DescribedNavigation(
                name=name,
                pair=facts[name].pair if name in facts else None,
                constraints=tuple((item.property, item.referenced) for item in navigation.constraints),
                target=target or navigation.type,
                collection=navigation.collection,
                description=_words(navigation.annotations),
                contained=navigation.contains_target,
                partner=navigation.partner,
                labels=tuple(dict.fromkeys(self._labels(lineage, name).values())),
            )

    def _members(self, declared: Property) -> tuple[str, ...]:
        enum = self._model.enums.get(self._model.underlying(declared.type))
        return tuple(enum.members) if enum else _allowed_values(declared.annotations)


def _operation(found: Operation) -> DescribedOperation:
    returned = f"Collection({found.returns})" if found.returns_collection else found.returns
    return DescribedOperation(
        name=found.name,
        action=found.action,
        parameters=tuple(
            (item.name, f"Collection({item.type})" if item.collection else item.type)
            for item in found.parameters[1:]
        ),
        returns=returned,
        description=_words(found.annotations),
    )


def _allowed_values(annotations: Iterable[Annotation]) -> tuple[str, ...]:
    """Return the values of `Validation.AllowedValues`: CAP writes enumerations so (odata-protocol.md §3)."""
    listed = next(
        (item.value for item in annotations if item.term == "Org.OData.Validation.V1.AllowedValues"), ()
    )
    records = listed if isinstance(listed, tuple) else ()
    return tuple(str(item["Value"]) for item in records if isinstance(item, dict) and item.get("Value"))


def _words(annotations: Iterable[Annotation]) -> str | None:
    """Return what annotations tell people, each text once."""
    texts = [
        item.value
        for item in annotations
        if isinstance(item.value, str) and item.term.rpartition(".")[2] in _WORDS
    ]
    return " · ".join(dict.fromkeys(texts)) or None
