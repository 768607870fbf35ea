"""What is no metadata of OData v4 is told as what it is instead; what is broken, as what is wrong with it."""

import re
from typing import ClassVar

from importer.problems import Problem, RecipePlace, ServiceError, Severity
from importer.text.translating import N_, translate

MAX_SIZE = 64 * 2**20
HEAD = 4096
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# The first bytes of files and streams that services and people take for a document.
_BINARY = (
    (b"PK\x03\x04", N_("a zip archive or a workbook")),
    (b"\x1f\x8b", N_("data packed with gzip")),
    (b"%PDF", N_("a PDF document")),
)
_HTML = N_("an html page, perhaps of a login or a proxy")
ROOTS = {
    "service": N_("an Atom service document"),
    "feed": N_("an Atom feed"),
    "entry": N_("an Atom entry"),
    "error": N_("an XML error message"),
    "html": _HTML,
    "Envelope": N_("a SOAP message"),
    "definitions": N_("a SOAP service's description (WSDL)"),
}


class NotMetadata(Problem):
    """The document is no CSDL. `found` says what it is instead."""

    code: ClassVar[str] = "not-odata"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{name} is no OData v4 metadata: it is {found}."
    hint: ClassVar[str] = "Check the service's address: it ends where $metadata follows, often in /odata"

    name: str


class OldMetadata(NotMetadata):
    """OData v2 or v3."""

    text: ClassVar[str] = "{name} is metadata of {found}; only OData v4 is spoken here."
    hint: ClassVar[str] = "Many services offer v4 under another address: ask its provider"


class BrokenMetadata(NotMetadata):
    """Ill-formed, dangerous or contradictory."""

    text: ClassVar[str] = "{name} cannot be read: {found}."
    hint: ClassVar[str] = "If it was saved to a file, save it again; else tell the service's provider"


def broken(name: str, found: str, *, line: int = 1, column: int = 1) -> ServiceError:
    """Return the error of a document that is metadata, but cannot be read."""
    return ServiceError(BrokenMetadata(place=RecipePlace(name, line, column), name=name, found=found))


def something_else(name: str, found: str, place: RecipePlace | None = None) -> ServiceError:
    """Return the error of a document that is `found`, a text that is translated already."""
    return ServiceError(NotMetadata(place=place or RecipePlace(name, 1, 1), name=name, found=found))


def check_bytes(document: bytes, name: str) -> None:
    """Refuse what its size or first bytes show to be no XML and no JSON.

    Raises:
        ServiceError: too large, empty, a page, binary, or plain text.
    """
    if len(document) > MAX_SIZE:
        found = translate("it has {size} bytes, and at most {limit} are read")
        raise broken(name, found.format(size=len(document), limit=MAX_SIZE))
    if other := _other(document):
        raise something_else(name, translate(other))


def is_json(document: bytes) -> bool:
    """Whether the document begins as JSON objects and arrays do."""
    return _start(document)[:1] in (b"{", b"[")


def without_bom(document: bytes) -> bytes:
    """Return the document as far as it can be looked at: UTF-16 loses its zeros, so that markup shows."""
    for mark in _BOMS:
        if document.startswith(mark):
            head = document[len(mark) :]
            return head if mark == _BOMS[0] else head[: 16 * HEAD].replace(b"\0", b"")
    return document


def _start(document: bytes) -> bytes:
    return without_bom(document[:HEAD]).replace(b"\0", b"").lstrip()


def _other(document: bytes) -> str | None:
    """Return what a document is that is no XML or JSON of a service, as a text to translate."""
    for magic, what in _BINARY:
        if document.startswith(magic):
            return what
    head = _start(document)
    low = head.lower()
    if not head:
        return N_("binary data") if document[:HEAD].strip(b"\0 \t\r\n\xff\xfe\xef\xbb\xbf") else N_("empty")
    if low.startswith(b"<!doctype html") or re.search(rb"<html[\s>]", low):
        return _HTML
    if head.startswith((b"<", b"{", b"[")):
        return None
    control = sum(byte < 9 or 13 < byte < 32 for byte in document[:HEAD])
    return N_("binary data") if control * 10 > len(document[:HEAD]) else N_("plain text")
