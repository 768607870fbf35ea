"""Operations of a batch, whichever its format: as asked, and as answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from importer.sandbox.replies import Reply, json_reply


class Unreadable(Exception):  # noqa: N818 - an answer, not a fault
    """A batch is not as it should be; it is refused whole."""


@dataclass(frozen=True, slots=True)
class Member:
    """One operation. `group`: of a change set or atomicity group; `depends`: ids, or names of groups."""

    id: str | None
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    group: str | None = None
    depends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer. `alone`: it stands for its whole change set."""

    id: str | None
    reply: Reply
    group: str | None = None
    alone: bool = False


class _Request(msgspec.Struct):
    method: str
    url: str
    id: str | None = None
    headers: dict[str, str] | None = None
    body: msgspec.Raw = msgspec.Raw(b"")
    atomicityGroup: str | None = None  # noqa: N815 - the name of the format
    dependsOn: list[str] = []  # noqa: N815


class _Batch(msgspec.Struct):
    requests: list[_Request]


def read_json(body: bytes) -> list[Member]:
    """Return the operations of a JSON batch in order (OData JSON format 19).

    Raises:
        Unreadable: it is none; a member of a group has no headers, or depends on a request inside a group.
    """
    try:
        requests = msgspec.json.decode(body, type=_Batch).requests
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(str(error)) from None
    grouped = {item.id for item in requests if item.atomicityGroup is not None}
    for item in requests:
        if item.atomicityGroup is not None and item.headers is None:
            raise Unreadable("a member of a group needs headers")
        if grouped & set(item.dependsOn) and item.atomicityGroup is None:
            raise Unreadable("dependsOn names the group")
    return [
        Member(
            item.id,
            item.method.upper(),
            item.url,
            {name.lower(): value for name, value in (item.headers or {}).items()},
            bytes(item.body),
            item.atomicityGroup,
            tuple(item.dependsOn),
        )
        for item in requests
    ]


def write_json(answers: list[Answered], *, ids: bool, backwards: bool) -> Reply:
    """Return the answer to a batch as JSON."""
    shown = [_shown(answer, ids=ids) for answer in answers]
    return json_reply(200, {"responses": shown[::-1] if backwards else shown})


def _shown(answer: Answered, *, ids: bool) -> dict[str, Any]:
    reply = answer.reply
    found: dict[str, Any] = {"id": answer.id} if ids else {}
    if answer.group is not None:
        found["atomicityGroup"] = answer.group
    found |= {"status": reply.status, "headers": dict(reply.headers)}
    if reply.body:
        is_json = "json" in reply.headers.get("content-type", "")
        found["body"] = msgspec.Raw(reply.body) if is_json else reply.body.decode("utf-8", "replace")
    return found
