"""JSON batches: written by joining ready bytes; answers matched by id (OData JSON §19).

What an answer may lack, each with one meaning:

| in the answer | meaning |
|---|---|
| no member of an id asked for | missing: what happened to that operation is unknown |
| an id never asked for, null or absent | nobody's; its operation stays missing (ASP.NET, fe-mock, Olingo) |
| a status that is none | as if the member were not there |
| two members of one id that differ | doubled: unknown too; two that are equal count once |
| no headers, no body, a null body | an answer without headers, without a body |
| a text as body | a body of another media type |
| a member that is no such object, JSON cut short | unreadable: every operation is unknown |
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from importer.odata.batch.operations import Answer, Operation


class BatchUnreadable(ValueError):  # noqa: N818 - an answer to reckon with, not a mistake of ours
    """The answer to a batch is no batch answer: what happened to its operations is unknown."""


class BatchAnswers(msgspec.Struct, frozen=True):
    """The answers by operation id. Of operations `missing` an answer, or `doubled`, nothing is known."""

    answers: Mapping[str, Answer]
    missing: tuple[str, ...]
    doubled: tuple[str, ...] = ()


class _Member(msgspec.Struct):
    status: int | str
    id: Any = None
    headers: dict[str, Any] | None = None
    body: msgspec.Raw = msgspec.Raw(b"")


class _Envelope(msgspec.Struct):
    responses: list[_Member]


_DECODER = msgspec.json.Decoder(_Envelope)
_BOM = b"\xef\xbb\xbf"
_text = msgspec.json.Encoder().encode


def write_json_batch(operations: Iterable[Operation]) -> bytes:
    """Return the body of a batch request."""
    return b'{"requests":[' + b",".join(map(written, operations)) + b"]}"


def written(operation: Operation) -> bytes:
    """Return one operation as it stands in a batch: id, method, relative url, headers, body (rule 10)."""
    head = b'{"id":%b,"method":%b,"url":%b,"headers":%b' % (
        _text(operation.id),
        _text(operation.method),
        _text(operation.url),
        _text(dict(operation.headers)),
    )
    return head + (b',"body":' + operation.body if operation.body is not None else b"") + b"}"


def read_json_batch(body: bytes, asked: Sequence[str]) -> BatchAnswers:
    """Return the answers to the operations `asked`; the module's table says what each oddity means.

    Raises:
        BatchUnreadable: the body is no batch answer.
    """
    try:
        envelope = _DECODER.decode(body.removeprefix(_BOM))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BatchUnreadable(str(error)) from None
    wanted = frozenset(asked)
    found: dict[str, Answer] = {}
    doubled: dict[str, None] = {}
    for member in envelope.responses:
        name, answer = _id(member.id), _answer(member)
        if name not in wanted or answer is None:
            continue
        if not _agree(found.setdefault(name, answer), answer):
            doubled[name] = None
    known = {name: answer for name, answer in found.items() if name not in doubled}
    return BatchAnswers(known, tuple(name for name in asked if name not in found), tuple(doubled))


def _id(written_id: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return an id as text: some services make a number of one that is all digits."""
    is_name = isinstance(written_id, str | int) and not isinstance(written_id, bool)
    return str(written_id) if is_name else None


def _agree(one: Answer, two: Answer) -> bool:
    return one.status == two.status and one.body == two.body


def _answer(member: _Member) -> Answer | None:
    try:
        status = int(member.status)
    except ValueError:
        return None
    if not 100 <= status <= 599:
        return None
    headers = {name.lower(): str(value) for name, value in (member.headers or {}).items()}
    return Answer(status, headers, _body(bytes(member.body)))


def _body(raw: bytes) -> bytes:
    """Return the bytes of a body; a text of broken characters cannot be told, and is none."""
    if not raw.startswith(b'"'):
        return b"" if raw == b"null" else raw
    try:
        return msgspec.json.decode(raw, type=str).encode()
    except (msgspec.DecodeError, UnicodeError):
        return b""
