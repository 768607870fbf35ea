"""Expressions (recipe-language.md §9): read by Jinja's parser, checked by a list, compiled to closures.

Nothing is evaluated that the list does not name, and every column used is known before a row is read.
"""

from importer.recipe.expressions.checked import NAMES, Definitions, Expression
from importer.recipe.expressions.compiling import compile_expression
from importer.recipe.expressions.parsing import parse_chain, parse_expression
from importer.recipe.expressions.values import (
    Compiled,
    ExpressionProblem,
    Scope,
    Value,
    is_true,
    plain,
    text_of,
)

__all__ = [
    "NAMES",
    "Compiled",
    "Definitions",
    "Expression",
    "ExpressionProblem",
    "Scope",
    "Value",
    "compile_expression",
    "is_true",
    "parse_chain",
    "parse_expression",
    "plain",
    "text_of",
]
