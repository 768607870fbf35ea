"""`Service`: connection, model, dialect and findings of one service together."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from importer.odata.batch import Format
from importer.odata.edm import Model
from importer.odata.edm.writable import PropertyFacts, Required, required_on_create
from importer.odata.http import Connection, Login, Reader
from importer.odata.http.throttling import Pace
from importer.problems import ServiceError
from importer.service.dialect import Dialect, read_dialect
from importer.service.entities import Entities
from importer.service.facts import corrected_facts, plain_lineage
from importer.service.findings import UNKNOWN, Findings, kept
from importer.service.metadata import cached, fetch, fingerprint


@dataclass
class Service:
    """One service as we know it.

    fetched: when its metadata were; cached: they are those kept from an earlier time. findings: what was found out while using it
    (`batch`: which form of batches works: json, multipart or none). document: the metadata as they were sent.
    probed: what `importer probe` found out about these metadata.
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
    _facts: dict[tuple[str, str], Mapping[str, PropertyFacts]] = field(default_factory=dict, repr=False)

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
        return plain_lineage(self.model, type_name)

    def version_of(self, type_name: str) -> str | None:
        """Return the property that changes with every write of such an entity, and may be sent back in a body; None without one."""
        name = self.dialect.concurrency_of(self.lineage(type_name))
        return name if name in self.model.properties_of(type_name) else None

    def facts(self, entity_set: str, type_name: str) -> Mapping[str, PropertyFacts]:
        """Return what decides how each property of a set's entities is written, by name; `entity_set` may be empty."""
        found = self._facts.get((entity_set, type_name))
        if found is None:
            found = corrected_facts(self.model, self.dialect, entity_set, type_name)
            self._facts[entity_set, type_name] = found
        return found

    def required(self, entity_set: str, type_name: str) -> tuple[Required, ...]:
        """Return what is needed to create an entity: what the metadata demand, then what the dialect adds, in its words."""
        facts = self.facts(entity_set, type_name)
        found = {
            item.property: Required(item.property, facts[item.property].required)
            for item in required_on_create(self.model, entity_set, type_name)
            if facts[item.property].required or facts[item.property].usual
        }
        lineage = self.lineage(type_name)
        for name, item in facts.items():
            wire = item.pair or name
            if item.required and self.dialect.is_required(lineage, name) and not {name, wire} & found.keys():
                found[name] = Required(name, certain=True)
        return tuple(found.values())

    def close(self) -> None:
        """Close the connections."""
        self.connection.close()


def open_service(
    name: str,
    url: str,
    *,
    login: Login | None = None,
    dialect: str | None = None,
    timeout: float = 60.0,
    lanes: int = 8,
    requests_per_second: float | None = None,
    per_hour: int | None = None,
    cache: Path | None = None,
    ca: Path | None = None,
    offline: bool = False,
    project: Path | None = None,
    probe: Path | None = None,
    pause: Callable[[float], object] = time.sleep,
) -> Service:
    """Return the service at `url`, its metadata read (from `cache` when `offline`), with what is kept in `probe` of what it can do.

    `dialect` is the name of a shipped one, or a path to a file inside the folder `project`.

    `pause` waits so many seconds; something true means that nobody wants to wait any more.
    `lanes` is the most requests at once, `requests_per_second` and `per_hour` how many may leave (the dialect's, if None).

    Raises:
        ServiceError: unreachable, login refused, not OData v4.
        ConfigurationError: unknown dialect, or something wrong in it.
    """
    facts = read_dialect(dialect, project)
    allowed = per_hour or facts.limits.requests_per_hour
    pace = Pace(requests_per_second, most=lanes, per_hour=allowed, pause=pause)
    connection = Connection(url, login=login, timeout=timeout, lanes=lanes, pace=pace, ca=ca)
    reader = Reader(connection, pause=pause)
    try:
        found = cached(connection.root, cache) if offline and cache is not None else fetch(reader, cache)
    except ServiceError:
        connection.close()
        raise
    reader.sets = frozenset(found.model.sets)
    reader.top = facts.limits.top
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
    if known.top_max is not None:
        service.reader.top = known.top_max
    if known.batch != UNKNOWN:
        service.findings["batch"] = known.batch
        form = next((form for form in Format if form.value == known.batch), None)
        service.entities.asker.batches = form is not None
        service.reader.form = form
