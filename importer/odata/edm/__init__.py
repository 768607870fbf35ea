"""What a service says it has: one immutable model of it. Knows nothing of XML or HTTP."""

from importer.odata.edm.annotations import Annotation
from importer.odata.edm.model import EntitySet, Model, Singleton
from importer.odata.edm.operations import Operation, OperationImport, Parameter
from importer.odata.edm.primitives import PRIMITIVES, EdmValue, equal
from importer.odata.edm.properties import Constraint, NavigationProperty, Property
from importer.odata.edm.types import EnumType, StructuredType, TypeDefinition, TypeKind

__all__ = [
    "PRIMITIVES",
    "Annotation",
    "Constraint",
    "EdmValue",
    "EntitySet",
    "EnumType",
    "Model",
    "NavigationProperty",
    "Operation",
    "OperationImport",
    "Parameter",
    "Property",
    "Singleton",
    "StructuredType",
    "TypeDefinition",
    "TypeKind",
    "equal",
]
