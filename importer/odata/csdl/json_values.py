"""Members of CSDL JSON objects → Python values. What cannot be read counts as not written."""

from collections.abc import Iterator
from typing import Any, TypeAlias

import msgspec

from importer.odata.csdl.attributes import integer

Json: TypeAlias = dict[str, Any]


def text(found: Json, name: str) -> str | None:
    """Return a text."""
    value = found.get(name)
    return value if isinstance(value, str) else None


def flag(found: Json, name: str) -> bool:
    """Whether a member is true; absent ones are false, `$Nullable` too (CSDL JSON §7.2.1)."""
    return found.get(name) is True


def number(value: object) -> int | None:
    """Return a whole number, which IEEE754-careful writers make a text."""
    if isinstance(value, str):
        return integer(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def facet(found: Json, name: str) -> int | None:
    """Return a length or precision."""
    value = number(found.get(name))
    return value if value is not None and value >= 0 else None


def symbol_or_facet(found: Json, name: str) -> int | str | None:
    """Return `$Scale` or `$SRID`: a number, "variable", "floating" or None."""
    value = found.get(name)
    if isinstance(value, str) and value.lower() in ("variable", "floating"):
        return value.lower()
    return facet(found, name)


def scale(found: Json, type_name: str) -> int | str | None:
    """Return `$Scale`, which is variable for a decimal without one (CSDL JSON §7.2.4); in XML it is 0 then."""
    value = symbol_or_facet(found, "$Scale")
    return "variable" if value is None and type_name == "Edm.Decimal" else value


def default(found: Json) -> str | None:
    """Return `$DefaultValue` as XML would write it."""
    value = found.get("$DefaultValue")
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()


def objects(value: object) -> Iterator[Json]:
    """Yield the objects of an array; a single object counts as one."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict):
            yield item


def named(found: Json) -> Iterator[tuple[str, Any]]:
    """Yield the members that are model elements: neither keywords (`$…`) nor annotations (`…@…`)."""
    return ((name, value) for name, value in found.items() if name and name[0] != "$" and "@" not in name)
