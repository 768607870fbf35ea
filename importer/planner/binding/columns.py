"""Headers a recipe asks for × columns a table has: positions per section, or the problem that names the nearest."""

from collections.abc import Iterable, Mapping

import msgspec

from importer.planner.binding.problems import CommentedHeader, DuplicateHeader, UnknownColumn
from importer.problems import Collector, RecipePlace, nearest
from importer.recipe.expressions import Expression
from importer.recipe.normal import Columns, Field, Recipe, Step, ValueTable
from importer.sources.table import Column, Section, Table


class AskedColumn(msgspec.Struct, frozen=True):
    """Headers of which one is enough. `optional`: none is fine too."""

    headers: tuple[str, ...]
    place: RecipePlace
    optional: bool = False


def asked_by(step: Step) -> Iterable[AskedColumn]:
    """Yield every column a step uses: those of its fields, lookups and conditions."""
    for rule in step.fields:
        yield from _asked_by_field(rule)
    for condition in (step.when, step.table.when):
        if condition is not None:
            yield from (AskedColumn((header,), condition.place) for header in condition.columns)


def needed(steps: Iterable[Step]) -> tuple[tuple[str, ...], ...]:
    """Return what decides where the header is: every column that is not optional, of all steps on one table."""
    return tuple(
        dict.fromkeys(asked.headers for step in steps for asked in asked_by(step) if not asked.optional)
    )


def check_columns(step: Step, table: Table, recipe: Recipe, problems: Collector) -> None:
    """Find the columns that a section lacks or has twice."""
    for section in table.sections:
        for asked in dict.fromkeys(asked_by(step)):
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
    for narrowing in (rule.lookup.where or {}).values():
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
