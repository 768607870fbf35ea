"""`$filter` bound to the model, and evaluated over stored entities (OData URL §5.1.1).

Types are checked while binding, as ASP.NET does: a quoted Guid is no Guid.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import NoReturn, Protocol, TypeAlias, cast

from odata_query import ast

from importer.odata.edm import Model
from importer.sandbox.filter_text import NEVER, Node, constant_of, kind_of, names_of, parse
from importer.sandbox.functions import FUNCTIONS, group_of
from importer.sandbox.refusals import bad_query, no_property, plain
from importer.sandbox.typed import Value, Values

# Values by range variable; "" is the entity that is tested.
Scope: TypeAlias = Mapping[str, Values]

_OPERATORS: Mapping[type, tuple[str, Callable[[Value, Value], bool]]] = {
    ast.Eq: ("Equal", lambda a, b: a == b),
    ast.NotEq: ("NotEqual", lambda a, b: a != b),
    ast.Lt: ("LessThan", lambda a, b: a < b),
    ast.LtE: ("LessThanOrEqual", lambda a, b: a <= b),
    ast.Gt: ("GreaterThan", lambda a, b: a > b),
    ast.GtE: ("GreaterThanOrEqual", lambda a, b: a >= b),
}
_ARITHMETIC: Mapping[type, Callable[[Value, Value], Value]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: Decimal(a) / Decimal(b) if b else None,
    ast.Mod: lambda a, b: a % b if b else None,
}


class Links(Protocol):
    """How navigation properties lead from one stored entity to others."""

    def follow(self, values: Values, kind: str, navigation: str) -> Values | None:
        """Return the entity that a single-valued navigation leads to."""

    def children(self, values: Values, kind: str, navigation: str) -> list[Values]:
        """Return the entities that a collection navigation leads to."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A bound expression. `kind` is its EDM type, None where any may be; `constant` a literal's value."""

    read: Callable[[Scope], Value]
    kind: str | None = None
    constant: Value = None
    name: str | None = None  # of a property of the entity itself


