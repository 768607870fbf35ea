"""Checked expression → one closure: the hot loop calls nothing of Jinja (performance.md: ≤ 2 µs instead of 19)."""

from collections.abc import Mapping
from decimal import DecimalException

from importer.recipe.expressions.checked import Expression
from importer.recipe.expressions.values import Compiled, ExpressionProblem, Scope, Value
from importer.text.translating import N_


def compile_expression(expression: Expression, columns: Mapping[str, int | None]) -> Compiled:
    """Return the closure of a checked expression.

    `columns` gives the position in `Scope.row` of each header in `expression.columns`; None where the table
    lacks it (then it is blank). The closure raises `ExpressionProblem` for a row that has no value, and
    nothing else. A cell that is taken as it is comes back as the cell, so that its displayed text is not
    lost.
    """
    # Many recipes have no expression, and Jinja's nodes take their time to load.
    from importer.recipe.expressions.closures import Compiler  # noqa: PLC0415

    inner = Compiler(columns, expression.own).compile(expression.tree)

    def run(scope: Scope) -> Value:
        try:
            return inner(scope)
        except DecimalException:
            raise ExpressionProblem(N_("the number is too large, or has too many digits")) from None

    return run
