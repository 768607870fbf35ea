"""The allow-list over the syntax tree (recipe-language.md §9): what it does not name is refused.

Every refusal says the character where it stands; `node.lineno` is that character (see `parsing`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from jinja2 import nodes

from importer.problems import Near, Problem, RecipePlace, nearest
from importer.recipe.expressions.filters import FILTERS, Takes
from importer.recipe.expressions.functions import FUNCTIONS
from importer.recipe.expressions.mistakes import (
    BadDatePattern,
    BadRegularExpression,
    ColumnNotConstant,
    ExpressionMistake,
    MethodCall,
    NameOfAnotherVersion,
    NearFilter,
    NearFunction,
    NearTest,
    NotOfRow,
    NotOnTheList,
    NumberTooLong,
    PatternNotConstant,
    RowAlone,
    TextInArithmetic,
    TooDeep,
    UnknownFilter,
    UnknownFunction,
    UnknownName,
    UnknownTest,
    WrongArguments,
)
from importer.recipe.expressions.patterns import date_pattern, regular

MAX_NODES = 500
MAX_DEPTH = 60
TESTS = ("blank", "number", "date")
_LATER_NAMES = frozenset({"params", "before", "after", "rows"})
_ARITHMETIC = (nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv)
_ALLOWED = (
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
    nodes.Pos,
    nodes.Compare,
    nodes.Operand,
    nodes.Concat,
    nodes.CondExpr,
    nodes.List,
    nodes.Add,
    *_ARITHMETIC,
)
# What people write that is not on the list, as they write it.
_WRITTEN: Mapping[type[nodes.Node], str] = {
    nodes.Pow: "**",
    nodes.Mod: "%",
    nodes.Dict: "{…}",
    nodes.Tuple: "(…, …)",
    nodes.Slice: "[…:…]",
}


def check_tree(
    tree: nodes.Expr, text: str, names: frozenset[str], locate: Callable[[int], RecipePlace]
) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """Return what is wrong with the tree, and the headers it uses, in order."""
    if _depth(tree) > MAX_DEPTH or sum(1 for _ in tree.find_all(nodes.Node)) > MAX_NODES:
        return (TooDeep(place=locate(0), found=text[:30], position=1),), ()
    checker = _Checker(text, names, locate)
    problems = tuple(checker.check(tree))
    return problems, tuple(dict.fromkeys(checker.columns))


def _depth(tree: nodes.Node) -> int:
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        if depth <= MAX_DEPTH:
            waiting.extend((inner, depth + 1) for inner in node.iter_child_nodes())
    return deepest


_Error = TypeVar("_Error", bound=ExpressionMistake)


class _Checker:
    def __init__(self, text: str, names: frozenset[str], locate: Callable[[int], RecipePlace]) -> None:
        self.columns: list[str] = []
        self._text, self._names, self._locate = text, names, locate
        self._rules: Mapping[type[nodes.Node], Callable[..., Iterator[Problem]]] = {
            nodes.Const: self._const,
            nodes.Name: self._name,
            nodes.Getattr: self._access,
            nodes.Getitem: self._access,
            nodes.Call: self._call,
            nodes.Filter: self._filter,
            nodes.Test: self._test,
        }

    def check(self, node: nodes.Node) -> Iterator[Problem]:
        rule = self._rules.get(type(node))
        if rule is not None:
            yield from rule(node)
        elif isinstance(node, _ALLOWED):
            yield from self._children(node)
        else:
            yield self._not_on_the_list(node)

    def _not_on_the_list(self, node: nodes.Node) -> Problem:
        found = _WRITTEN.get(type(node), self._text[node.lineno - 1 :][:30])
        offset = max(self._text.find(found, node.lineno - 1), node.lineno - 1)
        return NotOnTheList(place=self._locate(offset), found=found, position=offset + 1)

    def _children(self, node: nodes.Node) -> Iterator[Problem]:
        if isinstance(node, _ARITHMETIC):
            for side in (node.left, node.right):
                if isinstance(side, nodes.Const) and isinstance(side.value, str):
                    yield self._refuse(TextInArithmetic, side)
        for inner in node.iter_child_nodes():
            yield from self.check(inner)

    def _const(self, node: nodes.Const) -> Iterator[Problem]:
        number = node.value
        long = isinstance(number, int) and number.bit_length() > 333
        if long or (isinstance(number, Decimal) and abs(number.adjusted()) > 100):
            yield self._refuse(NumberTooLong, node)

    def _name(self, node: nodes.Name) -> Iterator[Problem]:
        if node.name == "row":
            yield self._refuse(RowAlone, node)
        elif node.name not in self._names:
            kind = NameOfAnotherVersion if node.name in _LATER_NAMES else UnknownName
            yield kind(place=self._locate(node.lineno - 1), found=node.name)

    def _access(self, node: nodes.Getattr | nodes.Getitem) -> Iterator[Problem]:
        owner = node.node
        header = node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", None)
        if isinstance(owner, nodes.Name) and owner.name in _LATER_NAMES:
            yield NameOfAnotherVersion(place=self._locate(owner.lineno - 1), found=owner.name)
        elif not isinstance(owner, nodes.Name) or owner.name != "row":
            if not isinstance(owner, nodes.Name) or owner.name in self._names:
                yield self._refuse(NotOfRow, node)
            yield from self.check(owner)
        elif isinstance(node, nodes.Getitem) and not (
            isinstance(node.arg, nodes.Const) and isinstance(header, str)
        ):
            yield self._refuse(ColumnNotConstant, node)
        else:
            self.columns.append(str(header))

    def _call(self, node: nodes.Call) -> Iterator[Problem]:
        if not isinstance(node.node, nodes.Name):
            yield self._refuse(MethodCall, node.node)
            return
        name = node.node.name
        if name not in FUNCTIONS:
            near = nearest(name, FUNCTIONS)
            kind = NearFunction if near else UnknownFunction
            yield self._unknown(kind, node.node, name, near, FUNCTIONS)
            return
        yield from self._arguments(name, node, FUNCTIONS[name][1], FUNCTIONS[name][2])

    def _filter(self, node: nodes.Filter) -> Iterator[Problem]:
        if node.node is None:
            yield self._refuse(NotOnTheList, node)
            return
        yield from self.check(node.node)
        known = FILTERS.get(node.name)
        if known is None:
            near = nearest(node.name, FILTERS)
            yield self._unknown(NearFilter if near else UnknownFilter, node, node.name, near, FILTERS)
            return
        yield from self._arguments(node.name, node, known.least, known.most)
        if known.takes is not Takes.VALUES and node.args:
            yield from self._pattern(node, known.takes)

    def _pattern(self, node: nodes.Filter, takes: Takes) -> Iterator[Problem]:
        argument = node.args[0]
        if not isinstance(argument, nodes.Const) or not isinstance(argument.value, str):
            yield self._refuse(PatternNotConstant, argument, name=node.name)
        elif takes is Takes.DATE_PATTERN:
            if date_pattern(argument.value) is None:
                yield self._refuse(BadDatePattern, argument, found=argument.value)
        elif isinstance(reason := regular(argument.value), str):
            yield self._refuse(BadRegularExpression, argument, found=argument.value, reason=reason)

    def _test(self, node: nodes.Test) -> Iterator[Problem]:
        yield from self.check(node.node)
        if node.name not in TESTS or node.args or node.kwargs:
            near = nearest(node.name, TESTS)
            yield self._unknown(NearTest if near else UnknownTest, node, node.name, near, TESTS)

    def _arguments(
        self, name: str, node: nodes.Call | nodes.Filter, least: int, most: int
    ) -> Iterator[Problem]:
        named = node.kwargs or node.dyn_args is not None or node.dyn_kwargs is not None
        if named or not least <= len(node.args) <= most:
            expected = str(least) if least == most else f"{least}–{most}"
            yield self._refuse(WrongArguments, node, found=str(len(node.args)), name=name, expected=expected)
        for inner in node.args:
            yield from self.check(inner)

    def _unknown(
        self,
        kind: type[UnknownName],
        node: nodes.Node,
        name: str,
        near: tuple[Near, ...],
        known: Iterable[str],
    ) -> Problem:
        where = self._text.find(name, max(0, node.lineno - 1))
        place = self._locate(where if where >= 0 else node.lineno - 1)
        return kind(place=place, found=name, near=near, expected=", ".join(known))

    def _refuse(self, kind: type[_Error], node: nodes.Node, found: str | None = None, **more: Any) -> _Error:  # noqa: ANN401
        offset = max(0, node.lineno - 1)
        excerpt = self._text[offset:][:30] if found is None else found
        return kind(place=self._locate(offset), found=excerpt, position=offset + 1, **more)
