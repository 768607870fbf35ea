"""How texts are read as numbers, dates and yes or no under a locale (recipe-language.md §4, `locale`).

`iso` is the machine's own: 2026-01-31, 1234.5, true. Every other name is one of CLDR's (`ru`, `de-CH`, `en_GB`); its signs,
names and orders come through Babel. What cannot be read is None, never a guess: under `iso` the text `1,5` is no number, under
every locale 31.09 is no day, and what could be two numbers or two days is none (`ambiguous_number`, `ambiguous_date` tell both).
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from importer.text.locales.dates import ambiguous_date, months_between, read_date, read_datetime
from importer.text.locales.known import COMMON, is_locale
from importer.text.locales.numbers import ambiguous_number, read_number
from importer.text.locales.truth import read_boolean

__all__ = (
    "ambiguous_date",
    "ambiguous_number",
    "is_locale",
    "months_between",
    "other_readings",
    "read_boolean",
    "read_date",
    "read_datetime",
    "read_number",
)

_READERS: dict[str, Callable[[str, str], Decimal | date | bool | None]] = {
    "number": read_number,
    "date": read_date,
    "boolean": read_boolean,
}


def other_readings(text: str, kind: str) -> dict[str, Decimal | date | bool]:
    """Return what `text` is under each common locale that reads it; `kind` is number, date or boolean. For hints."""
    read = _READERS[kind]
    found = {locale: read(text, locale) for locale in COMMON}
    return {locale: value for locale, value in found.items() if value is not None}
