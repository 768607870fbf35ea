"""What people call things, in Russian and English: data of `thesaurus.json`, by the words of `words_of`.

A concept is a set of phrases that mean one thing, whether they stand over a column or name a property; `weak` phrases may mean it.
"""

import json
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from importer.drafting.words import Words, words_of
from importer.text.folding import fold

_FILE = Path(__file__).parent / "thesaurus.json"
_WEAK = 0.84
_NOTHING: Mapping[str, float] = {}


class Thesaurus(msgspec.Struct, frozen=True, kw_only=True):
    """The data, indexed. `kinds`: concept → which values it has; `values`: folded value → the groups of words it belongs to."""

    phrases: Mapping[Words, Mapping[str, float]]
    kinds: Mapping[str, str]
    entities: frozenset[str]
    row_numbers: frozenset[Words]
    blanks: frozenset[str]
    values: Mapping[Words, frozenset[int]]


@cache
def thesaurus() -> Thesaurus:
    """Return the thesaurus that comes with the importer."""
    data = json.loads(_FILE.read_bytes())
    phrases: dict[Words, dict[str, float]] = {}
    for concept in data["concepts"]:
        for strength, texts in ((_WEAK, concept.get("weak", [])), (1.0, concept["words"])):
            for text in texts:
                phrases.setdefault(words_of(text), {})[concept["id"]] = strength
    values: dict[Words, set[int]] = {}
    for number, group in enumerate(data["values"]):
        for text in group:
            values.setdefault(words_of(text), set()).add(number)
    return Thesaurus(
        phrases=phrases,
        kinds={item["id"]: item["kind"] for item in data["concepts"] if "kind" in item},
        entities=frozenset(item["id"] for item in data["concepts"] if item.get("entity")),
        row_numbers=frozenset(map(words_of, data["row_numbers"])),
        blanks=frozenset(map(fold, data["blanks"])),
        values={words: frozenset(groups) for words, groups in values.items()},
    )


@lru_cache(maxsize=16_384)
def concepts_of(words: Words) -> Mapping[str, float]:
    """Return what a phrase means: concept → 0…1. A phrase inside a longer one counts by how much of it it is."""
    known = thesaurus().phrases
    if (whole := known.get(words)) is not None:
        return whole
    letters = sum(map(len, words))
    found: dict[str, float] = {}
    for size in range(len(words) - 1, 0, -1):
        for start in range(len(words) - size + 1):
            inner = words[start : start + size]
            if len(inner) == 1 and len(inner[0]) < 3:
                continue
            share = 0.45 + 0.4 * sum(map(len, inner)) / letters
            for concept, strength in known.get(inner, _NOTHING).items():
                found[concept] = max(found.get(concept, 0.0), strength * share)
    return found


@lru_cache(maxsize=1_024)
def abbreviated(beginning: str) -> Mapping[str, float]:
    """Return what a word may mean that is cut short by a point, such as `подр.` for one."""
    found: dict[str, float] = {}
    for words, meant in thesaurus().phrases.items() if len(beginning) > 2 else ():
        if len(words) == 1 and words[0].startswith(beginning):
            for concept, strength in meant.items():
                found[concept] = max(found.get(concept, 0.0), strength)
    return found


def entity_concepts(*phrases: Words) -> frozenset[str]:
    """Return the entities that phrases name as a whole: `Users` → person."""
    known = thesaurus()
    return frozenset(
        concept
        for words in phrases
        for concept, strength in known.phrases.get(words, _NOTHING).items()
        if concept in known.entities and strength == 1.0
    )


def is_row_number(words: Words) -> bool:
    """Whether a header heads the numbers of the rows: `№ п/п`."""
    return words in thesaurus().row_numbers


def same_value(left: str, right: str) -> bool:
    """Whether two values mean one thing: `Почасовая`, `TM`."""
    groups = thesaurus().values
    one, other = groups.get(words_of(left), frozenset()), groups.get(words_of(right), frozenset())
    return bool(one & other)


def answer_of(text: str) -> tuple[bool | None, bool | None]:
    """Return whether a text is a yes or a no, and whether it says that something is in use; None where it says neither.

    The first four groups of `values` are yes, no, in use, out of use.
    """
    groups = thesaurus().values.get(words_of(text), frozenset())
    yes, active = groups & {0, 1}, groups & {2, 3}
    return (0 in yes) if len(yes) == 1 else None, (2 in active) if len(active) == 1 else None
