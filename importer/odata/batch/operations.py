"""One request inside a batch, and its answer."""

from collections.abc import Mapping

import msgspec


class Operation(msgspec.Struct, frozen=True):
    """One request. `id` is digits; `url` is relative to the root, encoded, without a leading slash."""

    id: str
    method: str
    url: str
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    body: bytes | None = None  # ready JSON


class Answer(msgspec.Struct, frozen=True):
    """The answer to one operation; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
