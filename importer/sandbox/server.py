"""The service itself, without sockets: a request in, a reply out. One lock around each request."""

import threading
from collections.abc import Mapping

from importer.sandbox.addresses import read_path
from importer.sandbox.changing import Changing
from importer.sandbox.reading import Reading
from importer.sandbox.refusals import Refused, not_found
from importer.sandbox.site import Reply, Site, json_reply


class Sandbox:
    """One service that answers."""

    def __init__(self, site: Site) -> None:
        """Serve a service."""
        self.site = site
        self.served: dict[str, int] = {}
        self._lock = threading.RLock()
        self._reading = Reading(site)
        self._changing = Changing(site, self._reading)

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
                empty = refused.body is None
                return Reply(refused.status) if empty else json_reply(refused.status, refused.body)

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
        address = read_path(path, self.site.model)
        if method == "GET":
            return self._reading.answer(address, query)
        if address.rest is not None:
            raise not_found()  # bound actions come with a later service
        if method not in ("POST", "PATCH", "DELETE") or (method == "POST") is not (address.key is None):
            raise Refused(405)
        if method != "DELETE" and "json" not in headers.get("content-type", ""):
            raise Refused(415)
        return self._changing.answer(method, address, headers, body)
