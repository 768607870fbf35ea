"""One service as we know it: metadata, dialect, findings, current entities. Knows nothing of recipes or plans."""

from importer.service.entities import Entities
from importer.service.fetched import FetchedEntity
from importer.service.service import Service, open_service

__all__ = ["Entities", "FetchedEntity", "Service", "open_service"]
