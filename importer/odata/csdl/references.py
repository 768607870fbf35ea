"""Documents that a document refers to: out of a folder or a map that is given, never from the network.

`edmx:Reference` names a URI. Who asks for metadata says where such documents lie; what is not there is left out,
and names that point into it stay names (OData CSDL XML §4.1 lets a client do so).
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from importer.odata.csdl.documents import Document
from importer.odata.csdl.refusals import MAX_SIZE

Library: TypeAlias = Callable[[str], bytes | None]
"""A URI as written → the document, or None."""

# A service of DMTF's Redfish refers to some two hundred documents.
_MAX_DOCUMENTS = 2_000


def nowhere(_uri: str) -> bytes | None:
    """Return None: nothing is referred to."""
    return None


def from_map(documents: Mapping[str, bytes]) -> Library:
    """Return a library of documents by their URI as it is written."""
    return documents.get


def from_folder(folder: Path) -> Library:
    """Return a library of the files in a folder, not in folders below it, by the last step of the URI's path.

    `https://example.test/schemas/v1/Chassis_v1.xml#x` is `Chassis_v1.xml`. Without such a file, a relative path
    is tried as it is, if it stays inside the folder.
    """
    root = folder.resolve()

    def look(uri: str) -> bytes | None:
        written = unquote(urlsplit(uri).path)
        for name in (written.rpartition("/")[2], written.lstrip("/")):
            path = _inside(root, name)
            if path is not None and path.stat().st_size <= MAX_SIZE:
                return path.read_bytes()
        return None

    return look


def referenced(
    first: Document, library: Library, read: Callable[[bytes, str], Document]
) -> Iterator[tuple[Document, frozenset[str]]]:
    """Yield each document that is reached from the first one, with the namespaces that are included of it.

    A document counts once, however many refer to it, under whatever URIs; the first one counts as itself.
    """
    wanted: dict[str, set[str]] = {}
    found: dict[str, Document] = {}
    waiting, size = [first], 0
    while waiting:
        for reference in waiting.pop().references:
            wanted.setdefault(reference.uri, set()).update(reference.namespaces)
            if reference.uri in found or len(found) >= _MAX_DOCUMENTS:
                continue
            data = library(reference.uri)
            if data is None or size + len(data) > MAX_SIZE:
                continue
            size += len(data)
            found[reference.uri] = read(data, reference.uri)
            waiting.append(found[reference.uri])
    known = {first.namespaces}
    for document in found.values():
        if document.namespaces not in known:
            known.add(document.namespaces)
            twins = (uri for uri, other in found.items() if other.namespaces == document.namespaces)
            asked = frozenset[str]().union(*(wanted[uri] for uri in twins))
            # Another document may lie under that name: what it does not hold is not included of it.
            yield document, asked & frozenset(document.namespaces) - frozenset(first.namespaces)


def _inside(root: Path, name: str) -> Path | None:
    """Return the file of that name if it lies in the folder."""
    if not name or "\0" in name:
        return None
    try:
        path = (root / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, ValueError):
        return None
