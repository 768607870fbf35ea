"""Which entity is meant? Candidates of the service and of this plan; how a record finds the entity it already is.

Knows bound steps, records and fetched entities; fetches nothing itself.
"""

from importer.planner.lookups.identifying import identify, levels
from importer.planner.lookups.index import EntityTable, Planned
from importer.planner.lookups.known import Known
from importer.planner.lookups.references import KeyRef, MadeEntity, MadeRef, RecordRef, Reference
from importer.planner.lookups.resolving import Resolver
from importer.planner.lookups.searching import Search

__all__ = [
    "EntityTable",
    "KeyRef",
    "Known",
    "MadeEntity",
    "MadeRef",
    "Planned",
    "RecordRef",
    "Reference",
    "Resolver",
    "Search",
    "identify",
    "levels",
]
