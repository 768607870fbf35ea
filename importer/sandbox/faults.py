"""Failures on demand, for testing a recovery: answers lost before or after a write, throttling, gateways."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from importer.sandbox.habits import Habits

_ANSWER: Mapping[str, type] = {
    "status": int,
    "retry_after": int,
    "body": str,
    "content_type": str,
    "count": int,
    "after": int,
    "method": str,
}


@dataclass
class Faults:
    """What goes wrong, counted as it happens. Numbers of writes count from 1, operations inside batches too.

    drop_after_write: the answers to these writes are lost after they were committed. drop_before_write:
    the connection is cut and nothing is written. drop_in_batch: {batch: k}, the answer to a batch (from
    1) is lost after k of its operations. answers: what the next requests get instead of being carried
    out, in order: [{"status": 503, "retry_after": 1, "body": "…", "content_type": "text/html", "count":
    2, "after": 5, "method": "POST"}]; `count` requests get it (1), once `after` of them were let through
    (0), only those of `method` (any). delay_ms: each request waits so long before it is carried out.
    """

    drop_after_write: set[int] = field(default_factory=set)
    drop_before_write: set[int] = field(default_factory=set)
    drop_in_batch: dict[int, int] = field(default_factory=dict)
    answers: list[dict[str, Any]] = field(default_factory=list)
    delay_ms: int = 0
    writes: int = 0
    batches: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

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

    def instead(self, method: str) -> dict[str, Any] | None:
        """Return the answer that this request gets instead of being carried out, if any."""
        with self._lock:
            for answer in self.answers:
                if answer.get("method") in (None, method) and answer.get("count", 1) > 0:
                    counted = "after" if answer.get("after", 0) > 0 else "count"
                    answer[counted] = answer.get(counted, 1) - 1
                    return answer if counted == "count" else None
        return None


def read_faults(path: Path) -> tuple[Faults, Habits]:
    """Return what a JSON file says: the fields of `Faults`, and `habits` with those of `Habits`.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no JSON, or names or holds something that does not exist.
    """
    value = json.loads(path.read_text("utf-8"))
    if not isinstance(value, dict) or not isinstance(value.get("habits", {}), dict):
        raise ValueError("not an object")  # noqa: TRY004 - of the file, not of the program
    habits = dict(value.get("habits", {}))
    known = {item.name for item in fields(Faults) if not item.name.startswith("_")} - {"writes", "batches"}
    unknown = set(value) - known - {"habits"} | set(habits) - {item.name for item in fields(Habits)}
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    if "email_domains" in habits:
        habits["email_domains"] = tuple(map(str, habits["email_domains"]))
    return _faults(value), Habits(**habits)


def _faults(value: Mapping[str, Any]) -> Faults:
    answers = value.get("answers", [])
    for answer in answers:
        if not isinstance(answer, dict) or "status" not in answer:
            raise ValueError("answers: each needs a status")
        wrong = {name for name, item in answer.items() if not isinstance(item, _ANSWER.get(name, ()))}
        if wrong:
            raise ValueError(f"answers: {', '.join(sorted(wrong))}")
    try:
        return Faults(
            drop_after_write=set(map(int, value.get("drop_after_write", ()))),
            drop_before_write=set(map(int, value.get("drop_before_write", ()))),
            drop_in_batch={int(batch): int(after) for batch, after in value.get("drop_in_batch", {}).items()},
            answers=answers,
            delay_ms=int(value.get("delay_ms", 0)),
        )
    except (TypeError, AttributeError) as error:
        raise ValueError(str(error)) from None
