"""What a lookup yields: an entity of the service, an entity that a record becomes, or one made by `on_missing: create`."""

from dataclasses import dataclass, field
from typing import TypeAlias

import msgspec

from importer.odata.edm import EdmValue
from importer.planner.binding.bound import BoundLookup
from importer.planner.mapping.record import Record
from importer.problems import CellPlace
from importer.service import FetchedEntity


class KeyRef(msgspec.Struct, frozen=True):
    """An entity that the service holds."""

    set: str
    entity: FetchedEntity


class RecordRef(msgspec.Struct, frozen=True):
    """The entity that a record of this plan becomes; known by its node once records are merged."""

    record: Record


@dataclass(eq=False, slots=True)
class MadeEntity:
    """An entity that only a lookup asks for: one action of its own, once per value."""

    lookup: BoundLookup
    text: EdmValue
    where: tuple["Reference | EdmValue", ...]
    places: list[CellPlace] = field(default_factory=list)
    step: str = ""


class MadeRef(msgspec.Struct, frozen=True):
    """A reference to such an entity."""

    made: MadeEntity


Reference: TypeAlias = KeyRef | RecordRef | MadeRef
