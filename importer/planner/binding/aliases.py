"""`aliases`: human names of properties, per entity set; a profile's win over the recipe's (recipe-language.md §3).

`{custom: label}` asks a catalogue of custom fields, where the service has one and it could be read.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

from importer.planner.binding.problems import (
    AliasHides,
    CustomFieldUnknown,
    CustomFieldUnread,
    UnknownEntitySet,
    UnknownProperty,
)
from importer.planner.binding.properties import plain_name
from importer.problems import Collector, nearest
from importer.recipe.normal import AliasRule, Recipe
from importer.service import Service


class CustomFields(Protocol):
    """A service's catalogue of custom fields: per entity type (full name) the labels people gave to properties."""

    def labels(self, type_name: str) -> Mapping[str, str]:
        """Return label → property of a type; empty where it has none."""
        ...


class Aliases:
    """Other names → properties, per entity set. What cannot be known (no catalogue at hand) is `unknown`."""

    def __init__(
        self,
        recipe: Recipe,
        service: Service,
        own: Mapping[str, Mapping[str, str]],
        custom: CustomFields | None,
        problems: Collector,
    ) -> None:
        """`own` are the profile's. Every alias that leads nowhere is told."""
        self._service, self._custom, self._problems = service, custom, problems
        self._found: dict[str, dict[str, str]] = {name: dict(inner) for name, inner in own.items()}
        self.unknown: set[tuple[str, str]] = set()
        for name, rules in recipe.aliases.items():
            entity_set = service.model.sets.get(name)
            if entity_set is None:
                known = service.model.sets
                problems.add(
                    UnknownEntitySet(
                        place=recipe.alias_places[name],
                        found=name,
                        service=service.name,
                        near=nearest(name, known),
                    )
                )
                continue
            for alias, rule in rules.items():
                if alias not in self._found.get(name, {}):
                    self._take(name, entity_set.type, alias, rule)

    def property(self, entity_set: str, name: str) -> str:
        """Return the property that a name means on a set: itself, when it is no alias."""
        return self._found.get(entity_set, {}).get(name, name)

    def names(self, entity_set: str) -> Iterable[str]:
        """Return the aliases of a set."""
        return self._found.get(entity_set, {})

    def is_unknown(self, entity_set: str, name: str) -> bool:
        """Whether a name is an alias of which nobody can tell now what it means."""
        return (entity_set, name) in self.unknown

    def _take(self, entity_set: str, type_name: str, alias: str, rule: AliasRule) -> None:
        model = self._service.model
        known = [*model.properties_of(type_name), *model.navigation_of(type_name)]
        if alias in known:
            self._problems.add(AliasHides(place=rule.place, found=alias, owner=plain_name(type_name)))
            return
        target = rule.target if rule.label is None else self._labelled(entity_set, type_name, alias, rule)
        if target is None:
            return
        if target.partition("/")[0] not in known:
            self._problems.add(
                UnknownProperty(
                    place=rule.place, found=target, owner=plain_name(type_name), near=nearest(target, known)
                )
            )
        self._found.setdefault(entity_set, {})[alias] = target

    def _labelled(self, entity_set: str, type_name: str, alias: str, rule: AliasRule) -> str | None:
        label = rule.label or ""
        if self._custom is None:
            self.unknown.add((entity_set, alias))
            self._problems.add(CustomFieldUnread(place=rule.place, found=label, owner=plain_name(type_name)))
            return None
        labels = self._custom.labels(type_name)
        if label in labels:
            return labels[label]
        self._problems.add(
            CustomFieldUnknown(
                place=rule.place, found=label, owner=plain_name(type_name), near=nearest(label, labels)
            )
        )
        self.unknown.add((entity_set, alias))
        return None
