"""A service in memory behind the port `Connection`: honest or not, with losses and kills on demand; and makers of plans.

Everything above the wire is real: reader, entities, executor, plan file.
"""

import json
import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote
from uuid import UUID, uuid5

from importer.executor import Applied, Options, Settings, apply_plan
from importer.odata.csdl import read_metadata
from importer.odata.http import Counts, NoLogin, Reader, Response, Unanswered
from importer.odata.http.throttling import Pace
from importer.plan import Action, Change, FilePrint, Origin, StepTotals, Verb
from importer.plan.file import PlanWriter
from importer.problems import CellPlace
from importer.service import Entities, Service
from importer.service.dialect import read_dialect

SPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
ROOT = "http://127.0.0.1:1/odata/"
CSDL = """<?xml version="1.0"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="N" xmlns="http://docs.oasis-open.org/odata/ns/edm">
 <EntityType Name="Department"><Key><PropertyRef Name="id"/></Key>
  <Property Name="id" Type="Edm.Guid" Nullable="false"/><Property Name="name" Type="Edm.String"/>
  <Property Name="code" Type="Edm.String"/><Property Name="parentId" Type="Edm.Guid"/>
  <Property Name="rate" Type="Edm.Decimal" Precision="18" Scale="2"/><Property Name="since" Type="Edm.Date"/></EntityType>
 <EntityType Name="User"><Key><PropertyRef Name="id"/></Key>
  <Property Name="id" Type="Edm.Guid" Nullable="false"/><Property Name="name" Type="Edm.String"/>
  <Property Name="email" Type="Edm.String"/><Property Name="departmentId" Type="Edm.Guid"/>
  <NavigationProperty Name="boss" Type="N.Department"/></EntityType>
 <EntityContainer Name="C"><EntitySet Name="Departments" EntityType="N.Department"/><EntitySet Name="Users" EntityType="N.User"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>"""
MODEL = read_metadata(CSDL.encode(), "$metadata")


class Killed(BaseException):
    """The process dies here."""


