"""`$batch` as ASP.NET Core OData does it, parsed whole first, then one by one; and as others do (Habits)."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any
from urllib.parse import unquote, urlsplit

from importer.sandbox.members import Answered, Member, Unreadable, read_json, write_json
from importer.sandbox.multipart import read_multipart, write_multipart
from importer.sandbox.replies import LOST, Reply, json_reply
from importer.sandbox.server import Sandbox

_WITH_BODY = ("POST", "PATCH", "PUT")
_LONGEST_GROUP = 1_000
_FAILED = {"error": {"code": "", "message": "A request that this one depends on failed.", "details": []}}


class _Cut(Exception):  # noqa: N818 - an answer, not a fault
    """The answer to the whole batch is lost."""


def answer_batch(sandbox: Sandbox, headers: Mapping[str, str], body: bytes) -> Reply:
    """Answer a batch; a malformed one is refused whole, by default with a 500 without a body; nothing runs."""
    habits, kind = sandbox.site.habits, headers.get("content-type", "application/json")
    is_multipart = kind.lower().startswith("multipart/")
    if habits.batch == "none":
        return Reply(404)
    if habits.batch != "both" and is_multipart is not (habits.batch == "multipart"):
        # CAP and Olingo both say it in words of their own.
        return Reply(415) if is_multipart else _refused("400", "The batch must be multipart/mixed.")
    try:
        members = read_multipart(kind, body) if is_multipart else read_json(body)
        addresses = _addresses(members, sandbox)
    except Unreadable as error:
        return _refused("500" if habits.batch_refused == "500" else "400", str(error))
    if not 0 < len(_units(members)) <= habits.batch_parts:
        return _refused(habits.batch_refused, f"A batch has at most {habits.batch_parts} parts.")
    run = _Run(sandbox, headers, addresses, stops=_stops(headers, habits.on_error, is_multipart=is_multipart))
    try:
        answers = run.answers(members)
    except _Cut:
        return LOST
    accepted = headers.get("accept", "")
    # The format of the answer follows Accept: JSON turns a multipart request's answer into JSON.
    if is_multipart and "application/json" not in accepted:
        return write_multipart(answers, content_ids=habits.content_ids)
    return write_json(answers, ids=habits.batch_ids, backwards=habits.batch_order == "reversed")


class _Run:
    """Carries out one batch."""

    def __init__(
        self,
        sandbox: Sandbox,
        outer: Mapping[str, str],
        addresses: Mapping[int, tuple[str, str]],
        *,
        stops: bool,
    ) -> None:
        self._sandbox, self._outer, self._addresses, self._stops = sandbox, outer, addresses, stops
        self._cut = sandbox.site.faults.next_batch()
        self._done = 0
        self._places: dict[str, str] = {}
        self._failed: set[str] = set()

    def answers(self, members: list[Member]) -> list[Answered]:
        """Return the answers in order; without those that the service gives none.

        Raises:
            _Cut: the answer is lost.
        """
        found: list[Answered] = []
        for unit in _units(members):
            answers = self._group(unit) if unit[0].group is not None else [self._single(unit[0])]
            found += answers
            if self._stops and any(answer.reply.status >= 400 for answer in answers):
                break
        if self._cut is not None:
            raise _Cut
        return found

    def _single(self, member: Member) -> Answered:
        reply = self._carried_out(member)
        if reply.lost:
            raise _Cut
        return Answered(member.id, reply)

    def _group(self, members: list[Member]) -> list[Answered]:
        """Carry out a group until one of it fails; what becomes of the others is a habit."""
        habit, store = self._sandbox.site.habits.groups, self._sandbox.site.store
        replies: list[Reply] = []
        if habit == "separate":
            self._until_failure(members, replies)
        else:
            with self._sandbox.alone(), store.group() as undo:
                try:
                    self._until_failure(members, replies)
                except _Cut:
                    undo()  # what is cut inside a transaction never happened
                    raise
                if replies[-1].status >= 400:
                    undo()
        if any(reply.lost for reply in replies):
            raise _Cut
        shown = [Answered(item.id, reply, item.group) for item, reply in zip(members, replies, strict=False)]
        if replies[-1].status < 400:
            return shown
        self._failed |= {str(members[0].group)} | {str(item.id) for item in members}
        if habit == "atomic-lying":
            # CAP: rolled back, yet the others are said to be made.
            return shown
        return [replace(shown[-1], alone=habit == "atomic")]

    def _until_failure(self, members: list[Member], replies: list[Reply]) -> None:
        for member in members:
            replies.append(self._carried_out(member))
            if replies[-1].status >= 400:
                break

    def _carried_out(self, member: Member) -> Reply:
        if self._done == self._cut:
            raise _Cut
        self._done += 1
        evaluated = self._sandbox.site.habits.depends_on == "evaluated"
        hopeless = evaluated and self._failed & set(member.depends)
        reply = json_reply(424, _FAILED) if hopeless else self._asked(member)
        if member.id is not None and reply.place is not None:
            self._places[member.id] = reply.place
        if reply.status >= 400 and member.id is not None:
            self._failed.add(member.id)
        return reply

    def _asked(self, member: Member) -> Reply:
        sandbox = self._sandbox
        sandbox.count("members")
        if (instead := sandbox.site.faults.instead(member.method, member=True)) is not None:
            return reply_instead(instead)
        # The outer preference is inherited by the members (odata-protocol.md §4).
        headers = {"prefer": self._outer.get("prefer", ""), **member.headers}
        if member.method in _WITH_BODY and member.body and "content-type" not in headers:
            error = {"code": "", "message": "The Content-Type header is missing.", "details": []}
            return json_reply(400, {"error": error})
        path, query = self._addresses[id(member)]
        if path.startswith("$") and path != "$batch":
            name, slash, rest = path[1:].partition("/")
            path = self._places.get(name, path) + slash + rest
        return sandbox.handle(member.method, unquote(path), query, headers, member.body, member=True)


def reply_instead(answer: Mapping[str, Any]) -> Reply:
    """Return the answer that `Faults.answers` has instead of carrying out."""
    headers = {"content-type": str(answer.get("content_type", "text/html"))}
    if "retry_after" in answer:
        headers["retry-after"] = str(answer["retry_after"])
    headers |= {str(name).lower(): str(value) for name, value in answer.get("headers", {}).items()}
    return Reply(answer["status"], headers, str(answer.get("body", "")).encode())


def _units(members: list[Member]) -> list[list[Member]]:
    """Return the parts of a batch: single operations, and groups of neighbours."""
    keyed = groupby(enumerate(members), key=lambda item: item[1].group or item[0])
    return [[member for _, member in unit] for _, unit in keyed]


def _addresses(members: list[Member], sandbox: Sandbox) -> dict[int, tuple[str, str]]:
    """Return path and query of each member, both encoded, by its identity.

    Raises:
        Unreadable: an id comes twice, a group is torn, or an address leads elsewhere.
    """
    names = [member.id for member in members if member.id is not None]
    groups = [unit[0].group for unit in _units(members) if unit[0].group is not None]
    if len(set(names)) != len(names) or len(set(groups)) != len(groups) or set(names) & set(groups):
        raise Unreadable("an id or a group comes twice")
    if any(len(unit) > _LONGEST_GROUP for unit in _units(members)):
        raise Unreadable("a group is too long")
    found = {}
    for member in members:
        address = _below_root(member.url, sandbox.site.root)
        if address is None:
            raise Unreadable("an address leads elsewhere")
        found[id(member)] = address
    return found


def _below_root(url: str, root: str) -> tuple[str, str] | None:
    """Return path below the root and query, both encoded; None: it leads elsewhere, which fails the batch."""
    try:
        parts, base = urlsplit(url), urlsplit(root)
    except ValueError:
        return None
    if parts.scheme or parts.netloc:
        if (parts.scheme, parts.netloc) != (base.scheme, base.netloc):
            return None
    elif not url.startswith("/"):
        return parts.path, parts.query
    below = parts.path.lower().startswith(base.path)
    return (parts.path[len(base.path) :], parts.query) if below else None


def _stops(headers: Mapping[str, str], habit: str, *, is_multipart: bool) -> bool:
    """Whether the batch ends at the first failure."""
    if habit in ("continue", "stop-always"):
        return habit == "stop-always"
    wanted = [item.strip().lower() for item in headers.get("prefer", "").split(",")]
    said = {"continue-on-error", "odata.continue-on-error"} & set(wanted)
    refused = any(item.endswith("continue-on-error=false") for item in wanted)
    return refused or (not said and (habit == "stop" or is_multipart))


def _refused(status: str, message: str) -> Reply:
    if status in ("500", "413"):
        return Reply(int(status))
    code = "BATCH_TOO_MANY_REQ" if status == "429" else ""
    return json_reply(int(status), {"error": {"code": code, "message": message, "details": []}})
