"""JSON answers as they are: pages of collections, and control information in the names of 4.0 and 4.01."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Generic, TypeVar

import msgspec

from importer.odata.payload.decoding import integer

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_BOM = b"\xef\xbb\xbf"

E = TypeVar("E")


class Page(msgspec.Struct, Generic[E], frozen=True):
    """One answer of a collection: its entities, the next link as written, the count if it was sent."""

    entities: list[E]
    next_link: str | None
    count: int | None


def parse_json(body: bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON value of `body`; numbers with a point are Decimals.

    Raises:
        ValueError: it is no JSON, or nested beyond reason.
    """
    try:
        return _DECODER.decode(body.removeprefix(_BOM))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None


def read_page(body: bytes) -> Page[dict[str, Any]]:
    """Return the page in an answer, its entities raw; control information is read in both spellings (OData JSON §4.5).

    Raises:
        ValueError: it is no collection of entities.
    """
    value = parse_json(body)
    if not _is_collection(value):
        raise ValueError("no collection of entities")
    return page_of(value, value["value"])


def page_of(answer: Mapping[str, Any], entities: list[E]) -> Page[E]:
    """Return the page whose control information stands in an answer."""
    link = control(answer, "nextLink")
    return Page(entities, str(link) if link else None, _count(control(answer, "count")))


def control(value: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return control information under its 4.0 or 4.01 spelling: `@odata.etag`, `@etag`."""
    found = value.get(f"@odata.{name}")
    return found if found is not None else value.get(f"@{name}")


def _is_collection(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    entities = value.get("value") if isinstance(value, dict) else None
    return isinstance(entities, list) and all(isinstance(item, dict) for item in entities)


def _count(value: Any) -> int | None:  # noqa: ANN401 - any JSON value
    try:
        return integer("Edm.Int64", value)
    except (ValueError, TypeError):
        return None
