"""What makes up one service, for those who read it and those who change it."""

import random
from dataclasses import dataclass, field

from importer.odata.edm import Model
from importer.sandbox.faults import Faults
from importer.sandbox.habits import Habits
from importer.sandbox.rules import Rules
from importer.sandbox.store import Entity, Store


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
