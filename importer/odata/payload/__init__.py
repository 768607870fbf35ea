"""EDM values ↔ JSON bodies (OData JSON Format), and error bodies of every shape."""

from importer.odata.payload.decoding import decode, entity_decoder
from importer.odata.payload.encoding import encode, encode_as, to_json
from importer.odata.payload.errors import ServiceMessage, read_error
from importer.odata.payload.pages import Page, parse_json, read_page

__all__ = [
    "Page",
    "ServiceMessage",
    "decode",
    "encode",
    "encode_as",
    "entity_decoder",
    "parse_json",
    "read_error",
    "read_page",
    "to_json",
]
