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
from importer.service.findings import UNKNOWN, Findings, kept
from importer.service.metadata import cached, fetch, fingerprint


@dataclass
class Service:
    """One service as we know it.

    fetched: when its metadata were; cached: they are those kept from an earlier time. findings: what was found out while using it
    (`batch`: the form of batches it takes). document: the metadata as they were sent. probed: what `importer probe` found out
    about these metadata.
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
    document: bytes = field(default=b"", repr=False)
    probed: Findings | None = None

    @property
    def url(self) -> str:
        """Return the service root, with a slash at its end."""
        return self.connection.root

    @property
    def own_keys(self) -> dict[str, bool]:
        """Return set → whether it keeps the keys we choose, for those that a probe wrote to."""
        habits = self.probed.own_keys if self.probed is not None else {}
        return {name: kept for name, kept in habits.items() if kept is not None}

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
    cache: Path | None = None,
    offline: bool = False,
    probe: Path | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Service:
    """Return the service at `url`, its metadata read (from `cache` when `offline`), with what is kept in `probe` of what it can do.

    Raises:
        ServiceError: unreachable, login refused, not OData v4.
        ConfigurationError: unknown dialect.
    """
    facts = read_dialect(dialect)
    pace = Pace(requests_per_second, pause=pause) if requests_per_second else None
    connection = Connection(url, login=login, timeout=timeout, lanes=lanes, pace=pace)
    reader = Reader(connection, pause=pause)
    try:
        found = cached(connection.root, cache) if offline and cache is not None else fetch(reader, cache)
    except ServiceError:
        connection.close()
        raise
    reader.sets = frozenset(found.model.sets)
    entities = Entities(reader, found.model)
    service = Service(
        name,
        found.model,
        facts,
        connection,
        reader,
        entities,
        found.fetched,
        found.cached,
        document=found.document,
    )
    if probe is not None and (known := kept(probe, connection.root, found.document)) is not None:
        _use(service, known)
    return service


def _use(service: Service, known: Findings) -> None:
    """Begin with what probing found out instead of finding it out again."""
    service.probed = known
    service.reader.top = known.top_max
    if known.batch != UNKNOWN:
        service.findings["batch"] = known.batch
        service.entities.asker.batches = known.batch == "json"
