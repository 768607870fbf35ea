"""gettext at the moment of display. The language is set once, by the CLI; of the library it is English."""

import gettext
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

LANGUAGES = ("en", "ru")
CATALOGUES = Path(__file__).parent.parent / "locale"
_language: ContextVar[str] = ContextVar("language", default="en")


def set_language(language: str) -> None:
    """Choose the language of everything displayed from now on in this context: `en` or `ru`."""
    _language.set(language if language in LANGUAGES else "en")


def language() -> str:
    """Return the language in use."""
    return _language.get()


def translate(text: str) -> str:
    """Return `text` in the language in use; an unknown text is returned as it is."""
    return text if not text else _catalogue(_language.get()).gettext(text)


def translate_plural(singular: str, plural: str, number: int) -> str:
    """Return the form of the text that goes with `number`."""
    return _catalogue(_language.get()).ngettext(singular, plural, number)


# The mark for texts that are translated later, when shown: `text = N_("…")`.
def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it, known to every extractor
    """Mark `text` for extraction and return it unchanged."""
    return text


@lru_cache(maxsize=4)
def _catalogue(language_code: str) -> gettext.NullTranslations:
    return gettext.translation("messages", CATALOGUES, languages=[language_code], fallback=True)
