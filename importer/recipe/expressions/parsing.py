"""Text → checked expression. What reads it, Jinja's parser above all, is loaded with the first expression."""

from collections.abc import Callable
from dataclasses import replace

from importer.problems import Problem, RecipePlace
from importer.recipe.expressions.checked import NAMES, NOTHING, Definitions, Expression

# Where the character with this number (from 0) stands in the recipe.
Locate = Callable[[int], RecipePlace]


def parse_expression(
    text: str,
    place: RecipePlace,
    *,
    names: frozenset[str] = NAMES,
    locate: Locate | None = None,
    known: Definitions = NOTHING,
) -> Expression | tuple[Problem, ...]:
    """Return the expression, or what is wrong with it, all of it.

    `text` is without its leading `=`; `place` is where it begins. `locate` gives the place of a character
    where the text is quoted or folded in the file; without it all stands in one line. Parameters have their
    values in it afterwards.
    """
    # Many recipes have no expression, and Jinja takes its time to load.
    from importer.recipe.expressions.syntax import read_tree  # noqa: PLC0415
    from importer.recipe.expressions.tree import check_tree, with_values  # noqa: PLC0415

    found = read_tree(text, locate or _in_line(place))
    if isinstance(found, Problem):
        return (found,)
    problems, used = check_tree(found, text, names, locate or _in_line(place), known)
    if problems:
        return problems
    tree = with_values(found, known.params) if used.params else found
    own = {
        name: inner
        for filter_ in used.filters
        if (body := known.filters[filter_]) is not None
        for name, inner in {**body.own, filter_: body.tree}.items()
    }
    return Expression(place, text, used.columns, tree, used.properties, used.params, used.filters, own)


def parse_chain(
    text: str,
    place: RecipePlace,
    *,
    names: frozenset[str] = NAMES,
    locate: Locate | None = None,
    known: Definitions = NOTHING,
) -> Expression | tuple[Problem, ...]:
    """Return the filters of `apply` as an expression over `value`: `title | left(50)`."""
    prefix = "value | "
    where = locate or _in_line(place)
    found = parse_expression(
        prefix + text,
        place,
        names=names | {"value"},
        locate=lambda offset: where(max(0, offset - len(prefix))),
        known=known,
    )
    if isinstance(found, Expression):
        return replace(found, source=text)
    from importer.recipe.expressions.mistakes import ExpressionMistake  # noqa: PLC0415 - only when it is wrong

    return tuple(
        problem.moved(-len(prefix)) if isinstance(problem, ExpressionMistake) else problem
        for problem in found
    )


def _in_line(place: RecipePlace) -> Locate:
    return lambda offset: RecipePlace(place.file, place.line, place.column + offset)
