"""The normal form of a recipe: one long form for everything, each part with its place (§6.1).

Whatever short form somebody wrote, the rest of the program sees only this.
"""

import builtins
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import msgspec

from importer.documents.document import cut_by_comment
from importer.problems import RecipePlace
from importer.recipe.expressions.parsing import Expression

ConstantValue: TypeAlias = "str | bool | int | Decimal | date | datetime | None"


class Columns(msgspec.Struct, frozen=True):
    """A value comes from the first of these headers that the table has; `places` is where each stands."""

    place: RecipePlace
    headers: tuple[str, ...]
    places: tuple[RecipePlace, ...] = ()


class Constant(msgspec.Struct, frozen=True):
    """A value that is the same for every row; None is the wish to clear (`=none`)."""

    place: RecipePlace
    value: ConstantValue

    @property
    def clear(self) -> bool:
        """Whether it is written to clear the property."""
        return self.value is None


Origin: TypeAlias = Columns | Constant | Expression


class ValueTable(msgspec.Struct, frozen=True):
    """A value table: written keys in order, and what `"*"` gives, if it is there."""

    place: RecipePlace
    entries: tuple[tuple[str, Constant | Expression], ...]
    default: Constant | Expression | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the headers that its values use."""
        values = [value for _, value in self.entries]
        values += [self.default] if self.default is not None else []
        return tuple(header for value in values if isinstance(value, Expression) for header in value.columns)


class LookupRule(msgspec.Struct, frozen=True):
    """How entities of a set are referred to; None: not said here."""

    place: RecipePlace | None = None
    places: Mapping[str, RecipePlace] = msgspec.field(default_factory=dict)
    by: tuple[str, ...] | None = None
    in_: str | None = None
    where: Mapping[str, "Field"] | None = None
    compare: str | None = None
    on_missing: str | None = None
    on_ambiguous: str | None = None

    def over(self, other: "LookupRule | None") -> "LookupRule":
        """Return this rule with what it does not say taken from `other`; keys win one by one."""
        if other is None:
            return self
        names = ("by", "in_", "where", "compare", "on_missing", "on_ambiguous")
        missing = {name: getattr(other, name) for name in names if getattr(self, name) is None}
        return msgspec.structs.replace(
            self, place=self.place or other.place, places={**other.places, **self.places}, **missing
        )

    @property
    def said(self) -> tuple[str, ...]:
        """Return the keys that are written here."""
        keys = ("by", "in", "where", "compare", "on_missing", "on_ambiguous")
        return tuple(key for key in keys if key in self.places)


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """The rule of one property. `update` None: the default, which `match` decides."""

    place: RecipePlace
    places: Mapping[str, RecipePlace]
    property: str
    origin: Origin
    optional: bool = False
    apply: Expression | None = None
    map: ValueTable | None = None
    default: Constant | Expression | None = None
    on_blank: str = "keep"
    update: str | None = None
    lookup: LookupRule = LookupRule()
    description: str | None = None

    @builtins.property
    def columns(self) -> tuple[tuple[str, ...], ...]:
        """Return the columns needed, those of its lookup too: each item is a list of which one is enough."""
        found: list[tuple[str, ...]] = [self.origin.headers] if isinstance(self.origin, Columns) else []
        for part in (self.origin, self.apply, self.default, self.map):
            if isinstance(part, Expression | ValueTable):
                found.extend((header,) for header in part.columns)
        for rule in (self.lookup.where or {}).values():
            found.extend(rule.columns)
        return tuple(dict.fromkeys(found))


class TableRule(msgspec.Struct, frozen=True, kw_only=True):
    """A table, complete: every key has its value. `file` holds paths relative to the recipe, and globs."""

    place: RecipePlace
    places: Mapping[str, RecipePlace]
    file: tuple[str, ...]
    sheet: str | int | None = None
    range: str | None = None
    header: str | int = "auto"
    encoding: str | None = None
    delimiter: str | None = None
    locale: str = "iso"
    blank: tuple[str, ...] = ()
    clean: bool = True
    hidden: str = "include"
    when: Expression | None = None


class Match(msgspec.Struct, frozen=True):
    """How an entity already there is recognised: alternatives, each of properties that count together."""

    place: RecipePlace
    alternatives: tuple[tuple[str, ...], ...]
    places: Mapping[str, RecipePlace]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A step: rows of one table becoming entities of one set."""

    place: RecipePlace
    places: Mapping[str, RecipePlace]
    name: str
    to: str
    table: TableRule
    match: Match
    fields: tuple[Field, ...]
    description: str | None = None
    when: Expression | None = None
    mode: str = "upsert"
    on_missing: str = "error"
    on_duplicate: str = "error"


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """A recipe in normal form. `lines` are the file's; `fingerprint` is the SHA-256 of its bytes, in hex."""

    path: Path
    shown: str
    version: int
    steps: tuple[Step, ...]
    service: str | None = None
    description: str | None = None
    lookups: Mapping[str, LookupRule] = msgspec.field(default_factory=dict)
    lookup_places: Mapping[str, RecipePlace] = msgspec.field(default_factory=dict)
    lines: tuple[str, ...] = ()
    fingerprint: str = ""

    def cut_by_comment(self, place: RecipePlace) -> str | None:
        """Return the whole text that may be meant, where ` #` began a comment right after a header."""
        return cut_by_comment(self.lines, place)
