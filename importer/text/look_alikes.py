"""Signs that look like others: Latin letters inside Cyrillic words and the reverse, quotes and dashes that are not the usual ones.

Nothing is changed here: a text is written as it stands, and compared as if the signs were what they look like (`folding`).
"""

import re
import unicodedata
from typing import NamedTuple

_LATIN = "ABCEHIKMOPTXYaceiopxys"
_CYRILLIC = "АВСЕНІКМОРТХУасеіорхуѕ"
# Letters that are drawn alike, to the eye of a reader; б, д, я or g, s in capitals are not.
_AS_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_AS_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_WORD = re.compile(r"[^\W\d_]+")
_LATIN_LETTER = re.compile(r"[A-Za-z]")
_CYRILLIC_LETTER = re.compile(r"[\u0400-\u052f]")
# Signs that a keyboard does not give and an eye does not tell from `-`, `"` and `'`. Typographic ones (– — « » “ ” ’) are usual.
_SIGNS = {
    **dict.fromkeys("\u2010\u2011\u2012\u2212\ufe63\uff0d", "-"),
    **dict.fromkeys("\u02ba\u2033\u3003\uff02", '"'),
    **dict.fromkeys("\u02b9\u02bc\u2032\uff07\u00b4", "'"),
}
_SIGN = re.compile(f"[{re.escape(''.join(_SIGNS))}]")


class LookAlike(NamedTuple):
    """A sign that is not what it looks like. `found` is the word or text it stands in, `name` the sign's Unicode name."""

    found: str
    sign: str
    name: str
    alike: str


def look_alike(text: str) -> LookAlike | None:
    """Return the first sign of `text` that only looks like what a reader takes it for, or None."""
    if text.isascii():
        return None
    return _mixed_word(text) or _unusual_sign(text)


def _mixed_word(text: str) -> LookAlike | None:
    if not (_LATIN_LETTER.search(text) and _CYRILLIC_LETTER.search(text)):
        return None
    for match in _WORD.finditer(text):
        word = match.group()
        latin, cyrillic = _LATIN_LETTER.findall(word), _CYRILLIC_LETTER.findall(word)
        if not latin or not cyrillic:
            continue
        strange = _strange(latin, cyrillic)
        if strange is not None:
            sign, alike = strange
            return LookAlike(word, sign, unicodedata.name(sign, "?"), alike)
    return None


def _strange(latin: list[str], cyrillic: list[str]) -> tuple[str, str] | None:
    """Return the letter that does not belong, and what it looks like; None in a word that plainly holds both, like `GPSтрекер`."""
    latin_may_be = all(letter in _LATIN for letter in latin)
    cyrillic_may_be = all(letter in _CYRILLIC for letter in cyrillic)
    if latin_may_be and (len(latin) <= len(cyrillic) or not cyrillic_may_be):
        return latin[0], latin[0].translate(_AS_CYRILLIC)
    if cyrillic_may_be:
        return cyrillic[0], cyrillic[0].translate(_AS_LATIN)
    return None


def _unusual_sign(text: str) -> LookAlike | None:
    match = _SIGN.search(text)
    if match is None:
        return None
    sign = match.group()
    return LookAlike(text, sign, unicodedata.name(sign, "?"), _SIGNS[sign])