class Filter:
    """A bound `$filter` of one entity type."""

    def __init__(
        self,
        text: str,
        model: Model,
        type_name: str,
        links: Links,
        *,
        node_limit: int,
        in_operator: str,
        unknown: str = "400",
    ) -> None:
        """Parse and bind `text`. `in_operator`: yes; ignored lets any entity pass; else how it is refused.

        `unknown`: what a name that a closed type does not have is: 400, or a property of nobody.

        Raises:
            Refused: it cannot be parsed, names or compares what it cannot, has too many nodes.
        """
        self._model, self._links, self._limit, self._in = model, links, node_limit, in_operator
        self._ignored, self._unknown = False, unknown
        self._nodes = 0
        self._types = {"": type_name}
        self._tree = parse(text)
        try:
            test = self._bound(self._tree)
        except RecursionError:
            raise bad_query("The filter is nested too deeply.") from None
        if group_of(test.kind, model) not in ("boolean", None):
            raise bad_query("The $filter expression must evaluate to a single boolean value.")
        self._test = test.read

    def matches(self, values: Values) -> bool:
        """Whether an entity's values satisfy the filter; null is not true."""
        return self._ignored or self._test({"": values}) is True

    def after(self, key: str) -> Value:
        """Return the value of a filter that is exactly `key gt value`, else None."""
        tree = self._tree
        if isinstance(tree, ast.Compare) and isinstance(tree.comparator, ast.Gt):
            left, right = self._again(tree.left), self._again(tree.right)
            return right.constant if left.name == key else None
        return None

    def equals(self) -> tuple[str, tuple[Value, ...]] | None:
        """Return a property and the only values it can have in what the filter finds, where that is plain."""
        pending: list[Node] = [] if self._ignored else [self._tree]
        while pending:
            node = pending.pop()
            if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
                pending += [node.left, node.right]
            elif isinstance(node, ast.Compare) and isinstance(node.comparator, ast.Eq | ast.In):
                left, right = self._again(node.left), cast("Node", node.right)
                items = right.val if isinstance(node.comparator, ast.In) else [right]
                constants = tuple(self._again(item).constant for item in items)
                if left.name is not None and None not in constants and "Date" not in str(left.kind):
                    return left.name, constants
        return None

    def _again(self, node: Node) -> _Part:
        self._nodes = 0
        return self._bound(node)

    def _count(self, nodes: int = 1) -> None:
        self._nodes += nodes
        if self._nodes > self._limit:
            advice = "To increase the limit, set the 'MaxNodeCount' property on EnableQueryAttribute."
            raise bad_query(f"The node count limit of '{self._limit}' has been exceeded. {advice}")

    def _bound(self, node: Node) -> _Part:
        binder = _BINDERS.get(type(node))
        return binder(self, node) if binder else self._literal(node)

    def _path(self, node: Node) -> _Part:
        variable, kind, steps = self._start(names_of(node))
        self._count(1 + len(steps))
        if not steps:
            return _Part(lambda scope: scope[variable], kind)
        model, links = self._model, self._links
        walk: list[Callable[[Values], Value]] = []
        for position, step in enumerate(steps):
            navigation, properties = model.navigation_of(kind), model.properties_of(kind)
            last = position == len(steps) - 1
            if step in navigation and not navigation[step].collection:
                walk.append(lambda values, kind=kind, step=step: links.follow(values, kind, step))  # type: ignore[misc]
                kind = navigation[step].type
            elif step in properties and (last or model.underlying(properties[step].type) in model.types):
                walk.append(lambda values, step=step: values.get(step))  # type: ignore[misc]
                kind = model.underlying(properties[step].type)
            elif last and (model.is_open(kind) or self._unknown == "nobody"):
                return _Part(lambda _: None)  # it might be there; a typo finds nobody
            else:
                raise no_property(step, kind)
        own = steps[0] if not variable and len(steps) == 1 else None
        return _Part(_walker(variable, walk), kind, name=own)

    def _start(self, steps: list[str]) -> tuple[str, str, list[str]]:
        if steps[0] in self._types:
            return steps[0], self._types[steps[0]], steps[1:]
        return "", self._types[""], steps[1:] if steps[0] == "$it" else steps

    def _logic(self, node: Node) -> _Part:
        """Bind a chain of one operator as a list, so that a long one is no deep recursion."""
        kind, operands, current = type(node.op), [], node
        while isinstance(current, ast.BoolOp) and isinstance(current.op, kind):
            self._count()
            operands.append(current.right)
            current = current.left
        parts = [self._bound(item) for item in (current, *reversed(operands))]
        for part in parts:
            self._expect(part, "boolean", "logical")
        reads = [part.read for part in parts]
        decisive: bool = kind is ast.Or

        def read(scope: Scope) -> Value:
            unknown = False
            for item in reads:
                found: Value = item(scope)
                if found is decisive:
                    return found
                unknown |= found is None
            return None if unknown else not decisive

        return _Part(read, "Edm.Boolean")

    def _comparison(self, node: Node) -> _Part:
        if isinstance(node.comparator, ast.In):
            return self._membership(node)
        self._count()
        word, compare = _OPERATORS[type(node.comparator)]
        left, right = self._alike(self._bound(node.left), self._bound(node.right), word)
        one, other = left.read, right.read
        if isinstance(node.comparator, ast.Eq | ast.NotEq):
            return _Part(lambda scope: compare(one(scope), other(scope)), "Edm.Boolean")

        def read(scope: Scope) -> bool | None:
            a, b = one(scope), other(scope)
            return None if a is None or b is None else compare(a, b)

        return _Part(read, "Edm.Boolean")

    def _membership(self, node: Node) -> _Part:
        if self._in in ("500", "501"):
            raise plain(int(self._in), "", "The binary operator 'in' is not supported.")
        if self._in == "400":
            raise bad_query("The binary operator 'in' is not supported.")
        self._ignored |= self._in == "ignored"
        counted = self._nodes
        left = self._bound(node.left)
        items = []
        for item in node.right.val:
            _, part = self._alike(left, self._bound(item), "In")
            items.append(part.constant)
            self._nodes = counted  # "in costs one node whatever its length" (odata-protocol.md §4)
        self._count()
        wanted, one = frozenset(items), left.read
        return _Part(lambda scope: one(scope) in wanted, "Edm.Boolean")

    def _unary(self, node: Node) -> _Part:
        self._count()
        part = self._bound(node.operand)
        one = part.read
        if isinstance(node.op, ast.Not):
            self._expect(part, "boolean", "Not")
            return _Part(lambda scope: None if (found := one(scope)) is None else not found, "Edm.Boolean")
        self._expect(part, "number", "Negate")
        constant = None if part.constant is None else -part.constant
        return _Part(lambda scope: None if (found := one(scope)) is None else -found, part.kind, constant)

    def _arithmetic(self, node: Node) -> _Part:
        self._count()
        left, right = self._bound(node.left), self._bound(node.right)
        for part in (left, right):
            self._expect(part, "number", "arithmetic")
        one, other, compute = left.read, right.read, _ARITHMETIC[type(node.op)]

        def read(scope: Scope) -> Value:
            a, b = one(scope), other(scope)
            return None if a is None or b is None else compute(a, b)

        return _Part(read, "Edm.Decimal")

    def _call(self, node: Node) -> _Part:
        self._count()
        function = FUNCTIONS.get(node.func.full_name())
        if function is None:
            raise bad_query(f"An unknown function with name '{node.func.full_name()}' was found.")
        parts = [self._bound(item) for item in node.args]
        for part, expected in zip(parts, function.arguments, strict=False):
            self._expect(part, expected, node.func.name)
        reads = [part.read for part in parts]

        def read(scope: Scope) -> Value:
            values = [item(scope) for item in reads]
            return None if None in values else function.compute(*values)

        return _Part(read, function.result)

    def _lambda(self, node: Node) -> _Part:
        *above, last = names_of(node.owner)
        variable, kind, steps = self._start(above) if above else ("", self._types[""], [])
        self._count(2 + len(steps))
        owner = self._path_to(variable, kind, steps)
        navigation = self._model.navigation_of(owner.kind or "").get(last)
        if navigation is None or not navigation.collection:
            raise no_property(last, owner.kind or "")
        name = node.lambda_.identifier.name if node.lambda_ else ""
        test = self._within(name, navigation.type, node.lambda_.expression) if node.lambda_ else None
        every, holder, source = isinstance(node.operator, ast.All), owner.read, owner.kind or ""

        def read(scope: Scope) -> bool:
            found = holder(scope)
            items = [] if found is None else self._links.children(found, source, last)
            if test is None:
                return bool(items)
            results = (test({**scope, name: item}) is True for item in items)
            return all(results) if every else any(results)

        return _Part(read, "Edm.Boolean")

    def _path_to(self, variable: str, kind: str, steps: list[str]) -> _Part:
        walk: list[Callable[[Values], Value]] = []
        for step in steps:
            navigation = self._model.navigation_of(kind).get(step)
            if navigation is None or navigation.collection:
                raise no_property(step, kind)
            walk.append(lambda values, kind=kind, step=step: self._links.follow(values, kind, step))  # type: ignore[misc]
            kind = navigation.type
        return _Part(_walker(variable, walk), kind)

    def _within(self, name: str, kind: str, expression: Node) -> Callable[[Scope], Value]:
        outer, self._types = self._types, {**self._types, name: kind}
        part = self._bound(expression)
        self._expect(part, "boolean", "any")
        self._types = outer
        return part.read

    def _literal(self, node: Node) -> _Part:
        # Instants are converted: one node more.
        self._count(2 if isinstance(node, ast.Date | ast.DateTime) else 1)
        kind = kind_of(node)
        if kind is None:
            raise bad_query("The expression is not supported.")
        value = constant_of(node)
        return _Part(lambda _: value, None if value in (None, NEVER) else kind, value)

    def _expect(self, part: _Part, group: str, where: str) -> None:
        found = group_of(part.kind, self._model)
        if found not in (None, group):
            raise bad_query(f"No signature of '{where}' matches an operand of type '{part.kind}'.")

    def _alike(self, left: _Part, right: _Part, word: str) -> tuple[_Part, _Part]:
        """Return two parts that compare; a day beside an instant is its midnight, as Timetta has it."""
        one, other = group_of(left.kind, self._model), group_of(right.kind, self._model)
        if (one == "entity" and right.kind is not None) or (None not in (one, other) and one != other):
            _incompatible(left, right, word)
        if "Edm.DateTimeOffset" in (left.kind, right.kind):
            return _as_moment(left), _as_moment(right)
        return left, right


