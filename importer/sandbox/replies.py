"""Answers, before they become bytes on a socket."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

_encode = msgspec.json.Encoder(decimal_format="number").encode
_JSON = "application/json; odata.metadata=minimal; odata.streaming=true"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `lost`: it never reaches the client. `place`: what was written, as a path below the root."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    lost: bool = False
    place: str | None = None


LOST = Reply(0, lost=True)


def json_reply(status: int, value: object, headers: Mapping[str, str] | None = None) -> Reply:
    """Return a reply with a JSON body."""
    return Reply(status, {"content-type": _JSON, **(headers or {})}, _encode(value))
