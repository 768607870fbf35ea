"""Actions → operations: references filled in, our own key put in where the set keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from importer.executor.knowledge import Knowledge
from importer.executor.recovery import Keys
from importer.executor.values import Key, Values, binds_of, key_path, plain, typed, wire
from importer.odata.batch import Operation
from importer.odata.edm import EdmValue, Model
from importer.odata.payload import encode, to_json
from importer.plan import Action, JsonValue, Verb, filled
from importer.plan.file import Intent

# What was stored is compared with what was sent (odata-protocol.md rule 8), so the whole entity is asked for.
_PREFER = {"prefer": "return=representation"}
_JSON = {"content-type": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """An action ready to leave.

    key: of a create the one in its body, if any; else the entity's. values: what is sent, but for binds:
    navigation property → path of the entity it is set to. keys: whose key a create has, as was known when it
    was composed. tries: how often it was sent in this apply and not carried out. alone: outside a batch.
    versioned: the property of an update that the service checks; version: its value as it was read, and is sent back.
    repeated: it counts as a retry. renewed: it was refused for the login once, and sent again with another.
    """

    action: Action
    operation: Operation
    keys: Keys
    key: Key | None
    values: Values
    searches: tuple[Values, ...] = ()
    binds: Mapping[str, str] = field(default_factory=dict)
    guard: Values = field(default_factory=dict)
    etag: str | None = None
    versioned: str | None = None
    version: EdmValue = None
    tries: int = 0
    alone: bool = False
    repeated: bool = False
    renewed: bool = False

    @property
    def intent(self) -> Intent:
        """Return what the journal must know before the bytes leave."""
        return Intent(action=self.action.id, key=plain(self.key))

    def again(self, *, alone: bool, counted: bool) -> "Sending":
        """Return it for another try, which may have to be alone; `counted`: the last one counts as a try."""
        return replace(self, tries=self.tries + counted, alone=self.alone or alone, repeated=True)

    def put_back(self, *, alone: bool) -> "Sending":
        """Return it to be sent because it was refused before it ran; that is no try."""
        return replace(self, alone=self.alone or alone, repeated=True)

    def with_new_login(self) -> "Sending":
        """Return it to be sent because its login was refused, and there is another one now."""
        return replace(self, renewed=True)


def compose(
    action: Action,
    knowledge: Knowledge,
    model: Model,
    *,
    keys: Keys | None = None,
    etag: str | None = None,
    version: EdmValue = None,
) -> Sending:
    """Return the action as an operation; every action it refers to is done.

    `keys` overrides what is known of the set (a create of an earlier apply went as the journal says); `etag`
    the plan's. `version` is what stands in the property that the service checks: it goes back in the body of an update, and is no
    value that we want to store.
    """

    def fill(values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        return {name: filled(value, knowledge.reference) for name, value in values.items()}

    body, key = fill(action.body), _key(fill(action.key), action, model) if action.key else None
    searches = tuple(typed(fill(item), model, action.type) for item in action.search)
    if action.verb is Verb.CREATE:
        habit = keys or knowledge.keys_of(action)
        if action.own_key and habit is Keys.SERVICE:
            key = None
        operation = _post(action, body, key, model)
        return Sending(
            action=action,
            operation=operation,
            keys=habit,
            key=key,
            values=typed(body, model, action.type),
            searches=searches,
            binds=binds_of(body, model),
        )
    match = etag or action.etag
    versioned = knowledge.version_of(action.type) if action.verb is Verb.UPDATE else None
    versioned = None if versioned in action.body else versioned
    guarded = {versioned: encode(version)} if versioned is not None and version is not None else {}
    return Sending(
        action=action,
        operation=_change(action, body, key or {}, match, model, guarded=guarded),
        keys=Keys.OURS,
        key=key,
        values=typed(body, model, action.type),
        searches=searches,
        guard=typed(fill(action.guard), model, action.type),
        etag=match,
        versioned=versioned,
        version=version if guarded else None,
        binds=binds_of(body, model),
    )


def _key(values: dict[str, JsonValue], action: Action, model: Model) -> Key:
    """Return the key in the order of the metadata, in which every key is compared."""
    found = typed(values, model, action.type)
    return {name: found[name] for name in model.key_of(model.sets[action.set].type) if name in found}


def _post(action: Action, body: dict[str, JsonValue], key: Key | None, model: Model) -> Operation:
    ready = {
        **_type(action, model),
        **{name: encode(value) for name, value in (key or {}).items()},
        **wire(body, model, action.type),
    }
    return Operation(str(action.id), "POST", action.set, {**_JSON, **_PREFER}, to_json(ready))


def _change(
    action: Action,
    body: dict[str, JsonValue],
    key: Key,
    etag: str | None,
    model: Model,
    *,
    guarded: Mapping[str, JsonValue],
) -> Operation:
    path = key_path(model.sets[action.set], key, model)
    match = {"if-match": etag} if etag else {}
    if action.verb is Verb.DELETE:
        return Operation(str(action.id), "DELETE", path, match)
    ready = {**_type(action, model), **wire(body, model, action.type), **guarded}
    return Operation(str(action.id), "PATCH", path, {**_JSON, **_PREFER, **match}, to_json(ready))


def _type(action: Action, model: Model) -> dict[str, str]:
    """Return the type annotation that a derived type needs in a set of its base."""
    return {} if model.sets[action.set].type == action.type else {"@odata.type": f"#{action.type}"}
