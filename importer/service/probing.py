"""What a service can do, asked by reading only (odata-protocol.md §6, *Start-up probing*).

Each question is about one habit and has an answer that proves it; what is not proved stays unknown. A refusal is an answer.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote

import msgspec

from importer.odata.batch import ANOTHER_FORM, BatchUnreadable, Format, Operation, read_batch, write_batch
from importer.odata.edm import EdmValue, Model
from importer.odata.edm.annotations import Annotation
from importer.odata.http import Reader, ReadFailed, Unanswered
from importer.odata.http.collecting import PAGE, top_ceiling
from importer.odata.http.refusals import AccessDenied
from importer.odata.payload.pages import Page, control, parse_json, read_page
from importer.odata.url.predicates import in_filter, or_filter
from importer.odata.url.query import query
from importer.problems import ServiceError
from importer.service.controls import absent, may_be_asked
from importer.service.fetched import page_reader
from importer.service.findings import NONE, UNKNOWN, Findings, Paging, Seen, fingerprint_of
from importer.service.service import Service
from importer.text.masking import masked_json, masked_literals

_RATE = re.compile(r"rate-?limit|retry-after", re.IGNORECASE)
_CONCURRENCY = "Org.OData.Core.V1.OptimisticConcurrency"
# So much of an answer is shown.
_SHOWN = 600


@dataclass
class Probe:
    """Asks one service; `now` is the clock of this machine."""

    service: Service
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    seen: list[Seen] = field(default_factory=list)
    _headers: dict[str, str] = field(default_factory=dict)
    _clock: float | None = None

    def findings(self, sets: Sequence[str]) -> Findings:
        """Return what the service can do, tried on these sets.

        Raises:
            ServiceError: unreachable, or the login is refused.
        """
        service = self.service
        asked = self.now()
        tag = self._metadata_etag()
        found = [self._set(name) for name in sets if name in service.model.sets]
        ceilings = [item.top_max for item in found if item.top_max is not None]
        counts = [item.count for item in found if item.count is not None]
        readable = [item for item in found if item.rights in ("read", "empty")]
        usable = next((item for item in readable if item.known is not None), next(iter(readable), None))
        return Findings(
            url=service.url,
            metadata=fingerprint_of(service.document),
            metadata_etag=tag,
            asked=asked.isoformat(timespec="seconds"),
            batch=self._batch(usable),
            operators={item.name: item.operator for item in found},
            top_max=min(ceilings, default=None),
            paging=next((item.paging for item in found if item.paging.form != UNKNOWN), Paging()),
            etag={item.name: item.etag for item in found},
            count=all(counts) if counts else None,
            clock=self._clock,
            throttle=self._headers,
            rights={item.name: item.rights for item in found},
            own_keys=dict.fromkeys((item.name for item in found), None),
            seen=tuple(self.seen),
        )

    def _metadata_etag(self) -> str | None:
        """Return the cheap sign of changed metadata that some services put into the service document."""
        answer = self._ask("metadata", "", read=parse_json)
        found = control(answer, "metadataEtag") if isinstance(answer, dict) else None
        return str(found) if found else None

    def _set(self, name: str) -> "_Set":
        model = self.service.model
        key = model.key_of(model.sets[name].type)
        found = _Set(name, etag=_has_concurrency(model, name))
        read = page_reader(model, name, key)
        first = self._ask(
            "count", name + query(select=key, top=1, count=True), entity_set=name, read=read, into=found
        )
        if first is None and found.rights == "refused":
            # `$count` or `$top` may be what is refused.
            first = self._ask("rights", name + query(select=key), entity_set=name, read=read, into=found)
            found.count = False
        elif first is not None:
            found.count = first.count is not None
        if first is None:
            return found
        found.rights = "read" if first.entities or first.next_link else "empty"
        found.etag = found.etag or any(item.etag for item in first.entities)
        if first.entities:
            found.known = first.entities[0].key
            self._operator(found, key)
        self._pages(found, key, first.count)
        return found

    def _operator(self, found: "_Set", key: tuple[str, ...]) -> None:
        """Find out whether `in` is honoured: one key that is there, and one that is not, must bring just one entity."""
        if len(key) != 1 or found.known is None or not may_be_asked(self.service.model, found.name, key):
            return
        value = found.known[key[0]]
        wanted = (value, *absent((value,)))
        read = page_reader(self.service.model, found.name, key)
        for operator in ("in", "or"):
            condition = (
                in_filter(key[0], wanted)
                if operator == "in"
                else or_filter(key[0], tuple(dict.fromkeys(wanted)))
            )
            link = found.name + query(select=key, filter=condition)
            page = self._ask("in" if operator == "in" else "or", link, entity_set=found.name, read=read)
            if page is not None and [item.key[key[0]] for item in page.entities] == [value]:
                found.operator = operator
                return
        found.operator = NONE

    def _pages(self, found: "_Set", key: tuple[str, ...], count: int | None) -> None:
        """Find out how long a page may be: by asking for a long one."""
        link = found.name + query(select=key, orderby=key, top=PAGE)
        failed: list[str] = []
        page = self._ask("top", link, entity_set=found.name, read=read_page, failed=failed)
        if page is None:
            found.top_max = top_ceiling(failed[0]) if failed else None
            if found.top_max is None:
                return
            sized = query(select=key, orderby=key, top=found.top_max or None)
            page = self._ask("paging", found.name + sized, entity_set=found.name, read=read_page)
        if page is not None:
            found.paging = _paging(page, count, found.top_max or PAGE)

    def _batch(self, usable: "_Set | None") -> str:
        """Find out whether batches work: two reads must come back with their ids and with what a plain read brings."""
        if usable is None:
            return UNKNOWN
        key = self.service.model.key_of(self.service.model.sets[usable.name].type)
        link = usable.name + query(select=key, top=1)
        plain = self._ask("batch", link, entity_set=usable.name, read=read_page)
        if plain is None:
            return UNKNOWN
        operations = [Operation(name, "GET", link, {"accept": "application/json"}) for name in ("1", "2")]
        for form in Format:
            status, pages = self._batched(form, operations)
            if len(pages) == len(operations) and all(
                len(page.entities) == len(plain.entities) for page in pages
            ):
                return form.value
            if status not in ANOTHER_FORM:
                break
        return NONE

    def _batched(
        self, form: Format, operations: Sequence[Operation]
    ) -> tuple[int, list[Page[dict[str, Any]]]]:
        """Return the status (0: no answer) and the pages that came back whole in a batch of this form, in the operations' order."""
        batch = write_batch(form, operations)
        request = f"POST $batch ({batch.content_type.partition(';')[0]})"
        headers = {**batch.headers, "odata-version": "4.0"}
        try:
            answer = self.service.connection.send("POST", "$batch", body=batch.body, headers=headers)
        except Unanswered as lost:
            self.seen.append(Seen("batch", request, None, lost.reason))
            return 0, []
        self._note(answer.headers)
        self.seen.append(Seen("batch", request, answer.status, _shown(answer.body) if answer.body else ""))
        if answer.status != 200:
            return answer.status, []
        kind = answer.headers.get("content-type", "")
        try:
            answers = read_batch(form, kind, answer.body, operations).answers
            found = [
                read_page(answers[item.id].body) for item in operations if answers[item.id].status == 200
            ]
        except (BatchUnreadable, ValueError, KeyError):
            found = []
        return answer.status, found

    def _ask(
        self,
        about: str,
        link: str,
        *,
        read: Callable[[bytes], Any],
        entity_set: str | None = None,
        into: "_Set | None" = None,
        failed: list[str] | None = None,
    ) -> Any:  # noqa: ANN401 - what `read` returns
        """Return what was read, None where the service refuses or answers something else; `failed` takes its words."""
        reader: Reader = self.service.reader
        request = f"GET {masked_literals(unquote(link)) or '/'}"
        try:
            answer = reader.get(link, entity_set or "")
        except ReadFailed as refused:
            message = refused.message
            self.seen.append(
                Seen(about, request, message.status, masked_literals(message.text)[:_SHOWN], entity_set)
            )
            if failed is not None:
                failed.append(message.text)
            if into is not None:
                into.rights = "refused"
            return None
        except ServiceError as refused:
            if into is None or refused.problems[0].code != AccessDenied.code:
                raise
            self.seen.append(Seen(about, request, 403, "", entity_set))
            into.rights = "denied"
            return None
        self._note(answer.headers)
        self.seen.append(Seen(about, request, answer.status, _shown(answer.body), entity_set))
        try:
            return read(answer.body)
        except ValueError:
            return None

    def _note(self, headers: Mapping[str, str]) -> None:
        """Keep what an answer's headers say of rates and of the time."""
        self._headers.update({name: text for name, text in headers.items() if _RATE.search(name)})
        try:
            then = parsedate_to_datetime(headers.get("date", ""))
        except (TypeError, ValueError):
            return
        then = then if then.tzinfo else then.replace(tzinfo=UTC)
        self._clock = round((then - self.now()).total_seconds(), 1)


@dataclass
class _Set:
    """What was found of one set; `known`: the key of an entity that is there."""

    name: str
    rights: str = UNKNOWN
    operator: str = UNKNOWN
    count: bool | None = None
    etag: bool = False
    top_max: int | None = None
    paging: Paging = field(default_factory=Paging)
    known: Mapping[str, EdmValue] | None = None


def _paging(page: Page[dict[str, Any]], count: int | None, top: int) -> Paging:
    size = len(page.entities)
    if page.next_link:
        return Paging("links", size)
    if count is not None and size < min(count, top):
        return Paging("cut", size)
    # A list shorter than what was asked for says nothing of longer ones.
    return Paging(NONE if size >= top else UNKNOWN, None)


def _has_concurrency(model: Model, name: str) -> bool:
    notes: tuple[Annotation, ...] = model.sets[name].annotations
    return any(item.term == _CONCURRENCY for item in notes)


def _shown(body: bytes) -> str:
    """Return an answer as it may be shown: the shape of JSON, no value of it; of anything else only the length."""
    try:
        value = parse_json(body)
    except ValueError:
        return f"{len(body)} bytes"
    text = msgspec.json.encode(masked_json(value)).decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
