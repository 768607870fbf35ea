"""What only a write can tell: whether our keys are kept, what answers a second create, whether an old version is noticed.

One entity named `importer-probe-…` is made, changed and deleted. Whatever happens in between, everything of that name is sought and
deleted at the end; what cannot be deleted is said. A note in the project's folder is written before the first byte leaves, so that
a probe that was killed is cleared up by the next one. Nothing is ever changed or deleted that does not carry the name.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

import msgspec

from importer.executor.answers import judge_answer
from importer.executor.probe_entity import MARK, Specimen
from importer.executor.values import Key, key_path, plain, typed
from importer.odata.batch import Operation
from importer.odata.edm import equal
from importer.odata.http import Response, Unanswered
from importer.odata.http.statuses import Meaning
from importer.odata.http.writing import Writer
from importer.odata.payload import parse_json, to_json
from importer.odata.url.paths import parse_key_predicate
from importer.problems import EntityPlace, Problem, ServiceError, Severity
from importer.service import FetchedEntity, Service
from importer.service.findings import Seen
from importer.text.masking import masked_literals

_SHOWN = 600


class ProbeLeft(Problem):
    """An entity of the probe is still there."""

    code: ClassVar[str] = "probe-left"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = (
        '{set} still holds "{found}" ({key}), which this probe made and could not delete: {expected}'
    )
    hint: ClassVar[str] = "Delete it by hand, or run the same command again: it clears up first"

    set: str
    key: str


class ProbeRefused(Problem):
    """The service takes no such entity."""

    code: ClassVar[str] = "service-refused"
    severity: ClassVar[Severity] = Severity.WARNING
    text: ClassVar[str] = "The service answered {status} to a new entity of {set}: {found}"
    hint: ClassVar[str] = "Nothing was written; try another set"

    status: int
    set: str


class Note(msgspec.Struct, frozen=True):
    """What may be on the service: entities of a set whose `property` begins with `mark`."""

    url: str
    set: str
    property: str
    mark: str
    keys: list[dict[str, Any]]


@dataclass
class Written:
    """What writing taught; None: not found out.

    kept: whether our key was; duplicate: what answered a second create under it; concurrency: how a write with an old version was
    answered.
    """

    kept: bool | None = None
    duplicate: str | None = None
    concurrency: str | None = None
    seen: list[Seen] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def write_probe(service: Service, specimen: Specimen, folder: Path) -> Written:
    """Return what writing to one set teaches; `folder` is where the note is kept meanwhile.

    Raises:
        ServiceError: the service cannot be read any more; what may be left is in the note, which stays.
        OSError: the note cannot be written; then nothing was sent.
    """
    return _Probe(service, specimen, folder).run()


def clear_up(service: Service, folder: Path) -> list[Problem]:
    """Delete what earlier probes of this service left behind, and return what still cannot be deleted."""
    problems: list[Problem] = []
    for path in sorted(folder.glob("write-*.json")):
        try:
            note = msgspec.json.decode(path.read_bytes(), type=Note)
        except (OSError, msgspec.MsgspecError):
            continue
        if note.url == service.url and note.set in service.model.sets:
            left = _Cleaner(service, note).clean()
            problems += left
            if not left:
                path.unlink(missing_ok=True)
    return problems


class _Probe:
    def __init__(self, service: Service, specimen: Specimen, folder: Path) -> None:
        self._service, self._specimen, self._folder = service, specimen, folder
        self._writer, self._found = Writer(service.connection), Written()
        self._set = service.model.sets[specimen.set]
        self._keys: list[Key] = []

    def run(self) -> Written:
        with self._noted():
            own = self._specimen.own_key
            made = self._create(own)
            if made is not None and own is not None:
                self._found.kept = _same(made, own)
                if self._found.kept:
                    self._second(own)
            if made is not None:
                self._versions(made)
        return self._found

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Write the note first, and clear up at the end, whatever happens."""
        specimen = self._specimen
        path = self._folder / f"write-{specimen.mark}.json"
        keys = [dict(plain(specimen.own_key) or {})] if specimen.own_key else []
        note = Note(self._service.url, specimen.set, specimen.naming, specimen.mark, keys)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.encode(note))
        try:
            yield
        finally:
            cleaner = _Cleaner(self._service, note, self._keys)
            try:
                left = cleaner.clean()
            except ServiceError as error:
                left = [_perhaps_left(note, self._keys, error)]
            self._found.seen += cleaner.seen
            self._found.problems += left
            if not left:
                path.unlink(missing_ok=True)

    def _create(self, own: Key | None) -> Key | None:
        """Create the entity; return its key, None when it was refused or is not to be found."""
        answer = self._send("own-keys", "POST", self._specimen.set, self._specimen.body(own))
        if answer is None:
            return self._sought()
        judged = judge_answer(answer.status, answer.headers, answer.body)
        if judged.meaning is not Meaning.DONE:
            found = self._sought()  # a refusal is believed when nothing is there
            if found is None:
                place = EntityPlace(self._specimen.set)
                self._found.problems.append(
                    ProbeRefused(
                        place=place,
                        found=judged.message or "–",
                        status=answer.status,
                        set=self._specimen.set,
                    )
                )
            return found
        key = self._key_of(answer) or self._sought()
        if key is not None:
            self._keys.append(key)
        return key

    def _second(self, own: Key) -> None:
        """Create another entity under the same key: no status is reliable, what stands there is (odata-protocol.md rule 7)."""
        specimen = self._specimen
        answer = self._send("duplicate", "POST", specimen.set, specimen.body(own, "-2"))
        if answer is not None and (key := self._key_of(answer)) is not None and not _same(key, own):
            self._keys.append(key)
        there = self._read(own)
        overwritten = there is not None and there.values.get(specimen.naming) == specimen.text("-2")
        if overwritten:
            self._found.duplicate = "overwritten"
        elif answer is not None:
            self._found.duplicate = "accepted" if 200 <= answer.status < 300 else str(answer.status)

    def _versions(self, key: Key) -> None:
        """Change the entity, then change it once more saying an old version, to see whether that is noticed."""
        specimen, version = self._specimen, self._specimen.version
        before = self._read(key)
        if before is None or not _carries(before, specimen.naming, specimen.mark):
            return
        path = key_path(self._set, key, self._service.model)
        self._send("change", "PATCH", path, {specimen.naming: specimen.text("-3")}, _if_match(before.etag))
        after = self._read(key)
        if after is None or after.values.get(specimen.naming) != specimen.text("-3"):
            return
        body: dict[str, Any] = {specimen.naming: specimen.text("-4")}
        if before.etag and before.etag != after.etag:
            answer = self._send("version", "PATCH", path, body, _if_match(before.etag))
            word = "etag"
        elif version and before.values.get(version) != after.values.get(version):
            old = plain({version: before.values.get(version)}) or {}
            answer = self._send("version", "PATCH", path, {**body, **old}, _if_match(after.etag))
            word = version
        else:
            self._found.concurrency = "none"
            return
        if answer is not None:
            refused = not 200 <= answer.status < 300
            self._found.concurrency = f"{word}: {'checked' if refused else 'ignored'}"

    def _send(
        self,
        about: str,
        method: str,
        path: str,
        body: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
    ) -> Response | None:
        """Send one write once; None when no answer came."""
        prefer = {"content-type": "application/json", "prefer": "return=representation"}
        operation = Operation("1", method, path, {**prefer, **(headers or {})}, to_json(body))
        try:
            answer = self._writer.single(operation)
        except Unanswered as lost:
            self._found.seen.append(
                Seen(about, f"{method} {masked_literals(path)}", None, lost.reason, self._specimen.set)
            )
            # It may still be on its way (odata-protocol.md rule 6).
            self._service.reader.pause(1.0)
            return None
        self._found.seen.append(_seen(about, f"{method} {masked_literals(path)}", answer, self._specimen.set))
        return answer

    def _key_of(self, answer: Response) -> Key | None:
        """Return the key that an answer tells: the body's, else that of `Location` (odata-protocol.md rule 2)."""
        names = self._service.model.key_of(self._set.type)
        try:
            raw = parse_json(answer.body)
        except ValueError:
            raw = None
        if isinstance(raw, dict) and all(raw.get(name) is not None for name in names):
            return typed({name: raw[name] for name in names}, self._service.model, self._set.type)
        link = answer.headers.get("location") or answer.headers.get("odata-entityid") or ""
        return parse_key_predicate(link, self._service.model, self._specimen.set)

    def _sought(self) -> Key | None:
        found = _sought(self._service, self._specimen.set, self._specimen.naming, self._specimen.mark)
        return next((entity.key for entity in found), None)

    def _read(self, key: Key) -> FetchedEntity | None:
        select = [self._specimen.naming, *([self._specimen.version] if self._specimen.version else [])]
        return self._service.entities.one(self._specimen.set, key, select)


