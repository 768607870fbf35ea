"""`FetchedEntity`: an entity as the service has it, and how it is read from answers."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, ClassVar

import msgspec

from importer.odata.edm import EdmValue, Model
from importer.odata.payload.decoding import NotDecodable, entity_decoder
from importer.odata.payload.pages import Page, control, read_page
from importer.odata.payload.quick import QuickReader, quick_page_reader
from importer.problems import EntityPlace, Problem, ServiceError, Severity


class OddEntity(Problem):
    """An entity whose values are not of the declared types."""

    code: ClassVar[str] = "not-odata"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{set} holds an entity that its metadata do not allow: {found}."
    hint: ClassVar[str] = "Tell the service's provider"

    set: str


class FetchedEntity(msgspec.Struct, frozen=True):
    """An entity as the service has it now. `key` maps key properties to values; `values` are the properties asked for."""

    key: Mapping[str, EdmValue]
    values: Mapping[str, EdmValue]
    etag: str | None = None
    type: str | None = None

    @property
    def identity(self) -> Hashable:
        """Return the key as something to look up by."""
        return tuple(self.key.values())


def odd_entity(entity_set: str, found: str) -> ServiceError:
    """Return the exception that ends the command: an entity is not what the metadata promise."""
    return ServiceError(OddEntity(place=EntityPlace(entity_set), found=found, set=entity_set))


def entity_reader(
    model: Model, entity_set: str, select: Sequence[str]
) -> Callable[[Mapping[str, Any]], FetchedEntity]:
    """Return what decodes the raw entities of a set, each as of its own type; only the properties of `select`.

    The function raises ServiceError.
    """
    declared = model.sets[entity_set].type
    names = model.key_of(declared)
    decoders: dict[str, Callable[[Mapping[str, Any]], dict[str, EdmValue]]] = {}

    def read(raw: Mapping[str, Any]) -> FetchedEntity:
        stated = control(raw, "type")
        kind = _type_of(model, declared, str(stated)) if stated else declared
        decode = decoders.get(kind)
        if decode is None:
            decode = decoders[kind] = entity_decoder(model, kind, select)
        try:
            values = decode(raw)
        except NotDecodable as error:
            raise odd_entity(entity_set, str(error)) from None
        key = {name: values.get(name) for name in names}
        return FetchedEntity(key, values, _etag(control(raw, "etag")), kind)

    return read


def page_reader(
    model: Model, entity_set: str, select: Sequence[str]
) -> Callable[[bytes], Page[FetchedEntity]]:
    """Return what reads the pages of a set, only the properties of `select`; an entity without its key is refused.

    The function raises ValueError where a body is no page, and ServiceError where an entity is not as the metadata promise.
    """
    kind = model.sets[entity_set].type
    names = model.key_of(kind)
    quick: QuickReader | None = quick_page_reader(model, kind, select)
    read_one = entity_reader(model, entity_set, select)

    def read(body: bytes) -> Page[FetchedEntity]:
        nonlocal quick
        found = quick(body) if quick is not None else None
        if found is not None:
            entities = [
                FetchedEntity(
                    {name: values.get(name) for name in names},
                    values,
                    _etag(values.pop("@odata.etag", None)),
                    kind,
                )
                for values in found.entities
            ]
            page = Page(entities, found.next_link, found.count)
        else:
            # A service that writes something in its own way does so on every page.
            quick = None
            raw = read_page(body)
            page = Page([read_one(item) for item in raw.entities], raw.next_link, raw.count)
        for entity in page.entities:
            for name, value in entity.key.items():
                if value is None:
                    raise odd_entity(entity_set, f"{name}: null")
        return page

    return read


def _type_of(model: Model, declared: str, stated: str) -> str:
    """Return the type that an entity says it is, where it is one of those that the set may hold."""
    name = stated.lstrip("#").rpartition("#")[2]
    return name if name in model.types and model.is_a(name, declared) else declared


def _etag(found: object) -> str | None:
    return str(found) if found else None
