"""Files → rows with addresses. Knows nothing of recipes, services or plans."""

from importer.sources.inspection import CellFacts, FileFacts, NamedRange, RowFacts, SheetFact, inspect
from importer.sources.opening import files_of, open_table
from importer.sources.table import Cell, CellKind, CellValue, Column, Row, Section, Table, TableSpec

__all__ = [
    "Cell",
    "CellFacts",
    "CellKind",
    "CellValue",
    "Column",
    "FileFacts",
    "NamedRange",
    "Row",
    "RowFacts",
    "Section",
    "SheetFact",
    "Table",
    "TableSpec",
    "files_of",
    "inspect",
    "open_table",
]
