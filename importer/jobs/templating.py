"""From a bound recipe to the sheets of its template: which headers stand where, and what each column takes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from importer.jobs.laying_out import LaidOut, laid_out
from importer.planner.binding import BoundField, BoundStep
from importer.planner.binding.bound import BoundLookup
from importer.recipe.normal import Columns, Recipe
from importer.results.template import AllowedValues, TemplateColumn, TemplateSheet

_KINDS = {
    "Edm.String": "text",
    "Edm.Guid": "text",
    "Edm.Date": "date",
    "Edm.DateTimeOffset": "datetime",
    "Edm.Boolean": "boolean",
    **dict.fromkeys(
        (
            "Edm.Byte",
            "Edm.SByte",
            "Edm.Int16",
            "Edm.Int32",
            "Edm.Int64",
            "Edm.Decimal",
            "Edm.Double",
            "Edm.Single",
        ),
        "number",
    ),
}
_ANSWERS = {"iso": ("true", "false"), "ru": ("да", "нет"), "en": ("yes", "no")}

# A lookup → the texts that find an entity of its set now; None: too many for a list, or not asked.
Names = Callable[[BoundLookup], tuple[str, ...] | None]
# (type, property) → what the service calls it.
Meaning = Callable[[str, str], str]


def sheets_of(recipe: Recipe) -> tuple[TemplateSheet, ...]:
    """Return the sheets that a recipe reads, with their headers and nothing else said of them."""
    return tuple(sheet.bare() for sheet in laid_out(recipe))


def described(
    recipe: Recipe, steps: Iterable[BoundStep], names: Names, meaning: Meaning
) -> tuple[TemplateSheet, ...]:
    """Return the sheets with what each column takes, as the bound steps say."""
    bound = {step.position: step for step in steps}
    sheets = laid_out(recipe)
    makers = _Makers(sheets, bound)
    return tuple(
        _Describer(
            sheet, [bound[number] for number in sheet.steps if number in bound], makers, names, meaning
        ).sheet()
        for sheet in sheets
    )


@dataclass
class _Describer:
    """Says what the columns of one sheet take, by the steps that read it."""

    laid_out: LaidOut
    steps: list[BoundStep]
    makers: "_Makers"
    names: Names
    meaning: Meaning

    def sheet(self) -> TemplateSheet:
        bare = self.laid_out.bare()
        columns = tuple(map(self._column, bare.columns, self.laid_out.headers))
        return replace(bare, columns=columns, locale=self.laid_out.rule.locale)

    def _column(self, column: TemplateColumn, header: str) -> TemplateColumn:
        uses = [
            (step, item) for step in self.steps for item in step.fields if _reads(item, _origin(step, header))
        ]
        if not uses:
            return column
        step, item = uses[0]
        words = [item.rule.description or self.meaning(step.type, item.property.name) for step, item in uses]
        plain = item.lookup is None
        return TemplateColumn(
            headers=column.headers,
            required=any(_is_needed(step, item) for step, item in uses),
            kind=_KINDS.get(item.property.type, "any") if plain else "text",
            allowed=self._allowed(step, item),
            meaning=". ".join(dict.fromkeys(filter(None, words))),
            longest=item.property.max_length if plain and item.property.type == "Edm.String" else None,
            found_by=item.lookup.text
            if item.lookup is not None and self.makers.column(item.lookup) is None
            else None,
        )

    def _allowed(self, step: BoundStep, item: BoundField) -> AllowedValues | None:
        table, kind = item.rule.map, item.property.type
        if item.rule.apply is not None:
            return None
        if table is not None:
            return AllowedValues(
                values=tuple(word for word, _ in table.entries), strict=table.default is None
            )
        if item.lookup is not None:
            return self._names(item.lookup)
        if kind in step.enums and kind not in step.flags:
            return AllowedValues(values=tuple(step.enums[kind]), strict=True)
        if kind == "Edm.Boolean":
            language = self.laid_out.rule.locale.replace("-", "_").partition("_")[0]
            return AllowedValues(values=_ANSWERS.get(language, ("true", "false")), strict=True)
        return None

    def _names(self, lookup: BoundLookup) -> AllowedValues | None:
        """Return the names that find something: those of another sheet of this workbook, or those that the service holds."""
        if (made := self.makers.column(lookup)) is not None:
            return AllowedValues(column_of=made)
        values = self.names(lookup)
        return AllowedValues(values=values) if values else None


def _origin(step: BoundStep, header: str) -> str:
    """Return the column that fields read: of columns that become rows, the one that holds their values."""
    unpivot = step.rule.table.unpivot
    if unpivot is None:
        return header
    spread = unpivot.span or header in unpivot.columns
    others = {
        name
        for item in step.fields
        if isinstance(item.rule.origin, Columns)
        for name in item.rule.origin.headers
    }
    return unpivot.value if spread and header not in others else header


def _reads(item: BoundField, header: str) -> bool:
    return isinstance(item.rule.origin, Columns) and header in item.rule.origin.headers


def _is_needed(step: BoundStep, item: BoundField) -> bool:
    """Whether a row without it is no use: needed to create, or the one way to recognise the entity."""
    if item.rule.optional or item.rule.default is not None:
        return False
    only = step.alternatives[0] if len(step.alternatives) == 1 else ()
    return item.required or (only != () and step.fields.index(item) in step.telling(only))


class _Makers:
    """The columns of this workbook in which other sheets' entities are named: a department on the sheet of departments."""

    def __init__(self, sheets: Iterable[LaidOut], bound: Mapping[int, BoundStep]) -> None:
        self._columns: dict[tuple[str, str], tuple[str, int]] = {}
        for sheet in sheets:
            headers = list(sheet.headers)
            for step in (bound[number] for number in sheet.steps if number in bound):
                for name, position in _named(step, headers):
                    self._columns.setdefault((step.to, name), (sheet.name, position))

    def column(self, lookup: BoundLookup) -> tuple[str, int] | None:
        """Return sheet and column that hold the texts of a lookup; the last of its properties is most often the name."""
        for item in reversed(lookup.by):
            if (found := self._columns.get((lookup.set, item.name))) is not None:
                return found
        return None


def _named(step: BoundStep, headers: list[str]) -> Iterator[tuple[str, int]]:
    for item in step.fields:
        if isinstance(item.rule.origin, Columns) and item.lookup is None and item.rule.apply is None:
            written = next((header for header in item.rule.origin.headers if header in headers), None)
            if written is not None:
                yield item.property.name, headers.index(written)
