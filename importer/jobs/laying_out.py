"""Which sheets and headers a recipe reads: the layout of the workbook that it would accept."""

import fnmatch
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from importer.planner.binding.columns import AskedColumn, asked_by, asked_of_file, asked_of_others
from importer.recipe.normal import Recipe, Step, TableRule, UnpivotRule
from importer.results.template import TemplateColumn, TemplateSheet
from importer.sources.ranges import parse_range
from importer.sources.table import numbered_header
from importer.text.folding import fold
from importer.text.locales import months_between
from importer.text.translating import translate

_JOINED = " / "
_MOST_COLUMNS = 400


@dataclass
class LaidOut:
    """One sheet: the rule by which it is read, its headers in order, and the positions of the steps that read it."""

    name: str
    rule: TableRule
    headers: dict[str, None] = field(default_factory=dict)
    steps: list[int] = field(default_factory=list)

    def bare(self) -> TemplateSheet:
        """Return the sheet with its headers, and nothing else said of them."""
        bounds = parse_range(self.rule.range) if self.rule.range else None
        top, left = (bounds.top, bounds.left) if bounds is not None else (1, 0)
        header = self.rule.header
        rows = header if isinstance(header, tuple) else (header if isinstance(header, int) else top,)
        height = max(rows) - min(rows) + 1
        columns = tuple(TemplateColumn(headers=_split(text, height)) for text in self.headers)
        return TemplateSheet(name=self.name, header_row=max(rows), columns=columns, left=left)


def laid_out(recipe: Recipe) -> list[LaidOut]:
    """Return the sheets in an order in which the recipe finds them again: an unnamed one is the first."""
    found: dict[str, LaidOut] = {}
    for number, step in sorted(enumerate(recipe.steps), key=lambda item: _rank(item[1].table.sheet)):
        name = _sheet_name(step.table.sheet)
        found.setdefault(fold(name), LaidOut(name, step.table)).steps.append(number)
    others = asked_of_others(recipe)
    for sheet in found.values():
        for number in sorted(sheet.steps):
            step = recipe.steps[number]
            for asked in _asked(step, others.get(step.name, [])):
                if not any(header in sheet.headers for header in asked):
                    sheet.headers[asked[0]] = None
    return list(found.values())


def _asked(step: Step, others: list[AskedColumn]) -> Iterator[tuple[str, ...]]:
    """Yield the headers that must stand in the file, of each list one; not those that `tree` and `unpivot` make."""
    made = {fold(name) for name in step.table.made}
    unpivot = step.table.unpivot
    spread = set(unpivot.columns) if unpivot is not None else set()
    for asked in chain(asked_by(step), asked_of_file(step.table), others):
        if not made.intersection(map(fold, asked.headers)) and not spread.intersection(asked.headers):
            yield asked.headers
    if unpivot is not None:
        yield from ((header,) for header in _spread(unpivot, step.table.locale))


def _spread(unpivot: UnpivotRule, locale: str) -> tuple[str, ...]:
    """Return the columns that become rows; of `Янв..Дек` and `1..31` also those between."""
    first, last = unpivot.columns[0], unpivot.columns[-1]
    if not unpivot.span:
        return unpivot.columns
    if first.isdecimal() and last.isdecimal() and 0 <= int(last) - int(first) < _MOST_COLUMNS:
        return tuple(map(str, range(int(first), int(last) + 1)))
    return months_between(first, last, locale) or unpivot.columns


def _rank(sheet: str | int | None) -> int:
    return 0 if sheet is None else sheet if isinstance(sheet, int) else 1_000


def _sheet_name(sheet: str | int | None) -> str:
    if isinstance(sheet, str):
        plain = sheet.replace("*", "").replace("?", "1").replace("[", "").replace("]", "").strip() or "1"
        return plain if fnmatch.fnmatch(plain.casefold(), sheet.casefold()) else sheet[:31]
    number = 1 if sheet is None else sheet
    return translate("Data") if number == 1 else f"{translate('Data')} {number}"


def _split(header: str, height: int) -> tuple[str, ...]:
    """Return the texts of a header that stands in several rows; the number of one that stands several times is not written."""
    numbered = numbered_header(header)
    text = numbered[0] if numbered else header
    if height == 1:
        return (text,)
    parts = text.split(_JOINED, height - 1)
    return (*[""] * (height - len(parts)), *parts)
