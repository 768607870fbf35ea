"""Failures on demand, for testing a recovery: answers lost before or after a write, throttling, gateways."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Any

# What an entry of `answers` may hold.
ANSWER: Mapping[str, type | UnionType] = {
    "status": int,
    "retry_after": int | str,
    "body": str,
    "content_type": str,
    "headers": dict,
    "count": int,
    "after": int,
    "method": str,
    "member": bool,
}


@dataclass
class Faults:
    """What goes wrong, counted as it happens. Numbers of writes count from 1, operations inside batches too.

    drop_after_write: the answers to these writes are lost after they were committed. drop_before_write:
    the connection is cut and nothing is written. drop_in_batch: {batch: k}, the answer to a batch (from
    1) is lost after k of its operations. answers: what the next requests get instead of being carried
    out, in order: [{"status": 503, "retry_after": 1, "body": "…", "content_type": "text/html", "headers":
    {}, "count": 2, "after": 5, "method": "POST", "member": false}]; `count` requests get it (1), once
    `after` of them were let through (0), only those of `method` (any); `member`: operations inside
    batches instead of requests. delay_ms: each request waits so long before it is carried out.
    """

    drop_after_write: set[int] = field(default_factory=set)
    drop_before_write: set[int] = field(default_factory=set)
    drop_in_batch: dict[int, int] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)
    delay_ms: int = 0
    writes: int = field(default=0, init=False)
    batches: int = field(default=0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, init=False)

    def next_write(self) -> int:
        """Return the number of the write that comes now."""
        with self._lock:
            self.writes += 1
            return self.writes

    def next_batch(self) -> int | None:
        """Return after how many operations the batch that comes now is cut, if it is."""
        with self._lock:
            self.batches += 1
            return self.drop_in_batch.get(self.batches)

    def instead(self, method: str, *, member: bool = False) -> dict[str, Any] | None:
        """Return the answer that this request, or operation in a batch, gets instead of being carried out."""
        with self._lock:
            for answer in self.answers:
                meant = answer.get("method") in (None, method) and answer.get("member", False) is member
                if meant and answer.get("count", 1) > 0:
                    counted = "after" if answer.get("after", 0) > 0 else "count"
                    answer[counted] = answer.get(counted, 1) - 1
                    return answer if counted == "count" else None
        return None
