"""Header fields of one answer, taken apart when somebody asks (RFC 9110 §5, RFC 9112 §5)."""

import re
from collections.abc import Iterator, Mapping

_FOLD = re.compile(rb"\r?\n[ \t]+")


class Fields(Mapping[str, str]):
    """Header fields by name in lower case; the first of one name counts, folded lines are one line, other lines nothing.

    Most are never looked at: whether a name occurs at all is seen before the lines are taken apart.
    """

    __slots__ = ("_found", "_raw")

    def __init__(self, raw: bytes) -> None:
        """Keep the lines as they came."""
        self._raw = raw
        self._found: dict[str, str] | None = None

    def __getitem__(self, name: str) -> str:
        """Return the value of a field."""
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self._all())

    def __len__(self) -> int:
        """Return how many fields there are."""
        return len(self._all())

    def __repr__(self) -> str:
        """Return the fields as a dict shows them."""
        return repr(self._all())

    def _all(self) -> dict[str, str]:
        if self._found is None:
            self._found = read_fields(self._raw)
        return self._found


def read_fields(raw: bytes) -> dict[str, str]:
    """Return the fields in these lines, by name in lower case."""
    if b"\n " in raw or b"\n\t" in raw:
        raw = _FOLD.sub(b" ", raw)
    found: dict[str, str] = {}
    for line in _text(raw).split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
