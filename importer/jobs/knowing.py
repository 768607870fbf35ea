"""The JSON Schema of the language that also knows one service: its entity sets, their properties, where references lead.

It says no to nothing that `check` takes (recipe-language.md §14). What a recipe may name by itself, its aliases, is
therefore free: the properties of a set are closed only in recipes that name none for it and include no file.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

from importer.jobs.known_properties import KnownProperty, PropertiesOfService, Target
from importer.planner.binding.properties import plain_name
from importer.recipe.schema import recipe_schema
from importer.service import Service
from importer.text.translating import translate

Schema: TypeAlias = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_SENTENCES = ("description", "markdownDescription")
# How deep collections inside collections are told: People/Trips/PlanItems.
_CONTAINED = 3


def service_schema(service: Service, aliases: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Return the text of the schema, ending in a line feed. `aliases` are the profile's: entity set → other name → property."""
    schema = json.loads(recipe_schema())
    if service.model.sets:
        _Knowing(schema, service, aliases or {}).add()
    return _written(schema)


class _Knowing:
    """Adds what is known to the schema of the language, piece by piece under `$defs`."""

    def __init__(self, schema: Schema, service: Service, aliases: Mapping[str, Mapping[str, str]]) -> None:
        self._schema, self._service = schema, service
        self._properties = PropertiesOfService(service, aliases)
        self._defs: Schema = schema["$defs"]
        self._names: dict[tuple[str, ...], str] = {}
        self._waiting: list[tuple[str, Callable[[], Schema]]] = []

    def add(self) -> None:
        self._prepare()
        sets = self._service.model.sets
        targets = {name: tuple(self._targets(name)) for name in sets}
        contained = tuple(item for name in sets for item in self._contained(name))
        self._steps(targets, contained)
        self._defs["entity-set"] = _listed(sets, [self._properties.set_line(name) for name in sets])
        for model in ("lookup", "narrowing", "field"):
            keys = self._defs[model]["properties"]
            keys["in"] = {**_sentence(keys["in"]), **_ref("entity-set")}
        top = self._schema["properties"]
        top["lookups"].pop("additionalProperties")
        top["lookups"] |= {
            "properties": {name: {"allOf": [_ref("lookup"), self._finding(name)]} for name in sets},
            "additionalProperties": False,
        }
        alias = top["aliases"].pop("additionalProperties")
        top["aliases"] |= {
            "properties": dict.fromkeys(sets, alias),
            "additionalProperties": False,
        }
        self._schema["allOf"] = [self._closed(name, targets[name]) for name in sets]
        for name, content in self._waiting:
            self._defs[name] = content()

    def _prepare(self) -> None:
        """Give the rules names of their own, and take away what would be shown in place of a property's line."""
        step = self._defs["step"]["properties"]
        self._defs["rule"] = step["fields"].pop("additionalProperties")
        self._defs["value"] = {key: value for key, value in step["under"].items() if key == "anyOf"}
        for name in ("rule", "value"):
            for found in (self._defs[name], *self._defs[name]["anyOf"]):
                _silence(found)
        for name in ("lookup", "narrowing", "field"):
            _silence(self._defs[name])

    def _targets(self, entity_set: str) -> Iterator[Target]:
        """Yield what steps on a set make: its declared type, and each type that derives from it."""
        model = self._service.model
        declared = model.sets[entity_set].type
        yield Target(to=entity_set, type=declared)
        for name in model.derived_of(declared):
            yield Target(to=entity_set, type=name, derived=True)

    def _contained(self, entity_set: str) -> Iterator[Target]:
        """Yield the collections inside a set's entities: what the metadata contain, and what the dialect says travels with them."""
        model, dialect = self._service.model, self._service.dialect
        waiting = [(entity_set, model.sets[entity_set].type, 1)]
        for path, kind, depth in waiting:
            for name, item in model.navigation_of(kind).items():
                inner = f"{path}/{name}"
                if item.collection and (item.contains_target or dialect.is_nested(inner)):
                    yield Target(to=inner, type=item.type)
                    derived = model.derived_of(item.type)
                    yield from (Target(to=inner, type=other, derived=True) for other in derived)
                    if depth < _CONTAINED:
                        waiting.append((inner, item.type, depth + 1))

    def _steps(self, targets: Mapping[str, tuple[Target, ...]], contained: tuple[Target, ...]) -> None:
        """Say what `to` may be, and what each of it means for the other keys of the step."""
        step = self._defs["step"]
        sets = list(targets)
        inner = list(dict.fromkeys(item.to for item in contained))
        lines = [*map(self._properties.set_line, sets), *("" for _ in inner)]
        step["properties"]["to"] = {
            **_sentence(step["properties"]["to"]),
            "anyOf": [_listed([*sets, *inner], lines), {**_TEXT, "pattern": f"^({_any_of(sets)})/"}],
        }
        every = [item for group in targets.values() for item in group]
        known = {"properties": {"to": {"enum": [*sets, *inner]}}, "required": ["to"]}
        free = {"properties": {"fields": {"additionalProperties": _ref("rule")}}}
        step["allOf"] = [
            {"if": self._when(item), "then": self._meaning(item)} for item in (*every, *contained)
        ] + [{"if": known, "else": free}]

    def _when(self, target: Target) -> Schema:
        """Return the condition that a step makes this."""
        to: Schema = {"to": {"const": target.to}}
        if target.derived:
            return {"properties": to | {"type": _type_of((target.type,))}, "required": ["to", "type"]}
        if derived := self._service.model.derived_of(target.type):
            to["type"] = {"not": _type_of(derived)}
        return {"properties": to, "required": ["to"]}

    def _meaning(self, target: Target) -> Schema:
        """Return what a step that makes this may hold."""
        names = [item.name for item in self._properties.written(target)]
        head, inside, _ = target.to.partition("/")
        found: Schema = {
            "fields": self._fields(target),
            "match": self._of_names(("match", target.to, target.type), names, ("any",)),
        }
        if actions := self._properties.actions(target.type):
            call = {"anyOf": [{"enum": list(dict.fromkeys(actions))}, _TEXT]}
            found["then"] = {"items": {"properties": {"call": call}}}
        if inside:  # no recipe has other names for its properties
            found["fields"] = {"allOf": [found["fields"], self._only(target)]}
            found["under"] = self._narrowing(head)
        else:
            found["absent"] = {"properties": {"where": self._where(head), "set": self._where(head)}}
            kinds = [self._service.model.sets[head].type]
            kinds += self._service.model.derived_of(kinds[0])
            plain = list(dict.fromkeys(map(plain_name, kinds)))
            found["type"] = {"anyOf": [{"enum": plain}, _type_of(kinds)]}
        return {"properties": found}

    def _fields(self, target: Target) -> Schema:
        """Return `fields` of such a step: every property with its line and its rule; other names as the language has them."""

        def content() -> Schema:
            properties = {
                item.name: {"description": item.line, **self._rule(item)}
                for item in self._properties.written(target)
            }
            return {"properties": properties, "additionalProperties": _ref("rule")}

        kind = (target.type,) if target.derived else ()
        return self._named(("fields", target.to, *kind), content)

    def _closed(self, entity_set: str, targets: Iterable[Target]) -> Schema:
        """Return that a set's properties are the only ones, unless the recipe has other names for them."""
        rules = [
            {
                "if": self._when(item),
                "then": {"properties": {"fields": self._only(item)}},
            }
            for item in targets
        ]
        own = {"properties": {"aliases": {"required": [entity_set]}}, "required": ["aliases"]}
        return {
            "if": {"anyOf": [{"required": ["include"]}, own]},
            "else": {"properties": {"steps": {"items": {"allOf": rules}}}},
        }

    def _only(self, target: Target) -> Schema:
        found: Schema = {
            "properties": {item.name: True for item in self._properties.written(target)},
            "additionalProperties": False,
        }
        if self._service.model.is_open(target.type):
            # What an open type does not declare needs its type; editors of the Red Hat family show the message.
            words = translate("{type} declares no such property; one that is not declared needs its `type`")
            message = words.format(type=plain_name(target.type))
            found["additionalProperties"] = {
                "type": "object",
                "required": ["type"],
                "errorMessage": message,
            }
        if deeper := self._properties.deeper(target):
            found["patternProperties"] = {f"^({_any_of(deeper)})": True}
        return found

    def _rule(self, item: KnownProperty) -> Schema:
        if item.navigation and item.set is not None:
            return self._reference("rule", "field", item.set)
        return self._of_enum(item.enum) if item.enum is not None else _ref("rule")

    def _narrowing(self, entity_set: str | None) -> Schema:
        return _ref("value") if entity_set is None else self._reference("value", "narrowing", entity_set)

    def _reference(self, rule: str, model: str, entity_set: str) -> Schema:
        """Return a rule whose long form knows the set in which it searches."""

        def content() -> Schema:
            forms = [form for form in self._defs[rule]["anyOf"] if "$ref" not in form]
            return {"anyOf": [*forms, {"allOf": [_ref(model), self._finding(entity_set)]}]}

        return self._named((rule, entity_set), content)

    def _finding(self, entity_set: str) -> Schema:
        """Return the keys of a lookup that name properties of the set it searches."""

        def content() -> Schema:
            plain = [item.name for item in self._properties.compared(entity_set) if not item.navigation]
            return {
                "properties": {
                    "by": self._of_names(("by", entity_set), plain, ("initials",)),
                    "where": self._where(entity_set),
                    "create": self._fields(
                        Target(to=entity_set, type=self._service.model.sets[entity_set].type)
                    ),
                }
            }

        return self._named(("find", entity_set), content)

    def _where(self, entity_set: str) -> Schema:
        def content() -> Schema:
            properties = {
                item.name: {"description": item.line, **self._narrowing(item.set)}
                for item in self._properties.compared(entity_set)
            }
            return {"properties": properties}

        return self._named(("where", entity_set), content)

    def _of_names(self, key: tuple[str, ...], names: list[str], inside: tuple[str, ...]) -> Schema:
        """Return what offers names as a text, in a list, and under a key of a map; it forbids nothing."""

        def content() -> Schema:
            one: Schema = {"anyOf": [{"enum": names}, {}]} if names else {}
            several = {"anyOf": [one, {"type": "array", "items": one}]}
            maps = {name: {"anyOf": [one, {"type": "array", "items": several}]} for name in inside}
            return {"anyOf": [one, {"type": "array", "items": one}, {"type": "object", "properties": maps}]}

        return self._named(key, content)

    def _of_enum(self, name: str) -> Schema:
        """Return a rule that offers the members of an enumeration wherever a constant may stand."""

        def content() -> Schema:
            members = list(self._service.model.enums[name].members)
            if not members:
                return _ref("rule")
            constants = {"enum": [f'="{member}"' for member in members]}
            values = {"anyOf": [{"enum": members}, {}]}
            table = {"anyOf": [_TEXT, {"type": "object", "additionalProperties": values}]}
            offered = {"properties": {"value": {"anyOf": [constants, {}]}, "default": values, "map": table}}
            forms = [form for form in self._defs["rule"]["anyOf"] if "$ref" not in form]
            return {"anyOf": [constants, *forms, {"allOf": [_ref("field"), offered]}]}

        return self._named(("enum", name), content)

    def _named(self, key: tuple[str, ...], content: Callable[[], Schema]) -> Schema:
        """Return the reference to a definition, which is made once; names of a service may hold anything."""
        name = self._names.get(key)
        if name is None:
            name = re.sub(r"[^A-Za-z0-9_.-]", "-", ".".join(key))
            while name in self._defs:
                name += "-"
            self._names[key] = name
            # Made later: sets lead to sets in circles, and in chains longer than a stack.
            self._defs[name] = {}
            self._waiting.append((name, content))
        return _ref(name)


