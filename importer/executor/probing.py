"""Which form of batches does the service take? Asked by reading only, kept in its findings (odata-protocol.md §6)."""

from collections.abc import Iterable

from importer.odata.batch import ANOTHER_FORM, BatchUnreadable, Format, Operation, read_batch, write_batch
from importer.odata.http import Unanswered
from importer.odata.http.reading import ReadFailed
from importer.odata.payload import read_page
from importer.odata.url.query import query
from importer.service import Service

FINDING = "batch"
_NONE = "none"


def batch_form(service: Service, sets: Iterable[str]) -> Format | None:
    """Return the first form in which a batch of two GETs comes back whole: each id, 2xx, and the rows of a plain GET.

    What was found once counts, whoever found it.
    """
    found = service.findings.get(FINDING)
    if found not in (*Format, _NONE):
        form = _ask(service, next((name for name in sets if name in service.model.sets), None))
        remember(service, form)
        return form
    return None if found == _NONE else Format(str(found))


def remember(service: Service, form: Format | None) -> None:
    """Keep the form that the service takes; None: it has no batches."""
    service.findings[FINDING] = _NONE if form is None else form.value


def _ask(service: Service, entity_set: str | None) -> Format | None:
    if entity_set is None:
        return None
    key = service.model.key_of(service.model.sets[entity_set].type)
    link = entity_set + query(select=key, top=1)
    try:
        expected = len(service.reader.page(link, entity_set, read_page).entities)
    except ReadFailed:
        return None
    for form in Format:
        status, works = _works(service, form, link, expected)
        if works:
            return form
        if status not in ANOTHER_FORM:
            break
    return None


def _works(service: Service, form: Format, link: str, expected: int) -> tuple[int, bool]:
    """Return the status of a batch of two GETs (0: no answer), and whether it came back whole."""
    operations = [Operation(name, "GET", link, {"accept": "application/json"}) for name in ("1", "2")]
    batch = write_batch(form, operations)
    headers = {**batch.headers, "odata-version": "4.0"}
    try:
        answer = service.connection.send("POST", "$batch", body=batch.body, headers=headers)
    except Unanswered:
        return 0, False
    if answer.status != 200:
        return answer.status, False
    try:
        found = read_batch(form, answer.headers.get("content-type", ""), answer.body, operations)
        pages = [read_page(found.answers[item.id].body) for item in operations]
    except (BatchUnreadable, KeyError, ValueError):
        return answer.status, False
    return answer.status, all(item.status == 200 for item in found.answers.values()) and all(
        len(page.entities) == expected for page in pages
    )
