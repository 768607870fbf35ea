"""One request inside a batch, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Operation:
    """One request. `id` is digits; `url` is relative to the root, encoded, without a leading slash."""

    id: str
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None  # ready JSON


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one operation; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
