"""Actions and functions, and their imports (OData CSDL §12, §13.5, §13.6)."""

import msgspec

from importer.odata.edm.annotations import Annotation


class Parameter(msgspec.Struct, frozen=True):
    """A parameter; `type` is the item's type of a collection."""

    name: str
    type: str
    collection: bool = False
    nullable: bool = True


class Operation(msgspec.Struct, frozen=True):
    """One overload of an action or function. A bound one's first parameter is its binding."""

    name: str
    action: bool
    bound: bool = False
    parameters: tuple[Parameter, ...] = ()
    returns: str | None = None
    returns_collection: bool = False
    annotations: tuple[Annotation, ...] = ()


class OperationImport(msgspec.Struct, frozen=True):
    """An action or function import of the container; `operation` is the full name."""

    name: str
    operation: str
    action: bool
    entity_set: str | None = None
