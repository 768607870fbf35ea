"""The whole recipe, bound: this is what `check` does. Every problem is collected; nothing of the service's data is read."""

import contextlib
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from importer.odata.edm.writable import set_allows
from importer.planner.binding.bound import BoundField, BoundLookup, BoundProperty, BoundStep
from importer.planner.binding.columns import check_columns, needed
from importer.planner.binding.lookups import LookupBinder
from importer.planner.binding.problems import (
    LookupKeyElsewhere,
    NonNullableUnmapped,
    NotComparable,
    NotNullable,
    OutsideProject,
    ReadOnlySet,
    RequiredUnmapped,
    SamePropertyTwice,
    UnknownEntitySet,
)
from importer.planner.binding.properties import bind_property, key_properties, may_write, notes_on, plain_name
from importer.problems import Collector, ConfigurationError, Problem, RecipePlace, Severity, nearest
from importer.problems.problem import severity_of
from importer.recipe.normal import Constant, Field, Recipe, Step, TableRule
from importer.service import Service
from importer.sources import Table, TableSpec, open_table
from importer.sources.opening import files_of


@dataclass(frozen=True, slots=True)
class Binding:
    """A recipe bound to a service and files. With errors among `problems` its steps may be incomplete, and no plan is made."""

    recipe: Recipe
    steps: tuple[BoundStep, ...]
    problems: tuple[Problem, ...]
    files: tuple[tuple[Path, str], ...] = ()
    used: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def sound(self) -> bool:
        """Whether a plan can be made of it."""
        return not any(severity_of(problem) is Severity.ERROR for problem in self.problems)


def bind_recipe(
    recipe: Recipe, service: Service, *, files: tuple[Path, ...] = (), project: Path | None = None
) -> Binding:
    """Return the recipe bound to the service's metadata and the files' columns.

    `files` replace `source.file`; paths written in the recipe stay inside `project`. Raises nothing for a user's mistake: `problems` tell.
    """
    return _Binder(recipe, service, files, project or recipe.path.parent).binding()


