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
from importer.problems import Problem, RecipePlace
from importer.recipe.expressions.checked import Expression

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
    row_of: str | None = None
    compare: str | None = None
    on_missing: str | None = None
    create: Mapping[str, "Field"] | None = None
    on_ambiguous: str | None = None
    # Positions in `by` of those written {initials: …}: one property may stand there twice, whole and by its initials.
    initials: tuple[int, ...] = ()

    def over(self, other: "LookupRule | None") -> "LookupRule":
        """Return this rule with what it does not say taken from `other`; keys win one by one."""
        if other is None:
            return self
        names = ("by", "in_", "where", "row_of", "compare", "on_missing", "create", "on_ambiguous")
        missing = {name: getattr(other, name) for name in names if getattr(self, name) is None}
        if self.row_of is not None:
            missing.pop("by", None)  # a column of a step's table, which no default knows
        if "by" in missing:
            missing["initials"] = other.initials
        return msgspec.structs.replace(
            self, place=self.place or other.place, places={**other.places, **self.places}, **missing
        )

    @property
    def said(self) -> tuple[str, ...]:
        """Return the keys that are written here."""
        keys = ("by", "in", "where", "row_of", "compare", "on_missing", "create", "on_ambiguous")
        return tuple(key for key in keys if key in self.places)


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """The rule of one property. `update` None: the default, which `match` decides."""

    place: RecipePlace
    places: Mapping[str, RecipePlace]
    property: str
    origin: Origin
    optional: bool = False
    apply: Expression | None = None
    split: str | None = None
    map: ValueTable | None = None
    format: str | None = None
    default: Constant | Expression | None = None
    on_blank: str = "keep"
    update: str | None = None
    lookup: LookupRule = LookupRule()
    collection: str | None = None
    type: str | None = None
    description: str | None = None

    @builtins.property
    def columns(self) -> tuple[tuple[str, ...], ...]:
        """Return the columns needed, those of its lookup too: each item is a list of which one is enough."""
        found: list[tuple[str, ...]] = [self.origin.headers] if isinstance(self.origin, Columns) else []
        for part in (self.origin, self.apply, self.default, self.map):
            if isinstance(part, Expression | ValueTable):
                found.extend((header,) for header in part.columns)
        for rule in (*(self.lookup.where or {}).values(), *(self.lookup.create or {}).values()):
            found.extend(rule.columns)
        return tuple(dict.fromkeys(found))


class TreeRule(msgspec.Struct, frozen=True):
    """Rows that form a tree; `by` is indent, outline or number."""

    place: RecipePlace
    column: str
    by: str
    parent: str


class UnpivotRule(msgspec.Struct, frozen=True):
    """Columns that become rows: those named, or those from the first to the last of two (`span`)."""

    place: RecipePlace
    columns: tuple[str, ...]
    span: bool
    name: str
    value: str


class SplitRule(msgspec.Struct, frozen=True):
    """A cell that becomes several rows."""

    place: RecipePlace
    column: str
    by: str


class TableRule(msgspec.Struct, frozen=True, kw_only=True):
    """A table, complete: every key has its value.

    `file` holds paths, and globs, relative to `folder`: that of the file in which they are written. `named`: the path
    was given on the command line and may lead anywhere.
    """

    place: RecipePlace
    places: Mapping[str, RecipePlace]
    file: tuple[str, ...]
    folder: Path = Path()
    named: bool = False
    sheet: str | int | None = None
    range: str | None = None
    header: str | int | tuple[int, int] = "auto"
    encoding: str | None = None
    delimiter: str | None = None
    locale: str = "iso"
    timezone: str | None = None
    blank: tuple[str, ...] = ()
    clean: bool = True
    hidden: str = "include"
    fill_down: tuple[str, ...] = ()
    tree: TreeRule | None = None
    unpivot: UnpivotRule | None = None
    when: Expression | None = None

    @property
    def made(self) -> tuple[str, ...]:
        """Return the columns that the file does not have: `tree` and `unpivot` add them."""
        names = [self.tree.parent] if self.tree else []
        return (*names, *((self.unpivot.name, self.unpivot.value) if self.unpivot else ()))


class Remembered(msgspec.Struct, frozen=True):
    """An identity kept in the id map: the value of columns. `position` is its turn among all alternatives, from 0."""

    place: RecipePlace
    columns: tuple[str, ...]
    position: int


class Match(msgspec.Struct, frozen=True):
    """How an entity already there is recognised: alternatives, each of properties that count together; and by memory."""

    place: RecipePlace
    alternatives: tuple[tuple[str, ...], ...]
    places: Mapping[str, RecipePlace]
    remembered: tuple[Remembered, ...] = ()


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A bound action of `then`; `on` is create, change or always."""

    place: RecipePlace
    places: Mapping[str, RecipePlace]
    action: str
    with_: Mapping[str, Field] = msgspec.field(default_factory=dict)
    on: str = "create"
    when: Expression | None = None


class Absent(msgspec.Struct, frozen=True):
    """What happens to entities of a scope that no row mentions: properties are set, or they are deleted."""

    place: RecipePlace
    where: Mapping[str, Field]
    set_: Mapping[str, Field]
    delete: bool = False


class Expectation(msgspec.Struct, frozen=True):
    """An assertion about the table; `told` is what people are told when it is false."""

    place: RecipePlace
    that: Expression
    told: str | None = None


class Limits(msgspec.Struct, frozen=True):
    """How much change is believable: a number, a percentage as `Share`, or None where nothing is said."""

    place: RecipePlace
    update: object = None
    create: int | None = None
    delete: object = None
    clear: object = None


class AliasRule(msgspec.Struct, frozen=True):
    """Another name of a property: the property itself, or the label of a custom field."""

    place: RecipePlace
    target: str | None = None
    label: str | None = None


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
    split: SplitRule | None = None
    when: Expression | None = None
    type: str | None = None
    under: Field | None = None
    mode: str = "upsert"
    on_missing: str = "error"
    on_duplicate: str = "error"
    then: tuple[Call, ...] = ()
    absent: Absent | None = None
    expect: tuple[Expectation, ...] = ()
    limits: Limits | None = None


class Recipe(msgspec.Struct, frozen=True, kw_only=True):
    """A recipe in normal form. `lines` are the file's; `fingerprint` is the SHA-256 of its bytes, in hex.

    params: the values in force. parts: the files that it is put together of besides its own, with the lines of those
    that are YAML. warnings: what is odd, but no error. unplanned: what is read and checked, and stops a plan.
    """

    path: Path
    shown: str
    version: int
    steps: tuple[Step, ...]
    service: str | None = None
    description: str | None = None
    lookups: Mapping[str, LookupRule] = msgspec.field(default_factory=dict)
    lookup_places: Mapping[str, RecipePlace] = msgspec.field(default_factory=dict)
    params: Mapping[str, object] = msgspec.field(default_factory=dict)
    aliases: Mapping[str, Mapping[str, AliasRule]] = msgspec.field(default_factory=dict)
    alias_places: Mapping[str, RecipePlace] = msgspec.field(default_factory=dict)
    mask: tuple[tuple[str, RecipePlace], ...] = ()
    limits: Limits | None = None
    parts: tuple[tuple[Path, str], ...] = ()
    other_lines: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    unplanned: tuple[Problem, ...] = ()
    lines: tuple[str, ...] = ()
    fingerprint: str = ""

    def cut_by_comment(self, place: RecipePlace) -> str | None:
        """Return the whole text that may be meant, where ` #` began a comment right after a header."""
        return cut_by_comment(self.other_lines.get(place.file, self.lines), place)
