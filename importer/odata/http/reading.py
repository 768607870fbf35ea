"""Requests that may be repeated: asked again when no answer came or the service asks to wait, and never otherwise."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from importer.odata.batch import (
    ANOTHER_FORM,
    Answer,
    BatchUnreadable,
    Format,
    Operation,
    Written,
    read_batch,
    write_batch,
)
from importer.odata.http.authentication import NoLogin
from importer.odata.http.connection import Connection, Endless, Response, Unanswered
from importer.odata.http.refusals import (
    AccessDenied,
    AnswerTooLarge,
    AskedToWait,
    LoginRefused,
    NoLoginGiven,
    NotOData,
    ReadRefused,
    ServiceUnreachable,
    come_back,
)
from importer.odata.http.statuses import Meaning, Situation, meaning
from importer.odata.http.throttling import PATIENCE, PAUSE, retry_after
from importer.odata.payload.errors import ServiceMessage, read_error
from importer.odata.payload.pages import E, Page, read_page
from importer.odata.url.query import query
from importer.problems import EntityPlace, ServiceError
from importer.text.translating import N_, translate

__all__ = [
    "AccessDenied",
    "AskedToWait",
    "LoginRefused",
    "NotOData",
    "ReadFailed",
    "ReadRefused",
    "Reader",
    "ServiceUnreachable",
    "Shape",
]

# How often one question is lost, and how often it is put off, before we give up.
LOSSES = 4
WAITS = 10
_DOUBTS = 3
_BOM = b"\xef\xbb\xbf"


class ReadFailed(Exception):  # noqa: N818 - an answer that the caller may have another way around
    """A read was refused; `message` is what the service said. The caller asks in another way, or gives up by `error()`."""

    def __init__(self, message: ServiceMessage, entity_set: str) -> None:
        """Keep what was said."""
        super().__init__(message.message)
        self.message = message
        self._set = entity_set

    def error(self) -> ServiceError:
        """Return the exception that ends the command."""
        return ServiceError(
            ReadRefused(
                place=EntityPlace(self._set),
                found=self.message.text or "–",
                status=self.message.status,
                set=self._set,
            )
        )


@dataclass(frozen=True, slots=True)
class Shape:
    """The form in which a set's pages are asked for: `$top`, `$count=true`, `$orderby`."""

    top: int | None = 1_000
    count: bool = True
    ordered: bool = True


