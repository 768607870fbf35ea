"""Does the service have JSON batches? Asked by reading only, kept in its findings (odata-protocol.md §6)."""

from collections.abc import Iterable

from importer.odata.batch import BatchUnreadable
from importer.odata.http.reading import ReadFailed
from importer.odata.payload import read_page
from importer.odata.url.query import query
from importer.service import Service

FINDING = "batch"


def has_batch(service: Service, sets: Iterable[str]) -> bool:
    """Return whether a batch of two GETs came back with its ids, 2xx, and the rows of a plain GET."""
    if FINDING not in service.findings:
        service.findings[FINDING] = _ask(
            service, next((name for name in sets if name in service.model.sets), None)
        )
    return service.findings[FINDING] in (True, "json")


def _ask(service: Service, entity_set: str | None) -> bool:
    if entity_set is None:
        return False
    key = service.model.key_of(service.model.sets[entity_set].type)
    link = entity_set + query(select=key, top=1)
    try:
        expected = len(service.reader.page(link, entity_set, read_page).entities)
        answers = service.reader.batch({"1": link, "2": link})
        pages = [read_page(answers[name].body) for name in ("1", "2")]
    except (ReadFailed, BatchUnreadable, KeyError, ValueError):
        return False
    return all(answer.status == 200 for answer in answers.values()) and all(
        len(page.entities) == expected for page in pages
    )
