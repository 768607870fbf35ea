"""The service itself, without sockets: a request in, a reply out. One lock around each request."""

import contextlib
import threading
from collections.abc import Iterator, Mapping

from importer.sandbox.addresses import read_path
from importer.sandbox.changing import Changing
from importer.sandbox.reading import Reading
from importer.sandbox.refusals import Refused, not_found, reply_of
from importer.sandbox.replies import Reply
from importer.sandbox.site import Site


class Sandbox:
    """One service that answers."""

    def __init__(self, site: Site) -> None:
        """Serve a service."""
        self.site = site
        self.served: dict[str, int] = {}
        self._lock = threading.RLock()
        self._reading = Reading(site)
        self._changing = Changing(site, self._reading)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else be answered in the block: groups of a batch are not interleaved."""
        with self._lock:
            yield

    def handle(
        self,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        member: bool = False,
    ) -> Reply:
        """Answer one request; `path` is decoded and below the root, names of headers are lower case.

        `member`: it stands in a batch.
        """
        with self._lock:
            try:
                return self._handle(method, path.strip("/"), query, headers, body)
            except Refused as refused:
                if member and self.site.habits.batch_empty_500 and refused.status == 500:
                    return Reply(500)
                return reply_of(refused, self.site.habits.error_form)

    def count(self, kind: str) -> None:
        """Count a request for the witness."""
        with self._lock:
            self.served[kind] = self.served.get(kind, 0) + 1

    def _handle(self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Reply:
        if path in ("", "$metadata"):
            if method != "GET":
                raise Refused(405)
            metadata = Reply(200, {"content-type": "application/xml"}, self.site.document)
            return metadata if path else self._reading.service_document()
        habits = self.site.habits
        address = read_path(path, self.site.model, exact=habits.names == "exact")
        if method == "GET":
            return self._reading.answer(address, query)
        if method not in ("POST", "PATCH", "PUT", "DELETE") or (method == "PUT" and habits.put == "405"):
            raise Refused(405)
        if address.rest is not None:
            if method != "POST" or address.key is None:
                raise not_found()
        elif (method == "POST") is not (address.key is None):
            raise Refused(405)
        has_body = method != "DELETE" and (body or address.rest is None)
        if has_body and "json" not in headers.get("content-type", ""):
            raise Refused(415)
        return self._changing.answer(method, address, headers, body)
