"""Node against entity → what would change, by the policy of each field (recipe-language.md §6.2, §6.6)."""

from collections.abc import Iterator
from typing import ClassVar

import msgspec

from importer.odata.edm import EdmValue, equal
from importer.planner.binding.bound import Asked, Blank, BoundField, Clear
from importer.planner.lookups import KeyRef, MadeRef, RecordRef, Reference, Resolver
from importer.planner.lookups.index import UNREAD, read_path, value_key
from importer.planner.lookups.known import first_key
from importer.planner.lookups.resolving import shown
from importer.planner.mapping import Record
from importer.planner.merging import MergedField, Node, Value
from importer.problems import Problem, Severity
from importer.service import FetchedEntity


class BlankRequired(Problem):
    """Something is needed to create, and the cell is blank."""

    code: ClassVar[str] = "blank-required"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "{property} is required to create and the cell is blank."
    hint: ClassVar[str] = "Fill the cell, or give a `default`"

    property: str


class SpellingKept(Problem):
    """The entity was found in spite of another spelling, which stays."""

    code: ClassVar[str] = "spelling-kept"
    severity: ClassVar[Severity] = Severity.NOTE
    text: ClassVar[str] = '{property} stays "{expected}" on the service; the file says "{found}".'
    hint: ClassVar[str] = "To correct it write `update: always`"

    property: str


class Difference(msgspec.Struct, frozen=True):
    """One property that will be written. `after` is an EDM value or a reference; None is null."""

    field: MergedField
    before: EdmValue
    after: "EdmValue | Reference"


def creation(node: Node, resolver: Resolver) -> Iterator[Difference | Problem]:
    """Yield what a new entity gets, and what it lacks: `default` comes first where a cell is blank, then `on_blank`."""
    for merged in node.fields:
        value = _created(merged, resolver)
        if value is _NOTHING:
            # A default that could not be looked up has told so.
            if merged.bound.required and merged.record.usable:
                name = merged.bound.property.name
                yield BlankRequired(
                    place=merged.record.place(merged.position), step=merged.record.step.name, property=name
                )
        elif merged.bound.writable_on_create:
            yield Difference(merged, None, value)  # type: ignore[arg-type]


def says_nothing_new(record: Record, found: FetchedEntity, resolver: Resolver) -> bool:
    """Whether everything the record would write stands on the service already: the usual row of a second run.

    Told without uniting rows; where it says no, `changes` finds out what, and by which policy.
    """
    step, stored, values = record.step, found.values, record.values
    if len(step.at) < len(step.fields):
        return False  # two fields of one property must agree first
    for position, name, bound in step.changing:
        value = values[position]
        before = stored.get(name) if name else read_path(stored, bound.property.path)
        if value == before:
            continue
        if isinstance(value, Asked):
            reference = resolver.reference(record, position)
            entity = reference.entity if type(reference) is KeyRef else resolver.known.key_of(reference)
            if entity is None or not _same(before, first_key(entity), bound):
                return False
        elif isinstance(value, Blank):
            if before is not None and value.there and bound.rule.on_blank == "clear":
                return False
        elif isinstance(value, Clear) or not _same(before, value, bound):
            return False
    return True


def changes(node: Node, resolver: Resolver) -> Iterator[Difference | Problem]:
    """Yield what differs from the entity of the service. No difference means: no request."""
    entity = node.entity
    if entity is None:
        return
    for merged in node.fields:
        bound = merged.bound
        if bound.property.bind or not bound.writable_on_update:
            continue
        before = read_path(entity.values, bound.property.path)
        after = _updated(merged)
        if after is _NOTHING:
            continue
        if _unchanged(before, after, merged, resolver):
            continue
        policy = resolver.known.policy(merged.record, merged.position)
        if _only_spelled(merged, before, after):
            yield from _kept(merged, before, after)
        elif policy == "never":
            continue
        elif policy == "always" or before in (None, ""):
            yield Difference(merged, before, after)  # type: ignore[arg-type]


class _Nothing:
    """No value: the property is not sent."""


_NOTHING = _Nothing()


def _created(merged: MergedField, resolver: Resolver) -> object:
    value: Value = merged.value
    if isinstance(value, Blank):
        default = merged.record.defaults.get(merged.position)
        if isinstance(default, Asked):
            reference = resolver.reference(merged.record, merged.position, default)
            return _NOTHING if reference is None or isinstance(reference, Blank) else reference
        if default is not None and not isinstance(default, Blank):
            return None if isinstance(default, Clear) else default
        clears = value.there and merged.bound.rule.on_blank == "clear" and not merged.bound.required
        return None if clears and merged.bound.property.nullable else _NOTHING
    if isinstance(value, Clear):
        return None if not merged.bound.required else _NOTHING
    return value


def _updated(merged: MergedField) -> object:
    value = merged.value
    if isinstance(value, Clear):
        return None
    if isinstance(value, Blank):
        return None if value.there and merged.bound.rule.on_blank == "clear" else _NOTHING
    return value


def _unchanged(before: EdmValue, after: object, merged: MergedField, resolver: Resolver) -> bool:
    if isinstance(after, KeyRef | RecordRef | MadeRef):
        entity = resolver.known.key_of(after)
        return entity is not None and equal(before, first_key(entity))
    return _same(before, after, merged.bound)  # type: ignore[arg-type]


def _same(before: EdmValue, after: EdmValue, bound: BoundField) -> bool:
    scale = bound.property.scale
    return equal(before, after, scale=scale if isinstance(scale, int) else None)


def _only_spelled(merged: MergedField, before: EdmValue, after: object) -> bool:
    """Whether what entities are recognised by is only spelled another way on the service.

    Also where another alternative of `match` found the entity: which one does changes from run to run.
    """
    if merged.bound.update != "never-found" or not isinstance(before, str) or not isinstance(after, str):
        return False
    return value_key(before, exact=merged.bound.exact) == value_key(after, exact=merged.bound.exact)


def _kept(merged: MergedField, before: EdmValue, after: object) -> Iterator[Problem]:
    """Yield a note that a spelling stays."""
    place, name = merged.record.place(merged.position), merged.bound.property.name
    yield SpellingKept(
        place=place, step=merged.record.step.name, found=str(after), expected=str(before), property=name
    )


def title_of(record: Record) -> str:
    """Return what people call the entity of a record: its match values, and its name where that is none of them."""
    name, values = name_of(record), record.values
    for alternative in record.step.alternatives:
        texts = [shown(values[position]) for position in alternative]
        if any(texts):
            if name and name not in texts:
                texts.append(name)
            return " · ".join(filter(None, texts))
    return name or ""


def name_of(record: Record) -> str | None:
    """Return the value of the record's property `name`, if it fills one."""
    for position in record.step.naming:
        value = record.values[position]
        if not isinstance(value, UNREAD) and value is not None:
            return str(value)
    return None
