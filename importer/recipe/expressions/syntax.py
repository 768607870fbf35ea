"""Text → syntax tree by Jinja's parser.

Jinja counts lines; expressions have none. So each token says, as its line, the character on which it begins
(from 1): every node and every refusal then knows its exact position. Numbers become exact Decimals on the
way, and a backslash in a text is itself unless it escapes a quote or a backslash, so that regular expressions
are written as they are.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.lexer import Token, TokenStream
from jinja2.parser import Parser

from importer.problems import Problem, RecipePlace
from importer.recipe.expressions.mistakes import (
    ExpressionEmpty,
    ExpressionEnds,
    ExpressionMistake,
    ExpressionSyntax,
    ExpressionTooLong,
    TooDeep,
    UnclosedText,
)

MAX_LENGTH = 2_000

_ENVIRONMENT = Environment(autoescape=False)  # noqa: S701 - reads expressions only; nothing is rendered
# Jinja's parser recurses some fourteen calls for each bracket.
_MOST_BRACKETS = 20
_ESCAPE = re.compile(r"\\([\\\"'nt])")
_ESCAPED = {"n": "\n", "t": "\t"}


def read_tree(text: str, locate: Callable[[int], RecipePlace]) -> nodes.Expr | Problem:
    """Return the tree, not checked yet, or what is wrong with the text."""
    if len(text) > MAX_LENGTH:
        return ExpressionTooLong(
            place=locate(0),
            found=text[:30],
            expected=str(MAX_LENGTH),
            length=len(text),
            position=MAX_LENGTH + 1,
        )
    if not text.strip():
        return ExpressionEmpty(place=locate(0), found="", position=1)
    try:
        tokens = list(_tokens(text))
    except TemplateSyntaxError as error:
        kind = UnclosedText if text[error.lineno - 1 :][:1] in ("'", '"') else ExpressionSyntax
        return _at(kind, text, error.lineno, locate)
    if _nesting(tokens) > _MOST_BRACKETS:
        return TooDeep(place=locate(0), found=text[:30], position=1)
    parser = Parser(_ENVIRONMENT, "", state="variable")
    parser.stream = TokenStream(iter(tokens), None, None)
    try:
        tree = parser.parse_expression()
    except TemplateSyntaxError as error:
        if parser.stream.eos:
            return _at(ExpressionEnds, text, len(text.rstrip()) + 1, locate)
        return _at(ExpressionSyntax, text, error.lineno, locate)
    except RecursionError:
        return TooDeep(place=locate(0), found=text[:30], position=1)
    if not parser.stream.eos:
        return _at(ExpressionSyntax, text, parser.stream.current.lineno, locate)
    return tree


def _nesting(tokens: list[Token]) -> int:
    deepest = depth = 0
    for token in tokens:
        depth += token.type in ("lparen", "lbracket", "lbrace")
        depth -= token.type in ("rparen", "rbracket", "rbrace")
        deepest = max(deepest, depth)
    return deepest


def _tokens(text: str) -> Iterator[Token]:
    position = 1
    lexer = _ENVIRONMENT.lexer
    try:
        for _, kind, raw in lexer.tokeniter(text, None, None, state="variable"):
            if kind == "string":
                yield Token(position, kind, _unescaped(raw[1:-1]))
            elif kind == "float":
                yield Token(position, kind, Decimal(raw.replace("_", "")))  # type: ignore[arg-type]
            else:
                yield from lexer.wrap(iter([(position, kind, raw)]))
            position += len(raw)
    except TemplateSyntaxError as error:
        raise TemplateSyntaxError(error.message or "", position) from None


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPED.get(match[1], match[1]), text)


def _at(
    kind: type[ExpressionMistake], text: str, position: int, locate: Callable[[int], RecipePlace]
) -> Problem:
    found = text[position - 1 :][:30] or text.rstrip()[-30:]
    return kind(place=locate(position - 1), found=found, position=position)
