"""A checked expression, and what it is checked against. Light: Jinja is loaded only where one is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from importer.problems import RecipePlace

if TYPE_CHECKING:
    from jinja2 import nodes

# What may stand in an expression by its name wherever rows are at hand; `value` besides in `apply`, `map`
# and filters, `before` and `after` in `then`.
NAMES = frozenset({"row", "params", "file", "sheet", "row_number", "today"})
# Where there is no row: files, scopes.
STATIC_NAMES = frozenset({"params", "today"})
# Where a whole table is at hand: `expect`.
TABLE_NAMES = frozenset({"rows", "params", "today"})


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression. `columns` are the headers it uses, in order, known before any row is read.

    properties: what it reads of the entity, as ("before", "state"). params: the parameters whose values stand in
    it. filters: the recipe's own filters that it names; own: the trees of these, and of those that they use.
    """

    place: RecipePlace
    source: str
    columns: tuple[str, ...]
    tree: "nodes.Expr" = field(compare=False, repr=False)
    properties: tuple[tuple[str, str], ...] = ()
    params: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    own: "Mapping[str, nodes.Expr]" = field(default_factory=dict, compare=False, repr=False)


class Definitions(msgspec.Struct, frozen=True):
    """What a recipe defines for its expressions: the values of parameters, and filters of its own (None: one is wrong)."""

    params: Mapping[str, object] = msgspec.field(default_factory=dict)
    filters: Mapping[str, "Expression | None"] = msgspec.field(default_factory=dict)


NOTHING = Definitions()
