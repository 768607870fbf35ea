"""POST, PATCH and DELETE of entities: types, keys, defaults, rules; committed before the answer."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from importer.sandbox.addresses import Address, key_of, predicate_of
from importer.sandbox.querying import Options
from importer.sandbox.reading import Reading
from importer.sandbox.refusals import Refused, bad_input, business, not_found, plain
from importer.sandbox.site import LOST, Reply, Site, json_reply
from importer.sandbox.store import Entity
from importer.sandbox.typed import INTEGERS, Value, Values, canonical, empty_value, moment

_decode = msgspec.json.Decoder(float_hook=Decimal).decode


class Changing:
    """Carries out writes, one at a time."""

    def __init__(self, site: Site, reading: Reading) -> None:
        """Change a service; `reading` shows what was written."""
        self._site, self._reading = site, reading

    def answer(self, method: str, address: Address, headers: Mapping[str, str], body: bytes) -> Reply:
        """Answer a POST to a set, or a PATCH or DELETE of an entity.

        Raises:
            Refused: nothing was written.
        """
        faults = self._site.faults
        number = faults.next_write()
        if number in faults.drop_before_write:
            return LOST
        if method == "POST":
            reply = self._create(address, _object(body), headers)
        elif method == "PATCH":
            reply = self._update(address, _object(body), headers)
        else:
            reply = self._delete(address, headers)
        return replace(reply, lost=True) if number in faults.drop_after_write else reply

    def _create(self, address: Address, given: Values, headers: Mapping[str, str]) -> Reply:
        site = self._site
        kind = self._stated_type(given, address.entity_set.type)
        values = self._values(given, kind)
        self._choose_key(values, kind)
        names = site.model.key_of(kind)
        if site.store.taken(kind, key_of(values, names)):
            if site.habits.duplicate != "accepted" or not self._made(kind):
                raise _duplicate(site.habits.duplicate, key_of(values, names))
            values[names[0]] = self._new_key(kind)
        self._complete(values, kind)
        site.rules.check(site.store, kind, values, None, site.habits)
        self._stamp(values, kind, created=True)
        entity = Entity(kind, values)
        site.store.put(address.entity_set.name, key_of(values, names), entity, "create")
        return self._written(address, entity, headers, created=True)

    def _update(self, address: Address, given: Values, headers: Mapping[str, str]) -> Reply:
        site, key = self._site, address.key or ""
        entity = site.store.get(address.entity_set.type, key)
        if entity is None:
            return self._update_missing(address, given, headers)
        self._check_etag(entity, headers)
        asked = self._values(given, entity.type)
        self._check_version(entity, asked)
        for name in site.model.key_of(entity.type):
            asked.pop(name, None)  # keys never change
        values = {**entity.values, **asked}
        site.rules.check(site.store, entity.type, values, entity.values, site.habits)
        self._stamp(values, entity.type, created=False)
        changed = Entity(entity.type, values, entity.version + 1)
        site.store.put(address.entity_set.name, key, changed, "update")
        return self._written(address, changed, headers, created=False)

    def _update_missing(self, address: Address, given: Values, headers: Mapping[str, str]) -> Reply:
        if self._site.habits.patch_missing == "204":
            return Reply(204)
        if self._site.habits.patch_missing == "upsert":
            return self._create(Address(address.entity_set), {**given, **address.key_values}, headers)
        raise not_found()

    def _delete(self, address: Address, headers: Mapping[str, str]) -> Reply:
        site, key = self._site, address.key or ""
        entity = site.store.get(address.entity_set.type, key)
        if entity is None:
            raise not_found()
        self._check_etag(entity, headers)
        site.rules.check_delete(site.store, entity, key)
        site.store.remove(address.entity_set.name, entity.type, key)
        return Reply(204)

    def _written(
        self, address: Address, entity: Entity, headers: Mapping[str, str], *, created: bool
    ) -> Reply:
        site, prefer = self._site, headers.get("prefer", "")
        predicate = predicate_of(entity.values, site.model, entity.type)
        location = f"{site.root}{address.entity_set.name}{predicate}"
        extra = {"location": location} if created else {}
        if (etag := site.etag(entity)) is not None:
            extra["etag"] = etag
        by_default = created and site.habits.post_answer == 201
        shown = "return=representation" in prefer or (by_default and "return=minimal" not in prefer)
        if "return=" in prefer:
            extra["preference-applied"] = f"return={'representation' if shown else 'minimal'}"
        if not shown:
            return Reply(204, extra | ({"odata-entityid": location} if created else {}))
        context = f"{site.root}$metadata#{address.entity_set.name}/$entity"
        body = self._reading.shown(entity, address.entity_set.type, Options())
        return json_reply(201 if created else 200, {"@odata.context": context, **body}, extra)

    def _stated_type(self, given: Values, declared: str) -> str:
        model = self._site.model
        stated = str(given.get("@odata.type", given.get("@type", declared))).lstrip("#")
        if stated not in model.types or not model.is_a(stated, declared):
            raise bad_input(f"A type named '{stated}' could not be resolved.")
        if model.types[stated].abstract:
            raise bad_input(f"An instance of the abstract type '{stated}' cannot be made.")
        return stated

    def _values(self, given: Values, kind: str) -> dict[str, Value]:
        model = self._site.model
        properties, navigation = model.properties_of(kind), model.navigation_of(kind)
        values: dict[str, Value] = {}
        for name, value in given.items():
            if name.endswith("@odata.bind"):
                values.update(self._site.rules.bound(kind, name.removesuffix("@odata.bind"), str(value)))
            elif "@" in name or name in navigation:
                continue  # "accepted, dropped": nested entities need code of the application (protocol §2)
            elif name in properties:
                values[name] = canonical(value, properties[name], model)
            elif not model.is_open(kind):
                raise bad_input(f"The property '{name}' does not exist on type '{kind}'.")
        return values

    def _choose_key(self, values: dict[str, Value], kind: str) -> None:
        names = self._site.model.key_of(kind)
        if not self._made(kind):
            for name in names:
                if values.get(name) is None:
                    raise bad_input(f"The property '{name}' is required.")
            return
        sent = values.get(names[0]) is not None
        if sent and self._site.habits.own_keys == "refused":
            raise bad_input(f"The property '{names[0]}' is computed.")
        if not sent or self._site.habits.own_keys == "replaced":
            values[names[0]] = self._new_key(kind)

    def _made(self, kind: str) -> bool:
        """Whether the service can make keys of this type by itself."""
        return len(self._site.model.key_of(kind)) == 1 and self._key_type(kind) in ("Edm.Guid", *INTEGERS)

    def _key_type(self, kind: str) -> str:
        model = self._site.model
        return model.underlying(model.properties_of(kind)[model.key_of(kind)[0]].type)

    def _new_key(self, kind: str) -> Value:
        if self._key_type(kind) == "Edm.Guid":
            return str(uuid.uuid4())
        name, store = self._site.model.key_of(kind)[0], self._site.store
        return 1 + max((entity.values[name] for entity in store.all(store.family(kind))), default=0)

    def _complete(self, values: dict[str, Value], kind: str) -> None:
        self._site.rules.complete(self._site.store, kind, values)
        for name, declared in self._site.model.properties_of(kind).items():
            if name not in values:
                values[name] = empty_value(declared, self._site.model)

    def _stamp(self, values: dict[str, Value], kind: str, *, created: bool) -> None:
        now, author = moment(datetime.now(UTC).isoformat()), self._site.rules.author
        stamps: dict[str, Value] = {"modified": now, "rowVersion": 16_000_000 + self._site.store.counter}
        stamps |= {"created": now} if created else {}
        if author is not None:
            stamps |= {"modifiedById": author, **({"createdById": author} if created else {})}
        properties = self._site.model.properties_of(kind)
        values.update((name, value) for name, value in stamps.items() if name in properties)

    def _check_etag(self, entity: Entity, headers: Mapping[str, str]) -> None:
        asked, etag = headers.get("if-match"), self._site.etag(entity)
        if etag is None:
            return
        if asked is None:
            if self._site.habits.etag == "required":
                raise plain(428, "PreconditionRequired", "The request requires If-Match.")
        elif asked.strip() not in ("*", etag):
            raise plain(412, "PreconditionFailed", "The entity was changed meanwhile.")

    def _check_version(self, entity: Entity, asked: dict[str, Value]) -> None:
        sent = asked.pop("rowVersion", None)
        if sent is not None and sent != entity.values.get("rowVersion"):
            raise business("Данные были изменены на сервере другим пользователем.", "TmtConcurrencyException")


def _object(body: bytes) -> dict[str, Value]:
    try:
        value = _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise bad_input("The body is no JSON.") from None
    if not isinstance(value, dict):
        raise bad_input("The body is no JSON object.")
    return value


def _duplicate(habit: str, key: str) -> Refused:
    if habit in ("500", "accepted"):
        return business(f"Запись с таким идентификатором уже существует: {key}.", "TmtDuplicateKeyException")
    return plain(int(habit), "DuplicateKey", f"An entity with the key {key} already exists.")
