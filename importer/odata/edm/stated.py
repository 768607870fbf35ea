"""Single annotations → what they state. What depends on data, and what is qualified, states nothing."""

from collections.abc import Iterator, Mapping

from importer.odata.edm.annotations import Annotation, AnnotationValue

CORE = "Org.OData.Core.V1."
_FIELD_CONTROL = "com.sap.vocabularies.Common.v1.FieldControl"
# Members of enumerated terms with their values: annotations may write either.
_FIELD_CONTROLS = {"Mandatory": 7, "Optional": 3, "ReadOnly": 1, "Inapplicable": 0, "Hidden": 0}
_PERMISSIONS = {"None": 0, "Read": 1, "Write": 2, "ReadWrite": 3, "Filter": 4, "Invoke": 8}
_WRITE = 2
MANDATORY = 7
_EDITABLE = 3


def may_write(annotations: tuple[Annotation, ...]) -> bool:
    """Whether nothing forbids to write what has these annotations: neither Permissions nor FieldControl."""
    control = field_control(annotations)
    return permits(annotations) and (control is None or control >= _EDITABLE)


def permits(annotations: tuple[Annotation, ...]) -> bool:
    """Whether Core.Permissions allow writing, or say nothing."""
    permissions = _enumerated(annotations, CORE + "Permissions", "Permission", _PERMISSIONS)
    return permissions is None or bool(permissions & _WRITE)


def field_control(annotations: tuple[Annotation, ...]) -> int | None:
    """Return the value of Common.FieldControl: 7 is mandatory, 3 optional, less is not editable."""
    return _enumerated(annotations, _FIELD_CONTROL, "FieldControlType", _FIELD_CONTROLS)


def values_of(annotations: tuple[Annotation, ...], term: str) -> Iterator[AnnotationValue]:
    """Yield the values of a term; a qualified annotation is meant for somebody else."""
    return (item.value for item in annotations if item.term == term and item.qualifier is None)


def is_true(annotations: tuple[Annotation, ...], term: str) -> bool:
    """Whether a term is there and true; what depends on data is not."""
    return any(value is True for value in values_of(annotations, term))


def _enumerated(
    annotations: tuple[Annotation, ...], term: str, kind: str, members: Mapping[str, int]
) -> int | None:
    """Return the number behind an enumerated term, its members added up; None where it is absent or depends on data."""
    for value in values_of(annotations, term):
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        if isinstance(value, str):
            number = _number(value, kind, members)
            if number is not None:
                return number
    return None


def _number(text: str, kind: str, members: Mapping[str, int]) -> int | None:
    """Return the value of `NS.Kind/A NS.Kind/B`, of `A,B` (JSON), or of `3`; a path to a property is none of them."""
    found = 0
    for word in text.replace(",", " ").split():
        owner, _, name = word.rpartition("/")
        if owner and not owner.rpartition(".")[2].startswith(kind):
            return None
        if name not in members and not name.isdecimal():
            return None
        found |= members[name] if name in members else int(name)
    return found if text.strip() else None
