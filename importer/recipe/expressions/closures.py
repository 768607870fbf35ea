"""Checked tree → closures, one for each node (see `compiling`)."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from jinja2 import nodes

from importer.recipe.expressions.filters import FILTERS, Takes
from importer.recipe.expressions.functions import FUNCTIONS
from importer.recipe.expressions.operators import ARITHMETIC, compare, negative, positive
from importer.recipe.expressions.patterns import date_pattern, regular
from importer.recipe.expressions.values import (
    MAX_TEXT,
    Compiled,
    Scope,
    Value,
    check_length,
    is_true,
    plain,
    text_of,
)
from importer.text.locales import read_date, read_datetime, read_number

_NAMES: Mapping[str, Compiled] = {
    "value": lambda scope: scope.value,
    "file": lambda scope: scope.file,
    "sheet": lambda scope: scope.sheet,
    "row_number": lambda scope: scope.number,
    "today": lambda scope: scope.today,
}


class Compiler:
    """Makes a closure of a checked tree; `columns` as in `compile_expression`."""

    def __init__(
        self, columns: Mapping[str, int | None], own: Mapping[str, nodes.Expr] | None = None
    ) -> None:
        """Know every kind of node that the allow-list has; `own` are filters of the recipe."""
        self._columns, self._own = columns, own or {}
        self._rules: Mapping[type[nodes.Node], Callable[..., Compiled]] = {
            nodes.Const: self._const,
            nodes.Name: self._name,
            nodes.Getattr: self._getattr,
            nodes.Getitem: self._getitem,
            nodes.Call: self._call,
            nodes.Filter: self._filter,
            nodes.Test: self._test,
            nodes.And: self._and,
            nodes.Or: self._or,
            nodes.Not: self._not,
            nodes.Neg: self._neg,
            nodes.Pos: self._pos,
            nodes.Concat: self._concat,
            nodes.List: self._list,
            nodes.CondExpr: self._condexpr,
            nodes.Compare: self._compare,
            nodes.Add: self._binary,
            nodes.Sub: self._binary,
            nodes.Mul: self._binary,
            nodes.Div: self._binary,
            nodes.FloorDiv: self._binary,
        }

    def compile(self, node: nodes.Node) -> Compiled:
        """Return the closure of a node and of all that is under it."""
        return self._rules[type(node)](node)

    def _const(self, node: nodes.Const) -> Compiled:
        value: Value = node.value
        return lambda _: value

    def _name(self, node: nodes.Name) -> Compiled:
        return _NAMES[node.name]

    def _getattr(self, node: nodes.Getattr) -> Compiled:
        return self._column(node.attr)

    def _getitem(self, node: nodes.Getitem) -> Compiled:
        return self._column(node.arg.as_const())

    def _column(self, header: str) -> Compiled:
        position = self._columns.get(header)
        if position is None:
            return lambda _: None
        return lambda scope: scope.row[position]

    def _call(self, node: nodes.Call) -> Compiled:
        name = getattr(node.node, "name", "")
        arguments = tuple(map(self.compile, node.args))
        if name == "coalesce":
            return lambda scope: next(
                (found for argument in arguments if plain(found := argument(scope)) is not None), None
            )
        function = FUNCTIONS[name][0]
        return lambda scope: function(scope, *[argument(scope) for argument in arguments])

    def _filter(self, node: nodes.Filter) -> Compiled:
        if node.name in self._own:
            return self._own_filter(self._inside(node.node), self.compile(self._own[node.name]))
        known = FILTERS[node.name]
        function, inner = known.function, self._inside(node.node)
        if known.takes is not Takes.VALUES and node.args:
            read = regular if known.takes is Takes.REGULAR else date_pattern
            pattern = read(node.args[0].as_const())
            return lambda scope: (
                None if plain(value := inner(scope)) is None else function(scope, value, pattern)
            )
        arguments = tuple(map(self.compile, node.args))
        if not arguments:
            return lambda scope: None if plain(value := inner(scope)) is None else function(scope, value)

        def run(scope: Scope) -> Value:
            value = inner(scope)
            if plain(value) is None:
                return None
            return function(scope, value, *[argument(scope) for argument in arguments])

        return run

    def _own_filter(self, inner: Compiled, body: Compiled) -> Compiled:
        """Return the closure of a filter of the recipe: its expression over `value`; a blank skips it."""

        def run(scope: Scope) -> Value:
            found = inner(scope)
            if plain(found) is None:
                return None
            outer, scope.value = scope.value, found
            try:
                return body(scope)
            finally:
                scope.value = outer

        return run

    def _inside(self, node: nodes.Expr | None) -> Compiled:
        return (lambda _: None) if node is None else self.compile(node)

    def _test(self, node: nodes.Test) -> Compiled:
        inner = self.compile(node.node)
        if node.name == "blank":
            return lambda scope: plain(inner(scope)) is None
        test = _is_number if node.name == "number" else _is_date
        return lambda scope: test(plain(inner(scope)), scope.locale)

    def _and(self, node: nodes.And) -> Compiled:
        left, right = self.compile(node.left), self.compile(node.right)
        return lambda scope: right(scope) if is_true(found := left(scope)) else found

    def _or(self, node: nodes.Or) -> Compiled:
        left, right = self.compile(node.left), self.compile(node.right)
        return lambda scope: found if is_true(found := left(scope)) else right(scope)

    def _not(self, node: nodes.Not) -> Compiled:
        inner = self.compile(node.node)
        return lambda scope: not is_true(inner(scope))

    def _neg(self, node: nodes.Neg) -> Compiled:
        inner = self.compile(node.node)
        return lambda scope: negative(inner(scope))

    def _pos(self, node: nodes.Pos) -> Compiled:
        inner = self.compile(node.node)
        return lambda scope: positive(inner(scope))

    def _concat(self, node: nodes.Concat) -> Compiled:
        pieces = tuple(map(self._text, node.nodes))

        def run(scope: Scope) -> Value:
            texts = [piece(scope) for piece in pieces]
            if sum(map(len, texts)) > MAX_TEXT:
                check_length(MAX_TEXT + 1)
            return "".join(texts)

        return run

    def _text(self, node: nodes.Expr) -> Callable[[Scope], str]:
        """Return what gives the text of a node; of a column or a constant without asking what it is."""
        inner = self.compile(node)
        if isinstance(node, nodes.Const):
            constant = text_of(node.value)
            return lambda _: constant
        if isinstance(node, nodes.Getattr | nodes.Getitem):
            header = node.attr if isinstance(node, nodes.Getattr) else node.arg.as_const()
            position = self._columns.get(header)
            if position is None:
                return lambda _: ""

            def read(scope: Scope) -> str:
                cell = scope.row[position]
                return cell.text if cell.value is not None else ""

            return read
        return lambda scope: text_of(inner(scope))

    def _list(self, node: nodes.List) -> Compiled:
        items = tuple(map(self.compile, node.items))
        return lambda scope: [item(scope) for item in items]

    def _condexpr(self, node: nodes.CondExpr) -> Compiled:
        test, yes, no = self.compile(node.test), self.compile(node.expr1), self._inside(node.expr2)
        return lambda scope: yes(scope) if is_true(test(scope)) else no(scope)

    def _compare(self, node: nodes.Compare) -> Compiled:
        first = self.compile(node.expr)
        rest = tuple((operand.op, self.compile(operand.expr)) for operand in node.ops)
        if len(rest) == 1:
            name, second = rest[0]
            return lambda scope: compare(name, first(scope), second(scope))

        def run(scope: Scope) -> Value:
            left = first(scope)
            for name, compiled in rest:
                right = compiled(scope)
                if not compare(name, left, right):
                    return False
                left = right
            return True

        return run

    def _binary(self, node: nodes.BinExpr) -> Compiled:
        left, right = self.compile(node.left), self.compile(node.right)
        compute = ARITHMETIC[node.operator]
        return lambda scope: compute(scope, left(scope), right(scope))


def _is_number(value: Value, locale: str) -> bool:
    if isinstance(value, str):
        return read_number(value, locale) is not None
    return not isinstance(value, bool) and isinstance(value, int | Decimal)


def _is_date(value: Value, locale: str) -> bool:
    if isinstance(value, str):
        return read_date(value, locale) is not None or read_datetime(value, locale) is not None
    return isinstance(value, date)
