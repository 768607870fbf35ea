"""How much a header sounds like a property: equal words, one meaning in the thesaurus, similar letters."""

from collections.abc import Iterator

import msgspec
from rapidfuzz import fuzz

from importer.drafting.targets import Offer, Target, stripped
from importer.drafting.thesaurus import abbreviated, concepts_of, thesaurus
from importer.drafting.words import Words, transliterated, without_unit, words_of

# Below this many of a hundred letters in common, two words have nothing to do with each other.
_ALIKE = 72.0
_CONCEPT = 0.97
_ENTITY = 0.99
_SHORT, _AUDIBLE, _FEW = 0.86, 0.5, 3


class Likeness(msgspec.Struct, frozen=True):
    """How much a header sounds like a property, 0…1, and by what: equal, label, meaning, entity, letters, part."""

    score: float = 0.0
    how: str = ""


def likeness(header: str, target: Target, offer: Offer) -> Likeness:
    """Return the best of all readings of a header and of a property's names."""
    if not header:
        return Likeness()
    if target.slot:  # stringValue7 is nobody's word; only its very name means it
        return Likeness(1.0, "equal") if words_of(header) == words_of(target.name) else Likeness()
    best = _abbreviated(header, target)
    for words, weight in _readings(header, offer):
        for found in (
            _equal(words, target),
            _entity(words, target, offer),
            _meaning(words, target),
            _letters(words, target),
        ):
            score = found.score * weight
            if score > best.score:
                best = Likeness(score, found.how)
    return best


def names_entity(words: Words, offer: Offer) -> bool:
    """Whether words are what an entity of the set is called: `Сотрудник` of Users."""
    said = thesaurus().phrases.get(words, {})
    return words in offer.phrases or any(
        concept in offer.entities and strength == 1.0 for concept, strength in said.items()
    )


def _readings(header: str, offer: Offer) -> Iterator[tuple[Words, float]]:
    """Yield the words of a header, then fewer of them: without a unit, without the words that go without saying."""
    whole, bare = words_of(header), words_of(without_unit(header))
    yield whole, 1.0
    yield bare, 0.98
    yield stripped(bare, offer.silent), 0.97


def _equal(words: Words, target: Target) -> Likeness:
    for phrase, weight in target.phrases:
        if words == phrase:
            how = "label" if any(words_of(label) == phrase for label in target.labels) else "equal"
            return Likeness(weight, how)
    return Likeness()


def _entity(words: Words, target: Target, offer: Offer) -> Likeness:
    """`Отдел` over the departments of Departments is their name, not the department they belong to."""
    return Likeness(_ENTITY, "entity") if target.names_entity and names_entity(words, offer) else Likeness()


def _meaning(words: Words, target: Target) -> Likeness:
    best = max(
        (strength * target.concepts.get(concept, 0.0) for concept, strength in concepts_of(words).items()),
        default=0.0,
    )
    return Likeness(best * _CONCEPT, "meaning")


def _abbreviated(header: str, target: Target) -> Likeness:
    """`Должн.` is the beginning of должность."""
    words = words_of(header)
    if not header.endswith(".") or len(words) != 1:
        return Likeness()
    meant = abbreviated(words[0])
    best = max(
        (strength * target.concepts.get(concept, 0.0) for concept, strength in meant.items()), default=0.0
    )
    # A beginning that many words have tells little.
    return Likeness(best * (_SHORT if len(meant) <= _FEW else _AUDIBLE), "meaning")


def _letters(words: Words, target: Target) -> Likeness:
    said, latin = " ".join(words), transliterated(words)
    cyrillic = not said.isascii()
    best = Likeness()
    for phrase, weight in target.phrases:
        other = " ".join(phrase)
        alike = fuzz.token_sort_ratio(said, other, score_cutoff=_ALIKE)
        if cyrillic or not other.isascii():
            alike = max(alike, fuzz.ratio(latin, transliterated(phrase), score_cutoff=_ALIKE) * 0.95)
        score = _of_letters(alike) * weight if min(len(said), len(other)) > 2 else 0.0
        if score > best.score:
            best = Likeness(score, "letters")
        if set(words) < set(phrase) and len(said) > 2:  # `Тип` is a part of `Тип биллинга`
            part = (0.35 + 0.3 * len(said) / len(other)) * weight
            if part > best.score:
                best = Likeness(part, "part")
    return best


def _of_letters(alike: float) -> float:
    """Return 0…0.95 for 72…100 of a hundred: three letters of ten that differ are another word."""
    return 0.0 if alike < _ALIKE else 0.4 + 0.55 * (alike - _ALIKE) / (100.0 - _ALIKE)
