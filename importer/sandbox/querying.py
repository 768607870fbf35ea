"""Query options as written in a URL: `$select`, `$expand` with options of its own, … (OData URL §5)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import parse_qsl, quote

from importer.sandbox.refusals import bad_query
from importer.sandbox.store import Entity
from importer.sandbox.typed import Value

_KNOWN = ("$filter", "$select", "$orderby", "$top", "$skip", "$expand", "$count", "$format", "$skiptoken")
_REPEATED = ("$select", "$expand")


@dataclass(frozen=True, slots=True)
class Options:
    """Options read; None or empty is absent. `select`: empty for all; `orderby`: (property, descending)."""

    filter: str | None = None
    select: tuple[str, ...] = ()
    expand: tuple[tuple[str, "Options"], ...] = ()
    orderby: tuple[tuple[str, bool], ...] = ()
    top: int | None = None
    skip: int = 0
    count: bool = False
    after: str | None = None  # the key that a page of `paging: keyset` follows
    written: tuple[tuple[str, str], ...] = ()

    def from_here(self, skip: int, top: int | None) -> str:
        """Return the same options as a query that goes on after a page."""
        return self._written("$skip", str(skip), top)

    def from_key(self, key: str, top: int | None) -> str:
        """Return the same options as a query that goes on after the entity with this key."""
        return self._written("$skiptoken", key, top)

    def _written(self, option: str, token: str, top: int | None) -> str:
        moved = ("$skip", "$top", "$skiptoken")
        kept = [(name, value) for name, value in self.written if name not in moved]
        kept.append((option, token))
        if top is not None:
            kept.append(("$top", str(top)))
        return "&".join(f"{name}={quote(value, safe='')}" for name, value in kept)


def read_options(query: str, *, exact: bool = False) -> Options:
    """Return the options of an encoded query. Names count in any case, and without their dollar (ASP.NET).

    `exact`: only as they are declared.

    Raises:
        Refused: an option is unknown, said twice, or has a wrong value.
    """
    return _options(parse_qsl(query, keep_blank_values=True), exact=exact)


def in_order(entities: Iterable[Entity], orderby: tuple[tuple[str, bool], ...]) -> list[Entity]:
    """Return entities in an order: nulls first, numbers by value, texts by code point."""
    found = list(entities)
    for name, descending in reversed(orderby):
        found.sort(key=_ranked(name), reverse=descending)
    return found


def _options(pairs: Iterable[tuple[str, str]], *, exact: bool = False) -> Options:
    values: dict[str, str] = {}
    for written, value in pairs:
        name = written if exact else written.strip().lower()
        name = "$" + name if not exact and "$" + name in _KNOWN else name
        if name.startswith("$") and name not in _KNOWN:
            raise bad_query(f"The query parameter '{written}' is not supported.")
        if name in values and name not in _REPEATED:
            raise bad_query(f"Query option '{name}' was specified more than once; it may be at most once.")
        values[name] = f"{values[name]},{value}" if name in values else value
    selected = tuple(name.strip() for name in values.get("$select", "").split(",") if name.strip())
    return Options(
        filter=values.get("$filter") or None,
        select=() if "*" in selected else selected,
        expand=tuple(_expand(item) for item in _parts(values.get("$expand", ""), ",")),
        orderby=tuple(_ordering(item) for item in _parts(values.get("$orderby", ""), ",")),
        top=_whole(values.get("$top"), "$top"),
        skip=_whole(values.get("$skip"), "$skip") or 0,
        count=_flag(values.get("$count")),
        after=values.get("$skiptoken"),
        written=tuple((name, value) for name, value in values.items() if name.startswith("$")),
    )


def _expand(text: str) -> tuple[str, Options]:
    name, found, rest = text.partition("(")
    if not found:
        return name.strip(), Options()
    if not rest.rstrip().endswith(")"):
        raise bad_query(f"Found an unbalanced bracket expression in '{text}'.")
    inner = [part.partition("=") for part in _parts(rest.rstrip()[:-1], ";")]
    return name.strip(), _options((option, value) for option, _, value in inner)


def _ordering(text: str) -> tuple[str, bool]:
    name, _, direction = text.partition(" ")
    if direction.strip() not in ("", "asc", "desc"):
        raise bad_query(f"Syntax error in '{text}'.")
    return name, direction.strip() == "desc"


def _parts(text: str, separator: str) -> list[str]:
    """Split outside parentheses and quotes; empty parts are left out."""
    parts, depth, quoted = [""], 0, False
    for sign in text:
        quoted ^= sign == "'"
        depth += 0 if quoted else (sign == "(") - (sign == ")")
        if sign == separator and depth == 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts if part.strip()]


def _whole(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        reason = f"Invalid value '{text}' for {name} query option found."
        raise bad_query(f"{reason} The {name} query option requires a non-negative integer value.")
    return int(text)


def _flag(text: str | None) -> bool:
    if text not in (None, "true", "false"):
        reason = f"Invalid value '{text}' for $count query option found."
        raise bad_query(f"{reason} Valid values are '[true, false]'.")
    return text == "true"


def _ranked(name: str) -> Callable[[Entity], tuple[int, Value]]:
    def rank(entity: Entity) -> tuple[int, Value]:
        value = entity.values.get(name)
        if value is None:
            return (0, 0)
        return (1, Decimal(value)) if isinstance(value, int | Decimal) else (2, str(value))

    return rank
