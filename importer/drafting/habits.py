"""How a workbook writes what it writes: which texts mean blank, and the locale of its numbers, dates and answers."""

import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from importer.drafting.sheets import Column, Sheet
from importer.drafting.thesaurus import thesaurus
from importer.sources import CellKind
from importer.text.folding import fold
from importer.text.locales import read_boolean, read_date, read_number

_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LIKE_VALUES = re.compile(
    r"(?=.*\d)[\d\s\u00a0\u202f.,/:%()₽$€£-]+(?:г\.?|руб\.?|р\.)?|\d{1,2}[ .-][^\W\d]{3,9}\.?[ .-]\d{2,4}(?: ?г\.?)?"
)
# Tried in this order; of equals the first.
_LATIN, _RUSSIAN = ("iso", "en", "en-GB", "de", "fr"), ("ru", "iso", "en", "en-GB")
_MARKS = frozenset({"+", "x", "х", "✓", "✔", "v"})


class Habits(msgspec.Struct, frozen=True, kw_only=True):
    """locale: of text cells; read, texts: how many of the texts like numbers and dates it reads; blank: text → how often."""

    locale: str
    read: int
    texts: int
    russian: bool
    blank: tuple[tuple[str, int], ...] = ()
    also: tuple[str, ...] = ()


def habits_of(sheets: Iterable[Sheet]) -> Habits:
    """Return the habits of the sheets together: a recipe says them once."""
    columns = [column for sheet in sheets for column in sheet.columns]
    blank = _blanks(columns)
    marks = {fold(text) for text, _ in blank}
    texts = [
        cell.text
        for column in columns
        for cell in column.cells
        if cell.kind is CellKind.TEXT
        and fold(cell.text) not in marks
        and _LIKE_VALUES.fullmatch(cell.text.strip())
    ]
    # What every locale reads (7, 2026-01-31) tells nothing.
    telling = [text for text in texts if not _reads(text, "iso")]
    words = Counter(bool(_CYRILLIC.search(column.header)) for column in columns if column.header)
    russian = words[True] >= words[False] and words[True] > 0
    tried = _RUSSIAN if russian else _LATIN
    telling = [text for text in telling if any(_reads(text, locale) for locale in tried)]
    counts = {locale: sum(_reads(text, locale) for text in telling) for locale in tried}
    best = max(tried, key=lambda locale: counts[locale])
    if not telling:
        answers = any(
            read_boolean(text, "ru") is not None and read_boolean(text, "iso") is None
            for column in columns
            for text in column.texts[:50]
        )
        best = "ru" if russian else "en" if answers else "iso"
    also = tuple(
        name
        for name in tried
        if name != best and telling and counts[name] == counts[best] and _differ(telling, name, best)
    )
    return Habits(
        locale=best,
        read=counts.get(best, 0),
        texts=len(telling),
        russian=russian,
        blank=blank,
        also=also,
    )


def without_blanks(sheet: Sheet, habits: Habits) -> Sheet:
    """Return a sheet whose cells that only say "blank" are gone."""
    marks = {fold(text) for text, _ in habits.blank}

    def filled(column: Column) -> Column:
        values = tuple(
            None if cell is None or (cell.kind is CellKind.TEXT and fold(cell.text) in marks) else cell
            for cell in column.values
        )
        cells = tuple(cell for cell in values if cell is not None)
        return msgspec.structs.replace(column, values=values, cells=cells)

    return msgspec.structs.replace(sheet, columns=tuple(map(filled, sheet.columns)))


def _blanks(columns: Iterable[Column]) -> tuple[tuple[str, int], ...]:
    known = thesaurus().blanks
    found: Counter[str] = Counter()
    forbidden: set[str] = set()
    for column in columns:
        texts = Counter(cell.text.strip() for cell in column.cells if cell.kind is CellKind.TEXT)
        folded = {fold(text) for text in texts}
        marks = {text for text in texts if fold(text) in known}
        if folded & _MARKS or not folded - {fold(text) for text in marks}:
            forbidden |= {text for text in marks if fold(text) == "-"}  # a dash beside a plus is a no
        found.update({text: texts[text] for text in marks})
    spelled: dict[str, str] = {}
    for text, _ in found.most_common():
        spelled.setdefault(fold(text), text)
    counted = {
        text: sum(count for other, count in found.items() if fold(other) == fold(text))
        for text in spelled.values()
    }
    return tuple((text, count) for text, count in counted.items() if text not in forbidden)[:8]


def _reads(text: str, locale: str) -> bool:
    return read_number(text, locale) is not None or read_date(text, locale) is not None


def _differ(texts: Iterable[str], one: str, other: str) -> bool:
    """Whether a text means one day or number under one locale, and another under the other."""
    return any(
        read_number(text, one) != read_number(text, other) or read_date(text, one) != read_date(text, other)
        for text in texts
    )
