"""Bound step × section → the function from row to record: one closure per field (performance.md, *mapping*)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import msgspec

from importer.planner.binding.bound import BoundField, BoundLookup, BoundProperty, BoundStep
from importer.planner.binding.columns import position_of, positions
from importer.planner.mapping.conversion import Context, Converter, converter
from importer.planner.mapping.fields import CompiledField, Reading
from importer.planner.mapping.record import LeftOut, Record
from importer.planner.mapping.rows import Mapper
from importer.planner.mapping.shortcuts import shortcut
from importer.planner.mapping.value_tables import CompiledTable, compile_table
from importer.recipe.expressions import Compiled, Expression, Scope, compile_expression
from importer.recipe.normal import Columns, Constant, Field, ValueTable
from importer.sources.table import Row, Section


def compile_step(
    step: BoundStep, section: Section, today: date, first: int
) -> Callable[[Row], Record | LeftOut]:
    """Return the function that maps the rows of one section, in their order; records are numbered from `first`.

    The function raises nothing: what is wrong with a row stands in its record. A step that splits rows needs the mapper.
    """
    return compile_mapper(step, section, today, first).map


def compile_mapper(step: BoundStep, section: Section, today: date, first: int) -> Mapper:
    """Return what maps the rows of one section, in their order; as `compile_step`."""
    scope = Scope(step.rule.table.locale, today, file=section.book, sheet=section.sheet or "")
    compiler = _Compiler(step, section, scope)
    fields = compile_fields(step, section, scope)
    return Mapper(
        step=step,
        section=section,
        scope=scope,
        table_when=compiler.condition(step.rule.table.when),
        step_when=compiler.condition(step.rule.when),
        take=tuple(shortcut(field, position) for position, field in enumerate(fields)),
        letters=tuple(field.column for field in fields),
        match=tuple(sorted({n for alternative in step.alternatives for n in step.telling(alternative)})),
        number=first,
        split=_split(step, section),
        varying=tuple(_varying(fields, section)),
    )


def _split(step: BoundStep, section: Section) -> tuple[int, str] | None:
    rule = step.rule.split
    column = None if rule is None else position_of((rule.column,), section)
    return None if rule is None or column is None else (column.index, rule.by)


def _varying(fields: Iterable[CompiledField], section: Section) -> Iterator[tuple[int, int]]:
    """Yield the fields whose cells come from several columns of the file, and the positions of those cells."""
    several = {column.index for column in section.columns if column.varies}
    for position, field in enumerate(fields):
        used = several.intersection(field.origin.used)
        if used:
            yield position, max(used)


def compile_fields(step: BoundStep, section: Section, scope: Scope) -> list[CompiledField]:
    """Return the fields of a step, made ready for one section; they read the row that stands in `scope`."""
    compiler = _Compiler(step, section, scope)
    return [compiler.field(field) for field in step.fields]


class _Compiler:
    def __init__(self, step: BoundStep, section: Section, scope: Scope) -> None:
        self._section, self._scope = section, scope
        self._cleans = step.rule.table.clean
        self._context = Context(
            scope.locale,
            None,
            step.name,
            step.enums,
            step.flags,
            since_1904=section.since_1904,
            timezone=step.rule.table.timezone,
        )

    def field(self, field: BoundField) -> CompiledField:
        return self._field(field, field.rule, field.lookup)

    def condition(self, expression: Expression | None) -> Reading | None:
        return None if expression is None else self._expression(expression)

    def _field(self, bound: BoundField, rule: Field, lookup: BoundLookup | None) -> CompiledField:
        origin, letters, there = self._origin(rule)
        apply = None if rule.apply is None else self._expression(rule.apply)
        return CompiledField(
            step=self._context.step,
            bound=bound,
            scope=self._scope,
            column=letters,
            there=there,
            clears=isinstance(rule.origin, Constant) and rule.origin.clear,
            origin=Reading(origin.give, _once((*origin.used, *(apply.used if apply else ())))),
            apply=None if apply is None else apply.give,
            table=None if rule.map is None else self._table(rule.map),
            table_used=() if rule.map is None else self._cells(rule.map.columns),
            default=self._default(rule.default),
            convert=self._converter(bound.property, lookup, rule.format),
            separator=rule.split if bound.property.collection else None,
            cleans=self._cleans,
            where=tuple(
                self._field(BoundField(property=item.property, rule=item.rule), item.rule, item.lookup)
                for item in (lookup.where if lookup else ())
            ),
        )

    def _origin(self, rule: Field) -> tuple[Reading, str | None, bool]:
        """Return where the value comes from, the letters of its column, and whether the file has what it reads."""
        origin = rule.origin
        if isinstance(origin, Columns):
            column = position_of(origin.headers, self._section)
            if column is None:
                return Reading(lambda _: None), None, False
            index = column.index
            return Reading(lambda scope: scope.row[index], (index,)), column.letters, True
        if isinstance(origin, Constant):
            return _constant(origin), None, True
        letters = None
        if origin.columns:
            first = position_of(origin.columns[:1], self._section)
            letters = first.letters if first else None
        reading = self._expression(origin)
        return reading, letters, bool(reading.used) or not origin.columns

    def _default(self, value: Constant | Expression | None) -> Reading | None:
        if value is None:
            return None
        return _constant(value) if isinstance(value, Constant) else self._expression(value)

    def _table(self, table: ValueTable) -> CompiledTable:
        return compile_table(table, positions(table.columns, self._section))

    def _converter(
        self, target: BoundProperty, lookup: BoundLookup | None, pattern: str | None
    ) -> Converter | None:
        if lookup is not None:
            return None
        return converter(target, msgspec.structs.replace(self._context, format=pattern))

    def _expression(self, expression: Expression) -> Reading:
        give: Compiled = compile_expression(expression, positions(expression.columns, self._section))
        return Reading(give, self._cells(expression.columns))

    def _cells(self, headers: Iterable[str]) -> tuple[int, ...]:
        found = positions(headers, self._section).values()
        return _once(index for index in found if index is not None)


def _constant(constant: Constant) -> Reading:
    value = constant.value
    return Reading(lambda _: value)


def _once(positions_: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(positions_))
