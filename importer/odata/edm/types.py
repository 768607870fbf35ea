"""Named types: entity, complex, enumeration, definition (OData CSDL §6, §9, §10, §11)."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from importer.odata.edm.annotations import Annotation
from importer.odata.edm.properties import NavigationProperty, Property


class TypeKind(StrEnum):
    """Which structured type it is."""

    ENTITY = "entity"
    COMPLEX = "complex"


class StructuredType(msgspec.Struct, frozen=True):
    """An entity or complex type as declared: its own key and properties; `Model` adds inherited ones.

    `name` is the full name; `base` too. `key` holds names or paths ("Address/ZipCode"); `key_aliases` maps
    such a path to the name that stands for it in URLs (OData CSDL §6.5).
    """

    name: str
    kind: TypeKind
    base: str | None = None
    abstract: bool = False
    open: bool = False
    key: tuple[str, ...] = ()
    properties: Mapping[str, Property] = msgspec.field(default_factory=dict)
    navigation: Mapping[str, NavigationProperty] = msgspec.field(default_factory=dict)
    annotations: tuple[Annotation, ...] = ()
    key_aliases: Mapping[str, str] = msgspec.field(default_factory=dict)
    has_stream: bool = False


class EnumType(msgspec.Struct, frozen=True):
    """An enumeration; `members` maps member names to values, in order; `member_annotations` by member."""

    name: str
    members: Mapping[str, int]
    underlying: str = "Edm.Int32"
    flags: bool = False
    annotations: tuple[Annotation, ...] = ()
    member_annotations: Mapping[str, tuple[Annotation, ...]] = msgspec.field(default_factory=dict)


class TypeDefinition(msgspec.Struct, frozen=True):
    """A primitive type under another name, with facets of its own."""

    name: str
    underlying: str
    max_length: int | None = None
    precision: int | None = None
    scale: int | str | None = None
    annotations: tuple[Annotation, ...] = ()
    unicode: bool | None = None
    srid: int | str | None = None
