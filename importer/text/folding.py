"""When two texts count as the same (`compare: text`, recipe-language.md §6.4).

Case, spaces, ё/е, kinds of quotes and dashes do not matter; look-alike letters count as those of the
script that the rest of the word is written in.
"""

import re
import unicodedata
from functools import lru_cache

from importer.text.cleaning import clean

_DOUBLE, _SINGLE = "«»“”„‟\u2033″‶❝❞〝〞＂", "‘’‚‛′‵`´ʼʹ＇"
_QUOTES = dict.fromkeys(map(ord, _DOUBLE), '"') | dict.fromkeys(map(ord, _SINGLE), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_TABLE = {**_QUOTES, **_DASHES, ord("ё"): "е"}
# Letters that look alike in one case or the other, lower case; used only inside words that hold both scripts.
_LATIN, _CYRILLIC_ALIKE = "aceopxykmtbhi", "асеорхукмтвні"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC_ALIKE)
_TO_LATIN = str.maketrans(_CYRILLIC_ALIKE, _LATIN)
_CYRILLIC = re.compile(r"[а-яёіїєґўәғқңөұүһ]")
_MIXED_WORD = re.compile(r"[a-zа-яёіїєґўәғқңөұүһ]+")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return the form of `text` in which texts are compared."""
    folded = " ".join(clean(text).casefold().split())
    if folded.isascii():
        return folded
    folded = unicodedata.normalize("NFC", folded.translate(_TABLE))
    return _MIXED_WORD.sub(_unmix, folded)


def _unmix(match: re.Match[str]) -> str:
    word = match.group()
    cyrillic = _CYRILLIC.findall(word)
    if not cyrillic or len(cyrillic) == len(word):
        return word
    latin = [letter for letter in word if letter.isascii()]
    if all(letter in _CYRILLIC_ALIKE for letter in cyrillic) and not all(
        letter in _LATIN for letter in latin
    ):
        return word.translate(_TO_LATIN)
    return word.translate(_TO_CYRILLIC)
