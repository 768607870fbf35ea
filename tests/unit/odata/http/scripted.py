"""A small HTTP server on loopback that plays whatever a test scripts: well-behaved OData, or any of the bad habits."""

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Request:
    """What arrived."""

    method: str
    path: str  # decoded, below the root, without a leading slash
    options: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    url: str


@dataclass(frozen=True)
class Reply:
    """What is answered. `cut`: only so many bytes of the body, then the line is cut; `drop`: it is cut before any answer."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    drop: bool = False


def answer(value: Any, status: int = 200, **headers: str) -> Reply:
    """Return a JSON answer."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(
        status,
        json.dumps(value).encode(),
        {"content-type": "application/json;odata.metadata=minimal", **named},
    )


def refusal(status: int, message: str, **headers: str) -> Reply:
    """Return an error as ASP.NET Core OData writes it."""
    return answer({"error": {"code": "", "message": message, "details": []}}, status, **headers)


# What a shop of things says it has.
METADATA = b"""<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="NS" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EntityType Name="Thing" OpenType="true"><Key><PropertyRef Name="id"/></Key>
    <Property Name="id" Type="Edm.Int32" Nullable="false"/><Property Name="name" Type="Edm.String"/>
    <Property Name="part" Type="Edm.Int32"/><Property Name="tags" Type="Collection(Edm.String)"/></EntityType>
  <EntityType Name="Special" BaseType="NS.Thing" OpenType="true"><Property Name="extra" Type="Edm.Date"/></EntityType>
  <EntityContainer Name="C"><EntitySet Name="Things" EntityType="NS.Thing"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"""

Script = Callable[[Request], Reply]


