"""When two texts count as the same (`compare: text`, recipe-language.md §6.4).

Case, spaces, ё/е, kinds of quotes and dashes do not matter; look-alike letters count as the Cyrillic ones
inside words that hold Cyrillic.
"""

import re
import unicodedata
from functools import lru_cache

from importer.text.cleaning import clean

_DOUBLE, _SINGLE = "«»“”„‟\u2033″‶❝❞〝〞＂", "‘’‚‛′‵`´ʼʹ＇"
_QUOTES = dict.fromkeys(map(ord, _DOUBLE), '"') | dict.fromkeys(map(ord, _SINGLE), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹘﹣－"), "-")
_TABLE = {**_QUOTES, **_DASHES, ord("ё"): "е"}
# Latin letters that look like Cyrillic ones, lower case; used only inside words that hold a Cyrillic one too.
_LOOK_ALIKE = str.maketrans("aceopxykmtbhi", "асеорхукмтвні")
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
    return word.translate(_LOOK_ALIKE) if _CYRILLIC.search(word) and not _CYRILLIC.fullmatch(word) else word