@dataclass
class World:
    """The service's habits and faults. Faults are by the number of the write request, from 1."""

    keys: str = "kept"  # kept, replaced, refused (400) or crash (500)
    batch: str = "json"  # json, multipart, both, none
    named: bool = False  # answers in multipart bring Content-IDs
    parts: int = 100
    mute: bool = False
    minimal: bool = False
    etags: bool = False
    need_etag: bool = False
    drop: dict = field(default_factory=dict)  # write number → before, after, late, half, cut
    kill: dict = field(default_factory=dict)  # write number → before, after
    status: dict = field(default_factory=dict)  # write number → (status, headers, body)
    refuse: dict = field(default_factory=dict)  # name → (status, message)
    once: dict = field(default_factory=dict)  # name → status, the first time
    omit: int | None = None  # a batch answers only so many of its members, all being carried out
    hidden: int = (
        0  # so many reads of an entity by its key or in a list find nothing: a reader behind the writer
    )
    ignore: set = field(default_factory=set)  # properties never stored
    store: dict = field(default_factory=lambda: {"Departments": {}, "Users": {}})
    versions: dict = field(default_factory=dict)
    late: list = field(default_factory=list)
    writes: int = 0
    log: list = field(default_factory=list)
    made: int = 0
    root: str = ROOT
    timeout: float = 60.0
    lock: threading.RLock = field(default_factory=threading.RLock)
    pauses: list = field(default_factory=list)
    forms: list = field(default_factory=list)  # of the batches that came

    renewals: int = 0  # so often the login gives another proof
    desk: str | None = None  # why the token server cannot be reached
    login: NoLogin = field(default_factory=NoLogin)

    def __post_init__(self):
        self.counts = Counts()
        self.pace = Pace(most=8, pause=lambda _: None)

    def renewed(self, answer):
        if self.desk is not None:
            raise Unanswered(self.desk, sent=False)
        self.renewals -= 1
        return self.renewals >= 0

    # What the executor and the reader see.

    def url(self, link):
        return link if link.startswith("http") else self.root + link

    def get(self, link, *, headers=None, kind="read"):
        return self.send("GET", link, kind=kind)

    def send(self, method, link, *, body=None, headers=None, kind="read", timeout=None):
        self.counts.add(kind)
        path = self.url(link)[len(self.root) :]
        with self.lock:
            if method == "GET":
                return self._response(*self._read(path))
            if path == "$batch":
                return self._batched(body, (headers or {}).get("content-type", ""))
            return self._written(lambda: self._write(method, path, headers or {}, body))

    def pause(self, seconds):
        """Time passes: late writes arrive."""
        self.pauses.append(seconds)
        with self.lock:
            for write in self.late:
                write()
            self.late.clear()

    def names(self, entity_set="Departments"):
        return sorted(item.get("name") for item in self.store[entity_set].values())

    def service(self):
        reader = Reader(self, pause=self.pause)
        reader.sets = frozenset(MODEL.sets)
        return Service(
            "test",
            MODEL,
            read_dialect(None),
            self,
            reader,
            Entities(reader, MODEL),
            datetime.now(UTC),
            cached=False,
        )

    # How it does it.

    def _batched(self, body, kind):
        form = "multipart" if kind.startswith("multipart/mixed") else "json"
        self.forms.append(form)
        if self.batch not in (form, "both"):
            return self._response(404 if self.batch == "none" else 415, {}, b"")
        requests = _parts(body, kind) if form == "multipart" else json.loads(body)["requests"]
        if all(request["method"] == "GET" for request in requests):
            members = [self._member(r, lambda r=r: self._read(r["url"])) for r in requests]
            return self._response(*self._answers(form, members))
        if len(requests) > self.parts:
            self.writes += 1
            return self._response(500, {}, b"")
        assert all(
            request["headers"]["content-type"] == "application/json"
            for request in requests
            if request["method"] != "DELETE"
        )

        def run(upto=None):
            answers = []
            for r in requests[:upto]:
                answers.append(
                    self._member(
                        r,
                        lambda r=r: self._write(
                            r["method"], r["url"], r["headers"], _dump(r.get("body")), batch=True
                        ),
                    )
                )
            return self._answers(form, answers[: self.omit])

        return self._written(run)

    def _answers(self, form, members):
        if form == "json":
            return 200, {}, _dump({"responses": members})
        pieces = []
        for member in members:
            name = f"Content-ID: {member['id']}\r\n" if self.named else ""
            lines = "".join(f"{n}: {v}\r\n" for n, v in member["headers"].items())
            body = json.dumps(member["body"]) if "body" in member else ""
            pieces.append(
                f"--batchresponse_1\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n{name}\r\n"
                f"HTTP/1.1 {member['status']} Words\r\n{lines}\r\n{body}\r\n"
            )
        whole = "".join(pieces) + "--batchresponse_1--\r\n"
        return 200, {"content-type": "multipart/mixed; boundary=batchresponse_1"}, whole.encode()

    def _written(self, run):
        self.writes += 1
        number = self.writes
        if self.kill.get(number) == "before":
            raise Killed
        if number in self.status:
            return self._response(*self.status[number])
        drop = self.drop.get(number)
        if drop == "refused":
            raise Unanswered("refused", sent=False)
        if drop == "before":
            raise Unanswered("lost", sent=True)
        if drop == "late":
            self.late.append(run)
            raise Unanswered("lost", sent=True)
        if drop == "half":
            try:
                run(1)
            except TypeError:
                run()
            raise Unanswered("lost", sent=True)
        answer = run()
        if self.kill.get(number) == "after":
            raise Killed
        if drop == "after":
            raise Unanswered("lost", sent=True)
        if drop == "cut":
            return self._response(answer[0], answer[1], answer[2][: len(answer[2]) // 2])
        return self._response(*answer)

    def _member(self, request, run):
        status, headers, body = run()
        answer = {"id": request["id"], "status": status, "headers": headers}
        if body:
            answer["body"] = json.loads(body)
        return answer

    def _write(self, method, path, headers, body, batch=False):
        entity_set, key = _split(path)
        document = json.loads(body) if body else {}
        if document.get("name") in self.once:
            return self.once.pop(document["name"]), {}, b""
        if document.get("name") in self.refuse:
            status, message = self.refuse[document["name"]]
            return (
                status,
                {},
                b""
                if self.mute and batch
                else _dump({"error": {"code": "Rule", "message": message, "details": {}}}),
            )
        if method == "POST":
            return self._create(entity_set, document)
        entity = self.store[entity_set].get(key)
        if entity is None:
            return 404, {}, b""
        version = f'W/"{self.versions.get(key, 0)}"'
        if self.etags and "if-match" in headers and headers["if-match"] != version:
            return 412, {}, _dump({"error": {"code": "412", "message": "changed"}})
        if self.need_etag and "if-match" not in headers:
            return 428, {}, _dump({"error": {"code": "428", "message": "If-Match needed"}})
        self.log.append((method, entity_set, key))
        if method == "DELETE":
            del self.store[entity_set][key]
            return 204, {}, b""
        entity.update({n: v for n, v in document.items() if n not in self.ignore})
        self.versions[key] = self.versions.get(key, 0) + 1
        return (204, {}, b"") if self.minimal else (200, {}, _dump(self._shown(entity_set, key)))

    def _create(self, entity_set, document):
        key = document.get("id")
        if key is not None and self.keys in ("refused", "crash"):
            return 400 if self.keys == "refused" else 500, {}, b""
        if key is None or self.keys == "replaced":
            self.made += 1
            key = str(uuid5(SPACE, f"made {self.made}"))
        if key in self.store[entity_set]:
            return (
                500,
                {},
                _dump(
                    {"error": {"code": "SQLITE_CONSTRAINT_PRIMARYKEY", "message": "UNIQUE constraint failed"}}
                ),
            )
        self.store[entity_set][key] = {
            **{n: v for n, v in document.items() if n not in self.ignore},
            "id": key,
        }
        self.log.append(("POST", entity_set, key))
        location = {"location": f"{self.root}{entity_set}({key})"}
        return (204, location, b"") if self.minimal else (201, location, _dump(self._shown(entity_set, key)))

    def _shown(self, entity_set, key):
        declared = MODEL.properties_of(MODEL.sets[entity_set].type)
        entity = {name: self.store[entity_set][key].get(name) for name in declared}
        return {"@odata.etag": f'W/"{self.versions.get(key, 0)}"', **entity} if self.etags else entity

    def _read(self, path):
        path, _, options = path.partition("?")
        asked = {name: values[0] for name, values in parse_qs(options).items()}
        if path.endswith("/$count"):
            return 200, {}, str(len(self.store[path.partition("/")[0]])).encode()
        entity_set, key = _split(path)
        if key is not None:
            if key not in self.store[entity_set] or self.hidden:
                self.hidden = max(0, self.hidden - 1)
                return 404, {}, b""
            shown = self._shown(entity_set, key)
            if "$expand" in asked:
                boss = self.store[entity_set][key].get("boss@odata.bind")
                shown["boss"] = {"id": _split(boss)[1]} if boss else None
            return 200, {}, _dump(shown)
        rows = [self._shown(entity_set, key) for key in sorted(self.store[entity_set])]
        if rows and self.hidden:
            self.hidden -= 1
            rows = []
        if "$filter" in asked:
            rows = [row for row in rows if _holds(asked["$filter"], row)]
        return 200, {}, _dump({"value": rows[: int(asked.get("$top", "100000"))]})

    def _response(self, status, headers, body):
        return Response(status, {"content-type": "application/json", **headers}, body, self.root)


def _parts(body, kind):
    """Take a multipart batch apart as strictly as the specification allows a service to be."""
    boundary = b"--" + kind.partition("boundary=")[2].encode()
    pieces = body.split(boundary)
    assert (pieces[0], pieces[-1]) == (b"", b"--\r\n")
    found = []
    for piece in pieces[1:-1]:
        head, request, rest = piece.removeprefix(b"\r\n").removesuffix(b"\r\n").split(b"\r\n\r\n", 2)
        assert head.startswith(
            b"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: "
        )
        line, *headers = request.decode().split("\r\n")
        method, url, version = line.split(" ")
        assert version == "HTTP/1.1"
        fields = dict(item.split(": ", 1) for item in headers)
        found.append(
            {"id": head.decode().rpartition(": ")[2], "method": method, "url": url, "headers": fields}
        )
        if rest.strip():
            found[-1]["body"] = json.loads(rest)
    return found


def _dump(value):
    return json.dumps(value).encode()


def _split(path):
    match = re.fullmatch(r"(\w+)(?:\((.*)\))?", unquote(path))
    return match[1], match[2]


def _holds(text, row):
    if " and " in text:
        return all(_holds(part, row) for part in text.split(" and "))
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    if match := re.fullmatch(r"(\w+) in \((.*)\)", text):
        return str(row[match[1]]) in [item.strip("'") for item in match[2].split(",")]
    if match := re.fullmatch(r"(\w+) gt (.*)", text):
        return str(row[match[1]]) > match[2].strip("'")
    return any(
        str(row[n]) == v.strip("'") for n, _, v in (term.partition(" eq ") for term in text.split(" or "))
    )


# Plans.


def key_of(name):
    return str(uuid5(SPACE, name))


def department(number, name, *, wave=1, parent=None, own_key=True, searched=True, **more):
    """A create of a department; `parent` is the number of another action."""
    body = {"name": name, **more}
    if parent is not None:
        body["parentId"] = {"$action": parent}
    return Action(
        id=number,
        step="departments",
        set="Departments",
        type="N.Department",
        verb=Verb.CREATE,
        title=name,
        key={"id": key_of(name)} if own_key else None,
        own_key=own_key,
        wave=wave,
        places=(CellPlace("book.xlsx", "Sheet", None, number),),
        changes=(Change(property="name", after=name),),
        body=body,
        search=({"name": name},) if searched else (),
    )


def change(number, key, before, after, *, wave=1, etag=None, name="code", verb=Verb.UPDATE):
    return Action(
        id=number,
        step="departments",
        set="Departments",
        type="N.Department",
        verb=verb,
        title=key,
        key={"id": key},
        wave=wave,
        places=(CellPlace("book.xlsx", "Sheet", None, number),),
        changes=(Change(property=name, before=before, after=after),),
        body={name: after} if verb is Verb.UPDATE else {},
        guard={name: before},
        etag=etag,
    )


def user(number, name, department_action, *, wave=2):
    return Action(
        id=number,
        step="users",
        set="Users",
        type="N.User",
        verb=Verb.CREATE,
        title=name,
        key={"id": key_of("user " + name)},
        own_key=True,
        wave=wave,
        places=(CellPlace("book.xlsx", "Users", None, number),),
        body={"name": name, "departmentId": {"$action": department_action}},
        search=({"name": name},),
    )


USED = {"Departments": ("id", "name", "code", "parentId", "rate"), "Users": ("id", "name", "departmentId")}


def write_plan(folder, actions, *, blocked=0, url=ROOT, model=MODEL, used=USED, problems=(), name="a.plan"):
    from importer.plan.origin import hash_file
    from importer.service.metadata import fingerprint

    recipe = folder / "recipe.yaml"
    if not recipe.exists():
        recipe.write_text("recipe: 1\n")
    path = folder / name
    with PlanWriter(path) as plan:
        plan.origin(
            Origin(
                importer="0",
                recipe=hash_file(recipe),
                files=(),
                service="test",
                url=url,
                metadata=fingerprint(model, used),
                used=used,
                created="2026-11-24T00:00:00Z",
                today="2026-11-24T00:00:00Z",
            )
        )
        steps = dict.fromkeys(action.step for action in actions) or {"departments": None}
        plan.steps([StepTotals(name=step, to="X", blocked=blocked) for step in steps])
        plan.actions(actions)
        plan.problems(problems)
        plan.seal()
    return path


def run(
    path: Path,
    world: World,
    *,
    keys="auto",
    batch_size=100,
    concurrency=2,
    settle=1.0,
    stop=None,
    progress=None,
    **options,
) -> Applied:
    return apply_plan(
        path,
        world.service(),
        settings=Settings(batch_size=batch_size, concurrency=concurrency, settle=settle, keys=keys),
        options=Options(**options),
        pause=world.pause,
        stop=stop,
        progress=progress,
    )


__all__ = ["FilePrint", "Killed", "World", "change", "department", "key_of", "run", "user", "write_plan"]
