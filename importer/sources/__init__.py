"""Files → rows with addresses. Knows nothing of recipes, services or plans.

`inspection` is for `importer read` alone, and is imported by its name.
"""

from importer.sources.opening import files_of, open_table
from importer.sources.table import Cell, CellKind, CellValue, Column, Row, Section, Table, TableSpec

__all__ = [
    "Cell",
    "CellKind",
    "CellValue",
    "Column",
    "Row",
    "Section",
    "Table",
    "TableSpec",
    "files_of",
    "open_table",
]
