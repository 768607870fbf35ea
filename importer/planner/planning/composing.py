"""Decisions → actions with ids, keys, waves and bodies. Values become JSON: references keys, or the actions that make them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from importer.odata.edm import EdmValue, Model
from importer.odata.payload import encode
from importer.plan import Action, ActionReference, Change, JsonValue, Verb
from importer.planner.binding import Binding
from importer.planner.binding.bound import BLANKS, Asked, BoundProperty
from importer.planner.binding.lookups import created_by
from importer.planner.comparing import Difference, name_of, title_of
from importer.planner.deciding import Decision
from importer.planner.lookups import KeyRef, MadeEntity, MadeRef, RecordRef
from importer.planner.lookups.known import first_key
from importer.planner.mapping import Record
from importer.planner.ordering import Edge
from importer.planner.planning.arranging import Arrangement, recognised_by
from importer.problems import CellPlace
from importer.service import FetchedEntity


class Composer:
    """Composes the actions of one plan. `own` holds the keys proposed; `literal`: references hold them instead of actions."""

    def __init__(
        self,
        binding: Binding,
        model: Model,
        arrangement: Arrangement,
        own: Mapping[int, str],
        *,
        literal: bool,
    ) -> None:
        """Give every decision and every entity made by a lookup its number."""
        self._model, self._arrangement, self._own, self._literal = model, arrangement, own, literal
        self._known, self._decisions = arrangement.resolver.known, arrangement.decider.decisions
        self._ids = {
            id(item): number for number, item in enumerate([*self._decisions, *arrangement.made], start=1)
        }
        self._later: dict[int, set[str]] = {}
        for edge in arrangement.order.later:
            self._later.setdefault(edge.source, set()).add(edge.property)  # type: ignore[arg-type]
        self._left_out: dict[int, int] = {}
        self._labels = _labels(binding)

    def actions(self) -> list[Action]:
        """Return every action: of nodes, of entities made by lookups, the second writes of broken cycles, and of rows left out."""
        found = [self._action(decision) for decision in self._decisions]
        found.extend(map(self._made_action, self._arrangement.made))
        by_id = {id(decision): decision for decision in self._decisions}
        for edge in self._arrangement.order.later:
            found.append(self._second_write(edge, by_id[edge.source], len(found) + 1))  # type: ignore[index]
        for decision in self._decisions:
            # Rows that are left out though their entity goes on by other rows.
            told = decision.node.told
            for record in decision.node.records if len(told) < len(decision.node.records) else ():
                if not record.usable:
                    self._left_out[record.number] = len(found) + 1
                    found.append(_row_left_out(record, len(found) + 1))
        return found

    def action_of(self, decision: Decision, record: Record) -> int:
        """Return the number of the action that a row became; after `actions`."""
        return self._left_out.get(record.number, self._ids[id(decision)])

    def _action(self, decision: Decision) -> Action:
        node, record = decision.node, decision.node.first
        step, verb = record.step, decision.verb
        key = None
        if node.entity is not None:
            key = {name: encode(value) for name, value in node.entity.key.items()}
        action = Action(
            id=self._ids[id(decision)],
            step=step.name,
            set=step.to,
            type=step.type,
            verb=verb,
            title=title_of(record),
            key=key,
            places=tuple([item.place() for item in node.told]),
            reason=_reason(decision),
        )
        if verb is Verb.CREATE:
            return self._create(decision, action)
        if verb is Verb.UPDATE and node.entity is not None:
            return self._update(decision, node.entity, action)
        return action

    def _create(self, decision: Decision, action: Action) -> Action:
        later = self._later.get(id(decision), set())
        written = [item for item in decision.differences if item.field.bound.property.wire not in later]
        key, own = self._key(decision, written)
        return msgspec.structs.replace(
            action,
            key=key,
            own_key=own,
            wave=self._arrangement.wave(decision),
            changes=tuple(map(self._change, written)),
            body=self._body(written),
            search=tuple(self._searches(decision)),
        )

    def _update(self, decision: Decision, entity: FetchedEntity, action: Action) -> Action:
        written = decision.differences
        makers = [maker for item in written if (maker := self._arrangement.maker(item.after)) is not None]
        guarded = [*(item.field.bound.property for item in written), *self._found_by(decision)]
        return msgspec.structs.replace(
            action,
            wave=1 + max(map(self._arrangement.wave, makers), default=0),
            changes=tuple(map(self._change, written)),
            body=_whole(entity, self._body(written)),
            guard=_guard(entity, guarded),
            etag=entity.etag,
        )

    def _found_by(self, decision: Decision) -> Iterable[BoundProperty]:
        """Return the properties that found the entity: if they change, it is perhaps another entity that is meant."""
        for record in decision.node.usable:
            alternative = self._known.identities[record.number].alternative
            if alternative is not None:
                return [record.step.fields[n].property for n in record.step.alternatives[alternative]]
        return ()

    def _second_write(self, edge: Edge, decision: Decision, number: int) -> Action:
        difference = next(
            item for item in decision.differences if item.field.bound.property.wire == edge.property
        )
        record, made = decision.node.first, self._ids[id(decision)]
        key, own = self._key(decision, decision.differences)
        if key is None or own:
            key = {self._model.key_of(record.step.type)[0]: ActionReference(made).as_json()}
        waves = self._arrangement.order.waves
        return Action(
            id=number,
            step=record.step.name,
            set=record.step.to,
            type=record.step.type,
            verb=Verb.UPDATE,
            title=title_of(record),
            key=key,
            wave=1 + max(waves[edge.source], waves[edge.target]),
            places=(record.place(difference.field.position),),
            changes=(self._change(difference),),
            body=self._body([difference]),
            after=(made,),
        )

    def _made_action(self, made: MadeEntity) -> Action:
        lookup = made.lookup
        values: list[tuple[BoundProperty, object, str]] = [(created_by(lookup), made.text, "")]
        for where, wanted in zip(lookup.where, made.where, strict=True):
            if wanted is not None:
                values.append((where.property, wanted, where.lookup.set if where.lookup else ""))
        body: dict[str, JsonValue] = {}
        for bound, value, entity_set in values:
            self._put(body, bound, value, entity_set)
        own, names = self._own.get(id(made)), self._model.key_of(lookup.type)
        key: dict[str, JsonValue] | None = {names[0]: own} if own else None
        if own is None and names and all(name in body for name in names):
            key = {name: body[name] for name in names}
        return Action(
            id=self._ids[id(made)],
            step=made.step,
            set=lookup.set,
            type=lookup.type,
            verb=Verb.CREATE,
            title=str(made.text),
            key=key,
            own_key=own is not None,
            wave=self._arrangement.wave(made),
            places=tuple(dict.fromkeys(made.places)),
            changes=tuple(
                Change(property=bound.name, after=self._json(value), after_text=self._text(value))
                for bound, value, _ in values
            ),
            body=body,
            search=({name: value for name, value in body.items() if "@" not in name},),
            reason="on_missing: create",
        )

    def _key(
        self, decision: Decision, written: Iterable[Difference]
    ) -> tuple[Mapping[str, JsonValue] | None, bool]:
        """Return the key of a new entity, and whether we propose it."""
        names = self._model.key_of(decision.node.first.step.type)
        mapped = {item.field.bound.property.wire: item.after for item in written}
        if names and all(name in mapped for name in names):
            return {name: self._json(mapped[name]) for name in names}, False
        own = self._own.get(id(decision))
        return ({names[0]: own}, True) if own is not None else (None, False)

    def _searches(self, decision: Decision) -> Iterator[Mapping[str, JsonValue]]:
        """Yield the match values of a new entity, as the create stores them, for each alternative that is filled."""
        later = self._later.get(id(decision), ())
        for record, positions in recognised_by(decision, self._arrangement.resolver):
            found: dict[str, JsonValue] = {}
            for n in positions:
                bound = record.step.fields[n].property
                self._put(found, bound, None if bound.wire in later else self._stored(record, n), "")
            yield found

    def _stored(self, record: Record, position: int) -> object:
        value: object = record.values[position]
        if isinstance(value, Asked):
            value = self._known.references.get((record.number, position))
        return None if isinstance(value, BLANKS) else value

    def _body(self, written: Iterable[Difference]) -> dict[str, JsonValue]:
        body: dict[str, JsonValue] = {}
        for item in written:
            lookup = item.field.bound.lookup
            self._put(body, item.field.bound.property, item.after, lookup.set if lookup else "")
        return body

    def _put(self, body: dict[str, JsonValue], bound: BoundProperty, value: object, entity_set: str) -> None:
        if bound.bind:
            if value is not None:
                body[f"{bound.wire}@odata.bind"] = {"$bind": entity_set, "key": self._json(value)}
            return
        _nest(body, bound.path, self._json(value))

    def _change(self, difference: Difference) -> Change:
        return Change(
            property=difference.field.bound.property.name,
            before=encode(difference.before),
            after=self._json(difference.after),
            before_text=self._before_text(difference),
            after_text=self._text(difference.after),
        )

    def _json(self, value: object) -> JsonValue:
        """Return a value as it stands in the plan: references as keys, or as the action that makes them."""
        maker = self._arrangement.maker(value)
        if maker is not None:
            own = self._own.get(id(maker)) if self._literal else None
            return own if own is not None else ActionReference(self._ids[id(maker)]).as_json()
        if isinstance(value, KeyRef | RecordRef):
            entity = self._known.key_of(value)
            assert entity is not None  # noqa: S101 - else something makes it
            value = first_key(entity)
        written: JsonValue = encode(value)  # type: ignore[arg-type]
        return written

    def _text(self, value: object) -> str | None:
        """Return what people call a referenced entity."""
        if isinstance(value, MadeRef):
            return str(value.made.text)
        if isinstance(value, RecordRef):
            return name_of(value.record) or title_of(value.record)
        return self._name(value.set, value.entity.values) if isinstance(value, KeyRef) else None

    def _before_text(self, difference: Difference) -> str | None:
        lookup = difference.field.bound.lookup
        table = self._known.tables.get(lookup.set) if lookup is not None else None
        entity = (
            table.by_identity((difference.before,))
            if table is not None and difference.before is not None
            else None
        )
        return self._name(table.set, entity.values) if table is not None and entity is not None else None

    def _name(self, entity_set: str, values: Mapping[str, EdmValue]) -> str | None:
        found = (values.get(name) for name in ("name", "Name", *self._labels.get(entity_set, ())))
        return next((value for value in found if isinstance(value, str) and value), None)


def _guard(entity: FetchedEntity, properties: Iterable[BoundProperty]) -> dict[str, JsonValue]:
    """Return what properties hold now; of a complex value the whole, since it is sent whole."""
    return {bound.path[0]: encode(entity.values.get(bound.path[0])) for bound in properties}


def _whole(entity: FetchedEntity, body: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return the body with complex values made whole: some services merge them on PATCH, some replace them and lose the rest."""
    for name, changed in body.items():
        held = entity.values.get(name)
        if isinstance(changed, dict) and isinstance(held, Mapping):
            body[name] = _merged(encode(held), changed)
    return body


