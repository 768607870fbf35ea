"""Texts, yes or no, GUIDs, and members of enumerations."""

import re
import sys
from decimal import Decimal
from uuid import UUID

from importer.odata.edm import EdmValue
from importer.planner.binding.bound import BoundProperty
from importer.planner.mapping.conversion.context import Context, Converter, NotConvertible
from importer.planner.mapping.conversion.problems import (
    BadBoolean,
    BadEnum,
    BadGuid,
    DigitsLost,
    TooLong,
    unreadable,
)
from importer.problems import nearest
from importer.text.folding import fold
from importer.text.locales import read_boolean

_GUID = re.compile(r"(\{)?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32})(?(1)\})", re.IGNORECASE)
# A spreadsheet keeps fifteen digits of a number, and shows long ones as 7.7E+08.
_EXACT = 10**15
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E\+[0-9]{2}")


def texts(target: BoundProperty, context: Context) -> Converter:
    """Return the converter of an Edm.String: what is shown, and of no more characters than the property takes."""
    most = sys.maxsize if target.max_length is None else target.max_length

    def to_text(value: EdmValue, shown: str) -> str:
        text = shown if not isinstance(value, bool) else str(value).lower()
        if (type(value) is Decimal and abs(value) >= _EXACT) or _SCIENTIFIC.fullmatch(text):
            raise NotConvertible(
                DigitsLost(place=context.place, step=context.step, found=text, property=target.name)
            )
        if len(text) > most:
            raise NotConvertible(
                TooLong(
                    place=context.place,
                    step=context.step,
                    found=text[:80],
                    expected=str(target.max_length),
                    property=target.name,
                    length=len(text),
                )
            )
        return text

    return to_text


def booleans(target: BoundProperty, context: Context) -> Converter:
    """Return the converter of an Edm.Boolean: 1 and 0 count, and the words of the locale."""
    locale = context.locale

    def to_boolean(value: EdmValue, shown: str) -> bool:
        if isinstance(value, bool):
            return value
        if isinstance(value, int | Decimal) and value in (0, 1):
            return bool(value)
        found = read_boolean(shown, locale)
        if found is None:
            raise NotConvertible(unreadable(BadBoolean, "boolean", shown, target, context))
        return found

    return to_boolean


def guids(target: BoundProperty, context: Context) -> Converter:
    """Return the converter of an Edm.Guid: perhaps in braces, perhaps without hyphens."""

    def to_guid(value: EdmValue, shown: str) -> UUID:
        if isinstance(value, UUID):
            return value
        match = _GUID.fullmatch(shown.strip())
        if match is None:
            raise NotConvertible(
                BadGuid(place=context.place, step=context.step, found=shown, property=target.name)
            )
        return UUID(match[2])

    return to_guid


def members(target: BoundProperty, context: Context) -> Converter:
    """Return the converter of an enumeration: names, folded; several with commas where they are flags, in the order of their values."""
    known, several = context.enums[target.type], target.type in context.flags
    folded = {fold(name): name for name in known}

    def to_member(_: EdmValue, shown: str) -> str:
        words = [word.strip() for word in shown.split(",")] if several else [shown.strip()]
        found = []
        for word in words:
            name = word if word in known else folded.get(fold(word))
            if name is None:
                raise NotConvertible(_bad_enum(word, target, context))
            found.append(name)
        return ",".join(sorted(found, key=known.__getitem__))

    return to_member


def _bad_enum(word: str, target: BoundProperty, context: Context) -> BadEnum:
    known = context.enums[target.type]
    return BadEnum(
        place=context.place,
        step=context.step,
        found=word,
        expected=target.type.rpartition(".")[2],
        property=target.name,
        near=nearest(word, known),
        members=", ".join(list(known)[:12]),
    )