def _written(schema: Schema) -> str:
    """Return a schema with one definition on each line: two fifths smaller than with every value on its own."""

    def lines(found: Schema) -> str:
        return ",\n".join(
            f"{json.dumps(key, ensure_ascii=False)}: {compact(value)}" for key, value in found.items()
        )

    def compact(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    head = {key: value for key, value in schema.items() if key != "$defs"}
    return f'{{\n{lines(head)},\n"$defs": {{\n{lines(schema["$defs"])}\n}}}}\n'


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _sentence(found: Schema) -> Schema:
    return {key: found[key] for key in _SENTENCES if key in found}


def _silence(found: Schema) -> None:
    for key in _SENTENCES:
        found.pop(key, None)


def _listed(names: Iterable[str], lines: list[str]) -> Schema:
    return {"enum": list(names), **({"enumDescriptions": lines} if any(lines) else {})}


def _any_of(names: Iterable[str]) -> str:
    return "|".join(_escaped(name) for name in names)


def _type_of(names: Iterable[str]) -> Schema:
    """Return a type's name with or without a namespace."""
    return {**_TEXT, "pattern": rf"^(.*\.)?({_any_of(dict.fromkeys(map(plain_name, names)))})$"}


@cache
def _escaped(name: str) -> str:
    """Return a name in a pattern that editors read (ECMA 262: no needless backslashes)."""
    return re.sub(r"([\\^$.*+?()\[\]{}|/])", r"\\\1", name)