def _merged(held: JsonValue, changed: dict[str, JsonValue]) -> JsonValue:
    if not isinstance(held, dict):
        return changed
    merged = dict(held)
    for name, value in changed.items():
        merged[name] = _merged(held.get(name), value) if isinstance(value, dict) else value
    return merged


def _nest(body: dict[str, JsonValue], path: Sequence[str], value: JsonValue) -> None:
    *owners, last = path
    for owner in owners:
        inner = body.setdefault(owner, {})
        assert isinstance(inner, dict)  # noqa: S101 - a complex property holds nothing else
        body = inner
    body[last] = value


def _row_left_out(record: Record, number: int) -> Action:
    verb = Verb.BLOCKED if record.skipped is None else Verb.SKIPPED
    places: tuple[CellPlace, ...] = (record.place(),)
    return Action(
        id=number,
        step=record.step.name,
        set=record.step.to,
        type=record.step.type,
        verb=verb,
        title=title_of(record),
        places=places,
        reason=record.skipped or record.problems[0].code,
    )


def _reason(decision: Decision) -> str | None:
    records = decision.node.records
    if decision.verb is Verb.BLOCKED:
        return next(
            (record.problems[0].code for record in records if record.problems and record.skipped is None),
            None,
        )
    if decision.verb is Verb.SKIPPED:
        return next((record.skipped for record in records if record.skipped), None)
    if decision.verb is Verb.UNCHANGED and all(
        record.step.rule.mode == "create" for record in decision.node.told
    ):
        return "exists"
    return None


def _labels(binding: Binding) -> Mapping[str, tuple[str, ...]]:
    """Return by set the properties by which lookups find its entities."""
    found: dict[str, dict[str, None]] = {}
    for lookup in (item.lookup for step in binding.steps for item in step.fields if item.lookup is not None):
        found.setdefault(lookup.set, {}).update((by.wire, None) for by in lookup.by)
    return {name: tuple(wires) for name, wires in found.items()}
