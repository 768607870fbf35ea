"""`filters`: the recipe's own, expressions over `value`; they may use each other, but not in a circle."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

from importer.documents import Document
from importer.problems import Problem, RecipePlace, Severity
from importer.recipe.expressions.checked import Definitions, Expression
from importer.recipe.written import read_condition

_NAMES = frozenset({"value", "params", "today"})
# Nodes of a filter with everything that it uses written out: each use is work for every row.
_LARGEST = 2_000


class FilterName(Problem):
    """A filter that cannot be called by its name."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" cannot be the name of a filter.'
    hint: ClassVar[str] = "A name is one word of letters, digits and underscores"


class FilterTaken(Problem):
    """A filter that is there already."""

    code: ClassVar[str] = "duplicate-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is a filter of the language already.'
    hint: ClassVar[str] = "Give yours another name"


class FilterCircle(Problem):
    """Filters that use each other in a circle, or grow beyond all bounds."""

    code: ClassVar[str] = "expression"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'The filter "{found}" uses itself, or filters that use too many others.'
    hint: ClassVar[str] = "A filter uses only filters that do not use it"


def read_filters(
    document: Document, params: Mapping[str, object]
) -> tuple[Mapping[str, Expression | None], tuple[Problem, ...]]:
    """Return the recipe's filters (None: one that is wrong), and what is wrong with them."""
    node = document.root.get("filters")
    if node is None or not node.items:
        return {}, ()
    from importer.recipe.expressions.filters import FILTERS  # noqa: PLC0415 - only where a recipe has its own

    problems: list[Problem] = []
    known = Definitions(params, dict.fromkeys(node.keys))
    found: dict[str, Expression | None] = {}
    for name, inner in node.items:
        place = node.keys[name]
        if name in FILTERS:
            problems.append(FilterTaken(place=place, found=name))
        elif not name.isidentifier():
            problems.append(FilterName(place=place, found=name))
        read = (
            read_condition(document, inner, _NAMES, known)
            if isinstance(inner.value, str) and inner.value.strip()
            else ()
        )
        found[name] = read if isinstance(read, Expression) else None
        problems.extend(read if isinstance(read, tuple) else ())
    return _united(found, dict(node.keys), problems), tuple(problems)


def _united(
    found: dict[str, Expression | None], places: Mapping[str, RecipePlace], problems: list[Problem]
) -> Mapping[str, Expression | None]:
    """Give each filter the trees of those it uses."""
    from importer.recipe.expressions.tree import uses_of  # noqa: PLC0415 - only where a recipe has filters

    sizes: dict[str, int] = {}
    done: dict[str, Expression | None] = {}

    def unite(name: str, above: tuple[str, ...]) -> None:
        expression = found[name]
        if name in done or expression is None:
            done.setdefault(name, None)
            sizes.setdefault(name, 1)
            return
        size, own = 0, {}
        for inner, times in uses_of(expression.tree, expression.filters).items():
            if inner in above or inner == name or len(above) > 50:
                size = _LARGEST + 1
                continue
            if inner in found:
                unite(inner, (*above, name))
                size += sizes[inner] * times
                used = done[inner]
                if used is not None:
                    own.update({**used.own, inner: used.tree})
            else:
                size += times
        sizes[name] = size
        if size > _LARGEST:
            problems.append(FilterCircle(place=places[name], found=name))
            done[name] = None
        else:
            done[name] = replace(expression, own=own)

    for name in found:
        unite(name, ())
    return done
