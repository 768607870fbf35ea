"""Bytes of `$metadata` → `Model` (OData CSDL 4.0 and 4.01, XML and JSON). Knows nothing of HTTP."""

from importer.odata.csdl.reading import read_metadata
from importer.odata.csdl.references import Library, from_folder, from_map

__all__ = ["Library", "from_folder", "from_map", "read_metadata"]
