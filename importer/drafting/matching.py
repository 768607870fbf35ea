"""How an entity already there would be recognised: what the service says, and what differs in the data."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

import msgspec

from importer.drafting.sheets import Column
from importer.drafting.targets import Offer, Target
from importer.odata.edm import Model
from importer.service import Service
from importer.text.folding import fold
from importer.text.translating import translate

_ALTERNATE_KEYS = "Org.OData.Core.V1.AlternateKeys"
_OF_THINGS = (
    "code",
    "sku",
    "isbn",
    "order number",
    "invoice number",
    "tax number",
    "number",
    "login",
    "email",
)
_OF_PEOPLE = ("personnel number", "email", "login", "tax number", "code", "number")
_NAMING_KINDS = frozenset({"date", "code", "person"})
# What tells people apart where nothing better does.
_PERSON = ("last name", "first name", "middle name", "birth date")
# A key that fewer rows have, or that more rows share, recognises nothing.
_FILLED, _DIFFERENT = 0.5, 0.8


class Matched(msgspec.Struct, frozen=True):
    """The alternatives, best first, and a sentence on each."""

    alternatives: tuple[tuple[str, ...], ...] = ()
    evidence: str = ""
    sure: bool = True  # False: the data happen to differ, nothing says that these tell entities apart


class _Counted(msgspec.Struct, frozen=True):
    names: tuple[str, ...]
    filled: int
    different: int
    rows: int
    said: str = ""

    @property
    def tells(self) -> bool:
        return self.filled >= _FILLED * self.rows and self.different >= _DIFFERENT * self.filled

    def __str__(self) -> str:
        text = translate("{names}: {different} of {filled} differ").format(
            names=" + ".join(self.names), different=self.different, filled=self.filled
        )
        return f"{text} ({self.said})" if self.said else text


def match_of(service: Service, offer: Offer, columns: dict[str, Column]) -> Matched:
    """Return how to recognise the entities of a set; `columns`: property → the column that fills it."""
    proposed: dict[tuple[str, ...], str] = {}
    for names, said in _proposed(service, offer, columns):
        proposed.setdefault(names, said)
    counted = [_count(names, said, columns) for names, said in proposed.items()]
    telling = [item for item in counted if item.tells and item.filled]
    sure = bool(telling)
    if not telling:
        telling = [*_pairs(offer, columns)][:1]
    if not telling:
        rest = [_count((name,), "", columns) for name in columns]
        best = max(
            rest, key=lambda item: (offer.targets[item.names[0]].names_entity, item.different), default=None
        )
        telling = [best] if best is not None else []
    chosen = _sufficient(telling)
    return Matched(tuple(item.names for item in chosen), "; ".join(map(str, chosen)), sure)


def _sufficient(telling: Sequence[_Counted]) -> list[_Counted]:
    """Return the first, and one after it: where the first leaves blanks, or where the service says so and the data agree."""
    if not telling:
        return []
    first = telling[0]
    others = [item for item in telling[1:] if not set(item.names) & set(first.names)]
    if first.filled == first.rows:
        others = [item for item in others if item.said and item.different == item.filled]
    return [first, *others[:1]]


def _proposed(
    service: Service, offer: Offer, columns: dict[str, Column]
) -> Iterator[tuple[tuple[str, ...], str]]:
    mapped = columns.keys()
    for names in service.dialect.match_keys(service.lineage(offer.type)):
        if set(names) <= mapped:
            yield names, translate("the dialect's key")
    for names in _alternate_keys(service.model, offer):
        if set(names) <= mapped:
            yield names, translate("a key of the metadata")
    key = tuple(_as_mapped(service.model.key_of(offer.type), offer, mapped))
    if key and set(key) <= mapped:
        yield key, translate("the key")
    for concept in _OF_PEOPLE if "person" in offer.entities else _OF_THINGS:
        for name, item in offer.targets.items():
            if name in mapped and item.to is None and item.concepts.get(concept, 0) >= 0.95:
                yield (name,), ""
    for name, item in offer.targets.items():
        if name in mapped and item.names_entity:
            yield (name,), ""
    person = tuple(
        name
        for concept in _PERSON
        for name, item in offer.targets.items()
        if name in mapped and item.concepts.get(concept, 0) >= 0.95
    )
    for length in range(2, len(person) + 1):
        yield person[:length], ""


def _as_mapped(key: Iterable[str], offer: Offer, mapped: Iterable[str]) -> Iterator[str]:
    """Yield the properties of a key, the navigation in the place of its pair."""
    known = {offer.targets[name].bound.wire: name for name in mapped}
    return (known.get(name, name) for name in key)


def _alternate_keys(model: Model, offer: Offer) -> Iterator[tuple[str, ...]]:
    notes = (
        *model.sets[offer.to].annotations,
        *(note for declared in model.lineage(offer.type) for note in declared.annotations),
    )
    for note in notes:
        if note.term == _ALTERNATE_KEYS and isinstance(note.value, tuple):
            for entry in note.value:
                keys = entry.get("Key") if isinstance(entry, dict) else None
                if isinstance(keys, tuple):
                    yield tuple(str(item.get("Name")) for item in keys if isinstance(item, dict))


def _pairs(offer: Offer, columns: dict[str, Column]) -> Iterator[_Counted]:
    """Yield two properties that tell the rows apart together; references first, as in a list of links."""
    able = [name for name in columns if _may_tell(offer.targets[name])]
    order = sorted(
        able, key=lambda name: (offer.targets[name].to is None, not offer.targets[name].names_entity)
    )
    for pair in combinations(order[:8], 2):
        found = _count(pair, "", columns)
        if found.filled == found.rows and found.different == found.filled and found.rows > 1:
            yield found


def _may_tell(target: Target) -> bool:
    """Whether a property may be a part of a key: prices and texts differ by chance."""
    return target.to is not None or target.key or target.names_entity or target.kind in _NAMING_KINDS


def _count(names: tuple[str, ...], said: str, columns: dict[str, Column]) -> _Counted:
    rows = zip(*(columns[name].values for name in names), strict=True)
    filled = [tuple(fold(cell.text) if cell else "" for cell in row) for row in rows if any(row)]
    length = len(columns[names[0]].values)
    return _Counted(names, len(filled), len(set(filled)), length, said)
