"""Which single-byte code page a text was written in, judged by how much it reads like words.

A detector's answer is one voice; it is exact on long Russian texts and wrong where a file holds a few foreign names
(performance.md, *Libraries*; `Müller` in cp1252 is taken for cp1251). So the pages that fit are weighed: by letters as frequent
as in Russian and its neighbours, words of one script with capitals where words have them, and signs that tables use.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from math import log

# The pages that files of our users come in, with what each must read better by to be believed rather than the usual ones.
_HANDICAPS = {
    "cp1251": 0,
    "cp866": 1,
    "koi8-r": 1,
    "cp1252": 0,
    "mac-cyrillic": 4,
    "koi8-u": 2,
    "cp1250": 2,
    "iso8859-5": 5,
    "kz1048": 6,
    "ptcp154": 7,
    "iso8859-2": 3,
}
PLAUSIBLE = tuple(_HANDICAPS)
_MOST_WORDS = 4_000
_WORD = re.compile(r"[^\W\d_]+")
# Letters about as frequent as each other in running text, with their share per mille: Russian first, then its neighbours'.
_FREQUENT = {
    "оеаинт": 80,
    "срвлкмдпу": 40,
    "яыьгзбчйх": 15,
    "жшюцщэф": 6,
    "ъё": 1,
    "і": 30,
    "їєўәқңғұүөһ": 6,
    "ґ": 1,
}
_UNLIKELY, _MIXED, _ODD_CASE, _FOREIGN, _LONE = -3.0, -3.0, -2.0, 0.3, -1.0
_LETTER = {letter: log(share / 15) + 1 for letters, share in _FREQUENT.items() for letter in letters}
# Latin letters with marks, of Western and Central Europe.
_LATIN = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœšž" + "ąćęłńśźżčďěňřťůőűășțđ")
_SIGNS = frozenset("«»„“”‘’…–—№§°±×€£•™®©·½¼¾ \u00a0")


def likeliest(sample: bytes, pages: Iterable[str], first: str | None = None) -> list[str]:
    """Return the pages, the one first under which the sample reads best; `first` (a detector's) stands before others that read as well."""
    known = sorted(pages, key=lambda page: (page != first, PLAUSIBLE.index(page)))
    scores = {page: _likeness(sample.decode(page, "replace")) - _HANDICAPS[page] for page in known}
    return sorted(known, key=lambda page: round(-scores[page], 9))


def _likeness(text: str) -> float:
    """Return how much the parts of a text that are not ASCII read as words and signs; 0 for a text that is ASCII."""
    score, counted = 0.0, 0
    for match in _WORD.finditer(text):
        word = match.group()
        if not word.isascii():
            score += _word(word, _beside_sign(text, match.start(), match.end()))
            counted += 1
            if counted == _MOST_WORDS:
                text = text[: match.end()]
                break
    return score + sum(_sign(sign) for sign in text if sign > "\x7f" and not sign.isalpha())


def _beside_sign(text: str, start: int, end: int) -> bool:
    """Whether a word touches a sign that no word is next to: a letter read wrongly."""
    return any(
        sign > "\x7f" and sign not in _SIGNS
        for sign in (text[start - 1 : start], text[end : end + 1])
        if sign
    )


@lru_cache(maxsize=4096)
def _word(word: str, broken: bool) -> float:
    lower = word.lower()
    odd = [letter for letter in lower if letter > "\x7f"]
    if len(odd) < len(lower) and any(letter in _LETTER or "\u0400" <= letter <= "\u052f" for letter in odd):
        return _MIXED * len(odd)
    score = sum(_letter(letter) for letter in odd)
    if not (word.islower() or word.isupper() or word.istitle()):
        score += _ODD_CASE * len(odd)
    if broken:
        score += _UNLIKELY
    return min(score, 0.0) + _LONE if len(word) == 1 else score


def _letter(letter: str) -> float:
    found = _LETTER.get(letter)
    if found is not None:
        return found
    return _FOREIGN if letter in _LATIN else _UNLIKELY


def _sign(sign: str) -> float:
    return 0.3 if sign in _SIGNS else _UNLIKELY
