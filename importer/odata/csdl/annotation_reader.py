"""Annotation elements → values (OData CSDL XML §14): constants, enum members, paths, collections, records.

A dynamic expression (`If`, `Apply`, …) has no value before there is data: it is None, never a guess.
"""

from lxml import etree

from importer.odata.csdl.attributes import integer
from importer.odata.csdl.linking import Aliases
from importer.odata.csdl.safe_xml import children, kind
from importer.odata.edm import Annotation
from importer.odata.edm.annotations import AnnotationValue

_TEXTS = frozenset(
    {
        "String",
        "Path",
        "PropertyPath",
        "NavigationPropertyPath",
        "AnyPropertyPath",
        "AnnotationPath",
        "ModelElementPath",
        "Guid",
        "Date",
        "DateTimeOffset",
        "TimeOfDay",
        "Duration",
        "Binary",
        "UrlRef",
    }
)
_CONSTANTS = _TEXTS | {"Bool", "Int", "Decimal", "Float", "EnumMember"}
_MAX_DEPTH = 30


def annotations_in(element: etree._Element, aliases: Aliases) -> tuple[Annotation, ...]:
    """Return the annotations written directly under `element`; `Annotations` lends them its qualifier."""
    qualifier = element.get("Qualifier") if kind(element) == "Annotations" else None
    return tuple(
        Annotation(term_of(item, aliases), _value(item, aliases, 0), item.get("Qualifier", qualifier))
        for item in children(element, "Annotation")
    )


def term_of(annotation: etree._Element, aliases: Aliases) -> str:
    """Return the full name of an `Annotation` element's term."""
    return aliases.term(annotation.get("Term", ""))


def _value(element: etree._Element, aliases: Aliases, depth: int) -> AnnotationValue:
    """Return the value of an `Annotation` or `PropertyValue`: an attribute, a child, else true."""
    for name, text in element.items():
        if str(name) in _CONSTANTS:
            return _constant(str(name), str(text), aliases)
    for child in element:
        if kind(child) not in ("", "Annotation"):
            return _expression(child, aliases, depth + 1)
    return True


def _constant(name: str, text: str, aliases: Aliases) -> AnnotationValue:
    if name == "Bool":
        return text in ("true", "1")
    if name == "Int":
        number = integer(text)
        return text if number is None else number
    if name in ("Decimal", "Float"):
        try:
            return float(text)
        except ValueError:
            return text
    if name == "EnumMember":
        return " ".join(map(aliases.term, text.split()))
    return text


def _expression(element: etree._Element, aliases: Aliases, depth: int) -> AnnotationValue:
    name = kind(element)
    if name in _CONSTANTS:
        return _constant(name, (element.text or "").strip(), aliases)
    if depth >= _MAX_DEPTH:
        return None
    if name == "Collection":
        items = (item for item in element if kind(item) not in ("", "Annotation"))
        return tuple(_expression(item, aliases, depth + 1) for item in items)
    if name == "Record":
        values = children(element, "PropertyValue")
        return {item.get("Property", ""): _value(item, aliases, depth) for item in values}
    return None
