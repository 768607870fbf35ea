"""What proves that a service answers a question: rows that fit it, and values known to exist found by it (odata-protocol.md rule 1)."""

import unicodedata
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

from importer.odata.edm import EdmValue, Model
from importer.odata.payload.pages import Page
from importer.service.fetched import FetchedEntity

# The values of several properties that are asked for together; of one property, one value.
Values: TypeAlias = tuple[EdmValue, ...]

# So many entities of the answer to a control are looked at.
CONTROL_PAGE = 50
# Types whose values every service compares as we do. Moments and floating numbers are stored in other precisions than they are shown in.
_COMPARED = frozenset(
    {
        "Edm.String",
        "Edm.Guid",
        "Edm.Boolean",
        "Edm.Byte",
        "Edm.SByte",
        "Edm.Int16",
        "Edm.Int32",
        "Edm.Int64",
        "Edm.Decimal",
        "Edm.Date",
    }
)
_ABSENT_TEXT = "\u2205 odata-importer"
_ABSENT_GUID = UUID(int=0x5B9D_7C1E_0F4A_4D5B_9A3C_2E1F_7B6A_8D90)


def may_be_asked(model: Model, entity_set: str, names: Sequence[str]) -> bool:
    """Whether a set can be asked by these properties: declared, single, of a type that is compared by value.

    A name that an open type does not have is answered by "no rows" (odata-protocol.md §4): it is never asked by.
    """
    declared = model.properties_of(model.sets[entity_set].type)
    return all(
        name in declared
        and not declared[name].collection
        and model.underlying(declared[name].type) in _COMPARED
        for name in names
    )


def same(value: EdmValue) -> Hashable:
    """Return the form in which a row counts as asked for: exactly, or as a forgiving collation would find it.

    Case, accents, widths and blanks at the end do not count: a service that finds "Müller" for "MULLER" filters all the same.
    """
    if isinstance(value, str):
        text = unicodedata.normalize("NFKD", value)
        return "".join(sign for sign in text if not unicodedata.combining(sign)).casefold().rstrip()
    return str(value) if isinstance(value, UUID | tuple | Mapping) else value


def values_of(entity: FetchedEntity, names: Iterable[str]) -> Values:
    """Return what an entity holds in these properties."""
    return tuple(entity.values.get(name) for name in names)


def fit(entities: Iterable[FetchedEntity], names: Sequence[str], asked: Iterable[Values]) -> bool:
    """Whether every entity was asked for."""
    wanted = {tuple(map(same, values)) for values in asked}
    return all(tuple(map(same, values_of(entity, names))) in wanted for entity in entities)


def samples(page: Page[FetchedEntity], names: Sequence[str]) -> list[Values]:
    """Return the values of up to two entities of a page that have some in each property, different ones."""
    found: dict[Hashable, Values] = {}
    for entity in page.entities:
        values = values_of(entity, names)
        if all(value not in (None, "") for value in values):
            found.setdefault(tuple(map(same, values)), values)
        if len(found) == 2:
            break
    return list(found.values())


def absent(values: Values) -> Values:
    """Return values of the same types that are hardly there; where there are none such, the same again."""
    return tuple(
        _ABSENT_GUID
        if isinstance(value, UUID)
        else _ABSENT_TEXT[: max(1, len(value))]
        if isinstance(value, str)
        else value
        for value in values
    )


def proves(page: Page[FetchedEntity], names: Sequence[str], known: Sequence[Values]) -> bool:
    """Whether the answer to a control holds what is known to exist, and nothing else.

    Of an answer that goes on beyond the page one of the known values is enough.
    """
    found = {tuple(map(same, values_of(entity, names))) for entity in page.entities}
    wanted = {tuple(map(same, values)) for values in known}
    complete = (
        not page.next_link and len(page.entities) < CONTROL_PAGE and page.count in (None, len(page.entities))
    )
    return bool(found) and found <= wanted and (found == wanted or not complete)
