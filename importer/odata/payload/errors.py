"""Every error body seen → one value; what a service said is never shortened (odata-protocol.md §2).

Stack traces are never shown: of an `innererror` only its message counts, and only where there is no other.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

import msgspec

from importer.odata.payload.pages import parse_json

_TAG = re.compile(r"<[^<>]*>")
# Where the error stands: OData v4, OData v3, and what else was seen. Its own members may also stand at the
# top.
_ERRORS = ("error", "odata.error", "Error")


class ServiceMessage(msgspec.Struct, frozen=True):
    """What a service said with a status of 400 or more.

    `kind` is one of odata, html, text, empty. `code` is as written, empty when absent or null. `details`
    are the messages of the details, with their targets.
    """

    status: int
    code: str
    message: str
    kind: str
    target: str | None = None
    details: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return everything that was said, in one line."""
        extra = [detail for detail in self.details if detail not in self.message]
        return "; ".join(filter(None, (self.message, *extra)))


def read_error(status: int, body: bytes, content_type: str = "") -> ServiceMessage:
    """Return what an error answer says; never raises."""
    if not body.strip():
        return ServiceMessage(status, "", "", "empty")
    head = body[:512].lstrip().lower()
    if "html" in content_type or head.startswith((b"<!doctype html", b"<html")):
        return ServiceMessage(status, "", _title(body), "html")
    text = body.decode("utf-8", "replace").strip()
    try:
        value = parse_json(body)
    except ValueError:
        return ServiceMessage(status, "", text, "text")
    if isinstance(value, str):
        return ServiceMessage(status, "", value, "text")
    if not isinstance(value, dict):
        return ServiceMessage(status, "", text, "text")
    return _from_object(status, value, text)


def _title(page: bytes) -> str:
    """Return an html page's title without markup; empty when it has none."""
    low = page.lower()
    opened = low.find(b"<title")
    begin, end = low.find(b">", opened) + 1, low.find(b"</title", opened)
    if opened < 0 or not 0 < begin <= end:
        return ""
    text = unescape(page[begin:end].decode("utf-8", "replace"))
    return " ".join(_TAG.sub(" ", text).split())


def _from_object(status: int, value: Mapping[str, Any], text: str) -> ServiceMessage:
    error = next((value[name] for name in _ERRORS if name in value), value)
    if isinstance(error, str):  # OAuth 2.0 (RFC 6749 §5.2)
        description = value.get("error_description") or _message(value) or error
        return ServiceMessage(status, error, str(description), "odata")
    if not isinstance(error, Mapping):
        return ServiceMessage(status, "", _shown(error, text), "text")
    code = "" if error.get("code") is None else _shown(error["code"], "")
    message = next(filter(None, map(_message, (error, error.get("innererror"), error.get("innerError")))), "")
    details = tuple(dict.fromkeys((*_details(error.get("details")), *_details(error.get("errors")))))
    kind = "odata" if message or code else "text"
    if not message:
        # ASP.NET's problem details have a title (RFC 9457); of an object that says nothing we know, say it
        # all.
        title = error.get("title")
        message = title if isinstance(title, str) else ("" if code or details or not error else text)
    target = error.get("target")
    target = target if isinstance(target, str) and target else None
    return ServiceMessage(status, code, message, kind, target, details)


def _message(error: Any) -> str:  # noqa: ANN401 - any JSON value
    if not isinstance(error, Mapping):
        return ""
    found = error.get("message", error.get("Message"))
    if isinstance(found, Mapping):  # OData v3 wrote {"lang": …, "value": …}
        found = found.get("value")
    return _shown(found, "") if found else ""


def _details(details: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield the messages of a list, or of an object by property; Timetta's `{}` has none."""
    if isinstance(details, Mapping):
        pairs = ((name, said) for name, texts in details.items() for said in _each(texts))
        details = [{"target": name, "message": said} for name, said in pairs]
    for item in details if isinstance(details, list) else ():
        if isinstance(item, str):
            yield item
        elif text := _message(item):
            target = item.get("target")
            yield f"{target}: {text}" if isinstance(target, str) and target else text


def _each(texts: Any) -> list[Any]:  # noqa: ANN401 - any JSON value
    return texts if isinstance(texts, list) else [texts]


def _shown(value: Any, otherwise: str) -> str:  # noqa: ANN401 - any JSON value
    """Return the text of a value that should have been one; what is nested too deeply is said `otherwise`."""
    try:
        return str(value)
    except RecursionError:
        return otherwise
