"""What conversion needs besides the value, and how it says no."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import msgspec

from importer.odata.edm import EdmValue
from importer.problems import Place, Problem

# (value, its text as the spreadsheet displays it) → the property's value; raises NotConvertible.
Converter: TypeAlias = Callable[[EdmValue, str], EdmValue]


class NotConvertible(Exception):  # noqa: N818 - an answer, not a fault: it carries the problem to the record
    """The value does not become one of the property's type."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem."""
        super().__init__(problem.code)
        self.problem = problem


class Context(msgspec.Struct, frozen=True):
    """What conversion needs besides the value.

    The locale of texts, the place if it is known, enumerations by type name, and from when the workbook counts days.
    timezone: of date-times that say none. format: the pattern of dates or numbers that texts are written in.
    """

    locale: str
    place: Place | None
    step: str
    enums: Mapping[str, Mapping[str, int]]
    flags: frozenset[str]
    since_1904: bool = False
    timezone: str | None = None
    format: str | None = None
