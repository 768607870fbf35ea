"""Untrusted XML → elements with line numbers: no DOCTYPE, no entities, no network, bounded size and depth.

What is no CSDL is refused with a message that says what it is instead. Only elements of OData's own
namespaces are seen: those of others are extensions, which CSDL allows everywhere (OData CSDL XML §3).
"""

import re
from collections.abc import Iterator
from typing import cast

from lxml import etree

from importer.odata.csdl.refusals import (
    ROOTS,
    BrokenMetadata,
    OldMetadata,
    broken,
    check_bytes,
    something_else,
    without_bom,
)
from importer.problems import RecipePlace, ServiceError
from importer.text.translating import N_, translate

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
EDMX = "{http://docs.oasis-open.org/odata/ns/edmx}"
# OData up to v3 wrote the first; Entity Framework models are in one of the three.
_OLD_EDMX = tuple(
    f"{{http://schemas.microsoft.com/ado/{when}/edmx}}" for when in ("2007/06", "2008/10", "2009/11")
)
# What may stand before a DOCTYPE besides blanks: declaration and instructions, comments (XML 1.0, production 22).
_BLANKS = re.compile(rb"[ \t\r\n]*")
_SKIPPED = ((b"<?", b"?>"), (b"<!--", b"-->"))


def parse(document: bytes, name: str) -> etree._Element:
    """Return the root element `edmx:Edmx` of a version-4 document.

    Raises:
        ServiceError: with what it is instead, at its line and column.
    """
    check_bytes(document, name)
    text = without_bom(document)
    if (position := _doctype_at(text)) is not None:
        raise broken(name, _doctype(), line=text.count(b"\n", 0, position) + 1)
    root = _parsed(document, name)
    # A document in a rare encoding hides its DOCTYPE from the look above.
    if root.getroottree().docinfo.internalDTD is not None:
        raise broken(name, _doctype())
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
        if reason.startswith("Premature end") or _is_cut(document):
            reason = translate("it is cut short ({reason})").format(reason=reason)
        # The version of lxml decides whether the column counts from 0 or is there at all.
        line, column = error.lineno or 1, error.offset or 1
        raise broken(name, reason, line=max(1, line), column=max(1, column)) from None
    return root


def _is_cut(document: bytes) -> bool:
    """Whether the end is missing; UTF-16 keeps a zero beside the last sign."""
    return not document.rstrip(b"\0 \t\r\n").endswith((b">", b">\0"))


def _doctype() -> str:
    return translate("it declares a DOCTYPE, and such documents are never expanded")


def _check_root(root: etree._Element, name: str) -> None:
    tag, place = str(root.tag), place_of(root, name)
    old = tag.startswith(_OLD_EDMX)
    if tag != EDMX + "Edmx" and not (old and tag.endswith("}Edmx")):
        last = tag.rpartition("}")[2]
        found = translate(ROOTS.get(last, N_("an XML document <{root}>"))).format(root=last)
        raise something_else(name, found, place)
    if old and any(str(item.tag).rpartition("}")[2] in ("Runtime", "Designer") for item in root):
        raise something_else(
            name, translate("an Entity Framework model (EDMX), which no service sends"), place
        )
    if old or not root.get("Version", "").startswith("4"):
        stated = _old_version(root)
        written = f"OData v{stated}" if stated else translate("OData v2 or v3")
        raise ServiceError(OldMetadata(place=place, name=name, found=written))
    if next(root.iter(EDM + "Schema"), None) is None:
        raise ServiceError(
            BrokenMetadata(place=place, name=name, found=translate("it holds no schema of OData v4"))
        )


def _old_version(root: etree._Element) -> str | None:
    """Return the digit of `m:DataServiceVersion`; v1 to v3 wrote it in a namespace of their own each."""
    for services in root:
        for name, version in services.items():
            if str(name).endswith("}DataServiceVersion") and str(version)[:1] in ("1", "2", "3"):
                return str(version)[:1]
    return None
