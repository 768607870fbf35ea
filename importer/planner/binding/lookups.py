"""Lookup rules → bound lookups: which set, which properties, which narrowings (recipe-language.md §6.4)."""

import dataclasses
from collections.abc import Mapping

from importer.planner.binding.aliases import Aliases
from importer.planner.binding.bound import BoundLookup, BoundProperty, BoundWhere
from importer.planner.binding.problems import (
    LookupDefaultUnknown,
    LookupSetUnknown,
    NotComparable,
    RequiredOfCreated,
    RowOfWithoutColumn,
    UnknownEntitySet,
    UnknownProperty,
)
from importer.planner.binding.properties import bind_property, plain_name
from importer.problems import Collector, Place, Problem, nearest
from importer.recipe.normal import Field, LookupRule, Recipe
from importer.service import Service

_ALTERNATE_KEYS = "Org.OData.Core.V1.AlternateKeys"
_MAX_DEPTH = 5


class LookupBinder:
    """Binds lookups of one recipe; `defaults` are its top-level `lookups`."""

    def __init__(self, service: Service, recipe: Recipe, aliases: Aliases, problems: Collector) -> None:
        """Keep what every lookup needs."""
        self._service, self._defaults, self._problems = service, recipe.lookups, problems
        self._aliases = aliases
        self._sets = {step.name: step.to for step in recipe.steps}

    def bind(
        self,
        source_set: str,
        source_type: str,
        target: BoundProperty,
        rule: LookupRule,
        place: Place,
        *,
        depth: int = 0,
    ) -> BoundLookup | None:
        """Return the bound lookup of a navigation property, or None when a problem was found."""
        entity_set = self._set(source_set, source_type, target, rule, place)
        if entity_set is None:
            return None
        merged = rule.over(self._defaults.get(entity_set))
        kind = self._service.model.sets[entity_set].type
        by = self._by(entity_set, kind, merged, place) if merged.row_of is None else self._rows(merged)
        where = self.narrowings(entity_set, kind, merged.where or {}, depth)
        create = self.narrowings(entity_set, kind, merged.create or {}, depth)
        if by is None or where is None or create is None:
            return None
        found = BoundLookup(
            set=entity_set,
            type=kind,
            by=by,
            where=where,
            exact=merged.compare == "exact",
            on_missing=merged.on_missing or "error",
            on_ambiguous=merged.on_ambiguous or "error",
            row_of=merged.row_of,
            columns=(merged.by or ()) if merged.row_of is not None else (),
            initials=merged.initials,
            create=create,
        )
        if found.on_missing == "create":
            self._check_created(found, merged.places.get("on_missing") or place)
        return found

    def _rows(self, rule: LookupRule) -> tuple[BoundProperty, ...] | None:
        """Return no property: rows of a step are found by columns, which must be named."""
        if rule.by:
            return ()
        place = rule.places.get("row_of", rule.place)
        self._problems.add(RowOfWithoutColumn(place=place, found=rule.row_of))
        return None

    def _set(
        self, source_set: str, source_type: str, target: BoundProperty, rule: LookupRule, place: Place
    ) -> str | None:
        model = self._service.model
        if rule.row_of is not None and rule.in_ is None and self._sets.get(rule.row_of) in model.sets:
            return self._sets[rule.row_of]
        if rule.in_ is not None:
            if rule.in_ in model.sets:
                return rule.in_
            where = rule.places.get("in") or place
            self._problems.add(
                UnknownEntitySet(
                    place=where,
                    found=rule.in_,
                    service=self._service.name,
                    near=nearest(rule.in_, model.sets),
                )
            )
            return None
        found = model.target_set(source_set, target.name, source_type) if "/" not in target.name else None
        if found is not None and found in model.sets:
            return found
        holding = [
            name
            for name, item in model.sets.items()
            if target.target_type and model.is_a(item.type, target.target_type)
        ]
        if len(holding) == 1:
            return holding[0]
        self._problems.add(
            LookupSetUnknown(place=place, found=target.name, expected=", ".join(holding or model.sets)[:200])
        )
        return None

    def _by(
        self, entity_set: str, kind: str, rule: LookupRule, place: Place
    ) -> tuple[BoundProperty, ...] | None:
        names = rule.by or self._default_by(entity_set, kind)
        if not names:
            self._problems.add(LookupDefaultUnknown(place=place, found=entity_set))
            return None
        where = rule.places.get("by") or place
        found = [self.property(entity_set, kind, name, where) for name in names]
        self._problems.extend(item for item in found if isinstance(item, Problem))
        bound = tuple(item for item in found if isinstance(item, BoundProperty) and item.target_type is None)
        for item in found:
            if isinstance(item, BoundProperty) and item.target_type is not None:
                self._problems.add(
                    UnknownProperty(
                        place=where,
                        found=item.name,
                        owner=plain_name(kind),
                        near=nearest(item.wire, [item.wire]),
                    )
                )
        return bound if len(bound) == len(names) else None

    def _default_by(self, entity_set: str, kind: str) -> tuple[str, ...]:
        model = self._service.model
        annotations = (
            *model.sets[entity_set].annotations,
            *(note for declared in model.lineage(kind) for note in declared.annotations),
        )
        for annotation in annotations:
            if annotation.term == _ALTERNATE_KEYS and isinstance(annotation.value, tuple):
                for entry in annotation.value:
                    names = _alternate(entry)
                    if len(names) == 1:
                        return names
        names_of = model.properties_of(kind)
        return next(((name,) for name in ("name", "Name") if name in names_of), ())

    def property(self, entity_set: str, kind: str, name: str, place: Place | None) -> BoundProperty | Problem:
        """Return the property of a set's entities that a name or an alias means, or what is wrong with it."""
        target = self._aliases.property(entity_set, name, place)
        if (unknown := self._aliases.unknown(entity_set, name)) is not None:
            return unknown
        found = bind_property(self._service, kind, target, place)
        if target != name and isinstance(found, BoundProperty) and found.target_type is None:
            return dataclasses.replace(found, name=name)
        return found

    def narrowings(
        self, entity_set: str, kind: str, rules: Mapping[str, Field], depth: int = 0
    ) -> tuple[BoundWhere, ...] | None:
        """Return rules of properties of a set's entities bound, or None when a problem was found."""
        bound = []
        for name, inner in rules.items():
            found = self.property(entity_set, kind, name, inner.place)
            if isinstance(found, Problem):
                self._problems.add(found)
                return None
            if found.bind:
                self._problems.add(NotComparable(place=inner.place, found=name, owner=plain_name(kind)))
                return None
            lookup = (
                self._inner(entity_set, kind, found, inner, depth) if found.target_type is not None else None
            )
            if found.target_type is not None and lookup is None:
                return None
            bound.append(BoundWhere(property=found, rule=inner, lookup=lookup))
        return tuple(bound)

    def _inner(
        self, entity_set: str, kind: str, found: BoundProperty, rule: Field, depth: int
    ) -> BoundLookup | None:
        if depth >= _MAX_DEPTH:
            return None
        return self.bind(entity_set, kind, found, rule.lookup, rule.place, depth=depth + 1)

    def _check_created(self, lookup: BoundLookup, place: Place) -> None:
        """A created entity has its text and what `where` says; everything else it needs is missing."""
        service = self._service
        if lookup.row_of is not None:
            return
        given = (*lookup.where, *lookup.create)
        have = {created_by(lookup).wire, *(item.property.wire for item in given)}
        facts = service.facts(lookup.set, lookup.type)
        needed = {
            facts[item.property].pair or item.property
            for item in service.required(lookup.set, lookup.type)
            if item.certain
        }
        for name in sorted(needed - have):
            self._problems.add(RequiredOfCreated(place=place, found=name, owner=plain_name(lookup.type)))


def created_by(lookup: BoundLookup) -> BoundProperty:
    """Return the property that holds the text of an entity made by `on_missing: create`: `name` if it is among `by`, else the first."""
    return next((item for item in lookup.by if item.name.lower() == "name"), lookup.by[0])


def _alternate(entry: object) -> tuple[str, ...]:
    keys = entry.get("Key") if isinstance(entry, dict) else None
    if not isinstance(keys, tuple):
        return ()
    return tuple(str(item.get("Name")) for item in keys if isinstance(item, dict))