class _Cleaner:
    """Deletes what carries a mark, and nothing else."""

    def __init__(self, service: Service, note: Note, keys: list[Key] | None = None) -> None:
        self._service, self._note = service, note
        kind = service.model.sets[note.set].type
        self._keys = [*(keys or []), *(typed(key, service.model, kind) for key in note.keys)]
        self.seen: list[Seen] = []

    def clean(self) -> list[Problem]:
        """Delete everything of the mark; return a problem for each that is still there."""
        note, service = self._note, self._service
        found = {entity.identity: entity for entity in _sought(service, note.set, note.property, note.mark)}
        for key in self._keys:
            entity = service.entities.one(note.set, key, [note.property])
            if entity is not None and _carries(entity, note.property, note.mark):
                found[entity.identity] = entity
        return [problem for entity in found.values() if (problem := self._delete(entity)) is not None]

    def _delete(self, entity: FetchedEntity) -> Problem | None:
        note, service = self._note, self._service
        path = key_path(service.model.sets[note.set], entity.key, service.model)
        said = ""
        for _ in range(2):
            operation = Operation("1", "DELETE", path, dict(_if_match(entity.etag)))
            try:
                answer = Writer(service.connection).single(operation)
                said = judge_answer(answer.status, answer.headers, answer.body).message or str(answer.status)
                self.seen.append(_seen("delete", f"DELETE {masked_literals(path)}", answer, note.set))
            except Unanswered as lost:
                said = lost.reason
            there = service.entities.one(note.set, entity.key, [note.property])
            if there is None or not _carries(there, note.property, note.mark):
                return None
            entity = there
        name = str(entity.values.get(note.property))
        return ProbeLeft(
            place=EntityPlace(note.set), found=name, key=path, set=note.set, expected=said or "–"
        )


