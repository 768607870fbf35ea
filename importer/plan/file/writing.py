"""Writing a plan once: into a file of another name, sealed by a rename, changed no more but for its journal."""

import contextlib
import dataclasses
import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from importer.plan.actions import Action
from importer.plan.file.opening import create_plan
from importer.plan.origin import Origin
from importer.plan.totals import RowFate, StepTotals
from importer.problems import ProblemGroup

_CHUNK = 1_000
_ENCODER = msgspec.json.Encoder(decimal_format="number")


class PlanWriter:
    """A plan being written. Nothing stands under `path` until `seal`; leaving without it throws all away."""

    def __init__(self, path: Path) -> None:
        """Begin a plan that will be `path`; its folder is made."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
        self._draft.unlink(missing_ok=True)
        self._connection: sqlite3.Connection = create_plan(self._draft)
        self._connection.execute("begin")

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Throw the draft away unless it was sealed.

        Raises:
            OSError: SQLite could not write it.
        """
        self._connection.close()
        self._draft.unlink(missing_ok=True)
        if isinstance(error, sqlite3.OperationalError):
            raise OSError(str(error)) from error

    def origin(self, origin: Origin) -> None:
        """Write what the plan was made from."""
        self._connection.executemany(
            "insert into origin values (?, ?)",
            [(name, _json(value)) for name, value in dataclasses.asdict(origin).items()],
        )

    def steps(self, steps: Iterable[StepTotals]) -> None:
        """Write the accounting."""
        self._connection.executemany(
            "insert into step values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    n,
                    s.name,
                    s.to,
                    s.rows,
                    s.outside,
                    s.not_for_step,
                    s.merged,
                    s.create,
                    s.update,
                    s.unchanged,
                    s.skip,
                    s.blocked,
                )
                for n, s in enumerate(steps)
            ],
        )

    def actions(self, actions: Iterable[Action]) -> None:
        """Write the actions and their changes, streaming."""
        pending: list[Action] = []
        for action in actions:
            pending.append(action)
            if len(pending) >= _CHUNK:
                self._write_actions(pending)
                pending.clear()
        self._write_actions(pending)

    def rows(self, rows: Iterable[RowFate]) -> None:
        """Write what became of each row."""
        self._connection.executemany(
            "insert into row_fate values (?, ?, ?, ?, ?, ?, ?)",
            (
                (r.step, r.place.book, r.place.sheet, r.place.row, str(r.fate), r.action, r.reason)
                for r in rows
            ),
        )

    def problems(self, groups: Iterable[ProblemGroup]) -> None:
        """Write the problems, grouped."""
        self._connection.executemany(
            "insert into problem values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(position, *_problem(group)) for position, group in enumerate(groups)],
        )

    def seal(self) -> Path:
        """Finish the plan, bring it safely to disk, give it its name and return that."""
        self._connection.execute("commit")
        self._connection.execute("pragma optimize")
        self._connection.close()
        with self._draft.open("rb+") as stream:
            os.fsync(stream.fileno())
        self._draft.replace(self._path)
        with contextlib.suppress(OSError):  # not every platform opens a folder
            folder = os.open(self._path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        return self._path

    def _write_actions(self, actions: list[Action]) -> None:
        self._connection.executemany(
            "insert into action values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    a.id,
                    a.step,
                    a.set,
                    a.type,
                    str(a.verb),
                    a.title,
                    None if a.key is None else _json(a.key),
                    int(a.own_key),
                    a.wave,
                    _json([place.as_json() for place in a.places]),
                    _json(a.body) if a.body else "{}",
                    _json(a.search) if a.search else "[]",
                    _json(a.guard) if a.guard else "{}",
                    a.etag,
                    _json(a.after) if a.after else "[]",
                    a.reason,
                )
                for a in actions
            ],
        )
        self._connection.executemany(
            "insert into change values (?, ?, ?, ?, ?, ?, ?)",
            [
                (a.id, position, c.property, _json(c.before), _json(c.after), c.before_text, c.after_text)
                for a in actions
                for position, c in enumerate(a.changes)
            ],
        )


def _problem(group: ProblemGroup) -> tuple[object, ...]:
    kept = group.problem.recorded()
    return (
        group.code,
        str(group.severity),
        kept.step,
        kept.kept_text,
        kept.kept_hint,
        _json(kept.kept),
        kept.found,
        kept.expected,
        _json([near.as_json() for near in kept.near]),
        _json([place.as_json() for place in group.places]),
        group.count,
    )


def _json(value: object) -> str:
    return _ENCODER.encode(value).decode()
