"""Untrusted JSON text → a dict, strictly: UTF-8, no member twice, bounded depth; and where a member stands.

JSON parsers give no positions. They are looked for only when there is a problem to tell, with a small scanner.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from importer.odata.csdl.refusals import BrokenMetadata, OldMetadata, broken, check_bytes, something_else
from importer.problems import RecipePlace, ServiceError
from importer.text.translating import N_, translate

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],]|[^\s"{}\[\],:]+')
_BYTE = re.compile(r" \(byte (\d+)\)$")
_MARK = b"\xef\xbb\xbf"


class _TwiceError(Exception):
    """A member name stands twice in one object."""


def parse(document: bytes, name: str) -> dict[str, Any]:
    """Return the document's object, which has `$Version` 4.

    Raises:
        ServiceError: with what it is instead, at its line and column.
    """
    check_bytes(document, name)
    found = _decoded(document.removeprefix(_MARK), name)
    version = found.get("$Version") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(version, str):
        raise something_else(name, translate(_instead(found)))
    if not version.startswith("4"):
        place = place_of(document, name, ["$Version"])
        raise ServiceError(
            OldMetadata(place=place, name=name, found=f"OData v{version.partition('.')[0][:3]}")
        )
    if not any(isinstance(value, dict) for key, value in found.items() if key[:1] not in "$@"):
        text = translate("it holds no schema of OData v4")
        raise ServiceError(BrokenMetadata(place=RecipePlace(name, 1, 1), name=name, found=text))
    return found


def place_of(document: bytes, name: str, path: Sequence[str]) -> RecipePlace:
    """Return where the member at a path of names begins, the document's start if there is none."""
    text = document.removeprefix(_MARK).decode("utf-8", "replace")
    offset = next((at for found, at in _members(text) if found == list(path)), 0)
    return _place(name, text, offset)


def _decoded(document: bytes, name: str) -> object:
    try:
        found: object = msgspec.json.decode(document)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        reason = str(error)
        byte = _BYTE.search(reason)
        text = document[: int(byte[1]) if byte else len(document)].decode("utf-8", "replace")
        place = _place(name, text, len(text))
        reason = _BYTE.sub("", reason)
        what = (
            N_("it is cut short ({reason})")
            if "truncated" in reason
            else N_("it is no valid JSON ({reason})")
        )
        raise broken(
            name, translate(what).format(reason=reason), line=place.line, column=place.column
        ) from None
    except RecursionError:
        raise broken(name, translate("it is nested too deeply")) from None
    if isinstance(found, dict) and "$Version" in found:
        _check_twins(document, name)
    return found


def _check_twins(document: bytes, name: str) -> None:
    """Refuse an object with two members of one name: readers disagree which of them counts (RFC 8259 §4)."""
    try:
        json.loads(document, object_pairs_hook=_untwinned, parse_int=str, parse_float=str)
    except _TwiceError:
        text = document.decode("utf-8")
        path, offset = _first_twin(text)
        place = _place(name, text, offset)
        found = translate("it has a member twice: {path}").format(path=" › ".join(path))
        raise broken(name, found, line=place.line, column=place.column) from None


def _untwinned(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _TwiceError
    return found


def _first_twin(text: str) -> tuple[list[str], int]:
    seen: set[tuple[str, ...]] = set()
    for path, offset in _members(text):
        if tuple(path) in seen:
            return path, offset
        seen.add(tuple(path))
    return [], 0


def _members(text: str) -> Iterator[tuple[list[str], int]]:
    """Yield (path, offset) of every member of valid JSON, in order; items of arrays are steps like "0"."""
    path: list[str] = []
    arrays: list[bool] = []
    awaited = False  # the next text is a member's name
    for token in _TOKEN.finditer(text):
        sign = token.group()
        if sign in ("{", "["):
            arrays.append(sign == "[")
            path.append("0" if sign == "[" else "")
            awaited = sign == "{"
        elif sign in ("}", "]"):
            arrays.pop()
            path.pop()
            awaited = False
        elif sign == ",":
            awaited = not arrays[-1]
            if arrays[-1]:
                path[-1] = str(int(path[-1]) + 1)
        elif awaited:
            path[-1] = str(msgspec.json.decode(sign))
            awaited = False
            yield list(path), token.start()


def _place(name: str, text: str, offset: int) -> RecipePlace:
    return RecipePlace(name, text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def _instead(found: object) -> str:
    """Return what JSON is that is no metadata, as a text to translate."""
    if not isinstance(found, dict):
        return N_("JSON")
    if "error" in found or "odata.error" in found:
        return N_("a JSON error message")
    if "d" in found and len(found) == 1:
        return N_("data of OData v2 or v3 in JSON")
    if "openapi" in found or "swagger" in found:
        return N_("an OpenAPI description")
    if "$schema" in found:
        return N_("a JSON Schema")
    items = found.get("value")
    listed = isinstance(items, list) and [item for item in items if isinstance(item, dict)]
    if listed and all("name" in item and "url" in item for item in listed):
        return N_("the service document, a list of its entity sets; the metadata are at $metadata")
    if "@odata.context" in found or "@context" in found:
        return N_("data of an OData service in JSON")
    return N_("JSON")
