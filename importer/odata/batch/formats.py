"""The two forms of a batch behind one pair of functions: what to send, and what came back, in whichever form it came."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from importer.odata.batch.json_format import read_json_batch, write_json_batch, written
from importer.odata.batch.multipart import read_multipart, write_multipart, written_part
from importer.odata.batch.operations import BatchAnswers, BatchUnreadable, Operation


class Format(StrEnum):
    """A form of a batch; `multipart` without change sets."""

    JSON = "json"
    MULTIPART = "multipart"


# Answers to a batch itself after which the other form is worth a question: it was read and not liked, or its members failed.
# After anything else it is not: a service was seen to answer JSON 500 and to die of multipart.
ANOTHER_FORM = frozenset({200, 400, 404, 405, 406, 415, 501})


class Written(msgspec.Struct, frozen=True):
    """A batch as it is posted to `$batch`. `accept`: the form in which its answer is asked for; services switch by it."""

    body: bytes
    content_type: str
    accept: str

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that belong to the form."""
        return {"content-type": self.content_type, "accept": self.accept}


def write_batch(form: Format, operations: Sequence[Operation]) -> Written:
    """Return independent operations as one batch, never a group or change set (odata-protocol.md rules 5, 10).

    Raises:
        ValueError: an id is not digits or stands twice, or a url begins with a slash; that is our mistake, not the user's.
    """
    ids = {operation.id for operation in operations}
    if len(ids) != len(operations) or not all(name.isascii() and name.isdigit() for name in ids):
        raise ValueError("ids of operations must be digits, each once")
    if any(operation.url.startswith("/") for operation in operations):
        raise ValueError("the url of an operation must be relative to the root")
    if form is Format.JSON:
        return Written(write_json_batch(operations), "application/json", "application/json")
    body, content_type = write_multipart(operations)
    return Written(body, content_type, "multipart/mixed")


def read_batch(form: Format, content_type: str, body: bytes, operations: Sequence[Operation]) -> BatchAnswers:
    """Return the answers to `operations`, asked in `form`; the `content_type` of the answer says in which form they came.

    Its case matters: a boundary is taken as it is written. Without a content type the form asked for is expected.

    Raises:
        BatchUnreadable: it is no batch answer, so nothing is known of any operation.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith("multipart/"):
        return read_multipart(body, content_type, operations)
    if kind == "application/json" or kind.endswith("+json") or (not kind and form is Format.JSON):
        return read_json_batch(body, [operation.id for operation in operations])
    raise BatchUnreadable(f"content type {kind or 'not given'}")


def length(form: Format, operation: Operation) -> int:
    """Return how many bytes an operation takes in a batch of this form, boundaries and commas included."""
    if form is Format.JSON:
        return len(written(operation)) + 1
    return len(written_part(operation)) + 44
