"""What makes up one service, for those who read it and those who change it; and what it answers."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from importer.odata.edm import Model
from importer.sandbox.faults import Faults
from importer.sandbox.habits import Habits
from importer.sandbox.rules import Rules
from importer.sandbox.store import Entity, Store
from importer.sandbox.typed import Value

_encode = msgspec.json.Encoder(decimal_format="number").encode
_JSON = "application/json; odata.metadata=minimal; odata.streaming=true"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `lost`: whatever was carried out, it never reaches the client."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    lost: bool = False


LOST = Reply(0, lost=True)


@dataclass(frozen=True)
class Site:
    """One service: model, its document, what it stores, how it behaves. `root` ends with a slash."""

    model: Model
    document: bytes
    store: Store
    rules: Rules
    habits: Habits
    faults: Faults
    root: str
    # Seeded: a test that fails fails again.
    dice: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - shuffling, no secret

    def etag(self, entity: Entity) -> str | None:
        """Return an entity's ETag, where this service has them."""
        return None if self.habits.etag == "off" else f'W/"{entity.version}"'


def json_reply(status: int, value: Value, headers: Mapping[str, str] | None = None) -> Reply:
    """Return a reply with a JSON body."""
    return Reply(status, {"content-type": _JSON, **(headers or {})}, _encode(value))
