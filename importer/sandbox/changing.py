"""POST, PATCH, PUT and DELETE of entities, and actions: keys, defaults, rules; committed before the answer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from importer.sandbox.addresses import Address, key_of
from importer.sandbox.bodies import read_object, read_values, stated_type
from importer.sandbox.keys import choose_key, makes_keys, new_key
from importer.sandbox.reading import Reading
from importer.sandbox.refusals import Refused, business, not_found, plain
from importer.sandbox.replies import LOST, Reply
from importer.sandbox.rules import Call, Change
from importer.sandbox.site import Site
from importer.sandbox.store import Entity
from importer.sandbox.typed import INTEGERS, Value, Values, empty_value, moment
from importer.sandbox.written import written


class Changing:
    """Carries out writes, one at a time."""

    def __init__(self, site: Site, reading: Reading) -> None:
        """Change a service; `reading` shows what was written."""
        self._site, self._reading = site, reading

    def answer(self, method: str, address: Address, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer a POST to a set or to an action, or a PATCH, PUT or DELETE of an entity.

        Raises:
            Refused: nothing was written.
        """
        faults = self._site.faults
        number = faults.next_write()
        if number in faults.drop_before_write:
            return LOST
        if address.rest is not None:
            reply = self._act(address, read_object(body or b"{}"))
        elif method == "POST":
            reply = self._create(address, read_object(body), headers)
        elif method == "DELETE":
            reply = self._delete(address, headers)
        else:
            reply = self._update(address, read_object(body), headers, whole=method == "PUT")
        return replace(reply, lost=True) if number in faults.drop_after_write else reply

    def _create(
        self, address: Address, given: Values, headers: Mapping[str, str], *, anew: bool = False
    ) -> Reply:
        site, store = self._site, self._site.store
        kind = stated_type(given, address.entity_set.type, site.model)
        values = read_values(given, kind, site.rules, site.habits)
        choose_key(values, kind, store, site.habits)
        names = site.model.key_of(kind)
        if anew and makes_keys(site.model, kind):
            values[names[0]] = new_key(kind, store)
        if store.taken(kind, key_of(values, names)):
            if site.habits.duplicate != "accepted" or not makes_keys(site.model, kind):
                raise _duplicate(site.habits.duplicate, key_of(values, names))
            values[names[0]] = new_key(kind, store)
        site.rules.complete(store, kind, values, site.habits)
        self._number(address, values, kind)
        self._rename(address, values, kind)
        self._fill(values, kind)
        site.rules.check(store, kind, values, None, site.habits)
        self._stamp(values, kind, created=True)
        entity, key = Entity(kind, values), key_of(values, names)
        store.put(address.entity_set.name, key, entity, "create")
        more = site.rules.settle(store, kind, Change(values, None), site.habits)
        return written(self._reading, address, store.get(kind, key) or entity, headers, more)

    def _update(self, address: Address, given: Values, headers: Mapping[str, str], *, whole: bool) -> Reply:
        site, key = self._site, address.key or ""
        entity = site.store.get(address.entity_set.type, key)
        if entity is None:
            return self._update_missing(address, given, headers)
        self._check_conditions(entity, headers)
        asked = read_values(given, entity.type, site.rules, site.habits)
        self._check_version(entity, asked)
        for name in site.model.key_of(entity.type):
            asked.pop(name, None)  # keys never change
        self._rename(address, asked, entity.type)
        site.rules.check_change(site.store, entity, site.habits)
        values = {**(self._emptied(entity) if whole else entity.values), **asked}
        return self._store(address, replace(entity, values=values), entity, headers)

    def _store(self, address: Address, changed: Entity, before: Entity, headers: Mapping[str, str]) -> Reply:
        site, key = self._site, address.key or ""
        values = dict(changed.values)
        site.rules.check(site.store, before.type, values, before.values, site.habits)
        self._stamp(values, before.type, created=False)
        after = Entity(before.type, values, before.version + 1)
        site.store.put(address.entity_set.name, key, after, "update")
        more = site.rules.settle(site.store, before.type, Change(values, before.values), site.habits)
        stored = site.store.get(before.type, key) or after
        return written(self._reading, address, stored, headers, more)

    def _update_missing(self, address: Address, given: Values, headers: Mapping[str, str]) -> Reply:
        habit, asked = self._site.habits.patch_missing, {**given, **address.key_values}
        if habit == "204":
            return Reply(204)
        if habit in ("upsert", "201"):
            return self._create(Address(address.entity_set), asked, headers, anew=habit == "201")
        raise not_found()

    def _delete(self, address: Address, headers: Mapping[str, str]) -> Reply:
        site, key = self._site, address.key or ""
        entity = site.store.get(address.entity_set.type, key)
        if entity is None:
            raise not_found()
        self._check_conditions(entity, headers)
        if site.habits.check_references:
            site.rules.check_delete(site.store, entity, key)
        site.store.remove(address.entity_set.name, entity.type, key)
        site.rules.settle(site.store, entity.type, Change(None, entity.values), site.habits)
        return Reply(204)

    def _act(self, address: Address, given: Values) -> Reply:
        """Carry out an action bound to an entity, as far as the service's rules have it."""
        site = self._site
        entity = site.store.get(address.entity_set.type, address.key or "")
        name = (address.rest or "").rpartition(".")[2]
        if entity is None:
            raise not_found()
        values = site.rules.act(site.store, entity, Call(name, given), site.habits)
        if values is None:
            raise not_found()
        self._store(address, replace(entity, values=values), entity, {})
        return Reply(204)

    def _emptied(self, entity: Entity) -> dict[str, Value]:
        """Return what a PUT begins with: the key and what the service itself wrote."""
        model = self._site.model
        kept = (*model.key_of(entity.type), "created", "createdById")
        empty = {name: empty_value(item, model) for name, item in model.properties_of(entity.type).items()}
        return empty | {name: entity.values[name] for name in kept if name in entity.values}

    def _fill(self, values: dict[str, Value], kind: str) -> None:
        for name, declared in self._site.model.properties_of(kind).items():
            if name not in values:
                values[name] = empty_value(declared, self._site.model)

    def _number(self, address: Address, values: dict[str, Value], kind: str) -> None:
        """Give a number where none was sent, in the properties that the service numbers by itself."""
        model, number = self._site.model, self._site.store.counter
        properties = model.properties_of(kind)
        for name in self._of_set(self._site.habits.numbered, address):
            if name in properties and values.get(name) in (None, ""):
                whole = model.underlying(properties[name].type) in INTEGERS
                values[name] = number if whole else f"{number:06}"

    def _rename(self, address: Address, values: dict[str, Value], kind: str) -> None:
        """Write its own text over what was sent, in the properties that the service names by itself."""
        for name in self._of_set(self._site.habits.renamed, address):
            if name in values and name in self._site.model.properties_of(kind):
                values[name] = f"№ {self._site.store.counter:06}"

    def _of_set(self, switches: tuple[str, ...], address: Address) -> list[str]:
        found = (switch.partition("/") for switch in switches)
        return [name for set_name, _, name in found if set_name == address.entity_set.name]

    def _stamp(self, values: dict[str, Value], kind: str, *, created: bool) -> None:
        now, author = moment(datetime.now(UTC).isoformat()), self._site.rules.author
        stamps: dict[str, Value] = {"modified": now, "rowVersion": 16_000_000 + self._site.store.counter}
        stamps |= {"created": now} if created else {}
        if author is not None:
            stamps |= {"modifiedById": author, **({"createdById": author} if created else {})}
        properties = self._site.model.properties_of(kind)
        values.update((name, value) for name, value in stamps.items() if name in properties)

    def _check_conditions(self, entity: Entity, headers: Mapping[str, str]) -> None:
        asked, etag = headers.get("if-match"), self._site.etag(entity)
        if self._site.habits.if_none_match == "honoured" and headers.get("if-none-match", "").strip() == "*":
            raise plain(412, "PreconditionFailed", "The entity exists.")
        if etag is None:
            return
        if asked is None:
            if self._site.habits.etag == "required":
                raise plain(428, "PreconditionRequired", "The request requires If-Match.")
        elif asked.strip() not in ("*", etag):
            raise plain(412, "PreconditionFailed", "The entity was changed meanwhile.")

    def _check_version(self, entity: Entity, asked: dict[str, Value]) -> None:
        sent, current = asked.pop("rowVersion", None), entity.values.get("rowVersion")
        habits = self._site.habits
        if habits.row_version == "ignored" or (sent is None and habits.row_version == "checked"):
            return
        if current is not None and sent != current:
            message = "Данные были изменены на сервере другим пользователем."
            if habits.conflict != "500":
                raise plain(int(habits.conflict), "TmtConcurrencyException", message)
            raise business(message, "TmtConcurrencyException")


def _duplicate(habit: str, key: str) -> Refused:
    if habit in ("500", "accepted"):
        return business(f"Запись с таким идентификатором уже существует: {key}.", "TmtDuplicateKeyException")
    return plain(int(habit), "DuplicateKey", f"An entity with the key {key} already exists.")
