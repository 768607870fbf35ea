"""JSON batches: written by joining ready bytes; answers matched by id (OData JSON §19).

What an answer may lack, each with one meaning:

| in the answer | meaning |
|---|---|
| no member of an id asked for | missing: what happened to that operation is unknown |
| an id never asked for, null or absent | nobody's; its operation stays missing (ASP.NET, fe-mock, Olingo) |
| a number as id | the same digits as text |
| a status that is none | as if the member were not there |
| two members of one id that differ | doubled: unknown too; two that are equal count once |
| no headers, no body, a null body | an answer without headers, without a body |
| a text as body | a body of another media type |
| a next link | the answer is a part: the rest is under it; until it was read, what is missing is unknown |
| a member that is no such object, JSON cut short | unreadable: every operation is unknown |
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from importer.odata.batch.operations import Answer, BatchAnswers, BatchUnreadable, Operation, gathered


class _Member(msgspec.Struct):
    status: int | str
    id: Any = None
    headers: dict[str, Any] | None = None
    body: msgspec.Raw = msgspec.Raw(b"")


class _Envelope(msgspec.Struct, rename={"next_link": "@odata.nextLink", "next_link_401": "@nextLink"}):
    responses: list[_Member]
    next_link: Any = None
    next_link_401: Any = None


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
        _text({name.lower(): value for name, value in operation.headers.items()}),
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
    pairs = []
    for member in envelope.responses:
        answer = _answer(member)
        if answer is not None:
            pairs.append((_id(member.id), answer))
    found = gathered(pairs, asked)
    link = envelope.next_link or envelope.next_link_401
    return msgspec.structs.replace(found, next_link=link) if isinstance(link, str) else found


def _id(written_id: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return an id as text: some services make a number of one that is all digits."""
    if isinstance(written_id, str):
        return written_id
    is_number = isinstance(written_id, int) and not isinstance(written_id, bool)
    return str(written_id) if is_number else None


def _answer(member: _Member) -> Answer | None:
    try:
        status = int(member.status)
    except ValueError:
        return None
    if not 100 <= status <= 599:
        return None
    headers = {
        name.lower(): str(value) for name, value in (member.headers or {}).items() if value is not None
    }
    return Answer(status, headers, _body(bytes(member.body)))


def _body(raw: bytes) -> bytes:
    """Return the bytes of a body; a text of broken characters cannot be told, and is none."""
    if not raw.startswith(b'"'):
        return b"" if raw == b"null" else raw
    try:
        return msgspec.json.decode(raw, type=str).encode()
    except (msgspec.DecodeError, UnicodeError):
        return b""
