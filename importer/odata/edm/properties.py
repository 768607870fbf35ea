"""Structural and navigation properties as declared (OData CSDL §7, §8)."""

from dataclasses import dataclass, field

from importer.odata.edm.annotations import Annotation


@dataclass(frozen=True, slots=True)
class Property:
    """A structural property. `type` is the item's type of a collection: full name, "Edm.String" or "NS.Type".

    `max_length`, `precision` are None when undeclared ("max" too); `scale` is a number, "variable",
    "floating" or None; `srid` is a number, "variable" or None. `default` is the DefaultValue as written.
    """

    name: str
    type: str
    nullable: bool = True
    collection: bool = False
    max_length: int | None = None
    precision: int | None = None
    scale: int | str | None = None
    unicode: bool | None = None
    default: str | None = None
    annotations: tuple[Annotation, ...] = ()
    srid: int | str | None = None


@dataclass(frozen=True, slots=True)
class Constraint:
    """`property` (a path on the dependent type) equals `referenced` of the target (OData CSDL §8.5)."""

    property: str
    referenced: str


@dataclass(frozen=True, slots=True)
class NavigationProperty:
    """A navigation property. `type` is the full name of the target entity type, also of a collection."""

    name: str
    type: str
    nullable: bool = True
    collection: bool = False
    contains_target: bool = False
    partner: str | None = None
    constraints: tuple[Constraint, ...] = ()
    on_delete: str | None = None
    annotations: tuple[Annotation, ...] = field(default=())
