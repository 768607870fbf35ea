"""`Service`: connection, model, dialect and findings of one service together."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from importer.odata.edm import Model
from importer.odata.http import Bearer, Connection, NoLogin, Reader
from importer.odata.http.throttling import Pace
from importer.problems import ServiceError
from importer.service.dialect import Dialect, read_dialect
from importer.service.entities import Entities
from importer.service.metadata import cached, fetch, fingerprint


@dataclass
class Service:
    """One service as we know it.

    fetched: when its metadata were; cached: they are those kept from an earlier time. findings: what was found out while using it
    (`batch`: which form of batches works: json, multipart or none).
    """

    name: str
    model: Model
    dialect: Dialect
    connection: Connection
    reader: Reader
    entities: Entities
    fetched: datetime
    cached: bool
    findings: dict[str, object] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Return the service root, with a slash at its end."""
        return self.connection.root

    def fingerprint(self, used: dict[str, tuple[str, ...]]) -> str:
        """Return the hash of the used part of the metadata."""
        return fingerprint(self.model, used)

    def lineage(self, type_name: str) -> tuple[str, ...]:
        """Return the plain names of a type and its bases, for the dialect."""
        return tuple(declared.name.rpartition(".")[2] for declared in self.model.lineage(type_name))

    def close(self) -> None:
        """Close the connections."""
        self.connection.close()


def open_service(
    name: str,
    url: str,
    *,
    login: Bearer | NoLogin | None = None,
    dialect: str | None = None,
    timeout: float = 60.0,
    lanes: int = 8,
    requests_per_second: float | None = None,
    per_hour: int | None = None,
    cache: Path | None = None,
    offline: bool = False,
    pause: Callable[[float], None] = time.sleep,
) -> Service:
    """Return the service at `url`, its metadata read (from `cache` when `offline`).

    `lanes` is the most requests at once, `requests_per_second` and `per_hour` how many may leave (the dialect's, if None).

    Raises:
        ServiceError: unreachable, login refused, not OData v4.
        ConfigurationError: unknown dialect.
    """
    facts = read_dialect(dialect)
    # What the dialect says of it, where it says so.
    allowed = per_hour or getattr(getattr(facts, "limits", None), "requests_per_hour", None)
    pace = Pace(requests_per_second, most=lanes, per_hour=allowed, pause=pause)
    connection = Connection(url, login=login, timeout=timeout, lanes=lanes, pace=pace)
    reader = Reader(connection, pause=pause)
    try:
        found = cached(connection.root, cache) if offline and cache is not None else fetch(reader, cache)
    except ServiceError:
        connection.close()
        raise
    reader.sets = frozenset(found.model.sets)
    entities = Entities(reader, found.model)
    return Service(name, found.model, facts, connection, reader, entities, found.fetched, found.cached)
