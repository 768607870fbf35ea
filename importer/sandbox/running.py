"""The sandbox on a socket: starlette on uvicorn, on the loopback only."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import unquote

import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from importer.sandbox.batching import answer_batch, reply_instead
from importer.sandbox.faults import Faults
from importer.sandbox.habits import Habits
from importer.sandbox.replies import LOST, Reply, json_reply
from importer.sandbox.server import Sandbox
from importer.sandbox.services import ServicePack
from importer.sandbox.store import Store
from importer.sandbox.throttling import Throttle
from importer.sandbox.tokens import Tokens

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that answers. `url` is its root without a slash at the end."""

    url: str
    sandbox: Sandbox

    @property
    def journal(self) -> list[dict[str, Any]]:
        """Return the committed writes, in order."""
        return list(self.sandbox.site.store.journal)

    @property
    def served(self) -> dict[str, int]:
        """Return the requests by kind; a batch counts once, its members under `members`."""
        return dict(self.sandbox.served)


class Application:
    """The ASGI application of one sandbox: its root, and the witness beside it."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Serve a sandbox."""
        self._sandbox = sandbox
        self._tokens = Tokens(sandbox.site.habits)
        self._throttle = Throttle(sandbox.site.habits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive)
        body = await _body(request, self._sandbox.site.habits.body_limit)
        if self._sandbox.site.faults.delay_ms:
            await asyncio.sleep(self._sandbox.site.faults.delay_ms / 1000)
        reply = await run_in_threadpool(self._reply, request, body)
        if reply.lost:
            await _cut(send)
        limits = self._throttle.headers()
        headers = {**reply.headers, **limits, "odata-version": "4.0", "content-length": str(len(reply.body))}
        raw = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": raw})
        await send({"type": "http.response.body", "body": reply.body})

    def _reply(self, request: Request, body: bytes | None) -> Reply:
        """Answer; a body of None was longer than the limit."""
        path, query = request.scope["raw_path"].decode("latin-1"), request.url.query
        if path.startswith("/_witness/"):
            return self._witness(path)
        headers = {name.lower(): value for name, value in request.headers.items()}
        if path == "/connect/token":
            asked = request.method == "POST" and body is not None
            return self._tokens.answer(headers, body or b"") if asked else Reply(405)
        root, _, inner = path.lstrip("/").partition("/")
        exact = self._sandbox.site.habits.names == "exact"
        if (root if exact else root.lower()) != "odata":
            return Reply(404)
        self._sandbox.count(_kind(request.method, inner))
        refusal = self._refusal(request, headers, f"{path}?{query}", body)
        if refusal is not None:
            return refusal
        if inner == "$batch":
            return (
                answer_batch(self._sandbox, headers, body or b"") if request.method == "POST" else Reply(405)
            )
        return self._sandbox.handle(request.method, unquote(inner), query, headers, body or b"")

    def _refusal(
        self, request: Request, headers: Mapping[str, str], target: str, body: bytes | None
    ) -> Reply | None:
        """Return what stands before the service itself: failures on demand, gateways, limits, tokens."""
        site = self._sandbox.site
        if (instead := site.faults.instead(request.method)) is not None:
            return reply_instead(instead)
        if (throttled := self._throttle.refusal()) is not None:
            return throttled
        if len(f"{request.method} {target} HTTP/1.1") > site.habits.url_limit:
            return Reply(414)
        if body is None:
            return LOST if site.habits.body_cut else Reply(413)
        return self._tokens.refusal(headers.get("authorization", ""))

    def _witness(self, path: str) -> Reply:
        if path == "/_witness/journal":
            return json_reply(200, list(self._sandbox.site.store.journal))
        return json_reply(200, dict(self._sandbox.served)) if path == "/_witness/served" else Reply(404)


@contextlib.contextmanager
def running(
    pack: ServicePack,
    *,
    store: Store | None = None,
    habits: Habits | None = None,
    faults: Faults | None = None,
    port: int = 0,
) -> Iterator[Running]:
    """Run a sandbox in a thread for as long as the block lasts; port 0 is a free one.

    Without a `store` it has one of its own in memory, which goes with it.

    Raises:
        OSError: the port is taken.
    """
    own = store or pack.store()
    try:
        with _listening(port) as listener:
            sandbox = pack.sandbox(own, habits or Habits(), faults or Faults(), _root(listener))
            server = _Server(_configuration(sandbox))
            thread = threading.Thread(target=server.run, args=([listener],), name="sandbox", daemon=True)
            thread.start()
            try:
                yield Running(sandbox.site.root.rstrip("/"), sandbox)
            finally:
                server.should_exit = True
                thread.join(timeout=10)
    finally:
        if store is None:
            own.close()


def serve(
    pack: ServicePack,
    *,
    store: Store,
    habits: Habits,
    faults: Faults,
    port: int,
    ready: Callable[[str], None],
) -> None:
    """Run a sandbox until SIGINT or SIGTERM, then return; `ready` is told its root.

    Raises:
        OSError: the port is taken.
    """
    with _listening(port) as listener:
        sandbox = pack.sandbox(store, habits, faults, _root(listener))
        server = _Server(_configuration(sandbox))
        with server.capture_signals():
            ready(sandbox.site.root.rstrip("/"))
            server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """Ends without raising the signal again: it is how a sandbox is stopped, no accident."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.signal(one, self.handle_exit) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextlib.contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    # With the protocol named asyncio switches Nagle off; else each answer waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        # Connections wait from now on: whoever is told the address may use it at once.
        listener.listen(128)
        yield listener
    finally:
        listener.close()


def _configuration(sandbox: Sandbox) -> uvicorn.Config:
    return uvicorn.Config(
        Application(sandbox),
        log_level="critical",
        access_log=False,
        lifespan="off",
        http="h11",
        ws="none",
        timeout_graceful_shutdown=1,
        h11_max_incomplete_event_size=64 * 1024,
    )


def _root(listener: socket.socket) -> str:
    return f"http://{HOST}:{listener.getsockname()[1]}/odata/"


async def _body(request: Request, limit: int) -> bytes | None:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size <= limit:
            parts.append(part)
    return None if size > limit else b"".join(parts)


async def _cut(send: Send) -> NoReturn:
    """Begin an answer and break it off: the client sees a lost connection."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000000")]})
    await send({"type": "http.response.body", "body": b"{", "more_body": True})
    raise ConnectionAbortedError("the answer is lost on purpose")


def _kind(method: str, path: str) -> str:
    """Return the witness's word for a request."""
    return {"$batch": "batch", "$metadata": "metadata"}.get(path, method.lower())
