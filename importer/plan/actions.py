"""`Action`: one thing to do, or not to do, to one entity."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from importer.plan.changes import Change
from importer.plan.references import JsonValue
from importer.problems import CellPlace


class Verb(StrEnum):
    """What is done (cli.md, *JSON*, show)."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    CALL = "call"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    BLOCKED = "blocked"


WRITING = frozenset({Verb.CREATE, Verb.UPDATE, Verb.DELETE, Verb.CALL})


class State(StrEnum):
    """How far an action is. `unknown`: it was sent and no answer is known; `blocked`: changed on the service since."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    BLOCKED = "blocked"


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One entity of the plan. All values are JSON values in the service's notation, with `{"$action": n}` for references.

    key: key property → value. Of a create: the key we propose (`own_key`), or the natural key its body holds; None when the
        service makes it. Never used to decide whether a create succeeded: the journal's key is.
    body: what a create or update sends, without our own key.
    search: for a create, the sets of values by which the entity would be found again (the recipe's match, tried in
        turn); they are what recovery and the guard look for where the service makes keys.
    guard: for an update, what the overwritten and matched properties held when the plan was made.
    """

    id: int
    step: str
    set: str
    type: str
    verb: Verb
    title: str
    key: Mapping[str, JsonValue] | None = None
    own_key: bool = False
    wave: int = 0
    places: tuple[CellPlace, ...] = ()
    changes: tuple[Change, ...] = ()
    body: Mapping[str, JsonValue] = msgspec.field(default_factory=dict)
    search: tuple[Mapping[str, JsonValue], ...] = ()
    guard: Mapping[str, JsonValue] = msgspec.field(default_factory=dict)
    etag: str | None = None
    # Actions that must be done before this one, besides those its values refer to (the second write of a broken cycle).
    after: tuple[int, ...] = ()
    reason: str | None = None  # why skipped, or the code of the problem that blocks
