"""Untrusted XML → elements with line numbers: no DOCTYPE, no entities, no network, bounded size and depth.

What is no CSDL is refused with a message that says what it is instead. Only elements of OData's own
namespaces are seen: those of others are extensions, which CSDL allows everywhere (OData CSDL XML §3).
"""

import re
from collections.abc import Iterator
from typing import ClassVar, cast

from lxml import etree

from importer.problems import Problem, RecipePlace, ServiceError, Severity
from importer.text.translating import N_, translate

MAX_SIZE = 64 * 2**20
EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
EDMX = "{http://docs.oasis-open.org/odata/ns/edmx}"
_OLD_EDMX = "{http://schemas.microsoft.com/ado/2007/06/edmx}"
_HEAD = 4096
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
# What may stand before a DOCTYPE besides blanks: declaration and instructions, comments (XML 1.0, production 22).
_BLANKS = re.compile(rb"[ \t\r\n]*")
_SKIPPED = ((b"<?", b"?>"), (b"<!--", b"-->"))
_ROOTS = {
    "service": N_("an Atom service document"),
    "feed": N_("an Atom feed"),
    "entry": N_("an Atom entry"),
    "error": N_("an XML error message"),
    "html": N_("an html page, perhaps of a login or a proxy"),
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


def parse(document: bytes, name: str) -> etree._Element:
    """Return the root element `edmx:Edmx` of a version-4 document.

    Raises:
        ServiceError: with what it is instead, at its line and column.
    """
    if len(document) > MAX_SIZE:
        found = translate("it has {size} bytes, and at most {limit} are read")
        raise _broken(name, found.format(size=len(document), limit=MAX_SIZE))
    if other := _something_else(document):
        raise ServiceError(NotMetadata(place=RecipePlace(name, 1, 1), name=name, found=translate(other)))
    text = _without_bom(document)
    if (position := _doctype_at(text)) is not None:
        raise _broken(name, _doctype(), line=text.count(b"\n", 0, position) + 1)
    root = _parsed(document, name)
    # A document in a rare encoding hides its DOCTYPE from the look above.
    if root.getroottree().docinfo.internalDTD is not None:
        raise _broken(name, _doctype())
    _check_root(root, name)
    return root


def _doctype_at(text: bytes) -> int | None:
    """Return where a DOCTYPE begins, if one stands before the root element."""
    position = 0
    while True:
        blanks = _BLANKS.match(text, position)
        position = blanks.end() if blanks else position
        if text.startswith(b"<!DOCTYPE", position):
            return position
        for begin, end in _SKIPPED:
            if text.startswith(begin, position):
                found = text.find(end, position + len(begin))
                break
        else:
            return None
        if found < 0:
            return None
        position = found + len(end)


def kind(element: etree._Element) -> str:
    """Return an element's name when it is CSDL's own, else an empty text."""
    tag = str(element.tag)
    return tag[len(EDM) :] if tag.startswith(EDM) else ""


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the element's CSDL children of one name."""
    return element.iterchildren(EDM + name)


def named(element: etree._Element, name: str) -> Iterator[tuple[str, etree._Element]]:
    """Yield (Name, element) of the children of one kind; nobody can speak of a nameless one."""
    for item in children(element, name):
        if own := item.get("Name"):
            yield own, item


def place_of(element: etree._Element, name: str) -> RecipePlace:
    """Return where an element begins; lxml knows its line."""
    return RecipePlace(name, cast("int | None", element.sourceline) or 1, 1)


def _parsed(document: bytes, name: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        reason = (error.msg or "ill-formed XML").partition(", line ")[0]
        # The version of lxml decides whether the column counts from 0 or is there at all.
        line, column = error.lineno or 1, error.offset or 1
        raise _broken(name, reason, line=max(1, line), column=max(1, column)) from None
    return root


def _broken(name: str, found: str, *, line: int = 1, column: int = 1) -> ServiceError:
    return ServiceError(BrokenMetadata(place=RecipePlace(name, line, column), name=name, found=found))


def _doctype() -> str:
    return translate("it declares a DOCTYPE, and such documents are never expanded")


def _without_bom(document: bytes) -> bytes:
    """Return the document as far as it can be looked at: UTF-16 loses its zeros, so that markup shows."""
    for mark in _BOMS:
        if document.startswith(mark):
            head = document[len(mark) :]
            return head if mark == _BOMS[0] else head[: 16 * _HEAD].replace(b"\0", b"")
    return document


def _something_else(document: bytes) -> str | None:
    """Return what a document is that is no XML of a service, as a text to translate."""
    head = _without_bom(document[:_HEAD]).replace(b"\0", b"").lstrip()
    low = head.lower()
    if not head:
        return N_("empty")
    if low.startswith(b"<!doctype html") or re.search(rb"<html[\s>]", low):
        return _ROOTS["html"]
    if head[:1] in b"{[":
        if b'"$Version"' in head:
            return N_("metadata written as JSON, and only the XML form is read")
        return N_("a JSON error message") if b'"error"' in head else N_("JSON")
    return None if head.startswith(b"<") else N_("plain text")


def _check_root(root: etree._Element, name: str) -> None:
    tag, place = str(root.tag), place_of(root, name)
    if tag not in (EDMX + "Edmx", _OLD_EDMX + "Edmx"):
        last = tag.rpartition("}")[2]
        found = translate(_ROOTS.get(last, N_("an XML document <{root}>"))).format(root=last)
        raise ServiceError(NotMetadata(place=place, name=name, found=found))
    if tag.startswith(_OLD_EDMX) or not root.get("Version", "").startswith("4"):
        stated = _old_version(root)
        old = f"OData v{stated}" if stated else translate("OData v2 or v3")
        raise ServiceError(OldMetadata(place=place, name=name, found=old))
    if next(root.iter(EDM + "Schema"), None) is None:
        found = translate("it holds no schema of OData v4")
        raise ServiceError(BrokenMetadata(place=place, name=name, found=found))


def _old_version(root: etree._Element) -> str | None:
    """Return the digit of `m:DataServiceVersion`; v1 to v3 wrote it in a namespace of their own each."""
    for services in root:
        for name, version in services.items():
            if str(name).endswith("}DataServiceVersion") and str(version)[:1] in ("1", "2", "3"):
                return str(version)[:1]
    return None