@dataclass
class Reader:
    """Reading from one service.

    `sets` are the names of its entity sets; `top`: the greatest `$top` it is known to take, 0: none at all; `shapes`: what was
    learned about asking each set for pages; `longest`: the longest page each set ever sent; `form`: the
    form of batches that it is known to take.
    """

    connection: Connection
    pause: Callable[[float], object] = time.sleep
    sets: frozenset[str] = frozenset()
    shapes: dict[str, Shape] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)
    top: int | None = None
    form: Format | None = None

    def get(self, link: str, entity_set: str = "", *, accept: str | None = None) -> Response:
        """Return the 2xx answer to a GET, repeated where that is safe and sensible.

        Raises:
            ReadFailed: the service does not answer this question; another one it may.
            ServiceError: unreachable, login, rights, or something that is not OData.
        """
        losses, waits = 0, 0
        headers = {"accept": accept} if accept else None
        while True:
            try:
                answer = self.connection.get(
                    link, headers=headers, kind="retry" if losses or waits else "read"
                )
            except Unanswered as lost:
                losses += 1
                self._lost(lost, losses)
                continue
            found = _meaning(answer)
            if found is Meaning.DONE:
                return answer
            # An empty 403 is a gateway's throttle or a refusal: a few more tries tell them apart (timetta.md §6).
            throttled = answer.status == 403 and not answer.body.strip() and waits < _DOUBTS
            if throttled or (found is Meaning.WAIT and waits < WAITS):
                waits += 1
                self._rest(self._asked_pause(answer, waits))
            elif found is Meaning.UNKNOWN and losses < LOSSES:
                losses += 1
                self._rest(PAUSE * losses)
            else:
                raise self._failure(answer, found, entity_set)

    def page(self, link: str, entity_set: str, read: Callable[[bytes], Page[E]]) -> Page[E]:
        """Return the page under a link; a body cut short or of another kind is asked for once more, then is an error.

        `read` reads it and raises ValueError when it cannot.
        """
        answer = self.get(link, entity_set)
        try:
            return read(answer.body)
        except ValueError:
            again = self.get(link, entity_set)
        try:
            return read(again.body)
        except ValueError:
            raise self._not_odata(again) from None

    def count(self, entity_set: str, condition: str | None = None) -> int | None:
        """Return how many entities a set has, or those that fulfil a condition; None when the service does not say."""
        try:
            body = (
                self.get(f"{entity_set}/$count{query(filter=condition)}", entity_set)
                .body.removeprefix(_BOM)
                .strip()
            )
            if body.isdigit():
                return int(body)
            link = entity_set + query(filter=condition, top=1, count=True)
            return self.page(link, entity_set, read_page).count
        except ReadFailed:
            return None

    def batch(self, links: Mapping[str, str]) -> Mapping[str, Answer]:
        """Return the answers to many GETs in one batch, by id; those without an answer are left out.

        Raises:
            BatchUnreadable: the service has no batch, or answered something else.
        """
        operations = [
            Operation(name, "GET", link, {"accept": "application/json"}) for name, link in links.items()
        ]
        refused = BatchUnreadable("no form of a batch is left")
        for form in tuple(Format) if self.form is None else (self.form,):
            try:
                answers = self._batched(form, operations)
            except BatchUnreadable as unreadable:
                refused = unreadable
                if unreadable.status not in ANOTHER_FORM:
                    break
                continue
            if any(answer.status == 200 for answer in answers.values()):
                self.form = form
            if answers or form is self.form:
                return answers
        raise refused

    def resolve(self, link: str, request: str) -> str:
        """Return the absolute URL of a next link: relative ones against the root when they begin with a set's name, else the request.

        Some services write them relative to the root whatever was asked (odata-protocol.md §3).

        Raises:
            ServiceError: it leads to another origin.
        """
        first = re.split(r"[/?(]", link, maxsplit=1)[0]
        return self.connection.url(link, None if first in self.sets else request)

    def _batched(self, form: Format, operations: Sequence[Operation]) -> Mapping[str, Answer]:
        batch = write_batch(form, operations)
        answer = self._batch(batch)
        if answer is None or answer.status in (429, 503):
            # Reads may be repeated: once, after what the service asks for.
            self._rest(PAUSE if answer is None else self._asked_pause(answer, 1))
            answer = self._batch(batch)
        if answer is None:
            raise BatchUnreadable("no answer", status=0)
        if answer.status != 200:
            raise BatchUnreadable(f"status {answer.status}", status=answer.status)
        return read_batch(form, answer.headers.get("content-type", ""), answer.body, operations).answers

    def _batch(self, batch: Written) -> Response | None:
        headers = {**batch.headers, "odata-version": "4.0"}
        try:
            return self.connection.send("POST", "$batch", body=batch.body, headers=headers)
        except Unanswered:
            return None

    def _lost(self, lost: Unanswered, losses: int) -> None:
        """Wait before the same question is asked again, or give up."""
        root = self.connection.root
        if isinstance(lost, Endless):
            raise ServiceError(
                AnswerTooLarge(place=EntityPlace(root), found=lost.reason, expected=root)
            ) from None
        if losses >= LOSSES or not (lost.sent or self.connection.answered):
            raise ServiceError(
                ServiceUnreachable(place=EntityPlace(root), found=lost.reason, expected=root)
            ) from None
        self._rest(PAUSE * losses)

    def _rest(self, seconds: float) -> None:
        """Wait, unless somebody wants to stop: then nothing more is asked."""
        if self.pause(seconds):
            raise ServiceError(come_back(self.connection.root, seconds))

    def _asked_pause(self, answer: Response, waits: int) -> float:
        asked = retry_after(answer.headers)
        if asked is not None and asked > PATIENCE:
            raise ServiceError(come_back(self.connection.root, asked))
        return PAUSE * min(waits, 5) if asked is None else max(asked, 0.1)

    def _failure(self, answer: Response, found: Meaning, entity_set: str) -> Exception:
        message = read_error(answer.status, answer.body, answer.content_type)
        root = self.connection.root
        place = EntityPlace(entity_set or root)
        if found is Meaning.LOGIN:
            kind = NoLoginGiven if isinstance(self.connection.login, NoLogin) else LoginRefused
            return ServiceError(
                kind(
                    place=EntityPlace(root),
                    found=self.connection.login.reason or message.text,
                    expected=root,
                    status=answer.status,
                )
            )
        if answer.status == 403:
            return ServiceError(
                AccessDenied(
                    place=place, found=message.text, expected=root, status=403, set=entity_set or root
                )
            )
        if found in (Meaning.WAIT, Meaning.UNKNOWN):
            reason = f"{answer.status} {message.text}".strip()
            return ServiceError(ServiceUnreachable(place=EntityPlace(root), found=reason, expected=root))
        return self._not_odata(answer) if 300 <= answer.status < 400 else ReadFailed(message, entity_set)

    def _not_odata(self, answer: Response) -> ServiceError:
        root = self.connection.root
        message = read_error(answer.status, answer.body, answer.content_type)
        kind = "redirect" if 300 <= answer.status < 400 else message.kind
        if kind == "text" and answer.body.lstrip()[:1] in (b"{", b"["):
            kind = "odata"
        what = translate(_WHAT[kind]).format(title=message.message, status=answer.status)
        return ServiceError(NotOData(place=EntityPlace(root), found=what, expected=root))


_WHAT = {
    "html": N_("an html page “{title}” ({status})"),
    "text": N_("a text ({status})"),
    "empty": N_("nothing ({status})"),
    "odata": N_("another JSON document, or half of one ({status})"),
    "redirect": N_("a redirect ({status})"),
}


def _meaning(answer: Response) -> Meaning:
    if 200 <= answer.status < 300:
        return Meaning.DONE
    kind = read_error(answer.status, answer.body, answer.content_type).kind
    return meaning(
        Situation(
            answer.status,
            method="GET",
            retry_after="retry-after" in answer.headers,
            explained=kind == "odata",
            empty=kind == "empty",
        )
    )
