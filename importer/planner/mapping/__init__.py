"""What does this cell say? Rows become records: typed values, blanks, and texts still to be looked up.

Knows the bound recipe and nothing of the service's entities.
"""

from importer.planner.mapping.compiling import compile_mapper, compile_step
from importer.planner.mapping.record import LeftOut, Record
from importer.planner.mapping.rows import Mapper

__all__ = ["LeftOut", "Mapper", "Record", "compile_mapper", "compile_step"]
