"""Bytes → `Model`, whichever of the two forms of CSDL they are."""

from importer.odata.csdl.assembling import assemble
from importer.odata.csdl.documents import Document
from importer.odata.csdl.json_reader import JsonDocument
from importer.odata.csdl.references import Library, nowhere, referenced
from importer.odata.csdl.refusals import check_bytes, is_json
from importer.odata.csdl.xml_reader import XmlDocument
from importer.odata.edm import Model


def read_metadata(document: bytes, name: str, library: Library = nowhere) -> Model:
    """Return the model of a `$metadata` document; `name` stands in places of problems.

    library: where documents that it refers to lie; nothing is ever fetched.

    Raises:
        ServiceError: it, or one it refers to, is no OData v4 metadata, is ill-formed, or types are cyclic.
    """
    first = _parsed(document, name)
    return assemble(first, referenced(first, library, _parsed))


def _parsed(document: bytes, name: str) -> Document:
    check_bytes(document, name)
    return JsonDocument(document, name) if is_json(document) else XmlDocument(document, name)
