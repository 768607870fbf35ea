"""Headers and names of properties → the words they are made of, in a form in which they can be compared."""

import re
from functools import lru_cache

from importer.text.cleaning import clean
from importer.text.folding import fold

# Between `first` and `Name`, between `ID` and `Number`, between letters and digits.
_SEAMS = re.compile(
    r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"
)
_WORDS = re.compile(r"[^\W_]+")
_SILENT = frozenset({"the", "of", "a", "an", "and", "for", "и", "в", "на", "для", "или", "or"})
# Endings of cases and numbers. Both sides lose theirs alike, so that what is left need be no word.
_ENDINGS = re.compile(
    r"(?:ого|его|ому|ему|ыми|ими|ами|ями|иями|иях|иям|ием|ов|ев|ей|ам|ям|ах|ях|ый|ий|ой|ая|яя|ое|ее|ые|ие|ия|ии|ию"
    r"|ую|юю|ом|ем|а|я|о|е|ы|и|у|ю|ь|й)$"
)
_UNITS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|,.*)\s*$")
_LETTERS = dict(
    zip(
        "абвгдезийклмнопрстуфхцыэ",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "h",
            "c",
            "y",
            "e",
        ],
        strict=True,
    )
) | {"ж": "zh", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya", "ь": "", "ъ": ""}

Words = tuple[str, ...]


@lru_cache(maxsize=16_384)
def words_of(text: str) -> Words:
    """Return the words of a header (`Дата приёма`), of a name (`firstWorkDay`, `Customer_ID`), folded and without endings."""
    parted = _SEAMS.sub(" ", clean(text).replace("№", " номер ").replace("#", " number "))
    found = [stem(word) for word in _WORDS.findall(fold(parted))]
    return tuple(word for word in found if word not in _SILENT) or tuple(found)


def without_unit(header: str) -> str:
    """Return a header without what stands behind a comma or in brackets at its end: `Ставка, руб./ч` → `Ставка`."""
    return _UNITS.sub("", header).strip() or header


def stem(word: str) -> str:
    """Return a word without the ending of its case or number: `отдела`, `отделы` → `отдел`; `orders` → `order`."""
    if word.isascii():
        if len(word) > 4 and word.endswith("ies"):
            return word[:-3] + "y"
        return (
            word[:-1]
            if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
            else word
        )
    cut = _ENDINGS.sub("", word)
    return cut if len(cut) >= 3 else word


@lru_cache(maxsize=16_384)
def transliterated(words: Words) -> str:
    """Return words with Latin letters for Cyrillic ones: `статус` → `status`."""
    return "".join(_LETTERS.get(letter, letter) for letter in " ".join(words))
