"""Annotations as written: a term with its value; vocabulary aliases are resolved (OData CSDL §14)."""

from typing import TypeAlias

import msgspec

AnnotationValue: TypeAlias = (
    "str | bool | int | float | tuple[AnnotationValue, ...] | dict[str, AnnotationValue] | None"
)


class Annotation(msgspec.Struct, frozen=True):
    """One annotation. `term` is the full name ("Org.OData.Core.V1.Computed"); an absent value is `True`.

    `value` of a Record is a dict of its property values, of a Collection a tuple, of a path the path's
    text, of enum members their full names, of a null or a dynamic expression None.
    """

    term: str
    value: AnnotationValue = True
    qualifier: str | None = None
