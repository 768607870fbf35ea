"""The whole recipe, bound: this is what `check` does. Every problem is collected; nothing of the service's data is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from importer.documents import in_order
from importer.odata.edm.primitives import INTEGERS
from importer.odata.edm.writable import set_allows
from importer.planner.binding.aliases import Aliases, CustomFields
from importer.planner.binding.bound import BoundField, BoundLookup, BoundProperty, BoundStep
from importer.planner.binding.calls import CallBinder
from importer.planner.binding.columns import asked_by, asked_of_others, check_columns
from importer.planner.binding.lookups import LookupBinder
from importer.planner.binding.problems import (
    CollectionKeyElsewhere,
    FormatElsewhere,
    LookupKeyElsewhere,
    NonNullableUnmapped,
    NotComparable,
    NotNullable,
    ReadOnlySet,
    RequiredUnmapped,
    SamePropertyTwice,
    TypeDeclared,
    UnknownEntitySet,
    UnknownProperty,
)
from importer.planner.binding.properties import bind_property, key_properties, may_write, notes_on, plain_name
from importer.planner.binding.tables import TableOpener
from importer.planner.binding.targets import Target, find_target
from importer.problems import Collector, Problem, RecipePlace, Severity, nearest
from importer.problems.problem import severity_of
from importer.recipe.expressions.patterns import date_pattern, number_pattern
from importer.recipe.normal import Constant, Field, Recipe, Step
from importer.recipe.unplanned import NotPlannedYet
from importer.service import Service
from importer.sources import Table

_DATES = frozenset({"Edm.Date", "Edm.DateTimeOffset"})
_NUMBERS = frozenset({*INTEGERS, "Edm.Decimal", "Edm.Double", "Edm.Single"})


@dataclass(frozen=True, slots=True)
class Binding:
    """A recipe bound to a service and files. With errors among `problems` its steps may be incomplete, and no plan is made.

    unplanned: what is bound and no plan carries out yet; it stops a plan, and nothing else.
    """

    recipe: Recipe
    steps: tuple[BoundStep, ...]
    problems: tuple[Problem, ...]
    files: tuple[tuple[Path, str], ...] = ()
    used: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unplanned: tuple[Problem, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether a plan can be made of it."""
        return not any(severity_of(problem) is Severity.ERROR for problem in self.problems)


def bind_recipe(
    recipe: Recipe,
    service: Service,
    *,
    files: tuple[Path, ...] = (),
    project: Path | None = None,
    aliases: Mapping[str, Mapping[str, str]] | None = None,
    custom: CustomFields | None = None,
) -> Binding:
    """Return the recipe bound to the service's metadata and the files' columns.

    `files` replace `source.file`; paths written in the recipe stay inside `project`. aliases: the profile's, which win.
    custom: the service's catalogue of custom fields, None where it is not at hand. Raises nothing for a user's mistake:
    `problems` tell.
    """
    return _Binder(
        recipe, service, files, project or recipe.path.parent, aliases=aliases or {}, custom=custom
    ).binding()


