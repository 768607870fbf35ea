"""Headers a recipe asks for × columns a table has: positions per section, or the problem that names the nearest."""

from collections.abc import Iterable, Mapping

import msgspec

from importer.planner.binding.problems import CommentedHeader, DuplicateHeader, UnknownColumn
from importer.problems import Collector, RecipePlace, nearest
from importer.recipe.expressions import Expression
from importer.recipe.normal import Columns, Field, Recipe, Step, TableRule, ValueTable
from importer.sources.table import Column, Section, Table
from importer.text.folding import fold


class AskedColumn(msgspec.Struct, frozen=True):
    """Headers of which one is enough. `optional`: none is fine too."""

    headers: tuple[str, ...]
    place: RecipePlace
    optional: bool = False


def asked_by(step: Step) -> Iterable[AskedColumn]:
    """Yield every column a step uses: those of its fields, lookups, conditions, calls and assertions."""
    for rule in step.fields:
        yield from _asked_by_field(rule)
    if step.under is not None:
        yield from _asked_by_field(step.under)
    for call in step.then:
        for rule in call.with_.values():
            yield from _asked_by_field(rule)
    calls = (call.when for call in step.then)
    for condition in (step.table.when, step.when, *calls, *(item.that for item in step.expect)):
        if condition is not None:
            yield from (AskedColumn((header,), condition.place) for header in condition.columns)
    for item in step.match.remembered:
        yield from (AskedColumn((header,), item.place) for header in item.columns)
    if step.split is not None:
        yield AskedColumn((step.split.column,), step.split.place)


def asked_of_file(table: TableRule) -> Iterable[AskedColumn]:
    """Yield the columns that must stand in the file for the table's rows to be made."""
    where = table.places.get("fill_down", table.place)
    yield from (AskedColumn((header,), where) for header in table.fill_down)
    if table.tree is not None:
        yield AskedColumn((table.tree.column,), table.tree.place)
    if table.unpivot is not None:
        yield from (AskedColumn((header,), table.unpivot.place) for header in table.unpivot.columns)


def asked_of_others(recipe: Recipe) -> dict[str, list[AskedColumn]]:
    """Return by step the columns of its table by which others refer to its rows (`row_of`)."""
    found: dict[str, list[AskedColumn]] = {}
    waiting: list[Field] = []
    for step in recipe.steps:
        waiting.extend(step.fields)
        waiting.extend(rule for call in step.then for rule in call.with_.values())
        waiting.extend([step.under] if step.under is not None else [])
    while waiting:
        lookup = waiting.pop().lookup
        waiting.extend((*(lookup.where or {}).values(), *(lookup.create or {}).values()))
        if lookup.row_of is not None and lookup.place is not None:
            where = lookup.places.get("by", lookup.place)
            found.setdefault(lookup.row_of, []).extend(
                AskedColumn((name,), where) for name in lookup.by or ()
            )
    return found


def needed(
    steps: Iterable[Step], more: Mapping[str, list[AskedColumn]] | None = None
) -> tuple[tuple[str, ...], ...]:
    """Return what decides where the header is: every column that is not optional, of all steps on one table.

    Columns that are made (`tree`, `unpivot`) stand in no header; `more` are those that other steps ask for.
    """
    found: dict[tuple[str, ...], None] = {}
    for step in steps:
        made = {fold(name) for name in step.table.made}
        asked = (*asked_of_file(step.table), *asked_by(step), *(more or {}).get(step.name, ()))
        found.update(
            (item.headers, None)
            for item in asked
            if not item.optional and not made.intersection(map(fold, item.headers))
        )
    return tuple(found)


def check_columns(wanted: Iterable[AskedColumn], table: Table, recipe: Recipe, problems: Collector) -> None:
    """Find the columns that a section lacks or has twice."""
    every = tuple(dict.fromkeys(wanted))
    for section in table.sections:
        for asked in every:
            header, columns = next(
                ((header, found) for header in asked.headers if (found := section.find(header))), ("", ())
            )
            if len(columns) > 1:
                problems.add(_twice(asked, section, header, columns))
            elif not columns and not asked.optional:
                problems.add(_missing(asked, section, recipe))


def position_of(headers: tuple[str, ...], section: Section) -> Column | None:
    """Return the first of the columns that the section has."""
    return next((columns[0] for header in headers if (columns := section.find(header))), None)


def positions(headers: Iterable[str], section: Section) -> Mapping[str, int | None]:
    """Return header → position in the rows of a section; None where it is missing."""
    return {
        header: None if (column := position_of((header,), section)) is None else column.index
        for header in headers
    }


def _asked_by_field(rule: Field, *, optional: bool = False) -> Iterable[AskedColumn]:
    optional = optional or rule.optional
    if isinstance(rule.origin, Columns):
        yield AskedColumn(rule.origin.headers, rule.origin.place, optional)
    for part in (rule.origin, rule.apply, rule.default, rule.map):
        if isinstance(part, Expression | ValueTable):
            yield from (AskedColumn((header,), part.place, optional) for header in part.columns)
    for narrowing in (*(rule.lookup.where or {}).values(), *(rule.lookup.create or {}).values()):
        yield from _asked_by_field(narrowing, optional=optional)


def _twice(asked: AskedColumn, section: Section, header: str, columns: tuple[Column, ...]) -> DuplicateHeader:
    cells = ", ".join(f"{column.letters}{section.header_row}" for column in columns)
    return DuplicateHeader(place=asked.place, found=header, table=_name(section), cells=cells)


def _missing(asked: AskedColumn, section: Section, recipe: Recipe) -> UnknownColumn:
    header = asked.headers[0]
    known = [column.header for column in section.columns if column.header] or [
        column.letters for column in section.columns
    ]
    kind = UnknownColumn if recipe.cut_by_comment(asked.place) is None else CommentedHeader
    return kind(
        place=asked.place,
        found=header,
        near=nearest(header, known),
        table=_name(section),
        row=str(section.header_row or "–"),
    )


def _name(section: Section) -> str:
    return f"{section.book} › {section.sheet}" if section.sheet else section.book
