"""What changed between two `$metadata` documents of one service, as values: what an importer would notice, and nothing else.

A service without versions moves its fields from one day to the next (timetta.md §6): this says which. Types are compared as they
are declared, so a change in a base type is told once; whom it concerns is the question of `changes.concerns`.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import TypeVar

from importer.odata.edm import Model
from importer.odata.edm.operations import Operation
from importer.odata.edm.pairing import pair_of
from importer.odata.edm.properties import NavigationProperty, Property
from importer.odata.edm.types import EnumType, StructuredType
from importer.odata.edm.writable import required_on_create, set_allows, writability
from importer.service.changes import About, Change, Kind, Subject, as_text
from importer.service.resembling import renamings

Thing = TypeVar("Thing")


def changes(before: Model, after: Model) -> tuple[Change, ...]:
    """Return what changed, sets first, then types with what is in them, enumerations and operations."""
    return (
        *_sets(before, after),
        *_singletons(before, after),
        *_types(before, after),
        *_enums(before, after),
        *_operations(before, after),
    )


def _sets(before: Model, after: Model) -> Iterator[Change]:
    yield from _come_and_gone(Subject.SET, before.sets, after.sets, lambda item: item.type)
    for name in _both(before.sets, after.sets):
        old, new = before.sets[name], after.sets[name]
        yield from About(Subject.SET, name).differ(Kind.TYPE, old.type, new.type)
        for word, kind in (
            ("Insertable", Kind.ON_CREATE),
            ("Updatable", Kind.ON_UPDATE),
            ("Deletable", Kind.ON_DELETE),
        ):
            allowed, allows = set_allows(before, name, word), set_allows(after, name, word)
            yield from About(Subject.SET, name).differ(kind, allowed, allows, breaking=not allows)
        for path in _both(old.bindings, new.bindings):
            yield from About(Subject.NAVIGATION, path, name).differ(
                Kind.TARGET, old.bindings[path], new.bindings[path]
            )
        yield from _required(before, after, name)


def _required(before: Model, after: Model, name: str) -> Iterator[Change]:
    """Yield what became needed, or no longer is, to make an entity of a set."""
    needed, needs = (
        {item.property for item in required_on_create(model, name, model.sets[name].type) if item.certain}
        for model in (before, after)
    )
    known = before.properties_of(before.sets[name].type)
    for item in sorted(needed ^ needs):
        if item in needs or item in after.properties_of(after.sets[name].type):
            yield Change(
                subject=Subject.PROPERTY,
                kind=Kind.REQUIRED,
                name=item,
                owner=name,
                before=as_text(item in needed) if item in known else None,
                after=as_text(item in needs),
                breaking=item in needs,
            )


def _singletons(before: Model, after: Model) -> Iterator[Change]:
    yield from _come_and_gone(Subject.SINGLETON, before.singletons, after.singletons, lambda item: item.type)
    for name in _both(before.singletons, after.singletons):
        old, new = before.singletons[name], after.singletons[name]
        yield from About(Subject.SINGLETON, name).differ(Kind.TYPE, old.type, new.type)


def _types(before: Model, after: Model) -> Iterator[Change]:
    yield from _come_and_gone(Subject.TYPE, before.types, after.types, _shape, lonely=False)
    for name in _both(before.types, after.types):
        old, new = before.types[name], after.types[name]
        yield from About(Subject.TYPE, name).differ(Kind.BASE, old.base, new.base)
        yield from About(Subject.TYPE, name).differ(
            Kind.KEY, ", ".join(old.key) or None, ", ".join(new.key) or None
        )
        yield from About(Subject.TYPE, name).differ(
            Kind.ABSTRACT, old.abstract, new.abstract, breaking=new.abstract
        )
        yield from About(Subject.TYPE, name).differ(Kind.OPEN, old.open, new.open, breaking=not new.open)
        yield from _properties(before, after, name)
        yield from _navigation(before, after, name)


def _shape(item: StructuredType) -> frozenset[str]:
    return frozenset((*item.properties, *item.navigation))


def _properties(before: Model, after: Model, owner: str) -> Iterator[Change]:
    old = _own(before.types[owner].properties, after.properties_of(owner), after.types[owner].properties)
    new = _own(after.types[owner].properties, before.properties_of(owner), before.types[owner].properties)
    yield from _come_and_gone(
        Subject.PROPERTY, old, new, lambda item: (item.type, item.collection), owner=owner
    )
    for name in _both(old, new):
        yield from _property(old[name], new[name], owner)
        was, now = (writability(model, "", owner, name) for model in (before, after))
        for kind, may, might in (
            (Kind.ON_CREATE, was.on_create, now.on_create),
            (Kind.ON_UPDATE, was.on_update, now.on_update),
        ):
            yield from About(Subject.PROPERTY, name, owner).differ(kind, may, might, breaking=not might)


def _own(
    declared: Mapping[str, Thing], elsewhere: Mapping[str, object], there: Mapping[str, object]
) -> dict[str, Thing]:
    """Return what a type declares, without what the other document only declares in a base of it: that has not gone anywhere."""
    return {name: item for name, item in declared.items() if name in there or name not in elsewhere}


def _property(old: Property, new: Property, owner: str) -> Iterator[Change]:
    def differ(kind: Kind, one: object, other: object, *, breaking: bool = True) -> Iterator[Change]:
        return About(Subject.PROPERTY, new.name, owner).differ(kind, one, other, breaking=breaking)

    yield from differ(Kind.TYPE, _type_text(old), _type_text(new))
    yield from differ(Kind.NULLABLE, old.nullable, new.nullable, breaking=not new.nullable)
    for kind, one, other in (
        (Kind.MAX_LENGTH, old.max_length, new.max_length),
        (Kind.PRECISION, old.precision, new.precision),
        (Kind.SCALE, old.scale, new.scale),
    ):
        yield from differ(kind, one, other, breaking=_narrower(one, other))
    yield from differ(Kind.DEFAULT, old.default, new.default, breaking=new.default is None)


def _navigation(before: Model, after: Model, owner: str) -> Iterator[Change]:
    old = _own(before.types[owner].navigation, after.navigation_of(owner), after.types[owner].navigation)
    new = _own(after.types[owner].navigation, before.navigation_of(owner), before.types[owner].navigation)
    yield from _come_and_gone(
        Subject.NAVIGATION, old, new, lambda item: (item.type, item.collection), owner=owner
    )
    for name in _both(old, new):
        yield from About(Subject.NAVIGATION, name, owner).differ(
            Kind.TYPE, _type_text(old[name]), _type_text(new[name])
        )
        yield from About(Subject.NAVIGATION, name, owner).differ(
            Kind.PAIR,
            pair_of(before, owner, old[name]),
            pair_of(after, owner, new[name]),
        )


def _enums(before: Model, after: Model) -> Iterator[Change]:
    yield from _come_and_gone(
        Subject.ENUM, before.enums, after.enums, lambda item: frozenset(item.members), lonely=False
    )
    for name in _both(before.enums, after.enums):
        yield from _members(before.enums[name], after.enums[name])
    for name in _both(before.definitions, after.definitions):
        old, new = before.definitions[name], after.definitions[name]
        yield from About(Subject.TYPE, name).differ(Kind.TYPE, old.underlying, new.underlying)
        for kind, one, other in (
            (Kind.MAX_LENGTH, old.max_length, new.max_length),
            (Kind.PRECISION, old.precision, new.precision),
            (Kind.SCALE, old.scale, new.scale),
        ):
            yield from About(Subject.TYPE, name).differ(kind, one, other, breaking=_narrower(one, other))


def _members(old: EnumType, new: EnumType) -> Iterator[Change]:
    yield from _come_and_gone(
        Subject.MEMBER, old.members, new.members, lambda value: value, owner=new.name, lonely=True
    )
    for name in _both(old.members, new.members):
        yield from About(Subject.MEMBER, name, new.name).differ(
            Kind.VALUE, old.members[name], new.members[name], breaking=False
        )
    yield from About(Subject.ENUM, new.name).differ(Kind.TYPE, old.underlying, new.underlying, breaking=False)


def _operations(before: Model, after: Model) -> Iterator[Change]:
    for subject in (Subject.ACTION, Subject.FUNCTION):
        old, new = (_overloads(model, action=subject is Subject.ACTION) for model in (before, after))
        yield from _come_and_gone(subject, old, new, lambda item: item)
        for name in _both(old, new):
            yield from About(subject, name).differ(Kind.SIGNATURE, old[name], new[name])


def _overloads(model: Model, *, action: bool) -> Mapping[str, str]:
    """Return the operations by name, bound ones with the type that they are bound to; of each what it takes and gives."""
    found: dict[str, list[str]] = {}
    for item in model.operations:
        if item.action is action:
            bound = f"{item.parameters[0].type}/" if item.bound and item.parameters else ""
            found.setdefault(bound + item.name.rpartition(".")[2], []).append(_signature(item))
    return {name: " | ".join(sorted(texts)) for name, texts in found.items()}


def _signature(item: Operation) -> str:
    takes = ", ".join(
        f"{parameter.name}: {_collection(parameter.type, many=parameter.collection)}"
        for parameter in item.parameters[1 if item.bound else 0 :]
    )
    gives = _collection(item.returns, many=item.returns_collection) if item.returns else ""
    return f"({takes})" + (f" → {gives}" if gives else "")


def _come_and_gone(
    subject: Subject,
    before: Mapping[str, Thing],
    after: Mapping[str, Thing],
    kind: Callable[[Thing], Hashable],
    *,
    owner: str = "",
    lonely: bool = True,
) -> Iterator[Change]:
    gone = {name: item for name, item in before.items() if name not in after}
    come = {name: item for name, item in after.items() if name not in before}
    paired = renamings(gone, come, kind, lonely=lonely)
    for pair in paired:
        yield Change(
            subject=subject,
            kind=Kind.RENAMED,
            name=pair.before,
            owner=owner,
            before=pair.before,
            after=pair.after,
            breaking=True,
            score=pair.score,
        )
    olds, news = {pair.before for pair in paired}, {pair.after for pair in paired}
    for name, item in gone.items():
        if name not in olds:
            yield Change(
                subject=subject,
                kind=Kind.REMOVED,
                name=name,
                owner=owner,
                before=_said_of(item),
                breaking=True,
            )
    for name, item in come.items():
        if name not in news:
            yield Change(subject=subject, kind=Kind.ADDED, name=name, owner=owner, after=_said_of(item))


def _said_of(item: object) -> str | None:
    """Return what is told of a thing that came or went, besides its name."""
    if isinstance(item, Property | NavigationProperty):
        return _type_text(item)
    if isinstance(item, str | int):
        return str(item)
    declared = getattr(item, "type", None)
    return declared if isinstance(declared, str) else None


def _both(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    return [name for name in before if name in after]


def _narrower(old: int | str | None, new: int | str | None) -> bool:
    """Whether a facet allows less: None and words ("variable") are no limit."""
    return isinstance(new, int) and (not isinstance(old, int) or new < old)


def _type_text(item: Property | NavigationProperty) -> str:
    return _collection(item.type, many=item.collection)


def _collection(name: str, *, many: bool) -> str:
    return f"Collection({name})" if many else name
