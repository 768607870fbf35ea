"""JSON `$batch` as ASP.NET Core OData does it: parsed whole first, then one by one (odata-protocol.md §4)."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from importer.sandbox.server import Sandbox
from importer.sandbox.site import LOST, Reply, json_reply

_WITH_BODY = ("POST", "PATCH", "PUT")


class _Request(msgspec.Struct):
    id: str
    method: str
    url: str
    headers: dict[str, str] = {}
    body: msgspec.Raw = msgspec.Raw(b"")


class _Batch(msgspec.Struct):
    requests: list[_Request]


def answer_batch(sandbox: Sandbox, headers: Mapping[str, str], body: bytes) -> Reply:
    """Answer a batch; a malformed one is refused whole by a 500 without a body, and nothing runs."""
    if sandbox.site.habits.batch != "json":
        return Reply(404)
    try:
        requests = msgspec.json.decode(body, type=_Batch).requests
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Reply(500)
    addresses = [_below_root(request.url, sandbox.site.root) for request in requests]
    distinct = {request.id for request in requests}
    fits = 0 < len(requests) <= sandbox.site.habits.batch_parts
    if not fits or len(distinct) != len(requests) or None in addresses:
        return Reply(500)
    cut = sandbox.site.faults.next_batch()
    responses = []
    for position, (request, address) in enumerate(zip(requests, addresses, strict=True)):
        if position == cut:
            return LOST
        reply = _member(sandbox, headers, request, address or ("", ""))
        if reply.lost:
            return LOST
        responses.append(_shown(request.id, reply))
    return json_reply(200, {"responses": responses}) if cut is None else LOST


def _below_root(url: str, root: str) -> tuple[str, str] | None:
    """Return path below the root and query, both encoded; None: it leads elsewhere, which fails the batch."""
    try:
        parts, base = urlsplit(url), urlsplit(root)
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        if (parts.scheme, parts.netloc) != (base.scheme, base.netloc):
            return None
    elif not url.startswith("/"):
        return parts.path, parts.query
    below = parts.path.lower().startswith(base.path)
    return (parts.path[len(base.path) :], parts.query) if below else None


def _member(sandbox: Sandbox, outer: Mapping[str, str], request: _Request, address: tuple[str, str]) -> Reply:
    sandbox.count("members")
    # The outer preference is inherited by the members (odata-protocol.md §4).
    headers = {"prefer": outer.get("prefer", "")}
    headers |= {name.lower(): value for name, value in request.headers.items()}
    method, (path, query) = request.method.upper(), address
    if method in _WITH_BODY and "content-type" not in headers:
        error = {"code": "", "message": "The Content-Type header is missing.", "details": []}
        return json_reply(400, {"error": error})
    return sandbox.handle(method, unquote(path), query, headers, bytes(request.body), member=True)


def _shown(name: str, reply: Reply) -> dict[str, Any]:
    found: dict[str, Any] = {"id": name, "status": reply.status, "headers": dict(reply.headers)}
    if reply.body:
        is_json = "json" in reply.headers.get("content-type", "")
        found["body"] = msgspec.Raw(reply.body) if is_json else reply.body.decode("utf-8", "replace")
    return found