_BINDERS: Mapping[type, Callable[[Filter, Node], _Part]] = {
    ast.Identifier: Filter._path,  # noqa: SLF001
    ast.Attribute: Filter._path,  # noqa: SLF001
    ast.BoolOp: Filter._logic,  # noqa: SLF001
    ast.Compare: Filter._comparison,  # noqa: SLF001
    ast.UnaryOp: Filter._unary,  # noqa: SLF001
    ast.BinOp: Filter._arithmetic,  # noqa: SLF001
    ast.Call: Filter._call,  # noqa: SLF001
    ast.CollectionLambda: Filter._lambda,  # noqa: SLF001
}


def _walker(variable: str, walk: list[Callable[[Values], Value]]) -> Callable[[Scope], Value]:
    if len(walk) == 1:
        only = walk[0]
        return lambda scope: only(scope[variable])

    def read(scope: Scope) -> Value:
        found: Value = scope[variable]
        for step in walk:
            if found is None:
                return None
            found = step(found)
        return found

    return read


def _as_moment(part: _Part) -> _Part:
    if part.kind != "Edm.Date":
        return part
    read = part.read

    def instant(day: Value) -> Value:
        if day is None:
            return None
        midnight = datetime.fromisoformat(day).replace(tzinfo=UTC)
        return midnight.isoformat(timespec="microseconds").replace("+00:00", "Z")

    return _Part(lambda scope: instant(read(scope)), "Edm.DateTimeOffset", instant(part.constant))


def _incompatible(left: _Part, right: _Part, word: str) -> NoReturn:
    found = f"Found operand types '{left.kind}' and '{right.kind}' for operator kind '{word}'."
    raise bad_query(f"A binary operator with incompatible types was detected. {found}")
