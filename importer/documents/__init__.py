"""YAML that a person wrote, whatever it means: read with limits, every node with its position.

Knows nothing of recipes.
"""

from importer.documents.document import Document, Node
from importer.documents.reading import parse_document, read_document
from importer.documents.validating import in_order, unexpected, validate

__all__ = ["Document", "Node", "in_order", "parse_document", "read_document", "unexpected", "validate"]