class Scripted:
    """The server. `seen` holds every request; `script` may be changed while it runs."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.seen: list[Request] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/odata/"

    def paths(self) -> list[str]:
        return [request.path for request in self.seen]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # one packet an answer, or the loopback waits for acknowledgements
            disable_nagle_algorithm = True

            def log_message(self, *args: object) -> None:
                """Say nothing."""

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (ConnectionError, TimeoutError):
                    self.close_connection = True

            def _serve(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                parts = urlsplit(self.path)
                request = Request(
                    self.command,
                    unquote(parts.path).removeprefix("/odata/").lstrip("/"),
                    dict(parse_qsl(parts.query, keep_blank_values=True)),
                    {name.lower(): value for name, value in self.headers.items()},
                    self.rfile.read(length),
                    self.path,
                )
                outer.seen.append(request)
                reply = outer.script(request)
                if reply.drop:
                    self.close_connection = True
                    return
                self.send_response_only(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body if reply.cut is None else reply.body[: reply.cut])
                self.close_connection = self.close_connection or reply.cut is not None

            do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - names of the standard library

        return Handler


_TERM = re.compile(r"(\w+) (eq|gt|in) (\((?:'(?:[^']|'')*'|[^()'])*\)|'(?:[^']|'')*'|[^\s()]+)")
_LITERAL = re.compile(r"'((?:[^']|'')*)'|([^,\s()]+)")


@dataclass
class Shop:
    """An OData service of one set in memory, with the habits of odata-protocol.md as switches."""

    rows: list[dict[str, Any]]
    name: str = "Things"
    key: tuple[str, ...] = ("id",)
    page: int | None = None  # server paging
    links: str | None = "absolute"  # next links: absolute, root, request; None: pages are cut silently
    top_max: int | None = None
    filters: frozenset[str] = frozenset({"eq", "gt", "in"})  # operators honoured; others are ignored
    refused: frozenset[str] = frozenset()  # operators answered 400
    orders: bool = True
    skips: bool = True
    counts: bool = True
    miscount: int = 0
    max_url: int | None = None
    addresses: bool = True
    batch: str | None = (
        None  # "json": as it should be; "ids": members without id; "members": each member is refused
    )
    before: Callable[["Shop", Request], Reply | None] | None = None
    root: str = ""

    def __call__(self, request: Request) -> Reply:
        early = self.before(self, request) if self.before else None
        if early is not None:
            return early
        if self.max_url and len(request.url) > self.max_url:
            return Reply(414)
        if request.path == "$batch" and self.batch:
            return answer(
                {"responses": [self._member(item) for item in json.loads(request.body)["requests"]]}
            )
        if request.path == f"{self.name}/$count":
            return (
                Reply(200, str(len(self._matching(request)) + self.miscount).encode())
                if self.counts
                else refusal(404, "no $count")
            )
        if request.path.startswith(f"{self.name}("):
            return self._one(request.path)
        if request.path != self.name:
            return Reply(404)
        return self._collection(request)

    def _member(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        parts = urlsplit(asked["url"])
        inner = Request("GET", unquote(parts.path), dict(parse_qsl(parts.query)), {}, b"", "")
        reply = Reply(500) if self.batch == "members" else self(inner)
        body = json.loads(reply.body) if reply.body else None
        return {
            "id": None if self.batch == "ids" else asked["id"],
            "status": reply.status,
            "headers": {},
            "body": body,
        }

    def _collection(self, request: Request) -> Reply:
        options = request.options
        top = int(options["$top"]) if "$top" in options else None
        if self.top_max is not None and top is not None and top > self.top_max:
            return refusal(
                400,
                f"The limit of '{self.top_max}' for Top query has been exceeded. The value from the incoming request is '{top}'.",
            )
        if any(f" {operator} " in options.get("$filter", "") for operator in self.refused):
            return refusal(400, "not supported")
        if "$count" in options and not self.counts:
            return refusal(400, "$count is not supported")
        rows = self._matching(request)
        found = len(rows)
        if self.orders and "$orderby" in options:
            rows = sorted(rows, key=lambda row: tuple(row[name] for name in options["$orderby"].split(",")))
        start = int(options.get("$skip", 0)) if self.skips else 0
        start += int(options.get("$skiptoken", 0))
        limit = min(size for size in (self.page, top, len(rows)) if size is not None)
        value: dict[str, Any] = {"@odata.context": "x", "value": rows[start : start + limit]}
        if "$count" in options:
            value["@odata.count"] = found + self.miscount
        if self.page is not None and self.links and start + limit < len(rows) and limit == self.page:
            rest = "&".join(f"{name}={text}" for name, text in options.items() if name != "$skiptoken")
            tail = f"{self.name}?$skiptoken={start + limit}&{rest}"
            value["@odata.nextLink"] = {
                "absolute": self.root + tail,
                "root": tail,
                "request": "?" + tail.partition("?")[2],
            }[self.links]
        return answer(value)

    def _one(self, path: str) -> Reply:
        inner = path.partition("(")[2][:-1]
        literals = [text or quoted.replace("''", "'") for quoted, text in _LITERAL.findall(inner)]
        wanted = [literal.partition("=")[2] or literal for literal in literals]
        for row in self.rows:
            if self.addresses and [str(row[name]) for name in self.key] == wanted:
                return answer(row)
        return Reply(404)

    def _matching(self, request: Request) -> list[dict[str, Any]]:
        text = request.options.get("$filter", "")
        if not text:
            return list(self.rows)

        def decided(term: re.Match[str]) -> str:
            terms.append((term[1], term[2], term[3]))
            return f" T{len(terms) - 1} "

        terms: list[tuple[str, str, str]] = []
        shape = _TERM.sub(decided, text)
        rows = self.rows
        return [row for row in rows if _holds(shape, [self._fulfils(row, term) for term in terms])]

    def _fulfils(self, row: Mapping[str, Any], term: tuple[str, str, str]) -> bool | None:
        """Whether a comparison holds; None: its operator is ignored."""
        return _true(row, term) if term[1] in self.filters else None


def _holds(shape: str, found: list[bool | None]) -> bool:
    """Whether a row fulfils an expression of `and`, `or`, brackets and the comparisons `T0`, `T1`, …; one that is ignored holds."""
    words = re.findall(r"[()]|\w+", shape)

    def either() -> bool | None:
        results = [both()]
        while words and words[0] == "or":
            words.pop(0)
            results.append(both())
        known = [item for item in results if item is not None]
        return any(known) if known else None

    def both() -> bool | None:
        results = [one()]
        while words and words[0] == "and":
            words.pop(0)
            results.append(one())
        known = [item for item in results if item is not None]
        return all(known) if known else None

    def one() -> bool | None:
        word = words.pop(0)
        if word == "(":
            inner = either()
            words.pop(0)
            return inner
        return found[int(word[1:])]

    return either() is not False


def _true(row: Mapping[str, Any], term: tuple[str, str, str]) -> bool:
    name, operator, text = term
    literals = [bare or quoted.replace("''", "'") for quoted, bare in _LITERAL.findall(text)]
    value = row.get(name)
    if operator == "gt":
        return value > type(value)(literals[0])
    return value is not None and any(str(value) == literal for literal in literals)
