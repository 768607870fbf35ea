"""Whole pages in one pass: JSON straight to EDM values, in msgspec's C code, where an answer is just what the metadata promise.

Measured on pages of 1,000 entities with 13 properties: a third of the time of reading raw entities and decoding them one by one.
What a service sends in another form (a number as text, a day with a clock, an entity of a derived type) is left to `decoding`,
which is as forgiving as it must be.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Required, TypeAlias, TypedDict
from uuid import UUID

import msgspec

from importer.odata.edm.model import Model
from importer.odata.edm.primitives import EdmValue
from importer.odata.edm.properties import Property
from importer.odata.payload.decoding import NotDecodable, ValueReader, value_reader
from importer.odata.payload.pages import Page, control, page_of

QuickReader: TypeAlias = Callable[[bytes], "Page[dict[str, EdmValue]] | None"]

# Types that msgspec reads as we do. Moments are not among them: services write seven digits of a second.
_READ_AS = {"Edm.String": str, "Edm.Boolean": bool, "Edm.Guid": UUID, "Edm.Date": date}
_CONTROL = ("etag", "type")


def quick_page_reader(model: Model, type_name: str, names: Iterable[str]) -> QuickReader:
    """Return what reads pages of entities of exactly this type: the declared ones among `names`, and `@odata.etag` as it was sent.

    The function answers None where the page is not just as promised: then it must be read the forgiving way.
    """
    declared = model.properties_of(type_name)
    known = {name: declared[name] for name in names if name in declared}
    if not all(name.isascii() for name in known):
        # msgspec passes over keys of a TypedDict that are not ASCII, without a word (seen with 0.22).
        return lambda _: None
    decoder = msgspec.json.Decoder(
        _answer_of({name: _read_as(item, model) for name, item in known.items()}), float_hook=Decimal
    )
    others = [
        (name, value_reader(item, model)) for name, item in known.items() if _read_as(item, model) is Any
    ]

    def read(body: bytes) -> Page[dict[str, EdmValue]] | None:
        try:
            answer = decoder.decode(body)
            for entity in answer["value"]:
                if not _finish(entity, others):
                    return None
        except (msgspec.DecodeError, NotDecodable, RecursionError, UnicodeDecodeError):
            return None
        return page_of(answer, answer["value"])

    return read


def _read_as(declared: Property, model: Model) -> Any:  # noqa: ANN401 - a type for msgspec
    kind = None if declared.collection else _READ_AS.get(model.underlying(declared.type))
    return Any if kind is None else kind | None


def _answer_of(properties: dict[str, Any]) -> Any:  # noqa: ANN401 - a type for msgspec
    """Return the type of an answer: what is not named here is passed over while it is read."""
    typed: Any = TypedDict
    control_information = {f"{prefix}{name}": Any for name in _CONTROL for prefix in ("@odata.", "@")}
    entity = typed("Entity", {**properties, **control_information}, total=False)
    outer = {f"{prefix}{name}": Any for name in ("nextLink", "count") for prefix in ("@odata.", "@")}
    return typed("Answer", {"value": Required[list[entity]], **outer}, total=False)  # type: ignore[valid-type]


def _finish(entity: dict[str, Any], others: list[tuple[str, ValueReader]]) -> bool:
    """Read what msgspec left as it was, and take the control information out but for the ETag; False where a type is stated."""
    if "@odata.type" in entity or "@type" in entity:
        return False
    for name, read in others:
        value = entity.get(name)
        if value is not None:
            entity[name] = read(value)
    if "@etag" in entity:
        entity["@odata.etag"] = control(entity, "etag")
        del entity["@etag"]
    return True
