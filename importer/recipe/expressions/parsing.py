"""Text → checked expression. What reads it, Jinja's parser above all, is loaded with the first expression."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from importer.problems import Problem, RecipePlace

if TYPE_CHECKING:
    from jinja2 import nodes

# What may stand in an expression by its name, everywhere; `value` besides in `apply` and `map`.
NAMES = frozenset({"row", "file", "sheet", "row_number", "today"})

# Where the character with this number (from 0) stands in the recipe.
Locate = Callable[[int], RecipePlace]


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression. `columns` are the headers it uses, in order, known before any row is read."""

    place: RecipePlace
    source: str
    columns: tuple[str, ...]
    tree: "nodes.Expr" = field(compare=False, repr=False)


def parse_expression(
    text: str, place: RecipePlace, *, names: frozenset[str] = NAMES, locate: Locate | None = None
) -> Expression | tuple[Problem, ...]:
    """Return the expression, or what is wrong with it, all of it.

    `text` is without its leading `=`; `place` is where it begins. `locate` gives the place of a character
    where the text is quoted or folded in the file; without it all stands in one line.
    """
    # Many recipes have no expression, and Jinja takes its time to load.
    from importer.recipe.expressions.syntax import read_tree  # noqa: PLC0415
    from importer.recipe.expressions.tree import check_tree  # noqa: PLC0415

    found = read_tree(text, locate or _in_line(place))
    if isinstance(found, Problem):
        return (found,)
    problems, columns = check_tree(found, text, names, locate or _in_line(place))
    return problems or Expression(place, text, columns, found)


def parse_chain(
    text: str, place: RecipePlace, *, names: frozenset[str] = NAMES, locate: Locate | None = None
) -> Expression | tuple[Problem, ...]:
    """Return the filters of `apply` as an expression over `value`: `title | left(50)`."""
    prefix = "value | "
    where = locate or _in_line(place)
    found = parse_expression(
        prefix + text,
        place,
        names=names | {"value"},
        locate=lambda offset: where(max(0, offset - len(prefix))),
    )
    if isinstance(found, Expression):
        return Expression(place, text, found.columns, found.tree)
    from importer.recipe.expressions.mistakes import ExpressionMistake  # noqa: PLC0415 - only when it is wrong

    return tuple(
        problem.moved(-len(prefix)) if isinstance(problem, ExpressionMistake) else problem
        for problem in found
    )


def _in_line(place: RecipePlace) -> Locate:
    return lambda offset: RecipePlace(place.file, place.line, place.column + offset)
