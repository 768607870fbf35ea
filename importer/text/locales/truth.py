"""Yes and no. Babel does not carry CLDR's yes and no, so the words stand here; marks are the same everywhere."""

from collections.abc import Mapping

# A cross is the mark that people put into a form: Latin x, Cyrillic х, and the signs for it.
_MARKS = {
    "+": True,
    "-": False,
    "✓": True,
    "✔": True,
    "☑": True,
    "x": True,
    "х": True,
    "✗": False,
    "✘": False,
    "☐": False,
}
_ALWAYS = {"true": True, "false": False, "1": True, "0": False}
_WORDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ru": (("да", "истина"), ("нет", "ложь")),
    "uk": (("так", "істина"), ("ні", "хибність")),
    "be": (("так",), ("не",)),
    "kk": (("иә", "ия"), ("жоқ",)),
    "en": (("yes", "y"), ("no", "n")),
    "de": (("ja", "wahr"), ("nein", "falsch")),
    "fr": (("oui", "vrai"), ("non", "faux")),
    "es": (("sí", "si", "verdadero"), ("no", "falso")),
    "it": (("sì", "si", "vero"), ("no", "falso")),
    "pt": (("sim", "verdadeiro"), ("não", "falso")),
    "nl": (("ja", "waar"), ("nee", "onwaar")),
    "pl": (("tak", "prawda"), ("nie", "fałsz")),
    "cs": (("ano", "pravda"), ("ne", "nepravda")),
    "tr": (("evet", "doğru"), ("hayır", "yanlış")),
}
_MINUS = str.maketrans("−–—", "---")


def read_boolean(text: str, locale: str) -> bool | None:
    """Return the yes or no that `text` is, or None.

    `true`, `false`, `1`, `0` are read under every locale, marks and words under all but `iso`.
    """
    word = text.strip().translate(_MINUS).casefold()
    if word in _ALWAYS or locale == "iso":
        return _ALWAYS.get(word)
    if word in _MARKS:
        return _MARKS[word]
    yes, no = _WORDS.get(locale.replace("-", "_").partition("_")[0], ((), ()))
    return True if word in yes else False if word in no else None
