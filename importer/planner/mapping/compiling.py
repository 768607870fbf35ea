"""Bound step × section → one function from row to record: one closure per field (performance.md, *mapping*).

The order of recipe-language.md §6.2: column/value → blank? `default`/`on_blank` : `apply` → `map` → convert, or left to be looked up.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from importer.odata.edm import EdmValue
from importer.planner.binding.bound import (
    ABSENT,
    BLANK,
    CLEAR,
    Asked,
    Blank,
    BoundField,
    BoundLookup,
    BoundStep,
    BoundWhere,
    Clear,
)
from importer.planner.binding.columns import position_of, positions
from importer.planner.mapping.conversion import Context, NotConvertible, convert
from importer.planner.mapping.problems import (
    BlankMatch,
    BlankValue,
    CellError,
    ConditionProblem,
    ExpressionValue,
    FormulaWithoutValue,
    TotalRow,
    UnmappedUnlike,
    UnmappedValue,
)
from importer.planner.mapping.record import FieldValue, Record
from importer.planner.mapping.value_tables import CompiledTable, compile_table
from importer.problems import Problem, nearest
from importer.recipe.expressions import Compiled, Expression, ExpressionProblem, Scope, compile_expression
from importer.recipe.expressions.values import Months, Value, is_true, plain, text_of
from importer.recipe.normal import Columns, Constant, Field
from importer.sources.table import Cell, CellKind, Row, Section
from importer.text.folding import fold

_TOTALS = ("итого", "всего", "total", "subtotal", "grand total", "промежуточный итог", "общий итог", "сумма")


@dataclass(frozen=True, slots=True)
class Mapped:
    """What came of one row: a record, or why there is none. `reason` of an outside row is `when` of the table."""

    row: Row
    record: Record | None = None
    outside: bool = False
    not_for_step: bool = False
    skipped: str | None = None
    problems: tuple[Problem, ...] = ()


def compile_step(step: BoundStep, section: Section, today: date, first: int) -> Callable[[Row], Mapped]:
    """Return the function that maps the rows of one section; records are numbered from `first`.

    The function raises nothing: what is wrong with a row stands in its record.
    """
    return _Mapper(step, section, today, first).map


@dataclass(slots=True)
class _Getter:
    """How one field gets its raw value, and what happens to it."""

    field: BoundField
    origin: Compiled
    column: str | None  # letters, where the value is one cell
    there: bool
    used: tuple[int, ...]  # positions of the cells that the value is made of
    clears: bool
    apply: Compiled | None
    table: CompiledTable | None
    table_used: tuple[int, ...]
    default: Compiled | None
    default_used: tuple[int, ...]
    where: tuple["_Getter", ...]


@dataclass(frozen=True, slots=True)
class _Condition:
    """A `when`, and the positions of the cells it reads."""

    holds: Compiled
    used: tuple[int, ...]


class _Mapper:
    def __init__(self, step: BoundStep, section: Section, today: date, first: int) -> None:
        self._step, self._section = step, section
        self._scope = Scope(step.rule.table.locale, today, file=section.book, sheet=section.sheet or "")
        self._getters = [self._getter(field, field.rule, field.lookup) for field in step.fields]
        self._context = Context(step.rule.table.locale, None, step.name, step.enums, step.flags)
        self._letters = tuple(getter.column for getter in self._getters)
        self._table_when = self._condition(step.rule.table.when)
        self._step_when = self._condition(step.rule.when)
        self._match = sorted(
            {position for alternative in step.alternatives for position in step.telling(alternative)}
        )
        self._next = first

    def map(self, row: Row) -> Mapped:
        scope = self._scope
        scope.row, scope.number = row.cells, row.number
        problems = list(row.problems)
        for condition, outside in ((self._table_when, True), (self._step_when, False)):
            answer = True if condition is None else self._ask(condition, row, problems)
            if answer is False:
                return Mapped(row, outside=outside, not_for_step=not outside)
        values: list[FieldValue] = []
        record = Record(self._next, self._step, row, values, columns=self._letters, problems=problems)
        for position, getter in enumerate(self._getters):
            values.append(self._value(getter, record, position))
        return self._finish(record)

    def _finish(self, record: Record) -> Mapped:
        row = record.row
        if all(_is_blank(record.values[position]) for position in self._match):
            looks = _total(row)
            if looks is not None:
                return Mapped(row, skipped="total-row", problems=(self._total_row(row, looks),))
            if record.usable:
                names = ", ".join(self._step.match_text)
                record.problems.append(
                    BlankMatch(place=record.place(self._match[0]), step=self._step.name, expected=names)
                )
        self._next += 1
        return Mapped(row, record, skipped=record.skipped)

    def _total_row(self, row: Row, cell: Cell) -> TotalRow:
        header = next(
            (c.header for c in self._section.columns if c.letters == cell.column and c.header), None
        )
        name = f'row["{header}"]' if header and not header.isidentifier() else f"row.{header or cell.column}"
        return TotalRow(
            place=row.place(cell.column), step=self._step.name, found=cell.text, row=row.number, expected=name
        )

    def _ask(self, condition: _Condition, row: Row, problems: list[Problem]) -> bool:
        """Return what a condition says; a row about which it cannot say anything is kept, and blocked."""
        try:
            self._check_cells(condition.used, row)
            return is_true(condition.holds(self._scope))
        except NotConvertible as refused:
            problems.append(refused.problem)
        except ExpressionProblem as problem:
            problems.append(
                ConditionProblem(place=row.place(), step=self._step.name, reason=problem.message())
            )
        return True

    def _value(self, getter: _Getter, record: Record, position: int) -> FieldValue:
        try:
            found = self._raw(getter, record)
            return (
                self._blank(getter, record, position, found) if found is BLANK or found is ABSENT else found
            )
        except NotConvertible as refused:
            # Places are made where they are needed: most cells are right.
            problem = refused.problem
            record.problems.append(
                problem if problem.place is not None else replace(problem, place=record.place(position))
            )
            return BLANK

    def _raw(self, getter: _Getter, record: Record) -> FieldValue:
        """Return the typed value, the text to look up, or a blank.

        Raises:
            NotConvertible: with the problem; without a place where it is the field's own cell.
        """
        if getter.clears:
            return CLEAR
        if not getter.there:
            return ABSENT
        scope = self._scope
        for position in getter.used:
            self._check_cell(record.row.cells[position], record.row)
        try:
            value: Value = getter.origin(scope)
            if plain(value) is None:
                return BLANK
            if getter.apply is not None:
                scope.value = value
                value = getter.apply(scope)
            if getter.table is not None and plain(value) is not None:
                self._check_cells(getter.table_used, record.row)
                value = self._looked(getter, getter.table, value)
            return BLANK if plain(value) is None else self._typed(getter, value, record)
        except ExpressionProblem as problem:
            raise self._no_value(getter, problem) from None

    def _no_value(self, getter: _Getter, problem: ExpressionProblem) -> NotConvertible:
        return NotConvertible(
            ExpressionValue(
                step=self._step.name, property=getter.field.property.name, reason=problem.message()
            )
        )

    def _typed(self, getter: _Getter, value: Value, record: Record) -> FieldValue:
        """Return the value in the property's type, or the text to be looked up.

        Raises:
            ExpressionProblem: it is a list, or a number of months.
            NotConvertible: with the problem.
        """
        bound = getter.field
        if type(value) is Cell:
            own, shown = value.value, value.text
        else:
            own = value  # type: ignore[assignment]
            # A number of days has no text, and needs none where a duration is wanted.
            shown = str(own) if isinstance(own, timedelta) else text_of(value)
            if isinstance(own, list | Months):
                own = shown
        if bound.lookup is None:
            return convert(own, shown, bound.property, self._context)
        narrowed = tuple(self._narrowed(inner, record) for inner in getter.where)
        return Asked(shown if type(value) is Cell else own, narrowed)

    def _narrowed(self, getter: _Getter, record: Record) -> "EdmValue | Asked | Blank":
        found = self._raw(getter, record)
        return BLANK if found is ABSENT or isinstance(found, Clear) else found

    def _looked(self, getter: _Getter, table: CompiledTable, value: Value) -> Value:
        give = table.look(value)
        if give is None:
            word = text_of(value)
            near = nearest(word, table.words)
            kind = UnmappedValue if near else UnmappedUnlike
            raise NotConvertible(
                kind(step=self._step.name, found=word, near=near, property=getter.field.property.name)
            )
        self._scope.value = value
        return give(self._scope)

    def _check_cells(self, used: tuple[int, ...], row: Row) -> None:
        for position in used:
            self._check_cell(row.cells[position], row)

    def _check_cell(self, cell: Cell, row: Row) -> None:
        kind = cell.kind
        if kind is CellKind.ERROR:
            raise NotConvertible(
                CellError(place=row.place(cell.column), step=self._step.name, found=cell.text)
            )
        if kind is CellKind.FORMULA:
            raise NotConvertible(FormulaWithoutValue(place=row.place(cell.column), step=self._step.name))

    def _blank(self, getter: _Getter, record: Record, position: int, found: FieldValue) -> FieldValue:
        """Return the blank. Where there is a default, `on_blank` waits until it is known whether the entity must be made."""
        rule = getter.field.rule
        default = self._default(getter, record)
        if default is not None:
            record.defaults[position] = default
        elif found is BLANK and rule.on_blank == "skip":
            record.skipped = record.skipped or "on_blank"
        elif found is BLANK and rule.on_blank == "error":
            record.problems.append(
                BlankValue(
                    place=record.place(position), step=self._step.name, property=getter.field.property.name
                )
            )
        return found

    def _default(self, getter: _Getter, record: Record) -> "FieldValue | None":
        if getter.default is None:
            return None
        self._check_cells(getter.default_used, record.row)
        try:
            value = getter.default(self._scope)
            return None if plain(value) is None else self._typed(getter, value, record)
        except ExpressionProblem as problem:
            raise self._no_value(getter, problem) from None

    # Compiling

    def _getter(self, field: BoundField, rule: Field, lookup: BoundLookup | None) -> _Getter:
        used = self._used(rule)
        origin, column, there = self._origin(rule)
        return _Getter(
            field=field,
            origin=origin,
            column=column,
            there=there,
            used=used,
            clears=isinstance(rule.origin, Constant) and rule.origin.value is None,
            apply=None if rule.apply is None else compile_expression(rule.apply, self._positions(rule.apply)),
            table=None
            if rule.map is None
            else compile_table(rule.map, positions(rule.map.columns, self._section)),
            table_used=self._cells(() if rule.map is None else rule.map.columns),
            default=self._compiled(rule.default),
            default_used=self._cells(rule.default.columns if isinstance(rule.default, Expression) else ()),
            where=tuple(self._where(item) for item in (lookup.where if lookup else ())),
        )

    def _where(self, where: BoundWhere) -> _Getter:
        inner = BoundField(property=where.property, rule=where.rule, lookup=where.lookup)
        return self._getter(inner, where.rule, where.lookup)

    def _origin(self, rule: Field) -> tuple[Compiled, str | None, bool]:
        if isinstance(rule.origin, Columns):
            column = position_of(rule.origin.headers, self._section)
            if column is None:
                return (lambda _: None), None, False
            index = column.index
            return (lambda scope: scope.row[index]), column.letters, True
        compiled = self._compiled(rule.origin)
        columns = rule.origin.columns if isinstance(rule.origin, Expression) else ()
        letters = None
        if columns:
            first = position_of((columns[0],), self._section)
            letters = first.letters if first else None
        found = any(index is not None for index in positions(columns, self._section).values())
        return compiled or (lambda _: None), letters, found or not columns

    def _compiled(self, value: object) -> Compiled | None:
        if value is None:
            return None
        if isinstance(value, Constant):
            constant = value.value
            return lambda _: constant
        if isinstance(value, Expression):
            return compile_expression(value, self._positions(value))
        return None

    def _condition(self, expression: Expression | None) -> _Condition | None:
        return (
            None
            if expression is None
            else _Condition(
                compile_expression(expression, self._positions(expression)), self._cells(expression.columns)
            )
        )

    def _positions(self, expression: Expression) -> Mapping[str, int | None]:
        return positions(expression.columns, self._section)

    def _used(self, rule: Field) -> tuple[int, ...]:
        found = [position_of(headers, self._section) for headers in _headers(rule)]
        return tuple(dict.fromkeys(column.index for column in found if column is not None))

    def _cells(self, headers: Iterable[str]) -> tuple[int, ...]:
        return tuple(
            dict.fromkeys(index for index in positions(headers, self._section).values() if index is not None)
        )


def _headers(rule: Field) -> Iterator[tuple[str, ...]]:
    if isinstance(rule.origin, Columns):
        yield rule.origin.headers
    for part in (rule.origin, rule.apply):
        if isinstance(part, Expression):
            yield from ((header,) for header in part.columns)


def _is_blank(value: FieldValue) -> bool:
    return value is BLANK or value is ABSENT or value is CLEAR


def _total(row: Row) -> Cell | None:
    """Return the first filled cell when it reads like a total."""
    first = next((cell for cell in row.cells if cell.kind is not CellKind.BLANK), None)
    if first is None or first.kind is not CellKind.TEXT:
        return None
    text = fold(first.text)
    return (
        first if any(text == word or text.startswith((f"{word} ", f"{word}:")) for word in _TOTALS) else None
    )
