"""A value as the file has it → a value of the property's EDM type, or the problem that says why not.

Nothing is cut, rounded or guessed: what does not fit is a problem with the reading that would fit (recipe-language.md §6.6).
"""

from importer.planner.mapping.conversion.context import Context, Converter, NotConvertible
from importer.planner.mapping.conversion.converting import convert, converter

__all__ = ["Context", "Converter", "NotConvertible", "convert", "converter"]
