"""EDM type → its converter."""

from collections.abc import Callable, Mapping

from importer.odata.edm import EdmValue
from importer.odata.edm.primitives import INTEGERS
from importer.planner.binding.bound import BoundProperty
from importer.planner.mapping.conversion.context import Context, Converter
from importer.planner.mapping.conversion.moments import days, durations, instants, times_of_day
from importer.planner.mapping.conversion.numbers import numbers
from importer.planner.mapping.conversion.words import booleans, guids, members, texts


def convert(value: EdmValue, shown: str, target: BoundProperty, context: Context) -> EdmValue:
    """Return `value` as `target` holds it; `shown` is its text as the spreadsheet displays it.

    Raises:
        NotConvertible: with the problem.
    """
    return converter(target, context)(value, shown)


def converter(target: BoundProperty, context: Context) -> Converter:
    """Return what converts values to the property's type: the same as `convert`, made ready once for many values."""
    make = _CONVERTERS.get(target.type)
    if make is None:
        make = members if target.type in context.enums else texts
    return make(target, context)


_CONVERTERS: Mapping[str, Callable[[BoundProperty, Context], Converter]] = {
    **dict.fromkeys((*INTEGERS, "Edm.Decimal", "Edm.Double", "Edm.Single"), numbers),
    "Edm.Date": days,
    "Edm.DateTimeOffset": instants,
    "Edm.TimeOfDay": times_of_day,
    "Edm.Duration": durations,
    "Edm.Boolean": booleans,
    "Edm.Guid": guids,
}
