"""Which texts find entities: what the service holds of small sets, and what other sheets of the workbook will make."""

import re
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from importer.drafting.targets import Offer
from importer.odata.edm.primitives import INTEGERS
from importer.problems import ServiceError
from importer.service import Service
from importer.text.folding import fold

# A set is read whole up to this many entities; of a larger one only the values of the sample are asked for.
_SMALL = 2_000
_MOST_SETS = 30
_MOST_REFUSALS = 2
_MOST_ASKED = 40
_TELLING = frozenset(
    {
        "name",
        "full name",
        "company name",
        "code",
        "personnel number",
        "email",
        "login",
        "tax number",
        "sku",
        "currency",
        "isbn",
        "order number",
        "country",
    }
)
_INITIALS = re.compile(r"([^\W\d_][\w-]+)\s+([^\W\d_])\.\s*(?:([^\W\d_])\.?)?")
_KEYS = frozenset({"Edm.String", "Edm.Guid", *INTEGERS})

Rows = Sequence[Mapping[str, str]]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the different values of a column name an entity of a set, and by which properties.

    sources: (None for the service, else a sheet; how many it holds). initials: `Иванов И.И.` finds a name.
    """

    by: tuple[str, ...] = ()
    count: int = 0
    total: int = 0
    sources: tuple[tuple[str | None, int], ...] = ()
    initials: bool = False

    @property
    def share(self) -> float:
        """Return how much of the values is found."""
        return self.count / self.total if self.total else 0.0


class References:
    """What is known of the entities that columns may refer to. Asks of each set at most once; a refusal is no evidence."""

    def __init__(self, service: Service, *, reads: bool) -> None:
        """`reads`: whether the service may be asked for entities."""
        self._service, self._reads = service, reads
        self._refused: set[str] = set()
        self._held: dict[str, Rows | None] = {}
        self._made: dict[str, list[tuple[str, Mapping[str, frozenset[str]]]]] = {}

    def made(self, entity_set: str, sheet: str, texts: Mapping[str, frozenset[str]]) -> None:
        """Remember that a sheet will make entities: property → folded texts."""
        self._made.setdefault(entity_set, []).append((sheet, texts))

    def rows(self, offer: Offer) -> Rows | None:
        """Return the texts of each entity of a small set by property; None: not to be had."""
        if offer.to not in self._held:
            room = self._reads and len(self._held) < _MOST_SETS
            self._held[offer.to] = self._read(offer) if room else None
        return self._held[offer.to]

    def look(self, offer: Offer, values: Iterable[str], *, but: str | None = None) -> Found | None:
        """Return how many of the values name an entity; None where nothing is known. `but`: a sheet that does not count."""
        distinct = {fold(text): text for text in values}
        if not distinct:
            return None
        held = self.rows(offer)
        known: list[tuple[str | None, Mapping[str, frozenset[str]]]] = []
        if held:
            known.append((None, _columns(held)))
        elif (
            held is None
            and self._reads
            and offer.to not in self._refused
            and (asked := self._asked(offer, list(distinct.values()))) is not None
        ):
            known.append((None, asked))
        known += [(sheet, texts) for sheet, texts in self._made.get(offer.to, ()) if sheet != but]
        if not known:
            return None
        return _best(distinct, known)

    def _read(self, offer: Offer) -> Rows | None:
        names = telling(offer)
        if not names:
            return None
        try:
            entities = self._service.entities
            size = entities.count(offer.to)
            if size is None or size > _SMALL:
                return None
            return [
                {name: str(value) for name in names if (value := item.values.get(name)) not in (None, "")}
                for item in entities.read_all(offer.to, names)
            ]
        except ServiceError:
            self._give_up(offer.to)
            return None

    def _give_up(self, entity_set: str) -> None:
        """Ask no more of a set that refuses, and of none after a few: each refusal is waited for, as it may be a gateway's."""
        self._refused.add(entity_set)
        self._reads = len(self._refused) < _MOST_REFUSALS

    def _asked(self, offer: Offer, values: list[str]) -> Mapping[str, frozenset[str]] | None:
        """Return which of some values a large set holds, by its text properties."""
        texts = [name for name in telling(offer) if self._type(offer, name) == "Edm.String"][:3]
        found: dict[str, frozenset[str]] = {}
        for name in texts:
            try:
                rows = self._service.entities.by_values(offer.to, name, values[:_MOST_ASKED], (name,))
            except ServiceError:
                self._give_up(offer.to)
                return found or None
            if rows is not None:
                found[name] = frozenset(fold(str(row.values.get(name))) for row in rows)
        return found or None

    def _type(self, offer: Offer, name: str) -> str:
        declared = self._service.model.properties_of(offer.type).get(name)
        return self._service.model.underlying(declared.type) if declared else ""


def telling(offer: Offer) -> tuple[str, ...]:
    """Return the properties by which people refer to an entity: names, codes, addresses, and a key that is text or number."""
    found = [
        item.name
        for item in offer.targets.values()
        if "/" not in item.name
        and item.bound.type in _KEYS
        and item.to is None
        and not item.slot
        and (
            item.names_entity
            or item.key
            or any(item.concepts.get(concept, 0) >= 0.95 for concept in _TELLING)
        )
    ]
    return tuple(sorted(found, key=lambda name: not offer.targets[name].names_entity))[:6]


def _columns(rows: Rows) -> Mapping[str, frozenset[str]]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: frozenset(fold(row[name]) for row in rows if name in row) for name in names}


def _best(distinct: Mapping[str, str], known: list[tuple[str | None, Mapping[str, frozenset[str]]]]) -> Found:
    """Return the property that finds most, then those that find what is left."""
    texts: dict[str, set[str]] = {}
    for _, columns in known:
        for name, held in columns.items():
            texts.setdefault(name, set()).update(held)
    left, by = set(distinct), list[str]()
    while left and len(by) < 3:
        name = max(texts, key=lambda item: len(left & texts[item]), default="")
        if not name or not left & texts[name]:
            break
        by.append(name)
        left -= texts[name]
    found = set(distinct) - left
    sources = tuple(
        (source, len({text for text in found if any(text in held for held in columns.values())}))
        for source, columns in known
    )
    if len(found) * 2 < len(distinct) and (short := _by_initials(distinct, texts)) is not None:
        return short
    counted = tuple(item for item in sources if item[1])
    return Found(by=tuple(by), count=len(found), total=len(distinct), sources=counted)


def _by_initials(distinct: Mapping[str, str], texts: Mapping[str, set[str]]) -> Found | None:
    for name, held in texts.items():
        shortened = {short for text in held for short in _shortened(text)}
        count = sum(_key(text) in shortened for text in distinct)
        if count * 2 > len(distinct):
            return Found(by=(name,), count=count, total=len(distinct), initials=True)
    return None


def _key(text: str) -> tuple[str, ...] | None:
    match = _INITIALS.fullmatch(text)
    return tuple(filter(None, match.groups())) if match else None


def _shortened(name: str) -> list[tuple[str, ...]]:
    """Return what `Иванов Иван Иванович` may be shortened to: surname with one initial, or two."""
    words = name.split()
    if len(words) < 2:
        return []
    return [(words[0], *(word[0] for word in words[1:end])) for end in range(2, min(len(words), 3) + 1)]
