"""Multipart batches, without change sets: written by joining ready bytes, read by boundary and length (OData §11.7.7).

Answers are matched by Content-ID. Single parts may bring none (ASP.NET Core OData): those are matched by their place, which the
specification guarantees, and by nothing else. What an answer may lack, each with one meaning:

| in the answer | meaning |
|---|---|
| a Content-ID asked for, in the part or in the answer inside it | the answer to that operation, wherever it stands |
| a Content-ID never asked for | nobody's; by place neither |
| no Content-ID, and the part stands alone | the answer to the operation at the same place |
| … but a part that has one stands at another's place | the order is not the one asked: no part is believed by its place |
| … but its `Location` names another set, or the key of another operation | the same |
| … but there are more parts than operations | the same |
| … but there are fewer, all was closed, and the last is no refusal | one was left out somewhere: the same |
| fewer parts than operations otherwise | the tail is missing: unknown, and not "not attempted" |
| two parts of one Content-ID that differ | doubled: unknown; two that are equal count once |
| a part without a status line, or with a status that is none | no answer; it keeps its place |
| a part that is multipart itself (a change set's answer) | its parts count by Content-ID; by place nothing does any more |
| a body longer than to the next boundary, by its Content-Length | the boundary belongs to the body |
| any other Content-Length | not believed: the boundary counts |
| no closing boundary | cut short: the last part counts only if its Content-Length says that it is whole |
| text before the first boundary or after the closing one | nothing |
| lines ended by LF, folded headers, a quoted boundary | read as they are |
| no boundary in the content type, or none in the body | unreadable: every operation is unknown |
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple, TypeAlias

from importer.odata.batch.fields import Fields, read_fields
from importer.odata.batch.operations import Answer, BatchAnswers, BatchUnreadable, Operation, gathered
from importer.odata.batch.places import by_place

_PART = (
    b"Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: %b\r\n\r\n"
    b"%b %b HTTP/1.1\r\n%b\r\n%b"
)
_STATUS = re.compile(rb"\s*HTTP/\d(?:\.\d)? +(\d{3})(?!\d)")
_BOUNDARY = re.compile(r';\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))', re.IGNORECASE)
# What would end a line of a head: an ETag of a hostile service must not write headers of its own.
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]+")
# An answer of a change set stands one deep; more is nobody's.
_DEPTH = 2
# No body is longer than so many digits say.
_DIGITS = 12
_CR, _LF = b"\r\n"
_LINE_END = re.compile(rb"[ \t]*(?:\r?\n|\Z)")


def written_part(operation: Operation) -> bytes:
    """Return one operation as it stands in a batch, after its boundary: its Content-ID, request line, headers, body.

    Two blank lines follow the headers of a request without a body.
    """
    path, mark, query = operation.url.partition("?")
    # A colon in a relative path would make a scheme of what stands before it.
    target = _line(path.replace(":", "%3A") + mark + query).replace(b" ", b"%20")
    return _PART % (
        _line(operation.id),
        _line(operation.method),
        target,
        _lines(tuple(operation.headers.items())),
        b"\r\n" if operation.body is None else operation.body,
    )


def write_multipart(operations: Iterable[Operation]) -> tuple[bytes, str]:
    """Return the body of a batch request and its content type; its boundary occurs in no operation."""
    parts = [written_part(operation) for operation in operations]
    boundary = _unused(parts)
    opening = b"--" + boundary + b"\r\n"
    body = b"".join([piece for part in parts for piece in (opening, part, b"\r\n")])
    return body + b"--" + boundary + b"--\r\n", f"multipart/mixed; boundary={boundary.decode()}"


def read_multipart(body: bytes, content_type: str, operations: Sequence[Operation]) -> BatchAnswers:
    """Return the answers to `operations`; the module's table says what each oddity means.

    Raises:
        BatchUnreadable: the body is no multipart answer.
    """
    name = boundary_of(content_type)
    if name is None:
        raise BatchUnreadable("multipart without a boundary")
    parts, closed = _parts(body, name, _DEPTH)
    if parts is None:
        raise BatchUnreadable("the boundary does not occur")
    asked = [operation.id for operation in operations]
    pairs = [(part.name, part.answer) for part in parts if part.name is not None and part.answer is not None]
    if any(part.name is None for part in parts) and not any(part.nested for part in parts):
        placed = by_place([(part.name, part.answer) for part in parts], operations, closed=closed)
        pairs += placed.items()
    return gathered(pairs, asked)


def boundary_of(content_type: str) -> bytes | None:
    """Return the boundary that a content type names, quoted or not; None when it names none."""
    match = _BOUNDARY.search(content_type)
    if match is None:
        return None
    text = re.sub(r"\\(.)", r"\1", match[1]) if match[1] is not None else match[2]
    return text.encode("latin-1", "replace") or None


class _Part(NamedTuple):
    """One part. `nested`: it is an answer of a change set, or stands in one."""

    name: str | None
    answer: Answer | None
    nested: bool = False


def _parts(data: bytes, boundary: bytes, depth: int) -> tuple[list[_Part] | None, bool]:
    """Return the parts, and whether the closing boundary was there; None: there is no boundary at all."""
    marks = list(_marks(data, b"--" + boundary))
    if not marks:
        return None, False
    starts = {start: number for number, (start, _, _) in enumerate(marks)}
    found: list[_Part] = []
    number = 0
    while number < len(marks):
        _, begin, closing = marks[number]
        if closing:
            return found, True
        number += 1
        whole = number < len(marks)
        until = marks[number][0] if whole else len(data)
        if whole and data[until - 1] == _CR:
            until -= 1
        parts, (number, _, _) = _read(data, begin, (number, until, whole), starts, depth)
        found += parts
    return found, False


def _marks(data: bytes, delimiter: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield where each boundary begins (at the LF in front of it) and ends, and whether it is the closing one."""
    at = data.find(delimiter)
    while at >= 0:
        after = at + len(delimiter)
        closing = data.startswith(b"--", after)
        if (at == 0 or data[at - 1] == _LF) and _LINE_END.match(data, after + 2 * closing):
            yield max(at - 1, 0), after + 2 * closing, closing
        at = data.find(delimiter, after)


