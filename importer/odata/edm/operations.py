"""Actions and functions, and their imports (OData CSDL §12, §13.5, §13.6)."""

import msgspec

from importer.odata.edm.annotations import Annotation


class Parameter(msgspec.Struct, frozen=True):
    """A parameter; `type` is the item's type of a collection. Facets are those of a property."""

    name: str
    type: str
    collection: bool = False
    nullable: bool = True
    max_length: int | None = None
    precision: int | None = None
    scale: int | str | None = None
    annotations: tuple[Annotation, ...] = ()


class Operation(msgspec.Struct, frozen=True):
    """One overload of an action or function. A bound one's first parameter is its binding.

    `entity_set_path` leads from the binding parameter to the set of what is returned ("order/lines").
    """

    name: str
    action: bool
    bound: bool = False
    parameters: tuple[Parameter, ...] = ()
    returns: str | None = None
    returns_collection: bool = False
    annotations: tuple[Annotation, ...] = ()
    returns_nullable: bool = True
    composable: bool = False
    entity_set_path: str | None = None


class OperationImport(msgspec.Struct, frozen=True):
    """An action or function import of the container; `operation` is the full name."""

    name: str
    operation: str
    action: bool
    entity_set: str | None = None
    annotations: tuple[Annotation, ...] = ()
