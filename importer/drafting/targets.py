"""What a set offers to be written: properties with all the words that people may use for them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from importer.drafting.thesaurus import concepts_of, entity_concepts, thesaurus
from importer.drafting.words import Words, words_of
from importer.odata.edm import Annotation
from importer.odata.edm.pairing import pair_of
from importer.planner.binding import BoundProperty
from importer.planner.binding.properties import bind_property, may_write, plain_name
from importer.problems import Problem
from importer.service import Service

_LABELS = ("com.sap.vocabularies.Common.v1.Label", "Org.OData.Core.V1.Description")
_NUMBERED = re.compile(r"(.*?[A-Za-z])(\d{1,3})")
_LONGEST_LABEL = 60
_CERTAIN, _DESCRIBED = 0.9, 0.7
# Which property names the entity, best first.
_NAMING: tuple[Words, ...] = (
    ("name",),
    ("display", "name"),
    ("full", "name"),
    ("title",),
    ("company", "name"),
    ("subject",),
    ("description",),
)


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A property that may be written. phrases: (words, how much they count); concepts: meaning → 0…1.

    names_entity: the property that a column headed by the entity itself fills. slot: one of many numbered ones, without a label.
    """

    bound: BoundProperty
    phrases: tuple[tuple[Words, float], ...]
    concepts: Mapping[str, float]
    labels: tuple[str, ...] = ()
    required: bool = False
    usual: bool = False
    names_entity: bool = False
    slot: bool = False
    key: bool = False
    to: str | None = None  # the set that a navigation leads to
    said: bool = False  # whether a recipe must say so: `in`

    @property
    def name(self) -> str:
        """Return the name as a recipe writes it."""
        return self.bound.name

    @property
    def kind(self) -> str:
        """Return which values its name promises: email, phone, code, person, date, number, text, boolean, or nothing."""
        kinds = thesaurus().kinds
        best = max(self.concepts.items(), key=lambda item: item[1], default=("", 0.0))
        return kinds.get(best[0], "") if best[1] >= 0.8 else ""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A set: its key, its targets by name, the entities it is named after, and the words that go without saying in it."""

    to: str
    type: str
    targets: Mapping[str, Target]
    entities: frozenset[str]
    phrases: tuple[Words, ...]
    keys: tuple[str, ...] = ()  # also one that the service makes

    @property
    def silent(self) -> frozenset[str]:
        """Return the words that may be left out: `Customer` in `CustomerName` of Customers."""
        return frozenset(words[-1] for words in self.phrases if len(words) == 1)


def offer_of(service: Service, entity_set: str, custom: Mapping[str, str]) -> Offer:
    """Return what a set offers. `custom`: numbered property → its human name on the service."""
    kind = service.model.sets[entity_set].type
    titles = service.dialect.title_of(entity_set).values()
    phrases = tuple(dict.fromkeys(words_of(text) for text in (entity_set, plain_name(kind), *titles)))
    entities = entity_concepts(*phrases, *map(_head, phrases))
    known = thesaurus().phrases
    single = (
        words
        for words, found in known.items()
        if len(words) == 1 and entities & {c for c, s in found.items() if s == 1.0}
    )
    silent = tuple(dict.fromkeys((*phrases, *single)))
    maker = _Maker(service, entity_set, kind, silent, custom)
    targets = {target.name: target for target in maker.targets()}
    if (naming := _naming(targets, kind, frozenset(words[-1] for words in phrases))) is not None:
        named = targets[naming]
        concepts = {**named.concepts, "name": max(0.97, named.concepts.get("name", 0.0))}
        if not any(item.concepts.get("description", 0.0) >= _CERTAIN for item in targets.values()):
            concepts["description"] = _DESCRIBED  # a thing without a description is described by its name
        targets[naming] = msgspec.structs.replace(named, names_entity=True, concepts=concepts)
    return Offer(
        to=entity_set,
        type=kind,
        targets=targets,
        entities=entities,
        phrases=silent,
        keys=service.model.key_of(kind),
    )


def _head(words: Words) -> Words:
    """Return the noun that the others describe: the last word in English, the first in Russian (`Задачи проектов`)."""
    return words[-1:] if all(word.isascii() for word in words) else words[:1]


def stripped(words: Words, silent: frozenset[str]) -> Words:
    """Return the words without those that go without saying; all of them, if nothing else is there."""
    return tuple(word for word in words if word not in silent) or words


class _Maker:
    def __init__(
        self,
        service: Service,
        entity_set: str,
        kind: str,
        silent: tuple[Words, ...],
        custom: Mapping[str, str],
    ) -> None:
        self._service, self._set, self._kind, self._custom = service, entity_set, kind, custom
        self._silent = frozenset(words[-1] for words in silent if len(words) == 1)
        self._facts = service.facts(entity_set, kind)
        self._required = {item.property: item.certain for item in service.required(entity_set, kind)}
        stems = Counter(match[1] for name in self._facts if (match := _NUMBERED.fullmatch(name)))
        self._slots = frozenset(stem for stem, count in stems.items() if count > 2)

    def targets(self) -> Iterator[Target]:
        model = self._service.model
        pairs = {
            pair
            for item in model.navigation_of(self._kind).values()
            if (pair := pair_of(model, self._kind, item)) is not None
        }
        for name, item in model.navigation_of(self._kind).items():
            if not item.collection and (target := self._target(name, item.annotations)) is not None:
                yield target
        for name, declared in model.properties_of(self._kind).items():
            if name in pairs or declared.collection:
                continue
            if declared.type in model.types:
                yield from self._inner(name, declared.type, 1)
            elif (target := self._target(name, declared.annotations)) is not None:
                yield target

    def _inner(self, path: str, kind: str, depth: int) -> Iterator[Target]:
        """Yield what is inside a complex property: `Address/City`."""
        model = self._service.model
        for name, declared in model.properties_of(kind).items():
            inner = f"{path}/{name}"
            if declared.collection or depth > 3:
                continue
            if declared.type in model.types:
                yield from self._inner(inner, declared.type, depth + 1)
            elif (target := self._target(inner, declared.annotations)) is not None:
                yield target

    def _target(self, name: str, annotations: tuple[Annotation, ...]) -> Target | None:
        service = self._service
        found = bind_property(service, self._kind, name, None)
        if isinstance(found, Problem) or (found.bind and not service.dialect.bind):
            return None
        on_create, on_update, _ = may_write(service, self._set, self._kind, found)
        if not on_create and not on_update:
            return None
        key = name in service.model.key_of(self._kind)
        if key and found.type != "Edm.String" and len(service.model.key_of(self._kind)) == 1:
            return None  # the service makes it, or we do
        labels = self._labels(name, annotations)
        numbered = _NUMBERED.fullmatch(name)
        phrases = self._phrases(name, labels)
        needed = self._required.get(found.wire, self._required.get(name))
        to, said = self._leads_to(found)
        if found.target_type is not None and to is None:
            return None
        return Target(
            bound=found,
            phrases=phrases,
            concepts=_concepts(phrases),
            labels=labels,
            required=needed is True,
            usual=needed is False,
            slot=numbered is not None and numbered[1] in self._slots and not labels,
            key=key,
            to=to,
            said=said,
        )

    def _leads_to(self, found: BoundProperty) -> tuple[str | None, bool]:
        """Return the set that a navigation leads to, and whether nothing but a recipe says so."""
        if found.target_type is None:
            return None, False
        model = self._service.model
        target = model.target_set(self._set, found.name, self._kind) if "/" not in found.name else None
        if target in model.sets:
            return target, False
        holding = [name for name, item in model.sets.items() if model.is_a(item.type, found.target_type)]
        return (holding[0] if holding else None), len(holding) > 1

    def _labels(self, name: str, annotations: tuple[Annotation, ...]) -> tuple[str, ...]:
        service = self._service
        noted = [
            str(item.value)
            for item in annotations
            if item.term in _LABELS
            and item.qualifier is None
            and isinstance(item.value, str)
            and len(item.value) <= _LONGEST_LABEL
        ]
        aliases = [
            alias for alias, meant in service.dialect.aliases.get(self._set, {}).items() if meant == name
        ]
        own = service.dialect.labels_of(service.lineage(self._kind), name).values()
        custom = [self._custom[name]] if name in self._custom else []
        return tuple(dict.fromkeys((*custom, *own, *noted, *aliases)))

    def _phrases(self, name: str, labels: tuple[str, ...]) -> tuple[tuple[Words, float], ...]:
        *outer, last = name.split("/")
        found: dict[Words, float] = {}
        whole = words_of(name.replace("/", " "))
        for words, weight in (
            (whole, 1.0),
            (stripped(whole, self._silent), 0.98),
            (words_of(last), 0.93 if outer else 1.0),
            *((words_of(step), 0.92) for step in outer[-1:] if words_of(last) == ("name",)),
            *((words_of(label), 1.0) for label in labels),
            *((stripped(words_of(label), self._silent), 0.98) for label in labels),
        ):
            if words:
                found[words] = max(found.get(words, 0.0), weight)
        return tuple(found.items())


def _concepts(phrases: tuple[tuple[Words, float], ...]) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for words, weight in phrases:
        for concept, strength in concepts_of(words).items():
            found[concept] = max(found.get(concept, 0.0), strength * weight)
    return found


def _naming(targets: Mapping[str, Target], kind: str, silent: frozenset[str]) -> str | None:
    """Return the property that holds an entity's name: `name`, `ProductName`, `displayName`."""
    texts = {
        name: words_of(name)
        for name, item in targets.items()
        if item.bound.type == "Edm.String" and "/" not in name
    }
    own = words_of(plain_name(kind))[-1:]
    for wanted in _NAMING:
        for name, words in texts.items():
            if words == wanted or (
                wanted == ("name",) and words in ((*own, "name"), *(((word, "name")) for word in silent))
            ):
                return name
    return None
