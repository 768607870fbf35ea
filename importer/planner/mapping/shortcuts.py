"""Shortcuts past the general way of a field (`fields`), where it is known beforehand that both lead to the same value.

What no cell decides is worked out once. A plain text needs only its length looked at. What one cell decides alone is
remembered by its text, because departments, dates and rates repeat down a column. Everything unusual (an error, a blank
with a default, a value that does not fit) takes the general way, which also tells what is wrong.
"""

import sys
from collections.abc import Callable, Iterator
from typing import TypeAlias

from importer.planner.binding.bound import BLANK, Blank
from importer.planner.mapping.conversion import Converter, NotConvertible
from importer.planner.mapping.fields import CompiledField
from importer.planner.mapping.record import FieldValue, Record
from importer.recipe.expressions import Expression, ExpressionProblem
from importer.recipe.normal import Columns, Field
from importer.sources.table import Cell, CellKind
from importer.text.cleaning import clean

# (cells of the row, its record) → the value of one field.
Take: TypeAlias = Callable[[tuple[Cell, ...], Record], FieldValue]

# Looking a member of an enumeration up costs as much as the rest of a shortcut.
_TEXT, _NUMBER, _BLANK = CellKind.TEXT, CellKind.NUMBER, CellKind.BLANK
_ERROR, _FORMULA = CellKind.ERROR, CellKind.FORMULA
# For each field of a section. The memory of a column of unique values stops growing here.
_REMEMBERED = 4096
# Longer numbers may have lost digits: conversion looks.
_EXACT = 16


def shortcut(field: CompiledField, position: int) -> Take:
    """Return the quickest way to the value of a field, which stands at `position` of its record."""
    if not field.there:
        return _same(field, position)
    cells = set(_cells(field))
    if field.separator is not None:
        return general(field, position)
    if len(cells) > 1 and _is_text_expression(field):
        return _computed(field, position, tuple(cells))
    if len(cells) > 1 or _counts_rows(field):
        return general(field, position)
    if not cells:
        return _same(field, position)
    if not _is_plain(field.bound.rule):
        return _remembered(field, position, cells.pop(), kinds=(_TEXT,))
    if field.convert is None:
        # What is looked up is the text, also of a number; a narrowing takes the number, which its text need not tell.
        narrowed = any(True for inner in field.where for _ in _cells(inner))
        return _remembered(field, position, cells.pop(), kinds=(_TEXT,) if narrowed else (_TEXT, _NUMBER))
    if field.bound.property.type == "Edm.String":
        return _text(field, position, cells.pop())
    return _converted(field, position, cells.pop(), field.convert)


def general(field: CompiledField, position: int) -> Take:
    """Return the general way."""
    value = field.value
    return lambda _, record: value(record, position)


def _same(field: CompiledField, position: int) -> Take:
    value = field.value
    known: FieldValue = None

    def take(_: tuple[Cell, ...], record: Record) -> FieldValue:
        nonlocal known
        if known is not None:
            return known
        found = value(record, position)
        # A blank may have told the record more: a default, or what is wrong.
        if not isinstance(found, Blank):
            known = found
        return found

    return take


def _text(field: CompiledField, position: int, index: int) -> Take:
    value, keeps = field.value, _keeps_blank(field.bound.rule)
    longest = field.bound.property.max_length
    most = sys.maxsize if longest is None else longest

    def take(cells: tuple[Cell, ...], record: Record) -> FieldValue:
        cell = cells[index]
        kind = cell.kind
        if kind is _TEXT:
            text = cell.text
            if 0 < len(text) <= most and "E+" not in text:
                return text
        elif kind is _NUMBER:
            text = cell.text
            if 0 < len(text) <= most and len(text) < _EXACT:
                return text
        elif kind is _BLANK and keeps:
            return BLANK
        return value(record, position)

    return take


def _computed(field: CompiledField, position: int, used: tuple[int, ...]) -> Take:
    """The text that an expression gives, where nothing more is done with it."""
    value, give, scope, cleans = field.value, field.origin.give, field.scope, field.cleans
    longest = field.bound.property.max_length
    most = sys.maxsize if longest is None else longest

    def take(cells: tuple[Cell, ...], record: Record) -> FieldValue:
        for index in used:
            kind = cells[index].kind
            if kind is _ERROR or kind is _FORMULA:
                return value(record, position)
        try:
            found = give(scope)
        except ExpressionProblem:
            return value(record, position)
        if type(found) is str:
            text = clean(found) if cleans else found
            if 0 < len(text) <= most:
                return text
        return value(record, position)

    return take


def _is_text_expression(field: CompiledField) -> bool:
    rule = field.bound.rule
    return (
        isinstance(rule.origin, Expression)
        and rule.apply is None
        and rule.map is None
        and field.convert is not None
        and field.bound.property.type == "Edm.String"
    )


def _converted(field: CompiledField, position: int, index: int, convert: Converter) -> Take:
    value, keeps = field.value, _keeps_blank(field.bound.rule)
    known: dict[str, FieldValue] = {}

    def take(cells: tuple[Cell, ...], record: Record) -> FieldValue:
        cell = cells[index]
        kind = cell.kind
        try:
            if kind is _TEXT:
                text = cell.text
                found = known.get(text)
                if found is None and text:
                    found = convert(text, text)
                    if len(known) < _REMEMBERED:
                        known[text] = found
                if found is not None:
                    return found
            elif kind is _BLANK:
                if keeps:
                    return BLANK
            elif kind is not _ERROR and kind is not _FORMULA:
                return convert(cell.value, cell.text)
        except NotConvertible:
            pass  # the general way tells why, and where
        return value(record, position)

    return take


def _remembered(field: CompiledField, position: int, index: int, *, kinds: tuple[CellKind, ...]) -> Take:
    """`kinds`: those of which the text alone decides."""
    value, keeps = field.value, _keeps_blank(field.bound.rule)
    first, last = kinds[0], kinds[-1]
    known: dict[str, FieldValue] = {}

    def take(cells: tuple[Cell, ...], record: Record) -> FieldValue:
        cell = cells[index]
        kind = cell.kind
        if kind is first or kind is last:
            text = cell.text
            found = known.get(text)
            if found is None:
                found = value(record, position)
                # A blank may have told the record more: a default, or what is wrong.
                if not isinstance(found, Blank) and len(known) < _REMEMBERED:
                    known[text] = found
            return found
        if kind is _BLANK and keeps:
            return BLANK
        return value(record, position)

    return take


def _keeps_blank(rule: Field) -> bool:
    """Whether a blank cell is a blank field and nothing else comes of it."""
    return (
        isinstance(rule.origin, Columns) and rule.default is None and rule.on_blank not in ("skip", "error")
    )


def _is_plain(rule: Field) -> bool:
    return isinstance(rule.origin, Columns) and rule.apply is None and rule.map is None


def _cells(field: CompiledField) -> Iterator[int]:
    """Yield the positions of the cells that decide the value, where it is no blank."""
    yield from field.origin.used
    yield from field.table_used
    for inner in field.where:
        yield from _cells(inner)


def _counts_rows(field: CompiledField) -> bool:
    """Whether the row's number has a say (perhaps: the word may also stand in a text)."""
    rule = field.bound.rule
    table = () if rule.map is None else (*(value for _, value in rule.map.entries), rule.map.default)
    said = (part for part in (rule.origin, rule.apply, *table) if isinstance(part, Expression))
    return any("row_number" in part.source for part in said) or any(map(_counts_rows, field.where))
