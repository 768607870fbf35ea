"""Which recipes of a project use what changed in the metadata, and where they do."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import msgspec

from importer.odata.edm import Model
from importer.odata.edm.pairing import pair_of
from importer.problems import ConfigurationError, FilePlace, Place, Problem, RecipePlace, Severity
from importer.recipe import read_recipe
from importer.recipe.normal import Field, LookupRule, Recipe
from importer.service.changes import Change, Kind, Subject, concerns

# Where no recipe of a person's is.
_SKIPPED = frozenset({"node_modules", "__pycache__"})
_MOST_FILES = 5_000
_RECIPE = re.compile(rb"^\xef\xbb\xbf?\s*recipe\s*:|^recipe\s*:", re.MULTILINE)
# By what entities are looked up where nobody says.
_DEFAULT_BY = ("name",)


class RecipeUnread(Problem):
    """A recipe that cannot be looked through."""

    code: ClassVar[str] = "recipe-unread"
    severity: ClassVar[Severity] = Severity.WARNING
    text: ClassVar[str] = "{found} cannot be read, so nobody knows whether it uses what changed: {expected}"
    hint: ClassVar[str] = "Run `importer check` on it"


class Use(msgspec.Struct, frozen=True):
    """A recipe names something of the service: a set as a whole, or properties of a type (a navigation and its pair are one use)."""

    place: RecipePlace
    set: str = ""
    type: str = ""
    names: frozenset[str] = frozenset()
    writes: bool = False


def recipes_of(folder: Path, service: str | None) -> tuple[list[Recipe], list[Problem]]:
    """Return the recipes below a folder that are for a service, or for any; and a warning for each that cannot be read."""
    found, problems = [], []
    for path in _documents(folder):
        try:
            recipe = read_recipe(path, str(path))
        except ConfigurationError as error:
            first = error.problems[0]
            place: Place = getattr(first, "place", None) or FilePlace(str(path))
            problems.append(RecipeUnread(place=place, found=str(path), expected=first.message()))
            continue
        if service is None or recipe.service in (None, service):
            found.append(recipe)
    return found, problems  # type: ignore[return-value]


def uses_of(recipe: Recipe, before: Model, after: Model) -> tuple[Use, ...]:
    """Return what a recipe names of the service, in the order of the file; sets that are gone are known from `before`."""
    found: list[Use] = []
    for step in recipe.steps:
        model = before if step.to in before.sets else after
        place = step.places.get("to", step.place)
        kind = model.sets[step.to].type if step.to in model.sets else ""
        found.append(Use(place, step.to, kind, writes=True))
        for item in step.fields:
            found.extend(_Reader(model, recipe.lookups).field(step.to, kind, item))
    for name, rule in recipe.lookups.items():
        model = before if name in before.sets else after
        found.extend(_Reader(model, {}).target(name, rule, recipe.lookup_places.get(name, rule.place)))
    return tuple(dict.fromkeys(found))


def touched(change: Change, uses: Iterable[Use], before: Model, after: Model) -> tuple[RecipePlace, ...]:
    """Return the places of the uses that a change touches."""
    places = (use.place for use in uses if _touches(change, use, before) or _touches(change, use, after))
    return tuple(dict.fromkeys(places))


def _touches(change: Change, use: Use, model: Model) -> bool:
    subject, name = change.subject, change.name
    if subject is Subject.SET or change.kind is Kind.REQUIRED:
        return use.writes and not use.names and use.set == (change.owner or name)
    if subject is Subject.NAVIGATION and change.kind is Kind.TARGET:
        return use.set == change.owner and name.rpartition("/")[2] in use.names
    if subject in (Subject.PROPERTY, Subject.NAVIGATION):
        return name in use.names and concerns(change, model, use.type)
    if subject in (Subject.ENUM, Subject.MEMBER):
        return change.owner in _types(use, model) or name in _types(use, model)
    if subject is Subject.TYPE:
        return (not use.names and model.is_a(use.type, name)) or name in _types(use, model)
    return False


def _types(use: Use, model: Model) -> set[str]:
    """Return the types of the properties that a use names."""
    properties = model.properties_of(use.type)
    return {properties[name].type for name in use.names if name in properties}


class _Reader:
    """Reads what fields and lookups name; `defaults` are the recipe's own `lookups`."""

    def __init__(self, model: Model, defaults: Mapping[str, LookupRule]) -> None:
        self._model, self._defaults = model, defaults

    def field(self, entity_set: str, kind: str, item: Field) -> Iterator[Use]:
        yield from self._path(entity_set, kind, item.property, item.place)
        if item.property not in self._model.navigation_of(kind) and item.lookup.in_ is None:
            return
        target = item.lookup.in_ or self._model.target_set(entity_set, item.property)
        if target is not None:
            rule = item.lookup.over(self._defaults.get(target))
            yield from self.target(target, rule, item.place, by=rule.by or _DEFAULT_BY)

    def target(
        self, name: str, rule: LookupRule, place: RecipePlace | None, *, by: tuple[str, ...] = ()
    ) -> Iterator[Use]:
        """Yield what a lookup in a set names: the set, the properties looked up by, the narrowings."""
        place = place or rule.place
        if place is None:
            return
        kind = self._model.sets[name].type if name in self._model.sets else ""
        yield Use(rule.places.get("in", place), name, kind)
        for item in rule.by or by:
            yield from self._path(name, kind, item, rule.places.get("by", place))
        for narrowing in (rule.where or {}).values():
            yield from self.field(name, kind, narrowing)

    def _path(self, entity_set: str, kind: str, path: str, place: RecipePlace) -> Iterator[Use]:
        model = self._model
        for name in path.split("/"):
            navigation = model.navigation_of(kind).get(name)
            pair = pair_of(model, kind, navigation) if navigation else None
            yield Use(place, entity_set, kind, frozenset({name, pair} if pair else {name}))
            declared = model.properties_of(kind).get(name)
            kind = declared.type if declared else navigation.type if navigation else ""
            entity_set = ""


def _documents(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder that begin like a recipe, hidden folders left out."""
    count = 0
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED)
        for name in sorted(files):
            if not name.endswith((".yaml", ".yml")):
                continue
            count += 1
            if count > _MOST_FILES:
                return
            path = Path(root, name)
            if _is_recipe(path):
                yield path


def _is_recipe(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return _RECIPE.search(stream.read(2**16)) is not None
    except OSError:
        return False