def _blank(data: bytes, begin: int, end: int) -> tuple[int, int] | None:
    """Return where the first blank line begins and ends, after lines ended by CRLF or LF."""
    one = data.find(b"\n\r\n", begin, end)
    two = data.find(b"\n\n", begin, end if one < 0 else one)
    if two >= 0:
        return two, two + 2
    return (one, one + 3) if one >= 0 else None


_End: TypeAlias = tuple[int, int, bool]  # which boundary ends the part, where, and whether one does


def _read(
    data: bytes, begin: int, end: _End, starts: Mapping[int, int], depth: int
) -> tuple[Sequence[_Part], _End]:
    """Return what a part from `begin` holds, and where it ends, which its Content-Length may put off."""
    number, until, whole = end
    blank = _blank(data, begin, until)
    line = _STATUS.match(data, blank[1], until) if blank else None
    if blank is None or line is None:
        return list(_without_status(data, begin, blank, until, depth)), end
    stop, body = _blank(data, line.end(), until) or (until, until)
    head, inner = data[begin : blank[0]], data[line.end() : stop]
    low = inner.lower()
    if b"content-length" in low:
        number, until, whole = _measured(data, body, read_fields(inner), starts, end)
    name = None
    if b"-id" in head.lower():
        name = read_fields(head).get("content-id")
    if name is None and b"content-id" in low:
        name = read_fields(inner).get("content-id")
    status = int(line[1])
    answer = Answer(status, Fields(inner), data[body:until]) if whole and 100 <= status <= 599 else None
    return (_Part(_bare(name), answer),), (number, until, whole)


def _without_status(
    data: bytes, begin: int, blank: tuple[int, int] | None, until: int, depth: int
) -> Iterator[_Part]:
    """Yield the parts of an answer to a change set; of what is none, a part that says nothing."""
    head = read_fields(data[begin : blank[0] if blank else until])
    kind = head.get("content-type", "")
    if not kind.lower().startswith("multipart/"):
        yield _Part(_bare(head.get("content-id")), None)
        return
    yield _Part(None, None, nested=True)
    boundary = boundary_of(kind)
    if boundary is not None and blank is not None and depth > 1:
        for part in _parts(data[blank[1] : until], boundary, depth - 1)[0] or ():
            yield part._replace(nested=True)


def _measured(
    data: bytes, body: int, fields: Mapping[str, str], starts: Mapping[int, int], end: _End
) -> _End:
    """Return where a part ends by its Content-Length, if a boundary or the end of all stands there."""
    text = fields.get("content-length", "")
    if not (text.isascii() and text.isdigit()) or len(text) > _DIGITS:
        return end
    until = body + int(text)
    for line_end in (b"\r\n", b"\n"):
        number = starts.get(until + len(line_end) - 1)
        if number is not None and data.startswith(line_end, until):
            return max(number, end[0]), until, True
    if until <= len(data) and data[until : until + 3] in (b"", b"\r\n", b"\n"):
        return len(starts), until, True
    return end


def _bare(name: str | None) -> str | None:
    """Return a Content-ID without the angle brackets that MIME wants and OData does not."""
    return name.strip("<>") if name else None


@lru_cache(maxsize=64)
def _lines(headers: tuple[tuple[str, str], ...]) -> bytes:
    """Return header lines; most operations of a batch have the same."""
    return b"".join(b"%b: %b\r\n" % (_line(name), _line(value)) for name, value in headers)


def _line(text: str) -> bytes:
    return _CONTROL.sub(b" ", text.encode())


def _unused(parts: Sequence[bytes]) -> bytes:
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    while True:
        boundary = b"batch_" + digest.hexdigest().encode()
        if not any(boundary in part for part in parts):
            return boundary
        digest.update(b"-")
