"""Bytes of `$metadata` → `Model` (OData CSDL XML 4.0 and 4.01). Knows nothing of HTTP."""

from importer.odata.csdl.xml_reader import read_metadata

__all__ = ["read_metadata"]
