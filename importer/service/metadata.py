"""`$metadata`: fetched or cached, and the fingerprint of the part that a plan uses."""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import msgspec

from importer.odata.csdl import from_folder, from_map, read_metadata
from importer.odata.edm import Model, NavigationProperty, Property
from importer.odata.http.reading import Reader, ReadFailed
from importer.problems import EntityPlace, Problem, ServiceError, Severity


class NoMetadata(Problem):
    """The address answers, but has no `$metadata`."""

    code: ClassVar[str] = "not-odata"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{expected} has no $metadata: the answer is {status}. {found}"
    hint: ClassVar[str] = (
        "Check the address in importer.yaml: it ends where $metadata follows, often in /odata"
    )

    status: int


class NoCachedMetadata(Problem):
    """Nothing is cached yet."""

    code: ClassVar[str] = "service-unreachable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "No metadata of {expected} are kept here yet."
    hint: ClassVar[str] = "Run the command once without --offline"


# Every service has the XML form; one that has only the other may send it.
_ACCEPTED = "application/xml, application/json;q=0.1"


class Metadata(msgspec.Struct, frozen=True):
    """A read `$metadata` document. `fetched` is when; `cached`: it was taken from the project's folder."""

    model: Model
    document: bytes
    fetched: datetime
    cached: bool


def fetch(reader: Reader, folder: Path | None) -> Metadata:
    """Return the service's metadata now; they are kept in `folder` for `--offline`.

    Documents that they refer to are looked for in `folder` too, and never fetched.

    Raises:
        ServiceError: unreachable, refused, or not OData v4.
    """
    root = reader.connection.root
    try:
        answer = reader.get("$metadata", accept=_ACCEPTED)
    except ReadFailed as failed:
        raise ServiceError(
            NoMetadata(
                place=EntityPlace(root),
                found=failed.message.text,
                expected=root,
                status=failed.message.status,
            )
        ) from None
    model = _read(answer.body, root, folder)
    if folder is not None:
        _keep(_cache(folder, root), answer.body)
    return Metadata(model, answer.body, datetime.now(UTC), cached=False)


def cached(root: str, folder: Path) -> Metadata:
    """Return the metadata kept from the last time.

    Raises:
        ServiceError: there are none.
    """
    path = _cache(folder, root)
    if not path.is_file():
        raise ServiceError(NoCachedMetadata(place=EntityPlace(root), expected=root))
    document = path.read_bytes()
    fetched = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Metadata(_read(document, root, folder), document, fetched, cached=True)


def fingerprint(model: Model, used: Mapping[str, Iterable[str]]) -> str:
    """Return the hash of the part of the model that a plan uses: only a change in it makes the plan stale.

    `used` maps entity sets to the properties read or written, also paths; keys, types and enumerations come along.
    """
    part = {name: _described(model, name, used[name]) for name in sorted(used)}
    return hashlib.sha256(json.dumps(part, sort_keys=True, default=str).encode()).hexdigest()


def _described(model: Model, set_name: str, names: Iterable[str]) -> dict[str, object] | None:
    entity_set = model.sets.get(set_name)
    if entity_set is None:
        return None
    properties, navigation = model.properties_of(entity_set.type), model.navigation_of(entity_set.type)
    key = model.key_of(entity_set.type)
    found: dict[str, object] = {"type": entity_set.type, "key": key}
    for name in sorted({name.partition("/")[0] for name in names} | set(key)):
        declared = properties.get(name) or navigation.get(name) or _derived(model, entity_set.type, name)
        if declared is not None:
            facts = {fact: value for fact, value in asdict(declared).items() if fact != "annotations"}
            enum = model.enums.get(declared.type)
            found[name] = {
                **facts,
                "type": model.underlying(declared.type),
                "members": dict(enum.members) if enum else None,
            }
    return found


def _read(document: bytes, root: str, folder: Path | None) -> Model:
    return read_metadata(document, f"{root}$metadata", from_folder(folder) if folder else from_map({}))


def _keep(path: Path, document: bytes) -> None:
    """Write whole or not at all: two commands may run at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.with_suffix(f".{os.getpid()}")
    passing.write_bytes(document)
    passing.replace(path)


def _derived(model: Model, type_name: str, name: str) -> Property | NavigationProperty | None:
    for derived in model.derived_of(type_name):
        found = model.properties_of(derived).get(name) or model.navigation_of(derived).get(name)
        if found is not None:
            return found
    return None


def _cache(folder: Path, root: str) -> Path:
    return folder / f"{hashlib.sha256(root.encode()).hexdigest()[:16]}.xml"
