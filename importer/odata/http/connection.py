"""One `httpx.Client` for one service: same origin only, bounded answers, TLS always verified.

A token goes to the origin of the profile's URL and nowhere else: another host, port or scheme, in a redirect or a next link, is refused.
"""

import logging
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import msgspec

from importer.odata.http.authentication import Login, NoLogin, Proof
from importer.odata.http.refusals import AnotherOrigin, come_back
from importer.odata.http.throttling import Held, Pace
from importer.odata.http.trust import trust
from importer.problems import EntityPlace, ServiceError

if TYPE_CHECKING:
    import httpx

MAX_ANSWER = 256 * 2**20
CONNECT_TIMEOUT = 10.0
# httpx refuses longer ones; a service would, too.
_MAX_URL = 60_000
_MAX_REDIRECTS = 5
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_ENCODINGS = frozenset({"", "identity", "gzip", "deflate"})
_PORTS = {"http": 80, "https": 443}
_PREDICATE = re.compile(r"\([^/]*\)")
_log = logging.getLogger("importer.wire")


class Unanswered(Exception):  # noqa: N818 - an event on the wire, judged by reading and recovery
    """No answer came. `sent` False: the request never left, so nothing happened."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        """Keep the reason; it holds no address and no token."""
        super().__init__(reason)
        self.reason = reason
        self.sent = sent


class Endless(Unanswered):
    """An answer came and was not taken in: it is too large, or packed in a way that hides how large."""

    def __init__(self, reason: str) -> None:
        """Keep the reason; the request was carried out, for all we know."""
        super().__init__(reason, sent=True)


class Response(msgspec.Struct, frozen=True):
    """An answer: header names in lower case.

    `proof` is the number of the proof it was sent with: a 401 inside of it is told to `connection.login.renew(proof)`.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    proof: int = 0

    @property
    def content_type(self) -> str:
        """Return the media type, in lower case, with its parameters."""
        return self.headers.get("content-type", "").lower()


@dataclass(slots=True)
class Counts:
    """Requests sent so far; a batch is one."""

    read: int = 0
    write: int = 0
    retry: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, kind: str) -> None:
        """Count one request of a kind: read, write or retry."""
        with self._lock:
            setattr(self, kind, getattr(self, kind) + 1)