class _Binder:
    def __init__(self, recipe: Recipe, service: Service, files: tuple[Path, ...], project: Path) -> None:
        self._recipe, self._service, self._files, self._project = recipe, service, files, project
        self._problems = Collector()
        self._lookups = LookupBinder(service, recipe.lookups, self._problems)
        self._used: dict[str, set[str]] = {}
        self._read: dict[tuple[Path, str], None] = {}

    def binding(self) -> Binding:
        for name, place in self._recipe.lookup_places.items():
            if name not in self._service.model.sets:
                self._unknown_set(name, place)
        tables = self._tables()
        steps = tuple(
            bound
            for position, rule in enumerate(self._recipe.steps)
            if (bound := self._step(position, rule, tables.get(position))) is not None
        )
        used = {name: tuple(sorted(properties)) for name, properties in self._used.items()}
        return Binding(self._recipe, steps, self._problems.problems, tuple(self._read), used)

    def _step(self, position: int, rule: Step, table: Table | None) -> BoundStep | None:
        service, place = self._service, rule.places.get("to", rule.place)
        entity_set = service.model.sets.get(rule.to)
        if entity_set is None:
            self._unknown_set(rule.to, place)
            return None
        self._check_set(rule)
        fields = [
            bound for item in rule.fields if (bound := self._field(rule, entity_set.type, item)) is not None
        ]
        self._check_required(rule, entity_set.type, fields)
        self._check_fields(rule, entity_set.type, fields)
        if table is not None:
            check_columns(rule, table, self._recipe, self._problems)
        names = {item.property.name: number for number, item in enumerate(fields)}
        if table is None or any(
            name not in names for alternative in rule.match.alternatives for name in alternative
        ):
            return None
        self._remember(rule.to, entity_set.type, fields)
        return BoundStep(
            position=position,
            rule=rule,
            to=rule.to,
            type=entity_set.type,
            table=table,
            fields=tuple(fields),
            alternatives=tuple(
                tuple(names[name] for name in alternative) for alternative in rule.match.alternatives
            ),
            key=key_properties(service, entity_set.type),
            enums={name: item.members for name, item in service.model.enums.items()},
            flags=frozenset(name for name, item in service.model.enums.items() if item.flags),
        )

    def _field(self, step: Step, type_name: str, rule: Field) -> BoundField | None:
        service = self._service
        found = bind_property(service, type_name, rule.property, rule.place)
        if isinstance(found, Problem):
            self._problems.add(found)
            return None
        self._problems.extend(notes_on(service, step.to, type_name, found, rule.place))
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
        owner, facts = plain_name(type_name), service.facts(rule.to, type_name)
        usual: list[str] = []
        for item in service.required(rule.to, type_name):
            if {item.property, facts[item.property].pair} & mapped:
                continue
            if item.certain:
                self._problems.add(RequiredUnmapped(place=rule.place, found=item.property, owner=owner))
            else:
                usual.append(item.property)
        if usual:
            self._problems.add(NonNullableUnmapped(place=rule.place, found=", ".join(usual), owner=owner))

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

    # Tables

    def _tables(self) -> Mapping[int, Table]:
        """Open each table once; the header of one that several steps read holds what all of them need."""
        groups: dict[Hashable, list[int]] = {}
        specs: dict[Hashable, TableSpec] = {}
        for position, step in enumerate(self._recipe.steps):
            spec = self._spec(step.table)
            if spec is not None:
                key: Hashable = (
                    spec.files,
                    spec.sheet,
                    spec.range,
                    spec.header,
                    spec.encoding,
                    spec.delimiter,
                    spec.blank,
                    spec.clean,
                    spec.hidden,
                )
                groups.setdefault(key, []).append(position)
                specs.setdefault(key, spec)
        found: dict[int, Table] = {}
        for reading, members in groups.items():
            steps = [self._recipe.steps[position] for position in members]
            read = files_of(specs[reading])
            if any(self._leads_out(path, shown, steps[0].table) for path, shown in read):
                continue
            try:
                table = open_table(specs[reading], needed(steps))
            except ConfigurationError as error:
                self._problems.extend(error.problems)
                continue
            self._read.update(dict.fromkeys(read))
            self._problems.extend(table.problems)
            found.update(dict.fromkeys(members, table))
        return found

    def _spec(self, rule: TableRule) -> TableSpec | None:
        files = self._paths(rule)
        if files is None:
            return None
        return TableSpec(
            files=tuple(path for path, _ in files),
            shown=tuple(shown for _, shown in files),
            sheet=rule.sheet,
            range=rule.range,
            header=rule.header,
            encoding=rule.encoding,
            delimiter=rule.delimiter,
            blank=rule.blank,
            clean=rule.clean,
            hidden=rule.hidden,
            place=rule.place,
            places=dict(rule.places),
        )

    def _paths(self, rule: TableRule) -> list[tuple[Path, str]] | None:
        if self._files:
            return [(path, str(path)) for path in self._files]
        folder = self._recipe.path.parent
        found = []
        for text in rule.file:
            path = folder / text
            if self._leads_out(path, text, rule):
                return None
            found.append((path, text))
        return found

    def _leads_out(self, path: Path, shown: str, rule: TableRule) -> bool:
        """Whether a path of the recipe lies outside the project; a link that a pattern finds may, too."""
        if self._files or self._inside(path):
            return False
        self._problems.add(OutsideProject(place=rule.places.get("file", rule.place), found=shown))
        return True

    def _inside(self, path: Path) -> bool:
        with contextlib.suppress(OSError):
            real = path.resolve()
            return real.is_relative_to(self._project.resolve()) or real.is_relative_to(
                self._recipe.path.parent.resolve()
            )
        return False

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
