"""Actions and functions, and their imports (OData CSDL §12, §13.5, §13.6)."""

from dataclasses import dataclass

from importer.odata.edm.annotations import Annotation


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; `type` is the item's type of a collection."""

    name: str
    type: str
    collection: bool = False
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Operation:
    """One overload of an action or function. A bound one's first parameter is its binding."""

    name: str
    action: bool
    bound: bool = False
    parameters: tuple[Parameter, ...] = ()
    returns: str | None = None
    returns_collection: bool = False
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True)
class OperationImport:
    """An action or function import of the container; `operation` is the full name."""

    name: str
    operation: str
    action: bool
    entity_set: str | None = None
