"""Do the values of a column become values of a property? Asked of the very converters that a plan uses."""

import re
from collections import Counter
from functools import lru_cache

import msgspec
from rapidfuzz import fuzz

from importer.drafting.sheets import Column
from importer.drafting.targets import Target
from importer.drafting.thesaurus import same_value
from importer.odata.edm.primitives import INTEGERS
from importer.planner.mapping.conversion.context import Context, NotConvertible
from importer.planner.mapping.conversion.converting import converter
from importer.planner.mapping.conversion.problems import DateWithoutZone
from importer.sources import Cell, CellKind
from importer.text.folding import fold
from importer.text.locales import read_boolean, read_date, read_number

_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]{2,}")
_PHONE = re.compile(r"(?=(?:.*\d){5})\+?[\d\s()./-]+(?:(?:доб|ext|x)\.?\s*\d+)?", re.IGNORECASE)
_URL = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?", re.IGNORECASE)
_KINDS = {"email": _EMAIL, "phone": _PHONE, "url": _URL}
_NUMBERS = frozenset({*INTEGERS, "Edm.Decimal", "Edm.Double", "Edm.Single"})
_DATES = frozenset({"Edm.Date", "Edm.DateTimeOffset", "Edm.TimeOfDay"})
# Words that mean the same to a person: eight letters of ten.
_ALIKE = 80.0
_PREFIX = 4
MOST_VALUES = 15
# Cells that say what a column holds.
_LOOKED_AT = 200
_LONGEST_VALUE = 40


class Fit(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the filled cells of a column a property takes.

    what: they are of email, phone, url, date, number, boolean, member, text or value.
    """

    count: int
    total: int
    what: str

    @property
    def share(self) -> float:
        """Return how much of the cells fits."""
        return self.count / self.total if self.total else 0.0


def fit(column: Column, target: Target, context: Context) -> Fit:
    """Return how well the values of a column fit a structural property."""
    counts = Counter(column.cells)
    kind = target.kind if target.bound.type == "Edm.String" else ""
    pattern = _KINDS.get(kind)
    convert = converter(target.bound, context)
    good = 0
    for cell, count in counts.items():
        if cell.kind in (CellKind.ERROR, CellKind.FORMULA):
            continue
        try:
            convert(cell.value, cell.text)
        except NotConvertible as refused:
            if not isinstance(refused.problem, DateWithoutZone):  # a date all the same
                continue
        if pattern is None or pattern.fullmatch(cell.text.strip()):
            good += count
    return Fit(count=good, total=len(column.cells), what=_what(target, kind))


def _what(target: Target, kind: str) -> str:
    found = target.bound.type
    if found in _NUMBERS:
        return "number"
    if found in _DATES:
        return "date"
    if found == "Edm.Boolean":
        return "boolean"
    if found == "Edm.String":
        return kind if kind in _KINDS else "text"
    return "value" if found.startswith("Edm.") else "member"


def profile(column: Column, locale: str) -> str:
    """Return what four fifths of a column are: email, date, boolean, number or text; "" where nothing is."""
    return _profile(column.cells[:_LOOKED_AT], locale)


@lru_cache(maxsize=1_024)
def _profile(cells: tuple[Cell, ...], locale: str) -> str:
    if not cells:
        return ""
    kind, count = Counter(_kind_of(cell, locale) for cell in cells).most_common(1)[0]
    return kind if count * 5 >= len(cells) * 4 else ""


def _kind_of(cell: Cell, locale: str) -> str:
    if cell.kind in (CellKind.DATE, CellKind.DATETIME):
        return "date"
    if cell.kind is CellKind.BOOLEAN:
        return "boolean"
    if cell.kind is CellKind.NUMBER:
        return "number"
    if _EMAIL.fullmatch(cell.text.strip()):
        return "email"
    if read_date(cell.text, locale) is not None:
        return "date"
    if read_number(cell.text, locale) is not None:
        return "number"
    return "boolean" if read_boolean(cell.text, locale) is not None else "text"


def few_values(column: Column) -> tuple[str, ...]:
    """Return the different values of a column that repeats a few short ones, the most frequent first; else nothing.

    They may stand in a recipe: a list of names, addresses or numbers never looks so.
    """
    spelled: dict[str, Counter[str]] = {}
    for text in column.texts:
        spelled.setdefault(fold(text), Counter())[text.strip()] += 1
    many = len(spelled) > MOST_VALUES or len(column.cells) < 2 * len(spelled)
    if many or any(len(text) > _LONGEST_VALUE or "@" in text or "\n" in text for text in spelled):
        return ()
    ordered = sorted(spelled.values(), key=lambda counts: -counts.total())
    return tuple(counts.most_common(1)[0][0] for counts in ordered)


def means(value: str, known: str) -> bool:
    """Whether a value of a workbook may mean a known one: equal, a synonym, a beginning, or nearly the same letters."""
    left, right = fold(value).strip(" ."), fold(known).strip(" .")
    if left == right or same_value(value, known):
        return True
    shorter, longer = sorted((left, right), key=len)
    if len(shorter) >= _PREFIX and longer.startswith(shorter):
        return True
    return len(shorter) >= _PREFIX and fuzz.ratio(left, right) >= _ALIKE
