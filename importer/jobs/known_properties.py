"""What of a type's properties a recipe may name, each with one line for the person who writes it."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from importer.jobs.describing import Describer
from importer.odata.edm.pairing import pair_of
from importer.planner.binding.bound import BoundProperty
from importer.planner.binding.properties import bind_property, may_write
from importer.results.describe import DescribedNavigation, DescribedProperty, DescribedType
from importer.service import Service
from importer.text.translating import translate

# How deep paths into complex properties are told; deeper ones are allowed and not offered.
_DEPTH = 3
# Of an enumeration this many members are told in its line.
_MEMBERS = 12


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What a step makes: entities of `type`, of the set or contained collection `to`. derived: `type` must be said."""

    to: str
    type: str
    derived: bool = False


class KnownProperty(msgspec.Struct, frozen=True, kw_only=True):
    """A name under `fields`, `where` or `by`. set: where a navigation leads. enum: the full name of its enumeration."""

    name: str
    line: str
    navigation: bool = False
    set: str | None = None
    enum: str | None = None


class PropertiesOfService:
    """Tells the properties of a service's types; `aliases` are the profile's: entity set → other name → property."""

    def __init__(self, service: Service, aliases: Mapping[str, Mapping[str, str]]) -> None:
        """Keep the service."""
        self._service, self._aliases = service, aliases
        self._describer = Describer(service.model, service.dialect, service.dialect.labels_of)
        self._described: dict[tuple[str, str], DescribedType] = {}
        self._parts: dict[tuple[str, str], dict[str, DescribedProperty | DescribedNavigation]] = {}
        self._pairs: dict[str, Mapping[str, str]] = {}
        self._written: dict[Target, tuple[KnownProperty, ...]] = {}
        self._compared: dict[str, tuple[KnownProperty, ...]] = {}

    def written(self, target: Target) -> tuple[KnownProperty, ...]:
        """Return what `fields` of such a step may name: what `check` would take there."""
        if (kept := self._written.get(target)) is not None:
            return kept
        service = self._service
        found = []
        for name, owner in self._names(target):
            bound = bind_property(service, target.type, name, None, several=True)
            if isinstance(bound, BoundProperty) and any(
                may_write(service, target.to, target.type, bound)[:2]
            ):
                found.append(self._known(target, name, owner, bound))
        self._written[target] = self._with_aliases(target, found)
        return self._written[target]

    def compared(self, entity_set: str) -> tuple[KnownProperty, ...]:
        """Return what finds an entity of a set: what `where` may name; `by` takes of these what is no navigation."""
        if (kept := self._compared.get(entity_set)) is not None:
            return kept
        service = self._service
        target = Target(to=entity_set, type=service.model.sets[entity_set].type)
        found = []
        for name, owner in self._names(target):
            bound = bind_property(service, target.type, name, None)
            if isinstance(bound, BoundProperty) and not bound.bind:
                found.append(self._known(target, name, owner, bound))
        self._compared[entity_set] = self._with_aliases(target, found)
        return self._compared[entity_set]

    def deeper(self, target: Target) -> tuple[str, ...]:
        """Return the paths that lead deeper than what is told."""
        return tuple(f"{name}/" for name, _ in self._names(target, cut=True))

    def set_line(self, entity_set: str) -> str:
        """Return what a set is."""
        found = self._type(entity_set, self._service.model.sets[entity_set].type)
        titles = dict.fromkeys(self._service.dialect.title_of(entity_set).values())
        closed = translate("cannot be written") if {"create", "update"} <= {*found.forbidden} else ""
        return _joined(" / ".join(titles), found.description, closed)

    def actions(self, type_name: str) -> tuple[str, ...]:
        """Return the bound actions of a type."""
        return self._type("", type_name).actions

    def _names(self, target: Target, *, cut: bool = False) -> Iterator[tuple[str, str]]:
        """Yield (path, type that owns its last step); with `cut` only the complex properties too deep to be told."""
        waiting = [("", target.type, 1)]
        for prefix, owner, depth in waiting:
            for name, declared in self._service.model.properties_of(owner).items():
                inner = declared.type in self._service.model.types and not declared.collection
                if not inner and not cut:
                    yield prefix + name, owner
                elif inner and depth < _DEPTH:
                    waiting.append((f"{prefix}{name}/", declared.type, depth + 1))
                elif inner and cut:
                    yield prefix + name, owner
            for name in self._service.model.navigation_of(owner) if not cut else ():
                yield prefix + name, owner

    def _known(self, target: Target, name: str, owner: str, bound: BoundProperty) -> KnownProperty:
        part = self._part(target.to if owner == target.type else "", owner, name.rpartition("/")[2])
        enum = bound.type if bound.type in self._service.model.enums and bound.target_type is None else None
        leads = self._leads(target, bound) if bound.target_type is not None else None
        if isinstance(part, DescribedProperty):
            kind = _kind(part)
        else:
            kind = leads or part.target
            kind = translate("several of {set}").format(set=kind) if bound.collection else kind
        return KnownProperty(
            name=name,
            line=_joined(
                kind,
                self._needed(target, name),
                self._key_of(owner, part.name) if isinstance(part, DescribedProperty) else "",
                " / ".join(part.labels),
                part.description,
            ),
            navigation=bound.target_type is not None,
            set=leads,
            enum=enum,
        )

    def _needed(self, target: Target, name: str) -> str:
        facts = self._service.facts(target.to, target.type).get(name)
        if facts is None:
            return ""
        words = [translate("required to create")] if facts.required else []
        if facts.immutable or (facts.on_create and not facts.on_update):
            words.append(translate("only when it is created"))
        return ", ".join(words)

    def _key_of(self, owner: str, name: str) -> str:
        """Return, of a key that pairs with a navigation, that the navigation finds it by a name."""
        if owner not in self._pairs:
            navigation = self._service.model.navigation_of(owner)
            self._pairs[owner] = {
                pair: found
                for found, declared in navigation.items()
                if (pair := pair_of(self._service.model, owner, declared)) is not None
            }
        found = self._pairs[owner].get(name)
        return translate("a key; {navigation} finds it by a name").format(navigation=found) if found else ""

    def _leads(self, target: Target, bound: BoundProperty) -> str | None:
        """Return the set in which a lookup searches when the recipe does not say it."""
        model = self._service.model
        path = "/" in bound.name
        found = None if path else model.target_set(target.to, bound.name, target.type)
        if found in model.sets:
            return found
        holding = [
            name for name, item in model.sets.items() if model.is_a(item.type, bound.target_type or "")
        ]
        return holding[0] if len(holding) == 1 else None

    def _with_aliases(self, target: Target, found: Sequence[KnownProperty]) -> tuple[KnownProperty, ...]:
        known = {item.name: item for item in found}
        for alias, name in self._aliases.get(target.to, {}).items():
            if name in known and alias not in known:
                item = known[name]
                known[alias] = msgspec.structs.replace(item, name=alias, line=_joined(name, item.line))
        return tuple(known.values())

    def _part(self, to: str, type_name: str, name: str) -> DescribedProperty | DescribedNavigation:
        parts: dict[str, DescribedProperty | DescribedNavigation] | None = self._parts.get((to, type_name))
        if parts is None:
            found = self._type(to, type_name)
            parts = {}
            parts.update((item.name, item) for item in found.properties)
            parts.update((item.name, item) for item in found.navigation)
            self._parts[to, type_name] = parts
        return parts[name]

    def _type(self, to: str, type_name: str) -> DescribedType:
        found = self._described.get((to, type_name))
        if found is None:
            entity_set = self._service.model.sets.get(to)
            whole = entity_set is not None and entity_set.type == type_name
            parts = self._describer.sets(to) if whole else self._describer.types(type_name)
            found = self._described[to, type_name] = parts[0]
        return found


def _kind(part: DescribedProperty) -> str:
    """Return a type as people write it: String(50), Decimal(18, 4), an enumeration with its members."""
    plain = part.type.replace("Edm.", "")
    if part.members:
        more = " …" if len(part.members) > _MEMBERS else ""
        return f"{plain}: {', '.join(part.members[:_MEMBERS])}{more}"
    if part.max_length:
        return f"{plain}({part.max_length})"
    if part.precision and "Decimal" in plain:
        return f"{plain}({part.precision}, {part.scale or 0})"
    return plain


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)
