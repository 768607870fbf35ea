"""Attributes of CSDL elements → Python values. What cannot be read counts as not written."""

from lxml import etree

# More digits than any facet or member has; Python refuses to read thousands of them.
_DIGITS = 20


def is_true(element: etree._Element, name: str) -> bool:
    """Whether a boolean attribute, false by default, is true."""
    return element.get(name) in ("true", "1")


def is_nullable(element: etree._Element) -> bool:
    """Whether `Nullable`, true by default, is true."""
    return element.get("Nullable") not in ("false", "0")


def integer(text: str | None) -> int | None:
    """Return a whole number, signed or not."""
    digits = (text or "").strip().removeprefix("-").removeprefix("+")
    return int(text or "") if digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS else None


def facet(element: etree._Element, name: str) -> int | None:
    """Return a length or precision; `max` is None as an absent one is."""
    found = integer(element.get(name))
    return found if found is not None and found >= 0 else None


def scale(element: etree._Element) -> int | str | None:
    """Return `Scale`: a number, "variable", "floating" or None."""
    text = element.get("Scale", "").lower()
    return text if text in ("variable", "floating") else facet(element, "Scale")


def srid(element: etree._Element) -> int | str | None:
    """Return `SRID`: a number, "variable" or None."""
    return "variable" if element.get("SRID", "").lower() == "variable" else facet(element, "SRID")


def unicode(element: etree._Element) -> bool | None:
    """Return `Unicode`, None where it is not written."""
    return is_true(element, "Unicode") if element.get("Unicode") else None
