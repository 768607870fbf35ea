"""The text of a `$filter` → odata-query's tree, and what its leaves say."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser

from importer.sandbox.refusals import bad_query
from importer.sandbox.typed import Value, moment

Node: TypeAlias = Any  # the library has no public name for its nodes

# What no property holds: the only member of an empty list.
NEVER = "\0"

# The first branch of each passes over whole texts, so that nothing inside them is touched.
_TEXT = r"('(?:[^']|'')*')"
_ENUM_LITERAL = re.compile(_TEXT + r"|[A-Za-z_][\w.]*\.[A-Za-z_]\w*(?=')")
# The library takes the head of `allowTimeEntry` or `nullable` for a word of its own.
_RESERVED = re.compile(_TEXT + r"|\b(any|all|null|true|false)(?=\w)", re.IGNORECASE)
_EMPTY_LIST = re.compile(_TEXT + r"|\bin\s*\(\s*\)", re.IGNORECASE)
_LIST_OF_ONE = re.compile(_TEXT + r"|\bin\s*\(\s*('(?:[^']|'')*'|[^',()]+?)\s*\)", re.IGNORECASE)
_ESCAPE = "q__"
_LITERALS: Mapping[type, str] = {
    ast.Null: "",
    ast.Boolean: "Edm.Boolean",
    ast.Integer: "Edm.Int64",
    ast.Float: "Edm.Decimal",
    ast.GUID: "Edm.Guid",
    ast.String: "Edm.String",
    ast.Date: "Edm.Date",
    ast.DateTime: "Edm.DateTimeOffset",
    ast.Time: "Edm.TimeOfDay",
    ast.Duration: "Edm.Duration",
}


def parse(text: str) -> Node:
    """Return the tree of a filter.

    Raises:
        Refused: it is none.
    """
    try:
        return ODataParser().parse(ODataLexer().tokenize(_prepared(text)))
    except (ODataException, RecursionError, NotImplementedError, AttributeError) as error:
        # The last two are how the library fails on paths it does not know.
        raise bad_query(f"Syntax error in '{text[:200]}': {error}") from None


def kind_of(node: Node) -> str | None:
    """Return the EDM type of a literal, "" of null; None: it is no literal that is known here."""
    return _LITERALS.get(type(node))


def names_of(node: Node) -> list[str]:
    """Return the steps of a path."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.insert(0, node.attr.removeprefix(_ESCAPE))
        node = node.owner
    return [node.full_name().removeprefix(_ESCAPE), *names]


def constant_of(node: Node) -> Value:
    """Return the value of a literal, in canonical form.

    Raises:
        Refused: there is no such instant or day.
    """
    if isinstance(node, ast.Null):
        return None
    if isinstance(node, ast.Boolean):
        return node.val.lower() == "true"
    if isinstance(node, ast.Integer | ast.Float):
        return int(node.val) if isinstance(node, ast.Integer) else Decimal(node.val)
    if isinstance(node, ast.GUID):
        return node.val.lower()
    if isinstance(node, ast.DateTime):
        try:
            return moment(node.val)
        except (ValueError, OverflowError):
            raise bad_query(f"'{node.val}' is no Edm.DateTimeOffset.") from None
    if isinstance(node, ast.Date):
        try:
            return date.fromisoformat(node.val).isoformat()
        except ValueError:
            raise bad_query(f"'{node.val}' is no Edm.Date.") from None
    return node.val


def _prepared(text: str) -> str:
    """Return the filter in what odata-query parses."""
    text = _ENUM_LITERAL.sub(lambda match: match[1] or "", text)
    text = _RESERVED.sub(lambda match: match[1] or _ESCAPE + match[2], text)
    text = _EMPTY_LIST.sub(lambda match: match[1] or f"in ('{NEVER}','{NEVER}')", text)
    return _LIST_OF_ONE.sub(lambda match: match[1] or f"in ({match[2]},{match[2]})", text)
