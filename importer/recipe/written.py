"""A scalar as written → what it says: a constant, an expression, or a refusal with its exact place."""

import re
from typing import TypeAlias

from importer.documents import Document, Node
from importer.problems import Problem
from importer.recipe.expressions.checked import NAMES, NOTHING, Definitions, Expression
from importer.recipe.expressions.parsing import parse_chain, parse_expression
from importer.recipe.normal import Constant

# `="Employee"`: nothing but one text.
_TEXT = re.compile(r"""=\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*""")
_CLEAR = re.compile(r"=\s*[nN]one\s*")
# Inside `apply` and value tables the value at hand has a name too.
WITH_VALUE = NAMES | {"value"}

Refused: TypeAlias = tuple[Problem, ...]


def read_value(
    document: Document, node: Node, names: frozenset[str] = NAMES, known: Definitions = NOTHING
) -> "Constant | Expression | Refused":
    """Return the constant that a scalar is, or the expression that a text with `=` is.

    `="Employee"` is a constant text, `=none` the wish to clear; without `=` a text is itself.
    """
    text = node.value
    if isinstance(text, list | dict):
        return ()
    if not isinstance(text, str) or not text.startswith("="):
        return Constant(node.place, text)
    if match := _TEXT.fullmatch(text):
        return Constant(node.place, match[1] if match[1] is not None else match[2])
    if _CLEAR.fullmatch(text):
        return Constant(node.place, None)
    return read_condition(document, node, names, known)


def read_condition(
    document: Document, node: Node, names: frozenset[str] = NAMES, known: Definitions = NOTHING
) -> "Expression | Refused":
    """Return the expression of a place that holds nothing else (`when`): the `=` may be left out."""
    text, skip = _text(node)
    return parse_expression(
        text,
        document.place_in(node, skip),
        names=names,
        locate=lambda offset: document.place_in(node, offset + skip),
        known=known,
    )


def read_chain(document: Document, node: Node, known: Definitions = NOTHING) -> "Expression | Refused":
    """Return the filters of `apply`; with `=` before them it is an expression over `value`."""
    text, skip = _text(node)
    read = parse_expression if skip else parse_chain
    return read(
        text,
        document.place_in(node, skip),
        names=WITH_VALUE,
        locate=lambda offset: document.place_in(node, offset + skip),
        known=known,
    )


def _text(node: Node) -> tuple[str, int]:
    text = str(node.value)
    skip = int(text.startswith("="))
    return text[skip:], skip
