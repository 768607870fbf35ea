"""`Dialect`: what is known of a service besides its metadata, with the questions that others ask of it."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from pydantic import Field

from importer.service.dialect_keys import (
    Alias,
    Alternatives,
    ByType,
    Concurrency,
    Count,
    CustomFields,
    Errors,
    Limits,
    Name,
    PropertyHabits,
    SetHabits,
    Strict,
    Tree,
    Words,
    Write,
)

EVERY_TYPE = "*"
V = TypeVar("V")


class Dialect(Strict):
    """Habits of a service that its metadata do not tell.

    Entity types are named without their namespace, and what is said of a type is true of those that derive from it; `*` is every type.
    A `lineage` is the plain names of a type and its bases, the type itself first (`Service.lineage`).
    """

    dialect: Name = Field("plain", description="Name of the dialect.")
    extends: Name | None = Field(
        None, description="Dialect that this one changes: a shipped one, or a file beside this one."
    )
    required: ByType = Field(
        default_factory=dict,
        description="Type → properties needed to create an entity; a navigation stands for its key.",
    )
    optional: ByType = Field(
        default_factory=dict,
        description="Type → properties that the metadata demand and the service does not.",
    )
    computed: ByType = Field(
        default_factory=dict,
        description="Type → properties that the service fills by itself; they are never sent.",
    )
    renamed: ByType = Field(
        default_factory=dict,
        description="Type → properties that must be sent and are stored otherwise: never compared with what was sent.",
    )
    immutable: ByType = Field(
        default_factory=dict,
        description="Type → properties that can be given only when an entity is created.",
    )
    match: dict[str, Alternatives] = Field(
        default_factory=dict,
        description="Type → properties to recognise an entity by, best first; a list in the list: all of them together.",
    )
    titles: dict[str, Words] = Field(
        default_factory=dict, description="Entity set → what people call it, by language."
    )
    labels: dict[str, dict[str, Words]] = Field(
        default_factory=dict, description="Type → property → what people call it, by language."
    )
    aliases: dict[str, dict[str, Alias]] = Field(
        default_factory=dict, description="Entity set → another name → property, or {custom: label}."
    )
    custom_fields: CustomFields | None = Field(
        None, description="The catalogue in which custom fields have their human names."
    )
    sets: dict[str, SetHabits] = Field(
        default_factory=dict,
        description="Entity set, or path to a collection inside one → how it is written.",
    )
    properties: dict[str, dict[str, PropertyHabits]] = Field(
        default_factory=dict, description="Type → property → how it is written."
    )
    bind: bool = Field(
        default=True, description="false: the service never takes `@odata.bind`; references go by their key."
    )
    concurrency: Concurrency = Field(
        default_factory=lambda: Concurrency.model_validate({}),
        description="How changes by two people at once are noticed.",
    )
    errors: Errors = Field(
        default_factory=lambda: Errors.model_validate({}), description="What a business error looks like."
    )
    limits: Limits = Field(
        default_factory=lambda: Limits.model_validate({}), description="How much the service bears."
    )
    max_length: dict[str, Count] = Field(
        default_factory=dict, description="Property → length that is checked where the metadata declare none."
    )

    def corrects(self, lineage: Sequence[str]) -> bool:
        """Whether anything is said of how properties of the type, or of a base of it, are written."""
        rules = (self.required, self.optional, self.computed, self.renamed, self.immutable)
        return any(owner in said for said in rules for owner in (*lineage, EVERY_TYPE))

    def is_required(self, lineage: Sequence[str], name: str) -> bool:
        """Whether the property, or the pair of the navigation, is needed to create an entity."""
        return self._holds(self.required, lineage, name) and not self.is_computed(lineage, name)

    def is_optional(self, lineage: Sequence[str], name: str) -> bool:
        """Whether an entity can be made without the property, whatever the metadata say."""
        return self._holds(self.optional, lineage, name)

    def is_computed(self, lineage: Sequence[str], name: str) -> bool:
        """Whether the service makes the property's value itself."""
        return self._holds(self.computed, lineage, name)

    def is_renamed(self, lineage: Sequence[str], name: str) -> bool:
        """Whether the service stores another value than the one it was sent."""
        return self._holds(self.renamed, lineage, name)

    def is_immutable(self, lineage: Sequence[str], name: str) -> bool:
        """Whether the property can be given only on create."""
        return self._holds(self.immutable, lineage, name)

    def match_keys(self, lineage: Sequence[str]) -> tuple[tuple[str, ...], ...]:
        """Return the alternatives to recognise an entity by, best first; those of the nearest type that has any."""
        found = next(_of_types(self.match, lineage), [])
        return tuple(tuple(names) for names in found)

    def labels_of(self, lineage: Sequence[str], name: str) -> dict[str, str]:
        """Return language ("en", "ru") → what people call the property; the nearest type wins, language by language."""
        found: dict[str, str] = {}
        for labels in _of_types(self.labels, lineage):
            if (words := labels.get(name)) is not None:
                found = {**words.as_map(), **found}
        return dict(sorted(found.items()))

    def title_of(self, entity_set: str) -> dict[str, str]:
        """Return language → what people call the set."""
        words = self.titles.get(entity_set)
        return words.as_map() if words else {}

    def is_nested(self, path: str) -> bool:
        """Whether a set or collection (`Schedules/patternDays`) is written only inside the entity it belongs to."""
        return path in self.sets and self.sets[path].nested

    def nested_in(self, entity_set: str) -> tuple[str, ...]:
        """Return the navigation properties of a set's entities that are written inside them."""
        prefix = f"{entity_set}/"
        return tuple(
            path.removeprefix(prefix)
            for path, habits in self.sets.items()
            if habits.nested and path.startswith(prefix)
        )

    def write_of(self, path: str) -> Write | None:
        """Return the action that writes a set, if it is written so."""
        return self.sets[path].write if path in self.sets else None

    def tree_of(self, entity_set: str) -> Tree | None:
        """Return how the set's entities form trees, if they do."""
        return self.sets[entity_set].tree if entity_set in self.sets else None

    def write_of_property(self, lineage: Sequence[str], name: str) -> Write | None:
        """Return the action that writes a property, if it is written so."""
        for habits in _of_types(self.properties, lineage):
            if name in habits:
                return habits[name].write
        return None

    def concurrency_of(self, lineage: Sequence[str]) -> str | None:
        """Return the property that changes with every write of such an entity; None where there is none."""
        types = self.concurrency.types
        return self.concurrency.property if not types or set(types) & set(lineage) else None

    @staticmethod
    def _holds(rules: ByType, lineage: Sequence[str], name: str) -> bool:
        return any(name in names for names in _of_types(rules, lineage))


def _of_types(rules: dict[str, V], lineage: Sequence[str]) -> Iterator[V]:
    """Yield what is said of a type and its bases, the nearest first, `*` last."""
    return (rules[owner] for owner in (*lineage, EVERY_TYPE) if owner in rules)
