"""`aliases`: human names of properties, per entity set; a profile's win over the recipe's (recipe-language.md §3).

`{custom: label}` asks a catalogue of custom fields, where the service has one and it could be read.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

from importer.planner.binding.problems import (
    AliasHides,
    CustomFieldAmbiguous,
    CustomFieldUnknown,
    CustomFieldUnread,
    NoCatalogue,
    UnknownEntitySet,
    UnknownProperty,
)
from importer.planner.binding.properties import plain_name
from importer.problems import Collector, Place, Problem, nearest
from importer.recipe.normal import AliasRule, Recipe
from importer.service import Service
from importer.text.folding import fold


class CustomFields(Protocol):
    """A service's catalogue of custom fields: per entity type (full name) the labels people gave to properties."""

    def labels(self, type_name: str) -> Mapping[str, tuple[str, ...]]:
        """Return label → properties of a type; empty where it has none, several where one label is given twice."""
        ...


class Aliases:
    """Other names → properties, per entity set."""

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
        # Labels that the dialect gives, per set and alias; nobody asked for them yet.
        self._labels: dict[str, dict[str, str]] = {}
        self._unknown: dict[tuple[str, str], Problem] = {}
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
        self._take_those_of_dialect({name: frozenset(rules) for name, rules in recipe.aliases.items()})

    def property(self, entity_set: str, name: str, place: Place | None = None) -> str:
        """Return the property that a name, written at `place`, means on a set: itself, when it is no alias."""
        found = self._found.get(entity_set, {})
        label = self._labels.get(entity_set, {}).get(name)
        if label is not None and name not in found:
            # The catalogue is asked for labels of the dialect only where a recipe uses them.
            kind = self._service.model.sets[entity_set].type
            target = self._labelled(entity_set, kind, name, label, place)
            if target is not None:
                found = self._found.setdefault(entity_set, {})
                found[name] = target
        return found.get(name, name)

    def names(self, entity_set: str) -> Iterable[str]:
        """Return the aliases of a set."""
        return (*self._found.get(entity_set, {}), *self._labels.get(entity_set, {}))

    def unknown(self, entity_set: str, name: str) -> Problem | None:
        """Return why nobody can tell what a name means, told already; None where it is no alias of a label, or a known one."""
        return self._unknown.get((entity_set, name))

    def _take(self, entity_set: str, type_name: str, alias: str, rule: AliasRule) -> None:
        model = self._service.model
        known = [*model.properties_of(type_name), *model.navigation_of(type_name)]
        if alias in known:
            self._problems.add(AliasHides(place=rule.place, found=alias, owner=plain_name(type_name)))
            return
        target = rule.target
        if rule.label is not None:
            target = self._labelled(entity_set, type_name, alias, rule.label, rule.place)
        if target is None:
            return
        if target.partition("/")[0] not in known:
            self._problems.add(
                UnknownProperty(
                    place=rule.place, found=target, owner=plain_name(type_name), near=nearest(target, known)
                )
            )
        self._found.setdefault(entity_set, {})[alias] = target

    def _take_those_of_dialect(self, said: Mapping[str, frozenset[str]]) -> None:
        """Take the names that neither the profile nor the recipe gives, and that are no properties; of sets that are there."""
        model = self._service.model
        for name, aliases in self._service.dialect.aliases.items():
            if name not in model.sets:
                continue
            kind = model.sets[name].type
            for alias, target in aliases.items():
                known = alias in model.properties_of(kind) or alias in model.navigation_of(kind)
                if known or alias in said.get(name, ()) or alias in self._found.get(name, {}):
                    continue
                if isinstance(target, str):
                    self._found.setdefault(name, {})[alias] = target
                else:
                    self._labels.setdefault(name, {})[alias] = target.custom

    def _labelled(
        self, entity_set: str, type_name: str, alias: str, label: str, place: Place | None
    ) -> str | None:
        """Return the property of a label: an exact label wins over one that differs in case, spaces or ё/е."""
        if (entity_set, alias) in self._unknown:
            return None
        owner = plain_name(type_name)
        labels = self._custom.labels(type_name) if self._custom is not None else {}
        alike = (properties for name, properties in labels.items() if fold(name) == fold(label))
        found = labels.get(label) or tuple(dict.fromkeys(item for some in alike for item in some))
        if len(found) == 1:
            return found[0]
        problem: Problem
        if self._custom is None and self._service.cached:
            problem = CustomFieldUnread(place=place, found=label, owner=owner)
        elif self._custom is None:
            problem = NoCatalogue(place=place, found=label, owner=owner)
        elif found:
            told = ", ".join(found)
            problem = CustomFieldAmbiguous(place=place, found=label, owner=owner, expected=told)
        else:
            problem = CustomFieldUnknown(place=place, found=label, owner=owner, near=nearest(label, labels))
        self._unknown[entity_set, alias] = problem
        self._problems.add(problem)
        return None
