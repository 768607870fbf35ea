"""Answers by their place: believed only while nothing contradicts the order (OData §11.7.7.4, odata-protocol.md §4)."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from importer.odata.batch.operations import Answer, Operation

_TEXTS = re.compile(rb'"([^"\\]{8,128})"')


def by_place(
    parts: Sequence[tuple[str | None, Answer | None]], operations: Sequence[Operation], *, closed: bool
) -> dict[str, Answer]:
    """Return the answers of parts without a name by the operation at the same place; none if the order cannot be the one asked.

    `closed`: the service said that this was all. A name is a Content-ID; it must be the one of its place.
    """
    if len(parts) > len(operations):
        return {}
    last = parts[-1][1] if parts else None
    if closed and len(parts) < len(operations) and (last is None or last.status < 400):
        return {}
    if any(name not in (None, operation.id) for (name, _), operation in zip(parts, operations, strict=False)):
        return {}
    answers = {
        operation.id: answer
        for (name, answer), operation in zip(parts, operations, strict=False)
        if name is None and answer is not None
    }
    return {} if _misplaced(answers, operations) else answers


def _misplaced(answers: Mapping[str, Answer], operations: Sequence[Operation]) -> bool:
    """Whether a `Location` names what another operation, and not its own, was about.

    A name or key that none of them mentions says nothing: services make keys, and Timetta shows older names of sets.
    """
    sets: Mapping[str, set[str]] | None = None
    keys: Mapping[str, set[str]] | None = None
    for operation in operations:
        answer = answers.get(operation.id)
        link = (
            ""
            if answer is None
            else answer.headers.get("location") or answer.headers.get("odata-entityid", "")
        )
        if not link:
            continue
        name, key = _named(unquote(link) if "%" in link else link)
        if name not in operation.url:
            sets = sets or _by_set(operations)
            if operation.id not in sets.get(name, {operation.id}):
                return True
        if key.encode() not in (operation.body or b"") and not _mentions(operation, key.lower()):
            keys = keys or _by_text(operations)
            if operation.id not in keys.get(key.lower(), {operation.id}):
                return True
    return False


def _named(link: str) -> tuple[str, str]:
    """Return the set and the key in a link: `Users(7)`, else `Users/7`."""
    path, opened, rest = link.rstrip().rpartition("(")
    if opened and rest.endswith(")"):
        return path.rpartition("/")[2], rest[:-1].strip("'")
    path, _, key = link.partition("?")[0].rstrip("/ ").rpartition("/")
    return path.rpartition("/")[2], key


def _mentions(operation: Operation, key: str) -> bool:
    return key.encode() in (operation.body or b"").lower() or key in operation.url.lower()


def _by_set(operations: Sequence[Operation]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for operation in operations:
        name = operation.url.partition("?")[0].rpartition("/")[2].partition("(")[0]
        found.setdefault(unquote(name), set()).add(operation.id)
    return found


def _by_text(operations: Sequence[Operation]) -> dict[str, set[str]]:
    """Return which operations hold a text in their body, or name it as the key in their address."""
    found: dict[str, set[str]] = {}
    for operation in operations:
        texts = {text.decode("utf-8", "replace") for text in _TEXTS.findall((operation.body or b"").lower())}
        if "(" in operation.url:
            texts.add(_named(unquote(operation.url.partition("?")[0]))[1].lower())
        for text in texts:
            found.setdefault(text, set()).add(operation.id)
    return found
