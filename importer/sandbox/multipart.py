"""`multipart/mixed` batches, read and written by the sandbox's own hand (OData protocol 11.7.7)."""

import re
import uuid
from collections.abc import Iterator, Mapping
from http import HTTPStatus

from importer.sandbox.members import Answered, Member, Unreadable
from importer.sandbox.replies import Reply

_BOUNDARY = re.compile(
    r'multipart/mixed\s*;(?:.*;)?\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE
)
_REQUEST = re.compile(rb"([A-Za-z]+) (\S+) HTTP/1\.[01]")
_LINE = b"\r\n"


def read_multipart(content_type: str, body: bytes) -> list[Member]:
    """Return the operations of a batch in order; those of a change set have one `group`.

    Raises:
        Unreadable: it is no batch, to the letter: boundaries, CRLF, `application/http` parts.
    """
    members: list[Member] = []
    for number, (headers, content) in enumerate(_parts(content_type, body)):
        kind = headers.get("content-type", "")
        if kind.lower().startswith("multipart/mixed"):
            inner = [_member(*part, group=f"change set {number}") for part in _parts(kind, content)]
            if any(member.method == "GET" for member in inner):
                raise Unreadable("a change set reads nothing")
            members += inner
        else:
            members.append(_member(headers, content))
    return members


def write_multipart(answers: list[Answered], *, content_ids: bool) -> Reply:
    """Return the answer to a batch; those of a change set stand in a part of their own."""
    parts, position = [], 0
    while position < len(answers):
        group = answers[position].group
        end = position + 1
        while group is not None and end < len(answers) and answers[end].group == group:
            end += 1
        inside = answers[position:end]
        if group is None or inside[0].alone:
            parts.append(_part(inside[0], content_ids=content_ids or group is not None))
        else:
            kind, text = _joined("changesetresponse", [_part(item, content_ids=True) for item in inside])
            parts.append(b"Content-Type: " + kind.encode() + _LINE * 2 + text)
        position = end
    kind, body = _joined("batchresponse", parts)
    return Reply(200, {"content-type": kind}, body)


def _parts(content_type: str, body: bytes) -> Iterator[tuple[Mapping[str, str], bytes]]:
    match = _BOUNDARY.match(content_type)
    if match is None:
        raise Unreadable("no boundary")
    mark = b"--" + (match[1] or match[2]).encode()
    before, *pieces = (_LINE + body).split(_LINE + mark)
    if not pieces or len(pieces) < 2 or before.strip() or not pieces[-1].startswith(b"--"):
        raise Unreadable("not closed by its boundary")
    for piece in pieces[:-1]:
        padding, line, part = piece.partition(_LINE)
        if padding.strip(b" \t") or not line:
            raise Unreadable("a boundary without its line")
        yield _head(part)


def _head(text: bytes) -> tuple[Mapping[str, str], bytes]:
    if text.startswith(_LINE):
        return {}, text[2:]
    head, found, rest = text.partition(_LINE * 2)
    if not found:
        head, rest = text.removesuffix(_LINE), b""
    headers = {}
    for line in head.split(_LINE):
        name, colon, value = line.partition(b":")
        if not colon or b"\n" in line:
            raise Unreadable("not a header")
        headers[name.decode("latin-1").strip().lower()] = value.decode("latin-1").strip()
    return headers, rest


def _member(headers: Mapping[str, str], content: bytes, *, group: str | None = None) -> Member:
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/http":
        raise Unreadable("a part that is no application/http")
    line, found, rest = content.partition(_LINE)
    match = _REQUEST.fullmatch(line)
    if match is None or not found:
        raise Unreadable("a part without its request line")
    inner, body = _head(rest) if rest else ({}, b"")
    name = headers.get("content-id", inner.get("content-id"))
    return Member(
        id=name,
        method=match[1].decode().upper(),
        url=match[2].decode("latin-1"),
        headers=dict(inner),
        body=body,
        group=group,
    )


def _part(answer: Answered, *, content_ids: bool) -> bytes:
    reply = answer.reply
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    if content_ids and answer.id is not None:
        lines.append(f"Content-ID: {answer.id}")
    lines += ["", f"HTTP/1.1 {reply.status} {_phrase(reply.status)}"]
    lines += [f"{name}: {value}" for name, value in reply.headers.items()]
    if reply.body:
        lines.append(f"Content-Length: {len(reply.body)}")
    return "\r\n".join(lines).encode("latin-1", "replace") + _LINE * 2 + reply.body


def _joined(name: str, parts: list[bytes]) -> tuple[str, bytes]:
    boundary = f"{name}_{uuid.uuid4()}"
    mark = b"--" + boundary.encode()
    body = b"".join(mark + _LINE + part + _LINE for part in parts) + mark + b"--" + _LINE
    return f"multipart/mixed; boundary={boundary}", body


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
