"""What a recipe became: properties with types, pairs, lookups with target sets (architecture.md §3, *bound*)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from importer.odata.edm import Constraint, EdmValue
from importer.recipe.normal import Call, Constant, Field, Step
from importer.sources.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundProperty:
    """A property as a step, a lookup or a `where` uses it.

    name: as the recipe says it. wire: the path of the property read and sent: itself, or the pair of a navigation
    property; of a navigation without a pair, itself with `bind` set. type: EDM type of the wire value, definitions
    resolved. nullable, max_length, precision, scale: facets of the wire property.
    """

    name: str
    wire: str
    type: str
    nullable: bool = True
    collection: bool = False
    max_length: int | None = None
    precision: int | None = None
    scale: int | str | None = None
    target_type: str | None = None  # of a navigation property
    bind: bool = False
    constraints: tuple[Constraint, ...] = ()
    # The steps of the wire path: ("Address", "City").
    path: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Take the path apart once: it is walked for every entity."""
        object.__setattr__(self, "path", tuple(self.wire.split("/")))

    @property
    def read(self) -> str:
        """Return what `$select` must name to read it."""
        return self.path[0]


class BoundCall(msgspec.Struct, frozen=True, kw_only=True):
    """An action of `then`: its full name, and the rule of each parameter."""

    action: str
    rule: Call
    with_: tuple["BoundWhere", ...] = ()


class BoundWhere(msgspec.Struct, frozen=True, kw_only=True):
    """One narrowing of the candidates: a property of the target, and the rule that gives its value."""

    property: BoundProperty
    rule: Field
    lookup: "BoundLookup | None" = None


class BoundLookup(msgspec.Struct, frozen=True, kw_only=True):
    """How a value finds an entity: where, by which properties, and what happens when it does not."""

    set: str
    type: str
    by: tuple[BoundProperty, ...]
    where: tuple[BoundWhere, ...] = ()
    exact: bool = False
    on_missing: str = "error"
    on_ambiguous: str = "error"
    # Not carried out by a plan yet: the step whose rows are meant, and the columns that find them; positions in `by` of
    # those compared by initials; what an entity that is made gets besides.
    row_of: str | None = None
    columns: tuple[str, ...] = ()
    initials: tuple[int, ...] = ()
    create: tuple[BoundWhere, ...] = ()

    @property
    def text(self) -> str:
        """Return the lookup as people read it: `Departments by code, name`."""
        if self.row_of is not None:
            return f"{self.set}: row of {self.row_of} by {', '.join(self.columns)}"
        names = (
            f"initials of {item.name}" if index in self.initials else item.name
            for index, item in enumerate(self.by)
        )
        return f"{self.set} by {', '.join(names)}"


class BoundField(msgspec.Struct, frozen=True, kw_only=True):
    """The rule by which one property of a step gets its value. `update` is the policy in force on an existing entity."""

    property: BoundProperty
    rule: Field
    lookup: BoundLookup | None = None
    update: str = "always"
    exact: bool = False  # how its match value is compared
    # True where an entity cannot be made without it; a blank cell is then `blank-required`.
    required: bool = False
    writable_on_create: bool = True
    writable_on_update: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundStep:
    """A step, ready to read rows. `alternatives` are the positions of `fields` that each alternative of `match` holds.

    What is asked for every row is worked out once, when the step is made.
    """

    position: int
    rule: Step
    to: str
    type: str
    table: Table
    fields: tuple[BoundField, ...]
    alternatives: tuple[tuple[int, ...], ...]
    key: tuple[BoundProperty, ...]
    under: BoundLookup | None = None  # finds the owner of a contained entity
    calls: tuple[BoundCall, ...] = ()
    absent: tuple[BoundWhere, ...] = ()  # the scope, then what is set
    enums: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()
    # Wire property → position in `fields`.
    at: Mapping[str, int] = field(init=False, repr=False, compare=False)
    # The alternatives as people read them: ("code", "project + name").
    match_text: tuple[str, ...] = field(init=False, repr=False, compare=False)
    # Positions of the fields that are looked up.
    looked_up: tuple[int, ...] = field(init=False, repr=False, compare=False)
    # The fields that change entities found: position, the name of what is written (empty for a path), and the field.
    changing: tuple[tuple[int, str, BoundField], ...] = field(init=False, repr=False, compare=False)
    # Positions of the fields that hold the entity's name.
    naming: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _telling: Mapping[tuple[int, ...], tuple[int, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the fields by what they do."""
        fields = tuple(enumerate(self.fields))
        found: dict[str, object] = {
            "at": {item.property.wire: n for n, item in reversed(fields)},
            "match_text": tuple(
                " + ".join(self.fields[n].property.name for n in alternative)
                for alternative in self.alternatives
            ),
            "looked_up": tuple(n for n, item in fields if item.lookup is not None),
            "changing": tuple(
                (n, item.property.wire if len(item.property.path) == 1 else "", item)
                for n, item in fields
                if item.writable_on_update and not item.property.bind
            ),
            "naming": tuple(n for n, item in fields if item.property.name.lower() == "name"),
            "_telling": {alternative: self._told_by(alternative) for alternative in self.alternatives},
        }
        for name, value in found.items():
            object.__setattr__(self, name, value)

    @property
    def name(self) -> str:
        """Return the step's name."""
        return self.rule.name

    def telling(self, alternative: tuple[int, ...]) -> tuple[int, ...]:
        """Return the positions of an alternative that tell one entity from another: a constant does not, where others stand beside it."""
        return self._telling[alternative]

    def _told_by(self, alternative: tuple[int, ...]) -> tuple[int, ...]:
        found = tuple(n for n in alternative if not isinstance(self.fields[n].rule.origin, Constant))
        return found or alternative


class Blank(msgspec.Struct, frozen=True):
    """A field without a value. `there` is False when its column is missing from the file: then it always keeps."""

    there: bool = True


class Clear(msgspec.Struct, frozen=True):
    """A wish to send null (`=none`)."""


# What says nothing of its property. A tuple: `Blank | Clear` would be made anew for every cell that is looked at.
BLANKS = (Blank, Clear)
BLANK = Blank()
ABSENT = Blank(there=False)
CLEAR = Clear()


class Asked(msgspec.Struct, frozen=True):
    """A value a person typed, still to be looked up; `where` holds the values of the lookup's narrowings, in order."""

    text: EdmValue
    where: tuple["EdmValue | Asked | Blank", ...] = ()
