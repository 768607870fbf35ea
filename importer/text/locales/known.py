"""Which names are locales, and what CLDR says of one."""

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

# Those that hints try.
COMMON = ("iso", "ru", "en")


def is_locale(name: str) -> bool:
    """Whether `name` is `iso` or a locale of CLDR, written `de-CH` or `de_CH`."""
    if name in COMMON:
        return True
    from babel.localedata import exists, normalize_locale  # noqa: PLC0415 - heavy; only for other names

    wanted = name.replace("-", "_")
    return bool(wanted.replace("_", "").isalnum() and normalize_locale(wanted) and exists(wanted))


@lru_cache(maxsize=16)
def cldr(name: str) -> "Locale":
    """Return what CLDR knows of a locale; `name` is not `iso`."""
    from babel import Locale  # noqa: PLC0415 - heavy; only where texts are really read

    return Locale.parse(name.replace("-", "_"))


@lru_cache(maxsize=16)
def currency_signs(name: str) -> tuple[str, ...]:
    """Return how the locale's own currency is written beside a number, the longest first: RUB, руб., руб, ₽, р.

    Only the currency of the locale's country: an amount in another one is no number of this column.
    """
    from babel.core import get_global  # noqa: PLC0415
    from babel.numbers import get_territory_currencies  # noqa: PLC0415

    locale = cldr(name)
    territory = locale.territory or _likely_territory(str(locale), get_global("likely_subtags"))
    signs: set[str] = set()
    for code in get_territory_currencies(territory) if territory else ():
        signs.update((code, str(locale.currency_symbols.get(code, code)), *_SPOKEN.get(code, ())))
    return tuple(sorted((sign.casefold() for sign in signs), key=len, reverse=True))


def _likely_territory(name: str, subtags: Mapping[str, str]) -> str | None:
    parts = subtags.get(name, "").split("_")
    return parts[-1] if len(parts) > 1 else None


# What people write and CLDR does not list.
_SPOKEN = {
    "RUB": ("руб.", "руб", "р.", "р"),
    "BYN": ("руб.", "руб", "р.", "р"),
    "UAH": ("грн.", "грн"),
    "KZT": ("тг.", "тг"),
}