class Connection:
    """The wire to one service. Safe for many threads.

    Every method either returns a `Response`, whatever its status, or raises `Unanswered`, or `ServiceError` for a link that leads away.
    """

    def __init__(
        self,
        root: str,
        *,
        login: Login | None = None,
        timeout: float = 60.0,
        lanes: int = 8,
        pace: Pace | None = None,
        largest: int = MAX_ANSWER,
        ca: Path | None = None,
    ) -> None:
        """Open nothing yet.

        `root` is the service root; `timeout` seconds between two bytes of an answer; `largest` the bytes of an answer, unpacked;
        `ca` a PEM file of authorities that are trusted besides the known ones.

        Raises:
            ConfigurationError: `ca` cannot be read.
        """
        self.root = root if root.endswith("/") else root + "/"
        self.login: Login = login or NoLogin()
        self.counts = Counts()
        self.timeout = timeout
        self._largest = largest
        # Whether the service has answered at all: before, nobody home is not worth a second knock.
        self.answered = False
        self.pace = pace or Pace(most=lanes)
        self._origin = _origin(self.root)
        self._lanes = lanes
        self._trust = trust(self._origin[0], ca) if ca is not None else None
        self._opening = threading.Lock()
        self._opened: httpx.Client | None = None

    @property
    def _client(self) -> "httpx.Client":
        """The client, made when somebody is asked: loading it takes longer than all that `check --offline` does with a recipe."""
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> "httpx.Client":
        from importer.odata.http.wire import httpx  # noqa: PLC0415 - see `_client`

        scheme, host, _ = self._origin
        return httpx.Client(
            http1=True,
            http2=False,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=self._lanes, max_keepalive_connections=self._lanes),
            timeout=httpx.Timeout(self.timeout, connect=CONNECT_TIMEOUT, pool=None),
            # A proxy of the environment has no business between us and this machine.
            trust_env=host not in _LOOPBACK,
            verify=self._trust if self._trust is not None else trust(scheme),
            headers={
                "accept": "application/json",
                "accept-encoding": "gzip, deflate",
                "odata-maxversion": "4.01",
                "user-agent": "odata-importer",
            },
        )

    def __repr__(self) -> str:
        """Return the root; nothing of the login."""
        return f"Connection({self.root!r})"

    def close(self) -> None:
        """Close the connections, also those of the login."""
        if self._opened is not None:
            self._opened.close()
        self.login.close()

    def url(self, link: str, start: str | None = None) -> str:
        """Return the absolute URL of a link relative to `start`, else to the service root.

        Raises:
            ServiceError: it leads to another origin.
        """
        return self._checked(start or self.root, link)

    def get(self, link: str, *, headers: Mapping[str, str] | None = None, kind: str = "read") -> Response:
        """Return the answer to a GET; redirects are followed inside the origin.

        Raises:
            Unanswered: no answer came.
            ServiceError: the link or a redirect leads away, or the service takes no requests for now.
        """
        url = self.url(link)
        for _ in range(_MAX_REDIRECTS):
            answer = self.send("GET", url, headers=headers, kind=kind)
            target = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or not target:
                return answer
            url = self._checked(url, target)
        return answer

    def renewed(self, answer: Response) -> bool:
        """Whether the login has another proof than the one that was refused inside this answer, in a part of a batch."""
        return self.login.renew(answer.proof)

    def send(
        self,
        method: str,
        link: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        kind: str = "read",
        timeout: float | None = None,
    ) -> Response:
        """Send one request and return its answer; `kind` is what it counts as.

        It is sent once; answered 401, once more if the login has another proof: the first one was refused before it ran
        (odata-protocol.md §6), so this is safe for a write too. An address too long for any service is answered 414 here.

        Raises:
            Unanswered: no answer came, also none of the token server.
            ServiceError: the link leads away, there is no login, or the service takes no requests for longer than we wait.
        """
        url = self.url(link)
        if len(url) > _MAX_URL:
            return Response(414, {}, b"", url)
        proof = self.login.proof()
        answer = self._once(method, url, body, headers, kind=kind, timeout=timeout, proof=proof)
        if answer.status == 401 and self.login.renew(proof.number):
            proof = self.login.proof()
            answer = self._once(method, url, body, headers, kind="retry", timeout=timeout, proof=proof)
        return answer

    def _once(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str] | None,
        *,
        kind: str,
        timeout: float | None,
        proof: Proof,
    ) -> Response:
        self.counts.add(kind)
        answer, content = self._sent(method, url, body, {**proof.headers, **(headers or {})}, timeout)
        self.answered = True
        _log.debug(
            "%s %s → %s, %d bytes",
            method,
            _PREDICATE.sub("(…)", urlsplit(url).path),
            answer.status_code,
            len(content),
        )
        # A refusal or a page is shown and journalled, so secrets are taken out of it; entities are never touched.
        page = "html" in answer.headers.get("content-type", "").lower()
        body_shown = self.login.masked(content) if answer.status_code >= 300 or page else content
        return Response(
            answer.status_code,
            {name.lower(): value for name, value in answer.headers.items()},
            body_shown,
            url,
            proof.number,
        )

    def _sent(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str], timeout: float | None
    ) -> "tuple[httpx.Response, bytes]":
        from importer.odata.http.wire import httpx  # noqa: PLC0415 - see `_client`

        wait = httpx.Timeout(timeout or self.timeout, connect=CONNECT_TIMEOUT, pool=None)
        try:
            with (
                self.pace.turn() as turn,
                self._client.stream(method, url, content=body, headers=headers, timeout=wait) as answer,
            ):
                content = _content(answer, self._largest)
                kind = "batch" if url.endswith("/$batch") else method
                turn.answered(kind, answer.status_code, answer.headers, len(body or b"") + len(content))
                return answer, content
        except Held as held:
            raise ServiceError(come_back(self.root, held.seconds)) from None
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.ProxyError,
            httpx.UnsupportedProtocol,
            httpx.LocalProtocolError,
            httpx.InvalidURL,
        ) as error:
            raise Unanswered(_reason(error), sent=False) from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise Unanswered(_reason(error), sent=True) from None

    def _checked(self, start: str, link: str) -> str:
        """Return the absolute URL of `link`, found in an answer to `start`, if it stays with the service."""
        try:
            url = urljoin(start, link)
            origin, user = _origin(url), urlsplit(url).username
        except ValueError:
            origin, user, url = ("", None, None), None, ""
        if origin != self._origin or user is not None:
            host = f"{origin[0]}://{origin[1]}" + (
                f":{origin[2]}" if origin[2] not in _PORTS.values() else ""
            )
            raise ServiceError(AnotherOrigin(place=EntityPlace(self.root), found=host, expected=self.root))
        return url


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _content(answer: "httpx.Response", largest: int) -> bytes:
    # One layer of packing grows at most a thousandfold; several would hide any size.
    if answer.headers.get("content-encoding", "").strip().lower() not in _ENCODINGS:
        raise Endless(f"packed as {answer.headers['content-encoding']!r}, which was not asked for")
    pieces, size = [], 0
    for piece in answer.iter_bytes():
        size += len(piece)
        if size > largest:
            raise Endless(f"longer than {largest} bytes")
        pieces.append(piece)
    return b"".join(pieces)


def _reason(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return text.splitlines()[0]
