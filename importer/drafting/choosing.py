"""Which set a sheet is about, when nobody says: by its name, what stands above its header, and its headers."""

import re
from collections.abc import Callable, Iterable

import msgspec
from rapidfuzz import fuzz

from importer.drafting.naming import likeness, names_entity
from importer.drafting.sheets import Sheet
from importer.drafting.targets import Offer
from importer.drafting.thesaurus import entity_concepts, thesaurus
from importer.drafting.words import Words, transliterated, words_of
from importer.odata.edm.writable import set_allows
from importer.service import Service

_NAME, _HEADERS = 0.55, 0.45
_ENOUGH = 0.5
# A large service is looked through by name first.
_MOST_SETS = 60
_MOST_HEADERS = 40
_AUDIBLE = 0.35
_BEGINS = 0.6
_SPOKEN = 0.6
# Names that say nothing: the file's name is asked instead, and the headers may decide alone.
_NAMELESS = re.compile(
    r"(?:лист|sheet|table|data|export|worksheet|выгрузка|таблица|данные|tdsheet|page)[\s_-]*\d*",
    re.IGNORECASE,
)
_ALONE, _LEAD = 0.85, 0.08


class Chosen(msgspec.Struct, frozen=True):
    """A set for a sheet: how likely, 0…1, by name and by headers; `second`: what else is nearly as likely."""

    to: str
    score: float
    name: float
    headers: float
    second: str = ""

    @property
    def enough(self) -> bool:
        """Whether it is likely enough to be drafted."""
        return self.score >= _ENOUGH


def choose(sheet: Sheet, file: str, service: Service, offer_of: Callable[[str], Offer]) -> Chosen | None:
    """Return the likeliest set of a sheet, or None when nothing comes near. `file`: the name of its file, without its ending."""
    nameless = sheet.name is None or _NAMELESS.fullmatch(sheet.name.strip()) is not None
    called = file if nameless else sheet.name or file
    writable = [
        name
        for name in service.model.sets
        if set_allows(service.model, name, "Insertable") or set_allows(service.model, name, "Updatable")
    ]
    named = {name: _by_name(called, sheet.title, name, service) for name in writable}
    if len(named) > _MOST_SETS and (not nameless or max(named.values()) >= _AUDIBLE):
        named = {name: score for name, score in named.items() if score >= _AUDIBLE}
    judged = [_judged(sheet, offer_of(name), score) for name, score in named.items()]
    found = sorted(_raised(judged) if nameless else judged, key=lambda item: -item.score)
    if not found or found[0].score <= 0.2:
        return None
    second = found[1].to if len(found) > 1 and found[0].score - found[1].score < 0.05 else ""
    return msgspec.structs.replace(found[0], second=second)


def _raised(judged: list[Chosen]) -> list[Chosen]:
    """Return the sets with one raised by its headers alone, if it has more of them than any other."""
    by_headers = sorted(judged, key=lambda item: -item.headers)
    if len(by_headers) > 1 and by_headers[0].headers - by_headers[1].headers < _LEAD:
        return judged
    best = by_headers[0] if by_headers else None
    return [
        msgspec.structs.replace(item, score=max(item.score, _ALONE * item.headers)) if item is best else item
        for item in judged
    ]


def _judged(sheet: Sheet, offer: Offer, name: float) -> Chosen:
    headers = [column.header for column in sheet.columns if column.header][:_MOST_HEADERS]
    # A list of products begins with the product.
    if any(names_entity(words_of(header), offer) for header in headers[:2]):
        name = max(name, _BEGINS)
    best = [
        max((likeness(header, target, offer).score for target in offer.targets.values()), default=0.0)
        for header in headers
    ]
    share = sum(score for score in best if score >= _SPOKEN) / len(headers) if headers else 0.0
    return Chosen(offer.to, _NAME * name + _HEADERS * share, name, share)


def _by_name(called: str, title: str, entity_set: str, service: Service) -> float:
    kind = service.model.sets[entity_set].type.rpartition(".")[2]
    phrases = [words_of(text) for text in (entity_set, kind, *service.dialect.title_of(entity_set).values())]
    words = words_of(called)
    score = max(_alike(words, phrase) for phrase in phrases)
    in_title = _entities([words_of(title)]) & entity_concepts(*phrases) if title else frozenset()
    return max(score, 0.8 if in_title else 0.0)


def _alike(words: Words, phrase: Words) -> float:
    if words == phrase:
        return 1.0
    if entity_concepts(words) & entity_concepts(phrase):
        return 0.95
    if _entities([words]) & entity_concepts(phrase):
        return 0.85
    if _weak(words) & entity_concepts(phrase):
        return 0.75
    alike = max(
        fuzz.token_sort_ratio(" ".join(words), " ".join(phrase)),
        fuzz.ratio(transliterated(words), transliterated(phrase)),
    )
    return max(0.0, (alike - 60.0) / 42.0)


def _entities(phrases: Iterable[Words]) -> frozenset[str]:
    """Return the entities that words of longer phrases name: `Список сотрудников` → person."""
    return frozenset(
        concept
        for words in phrases
        for size in (1, 2)
        for start in range(len(words) - size + 1)
        for concept in entity_concepts(words[start : start + size])
    )


def _weak(words: Words) -> frozenset[str]:
    known = thesaurus()
    return frozenset(concept for concept in known.phrases.get(words, {}) if concept in known.entities)