class _Binder:
    def __init__(
        self,
        recipe: Recipe,
        service: Service,
        files: tuple[Path, ...],
        project: Path,
        *,
        aliases: Mapping[str, Mapping[str, str]],
        custom: CustomFields | None,
    ) -> None:
        self._recipe, self._service = recipe, service
        self._problems = Collector()
        self._aliases = Aliases(recipe, service, aliases, custom, self._problems)
        self._lookups = LookupBinder(service, recipe, self._aliases, self._problems)
        self._calls = CallBinder(service, self._lookups, self._problems)
        self._tables = TableOpener(recipe, files, project, self._problems)
        self._used: dict[str, set[str]] = {}
        self._unplanned: list[Problem] = []

    def binding(self) -> Binding:
        self._problems.extend(self._recipe.warnings)
        for name, place in self._recipe.lookup_places.items():
            if name not in self._service.model.sets:
                self._unknown_set(name, place)
        asked = asked_of_others(self._recipe)
        tables = self._tables.open(asked)
        for position, table in tables.items():
            wanted = asked.get(self._recipe.steps[position].name, ())
            check_columns(wanted, table, self._recipe, self._problems)
        steps = tuple(
            bound
            for position, rule in enumerate(self._recipe.steps)
            if (bound := self._step(position, rule, tables.get(position))) is not None
        )
        self._check_mask()
        used = {name: tuple(sorted(properties)) for name, properties in self._used.items()}
        problems = tuple(dict.fromkeys(self._problems.problems))
        unplanned = in_order((*self._recipe.unplanned, *self._unplanned))
        return Binding(self._recipe, steps, problems, tuple(self._tables.read), used, unplanned)

    def _step(self, position: int, rule: Step, table: Table | None) -> BoundStep | None:
        service = self._service
        target = find_target(service, rule)
        if isinstance(target, Problem):
            self._problems.add(target)
            return None
        self._check_set(rule)
        fields = [bound for item in rule.fields if (bound := self._field(rule, target, item)) is not None]
        self._check_required(rule, target.type, fields)
        self._check_fields(rule, target.type, fields)
        under = self._under(rule, target)
        calls = self._calls.calls(rule, rule.to, target.type)
        absent = self._calls.absent(rule, rule.to, target.type)
        if table is not None:
            check_columns(asked_by(rule), table, self._recipe, self._problems)
        names = {item.rule.property: number for number, item in enumerate(fields)}
        if table is None or any(
            name not in names for alternative in rule.match.alternatives for name in alternative
        ):
            return None
        self._remember(rule.to, target.type, fields)
        return BoundStep(
            position=position,
            rule=rule,
            to=rule.to,
            type=target.type,
            table=table,
            under=under,
            calls=calls,
            absent=absent,
            fields=tuple(fields),
            alternatives=tuple(
                tuple(names[name] for name in alternative) for alternative in rule.match.alternatives
            ),
            key=key_properties(service, target.type),
            enums={name: item.members for name, item in service.model.enums.items()},
            flags=frozenset(name for name, item in service.model.enums.items() if item.flags),
        )

    def _under(self, step: Step, target: Target) -> BoundLookup | None:
        if step.under is None or target.owner is None:
            return None
        owner = self._service.model.sets[target.owner]
        wanted = BoundProperty(name=target.owner, wire="", type="", target_type=owner.type)
        lookup = step.under.lookup
        if lookup.in_ is None:
            lookup = msgspec.structs.replace(lookup, in_=target.owner)
        return self._lookups.bind(target.owner, owner.type, wanted, lookup, step.under.place)

    def _property(self, step: Step, type_name: str, rule: Field) -> BoundProperty | None:
        """Return what a field writes, under the name that the recipe says."""
        name = self._aliases.property(step.to, rule.property, rule.place)
        if self._aliases.unknown(step.to, rule.property) is not None:
            self._unplanned.append(NotPlannedYet(place=rule.place, found=rule.property))
            return None
        found = bind_property(self._service, type_name, name, rule.place, several=True, dynamic=rule.type)
        if isinstance(found, Problem):
            if isinstance(found, UnknownProperty) and (aliases := [*self._aliases.names(step.to)]):
                found = replace(found, near=found.near or nearest(rule.property, aliases))
            self._problems.add(found)
            return None
        declared = self._service.model.property_at(type_name, name) is not None
        if rule.type is not None and (declared or found.target_type is not None):
            self._problems.add(TypeDeclared(place=rule.places["type"], found=rule.property))
        return found if name == rule.property or found.target_type else replace(found, name=rule.property)

    def _check_kind(self, rule: Field, found: BoundProperty) -> None:
        """Find keys that do not go with what is written: collections, patterns."""
        if found.collection:
            if "collection" not in rule.places:
                self._unplanned.append(NotPlannedYet(place=rule.place, found=rule.property))
        else:
            for key in ("split", "collection"):
                if key in rule.places:
                    self._problems.add(
                        CollectionKeyElsewhere(place=rule.places[key], found=key, property=rule.property)
                    )
        if rule.format is None:
            return
        dates = found.type in _DATES and date_pattern(rule.format) is not None
        numbers = found.type in _NUMBERS and number_pattern(rule.format) is not None
        if not dates and not numbers:
            self._problems.add(
                FormatElsewhere(
                    place=rule.places["format"],
                    found=rule.format,
                    property=rule.property,
                    expected=found.type or plain_name(found.target_type or ""),
                )
            )

    def _check_mask(self) -> None:
        model = self._service.model
        types = {step.to: find_target(self._service, step) for step in self._recipe.steps}
        for text, place in self._recipe.mask:
            head, slash, name = text.partition("/")
            if slash and head in model.sets:
                owners = {head: model.sets[head].type}
            elif slash and not self._is_complex(head, types.values()):
                self._unknown_set(head, place)
                continue
            else:
                name = text
                owners = {to: found.type for to, found in types.items() if isinstance(found, Target)}
            known: list[str] = []
            for entity_set, kind in owners.items():
                known += [
                    *model.properties_of(kind),
                    *model.navigation_of(kind),
                    *self._aliases.names(entity_set),
                ]
            if owners and name.partition("/")[0] not in known:
                owner = ", ".join(plain_name(kind) for kind in dict.fromkeys(owners.values()))
                self._problems.add(
                    UnknownProperty(place=place, found=name, owner=owner, near=nearest(name, known))
                )

    def _is_complex(self, name: str, targets: Iterable[Target | Problem]) -> bool:
        model = self._service.model
        return any(name in model.properties_of(item.type) for item in targets if isinstance(item, Target))

    def _field(self, step: Step, target: Target, rule: Field) -> BoundField | None:
        service, type_name = self._service, target.type
        found = self._property(step, type_name, rule)
        if found is None:
            return None
        self._problems.extend(notes_on(service, step.to, type_name, found, rule.place))
        self._check_kind(rule, found)
        lookup = None
        if found.target_type is not None:
            lookup = self._lookups.bind(step.to, type_name, found, rule.lookup, rule.place)
            if lookup is None:
                return None
        else:
            self._check_lookup_keys(rule, type_name)
        on_create, on_update, _ = may_write(service, step.to, type_name, found)
        return BoundField(
            property=found,
            rule=rule,
            lookup=lookup,
            update=self._policy(step, rule),
            exact=rule.lookup.compare == "exact",
            required=self._is_required(step.to, type_name, found),
            writable_on_create=on_create,
            writable_on_update=on_update,
        )

    def _policy(self, step: Step, rule: Field) -> str:
        """Return when the field changes an existing entity: what found it is left as it is, unless said otherwise (§5, match)."""
        if rule.update is not None:
            return rule.update
        return (
            "never-found"
            if any(rule.property in alternative for alternative in step.match.alternatives)
            else "always"
        )

    def _is_required(self, entity_set: str, type_name: str, found: BoundProperty) -> bool:
        facts = self._service.facts(entity_set, type_name)
        return any(facts[name].required for name in {found.name, found.wire} & facts.keys())

    def _check_set(self, rule: Step) -> None:
        place = rule.places.get("to", rule.place)
        if rule.mode != "update" and not set_allows(self._service.model, rule.to, "Insertable"):
            self._problems.add(ReadOnlySet(place=place, found=rule.to, expected="insertable"))
        elif rule.mode != "create" and not set_allows(self._service.model, rule.to, "Updatable"):
            self._problems.add(ReadOnlySet(place=place, found=rule.to, expected="updatable"))

    def _check_required(self, rule: Step, type_name: str, fields: list[BoundField]) -> None:
        if rule.mode == "update":
            return
        service = self._service
        # A field that could not be bound is told already; its property counts as mapped.
        mapped = {item.property.path[0] for item in fields} | {item.property for item in rule.fields}
        mapped |= {item.property.name for item in fields}
        mapped |= {self._aliases.property(rule.to, item.property) for item in rule.fields}
        owner, facts = plain_name(type_name), service.facts(rule.to, type_name)
        place = rule.places.get("fields", rule.place)
        usual: list[str] = []
        for item in service.required(rule.to, type_name):
            if {item.property, facts[item.property].pair} & mapped:
                continue
            if item.certain:
                self._problems.add(RequiredUnmapped(place=place, found=item.property, owner=owner))
            else:
                usual.append(item.property)
        if usual:
            self._problems.add(NonNullableUnmapped(place=place, found=", ".join(usual), owner=owner))

    def _check_fields(self, rule: Step, type_name: str, fields: list[BoundField]) -> None:
        """Find fields that write one property, that clear what takes no null, and matches that nothing can be recognised by."""
        matched = {name for alternative in rule.match.alternatives for name in alternative}
        seen: dict[str, BoundField] = {}
        for item in fields:
            name, place = item.property.name, item.rule.place
            other = seen.setdefault(item.property.wire, item)
            if other is not item:
                self._problems.add(SamePropertyTwice(place=place, found=name, expected=other.property.name))
            clears = isinstance(item.rule.origin, Constant) and item.rule.origin.clear
            if not item.property.nullable and (clears or item.rule.on_blank == "clear"):
                self._problems.add(
                    NotNullable(place=place, found="=none" if clears else "on_blank: clear", property=name)
                )
            if item.property.bind and name in matched:
                self._problems.add(
                    NotComparable(
                        place=rule.match.places.get(name, place), found=name, owner=plain_name(type_name)
                    )
                )

    def _check_lookup_keys(self, rule: Field, type_name: str) -> None:
        navigation = [
            name for name, item in self._service.model.navigation_of(type_name).items() if not item.collection
        ]
        for key in rule.lookup.said:
            if key != "compare":
                place = rule.lookup.places.get(key) or rule.place
                self._problems.add(
                    LookupKeyElsewhere(
                        place=place,
                        found=key,
                        property=rule.property,
                        near=nearest(rule.property, navigation),
                    )
                )

    def _unknown_set(self, name: str, place: RecipePlace) -> None:
        known = self._service.model.sets
        self._problems.add(
            UnknownEntitySet(place=place, found=name, service=self._service.name, near=nearest(name, known))
        )

    # What is used of the metadata

    def _remember(self, entity_set: str, type_name: str, fields: Iterable[BoundField]) -> None:
        used = self._used.setdefault(entity_set, set())
        for item in fields:
            used.update((item.property.path[0], item.property.name.partition("/")[0]))
            if item.lookup is not None:
                self._remember_lookup(item.lookup)
        used.update(self._service.model.key_of(type_name))

    def _remember_lookup(self, lookup: BoundLookup) -> None:
        used = self._used.setdefault(lookup.set, set())
        used.update(item.path[0] for item in lookup.by)
        for where in lookup.where:
            used.update((where.property.path[0], where.property.name))
            if where.lookup is not None:
                self._remember_lookup(where.lookup)