def _sought(service: Service, entity_set: str, naming: str, mark: str) -> list[FetchedEntity]:
    """Return the entities that carry a mark, whatever their keys are."""
    names = [f"{mark}{suffix}" for suffix in ("", "-2", "-3", "-4")]
    found = service.entities.by_values(entity_set, naming, names, [naming])
    if found is None:
        found = list(service.entities.read_all(entity_set, [naming]))
    return [entity for entity in found if _carries(entity, naming, mark)]


def _perhaps_left(note: Note, keys: list[Key], error: ServiceError) -> Problem:
    """Return what to say when the service let us not even look."""
    known = [
        str(value) for key in (*note.keys, *(plain(key) or {} for key in keys)) for value in key.values()
    ]
    said = "; ".join(problem.message() for problem in error.problems)
    shown = ", ".join(dict.fromkeys(known)) or "?"
    return ProbeLeft(place=EntityPlace(note.set), found=note.mark, key=shown, set=note.set, expected=said)


def _carries(entity: FetchedEntity, naming: str, mark: str) -> bool:
    return mark.startswith(MARK) and str(entity.values.get(naming) or "").startswith(mark)


def _same(one: Key, other: Key) -> bool:
    return all(equal(value, one.get(name)) for name, value in other.items())


def _if_match(etag: str | None) -> Mapping[str, str]:
    return {"if-match": etag} if etag else {}


def _seen(about: str, request: str, answer: Response, entity_set: str) -> Seen:
    judged = judge_answer(answer.status, answer.headers, answer.body)
    return Seen(about, request, answer.status, masked_literals(judged.message)[:_SHOWN], entity_set)


def new_key(service: Service, entity_set: str) -> Key | None:
    """Return a key of our own for a set whose key is one GUID, else None."""
    kind = service.model.sets[entity_set].type
    key = service.model.key_of(kind)
    declared = service.model.properties_of(kind)
    is_guid = (
        len(key) == 1 and key[0] in declared and service.model.underlying(declared[key[0]].type) == "Edm.Guid"
    )
    return {key[0]: UUID(bytes=uuid4().bytes)} if is_guid else None
