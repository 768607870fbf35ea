"""The allow-list over the syntax tree (recipe-language.md §9): what it does not name is refused.

Every refusal says the character where it stands; `node.lineno` is that character (see `parsing`).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from jinja2 import nodes

from importer.problems import Near, Problem, RecipePlace, nearest
from importer.recipe.expressions.checked import NOTHING, Definitions
from importer.recipe.expressions.filters import FILTERS, Takes
from importer.recipe.expressions.functions import FUNCTIONS
from importer.recipe.expressions.mistakes import (
    BadDatePattern,
    BadRegularExpression,
    ColumnNotConstant,
    ExpressionMistake,
    MethodCall,
    NameElsewhere,
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
    UndefinedParameter,
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
# Over a whole table, in `expect`: name → smallest and greatest number of columns.
TABLE_FUNCTIONS: Mapping[str, tuple[int, int]] = {
    "count": (1, 1),
    "distinct": (1, 1),
    "blank": (1, 1),
    "sum": (1, 1),
    "min": (1, 1),
    "max": (1, 1),
    "unique": (1, 50),
}
# Names that stand in other places of a recipe than this one.
_ELSEWHERE: Mapping[str, str] = {
    "params": "`value`, `when`, `file`",
    "before": "`when` (`then`)",
    "after": "`when` (`then`)",
    "rows": "`expect`",
    "row": "`value`, `when`, `default`",
    "file": "`value`, `when`, `default`",
    "sheet": "`value`, `when`, `default`",
    "row_number": "`value`, `when`, `default`",
    "value": "`apply`, `map`, `filters`",
}
_OWNERS = frozenset({"row", "params", "before", "after"})
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


class Used(NamedTuple):
    """What a tree uses, each once, in order: headers, properties of the entity, parameters, filters of the recipe."""

    columns: tuple[str, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    params: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()


def check_tree(
    tree: nodes.Expr,
    text: str,
    names: frozenset[str],
    locate: Callable[[int], RecipePlace],
    known: Definitions = NOTHING,
) -> tuple[tuple[Problem, ...], Used]:
    """Return what is wrong with the tree, and what it uses."""
    if _depth(tree) > MAX_DEPTH or sum(1 for _ in tree.find_all(nodes.Node)) > MAX_NODES:
        return (TooDeep(place=locate(0), found=text[:30], position=1),), Used()
    checker = _Checker(text, names, locate, known)
    problems = tuple(checker.check(tree))
    columns, properties, params, filters = checker.used
    once = dict.fromkeys
    return problems, Used(
        tuple(once(columns)), tuple(once(properties)), tuple(once(params)), tuple(once(filters))
    )


def uses_of(tree: nodes.Expr, filters: Iterable[str]) -> Counter[str]:
    """Count the filters of these names in a tree, and all its other nodes under the empty name."""
    counts: Counter[str] = Counter()
    waiting: list[nodes.Node] = [tree]
    while waiting:
        node = waiting.pop()
        name = node.name if isinstance(node, nodes.Filter) else ""
        counts[name if name in filters else ""] += 1
        waiting.extend(node.iter_child_nodes())
    return counts


def with_values(tree: nodes.Expr, params: Mapping[str, object]) -> nodes.Expr:
    """Return the tree with the values of parameters where their names stood."""
    if isinstance(tree, nodes.Getattr | nodes.Getitem) and getattr(tree.node, "name", None) == "params":
        name = tree.attr if isinstance(tree, nodes.Getattr) else tree.arg.as_const()
        return nodes.Const(params[name], lineno=tree.lineno)
    for field, value in tree.iter_fields():
        if isinstance(value, nodes.Node):
            setattr(tree, field, with_values(value, params))  # type: ignore[arg-type]
        elif isinstance(value, list):
            value[:] = [with_values(x, params) if isinstance(x, nodes.Node) else x for x in value]  # type: ignore[arg-type]
    return tree


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
    def __init__(
        self, text: str, names: frozenset[str], locate: Callable[[int], RecipePlace], known: Definitions
    ) -> None:
        self.used: tuple[list[str], list[tuple[str, str]], list[str], list[str]] = ([], [], [], [])
        self._text, self._names, self._locate, self._known = text, names, locate, known
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
        if node.name in _OWNERS and node.name in self._names:
            yield self._refuse(RowAlone, node, found=node.name)
        elif node.name not in self._names:
            yield self._not_here(node)

    def _not_here(self, node: nodes.Name) -> Problem:
        place, elsewhere = self._locate(node.lineno - 1), _ELSEWHERE.get(node.name)
        if elsewhere is None:
            return UnknownName(place=place, found=node.name)
        return NameElsewhere(place=place, found=node.name, expected=elsewhere)

    def _access(self, node: nodes.Getattr | nodes.Getitem) -> Iterator[Problem]:
        owner = node.node
        header = node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", None)
        if not isinstance(owner, nodes.Name):
            yield self._refuse(NotOfRow, node)
            yield from self.check(owner)
        elif owner.name not in self._names:
            yield self._not_here(owner)
        elif owner.name not in _OWNERS:
            yield self._refuse(NotOfRow, node)
        elif isinstance(node, nodes.Getitem) and not (
            isinstance(node.arg, nodes.Const) and isinstance(header, str)
        ):
            yield self._refuse(ColumnNotConstant, node)
        else:
            yield from self._owned(owner.name, str(header), node)

    def _owned(self, owner: str, name: str, node: nodes.Node) -> Iterator[Problem]:
        """Note what is read of a row, of an entity, or of the parameters."""
        if owner == "row":
            self.used[0].append(name)
        elif owner != "params":
            self.used[1].append((owner, name))
        elif name in self._known.params:
            self.used[2].append(name)
        else:
            where = self._text.find(name, node.lineno - 1)
            place = self._locate(where if where >= 0 else node.lineno - 1)
            yield UndefinedParameter(place=place, found=name, near=nearest(name, self._known.params))

    def _call(self, node: nodes.Call) -> Iterator[Problem]:
        if not isinstance(node.node, nodes.Name):
            yield self._refuse(MethodCall, node.node)
            return
        name = node.node.name
        table = TABLE_FUNCTIONS if "rows" in self._names else {}
        if name in table:
            yield from self._of_table(name, node)
        elif name not in FUNCTIONS:
            known = (*FUNCTIONS, *table)
            near = nearest(name, known)
            kind = NearFunction if near else UnknownFunction
            yield self._unknown(kind, node.node, name, near, known)
        else:
            yield from self._arguments(name, node, FUNCTIONS[name][1], FUNCTIONS[name][2])

    def _of_table(self, name: str, node: nodes.Call) -> Iterator[Problem]:
        """A function over a whole column, which is named by its header."""
        wrong = tuple(self._arguments(name, node, *TABLE_FUNCTIONS[name]))
        yield from wrong
        for argument in () if wrong else node.args:
            if isinstance(argument, nodes.Const) and isinstance(argument.value, str):
                self.used[0].append(argument.value)
            else:
                yield self._refuse(ColumnNotConstant, argument)

    def _filter(self, node: nodes.Filter) -> Iterator[Problem]:
        if node.node is None:
            yield self._refuse(NotOnTheList, node)
            return
        yield from self.check(node.node)
        if node.name in self._known.filters:
            self.used[3].append(node.name)
            yield from self._arguments(node.name, node, 0, 0)
            return
        known = FILTERS.get(node.name)
        if known is None:
            names = (*FILTERS, *self._known.filters)
            near = nearest(node.name, names)
            yield self._unknown(NearFilter if near else UnknownFilter, node, node.name, near, names)
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
