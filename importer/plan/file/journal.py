"""The journal: intents before bytes leave, outcomes after; group commit (performance.md, *Sending*).

One thread owns the connection and commits whatever waits. An intent is durable (`synchronous = full`)
when `intend` returns; an outcome joins the next commit, because a lost outcome is an ambiguity that recovery
resolves, while a lost intent would be a duplicate. Also keeps the lock: one `apply` at a time holds a plan.
"""

import contextlib
import os
import queue
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

import msgspec

from importer.plan.actions import State
from importer.plan.file.opening import open_plan
from importer.plan.references import JsonValue
from importer.problems import FilePlace, Problem, RefusedError, Severity


class PlanHeld(Problem):
    """Another `apply` holds the plan."""

    code: ClassVar[str] = "plan-held"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "Another apply holds this plan: process {pid} on {host}, since {since}."
    hint: ClassVar[str] = "Wait until it ends, or stop it; then run `importer apply` again"

    pid: int
    host: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What is about to be sent: an action, and the key that goes with it, if any."""

    action: int
    key: Mapping[str, JsonValue] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an action. `sent` False: nothing was sent (a guard refused, or it was found to be done).

    `state` is done, failed, blocked, or pending: it was refused before it ran, or proved not to have been
    carried out.
    """

    action: int
    state: State
    status: int | None = None
    code: str | None = None
    message: str | None = None
    key: Mapping[str, JsonValue] | None = None
    etag: str | None = None
    sent: bool = True


_ENCODER = msgspec.json.Encoder(decimal_format="number")
_Work = tuple[Callable[[sqlite3.Connection], None], threading.Event | None]


class Journal:
    """The journal of one plan, held by this process until it is closed.

    Raises (from the constructor):
        ConfigurationError: no such plan.
        RefusedError: another living process applies it.
        OSError: the plan cannot be written.
    """

    def __init__(self, path: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Open the plan for its journal and take the lock."""
        self._clock = clock
        self._connection = open_plan(path, write=True)
        try:
            self._connection.execute("pragma journal_mode = wal")
            self._connection.execute("pragma synchronous = full")
            _take(self._connection, path, self._now())
        except sqlite3.OperationalError as error:
            self._connection.close()
            raise OSError(f"the journal cannot be written: {error}") from error
        except BaseException:
            self._connection.close()
            raise
        numbers = self._connection.execute("select action, max(number) from attempt group by action")
        self._numbers: dict[int, int] = dict(numbers)
        self._work: queue.Queue[_Work | None] = queue.Queue()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what waits and give the plan back."""
        self.close()

    def intend(self, intents: Iterable[Intent]) -> None:
        """Write the intents; when this returns they are on disk, and the bytes may leave.

        Raises:
            OSError: the journal could not be written; nothing may be sent.
        """
        rows = [(intent.action, self._now(), _json(intent.key)) for intent in intents]
        done = threading.Event()
        self._work.put((lambda connection: self._insert(connection, rows), done))
        done.wait()
        self._check()

    def conclude(self, outcomes: Iterable[Outcome]) -> None:
        """Write the outcomes with the next commit; returns at once."""
        kept = tuple(outcomes)
        self._work.put((lambda connection: self._outcomes(connection, kept), None))
        self._check()

    def flush(self) -> None:
        """Return when everything said so far is on disk."""
        done = threading.Event()
        self._work.put((lambda _: None, done))
        done.wait()
        self._check()

    def close(self) -> None:
        """Write what waits, give the plan back, close the file."""
        self._work.put(None)
        self._thread.join()
        try:
            self._connection.execute(
                "delete from holder where pid = ? and host = ?", (os.getpid(), socket.gethostname())
            )
        except sqlite3.OperationalError as error:
            # The next apply takes the lock over from a dead process; what failed is told below.
            self._failure = self._failure or error
        # One file again, so that a plan can be mailed; while a reader holds it open the next one does it.
        with contextlib.suppress(sqlite3.OperationalError):
            self._connection.execute("pragma journal_mode = delete")
        self._connection.close()
        self._check()

    def _run(self) -> None:
        stopping = False
        while not stopping:
            waiting = [self._work.get()]
            while not self._work.empty():
                waiting.append(self._work.get())
            stopping = None in waiting
            jobs = [job for job in waiting if job is not None]
            self._commit([write for write, _ in jobs])
            for _, done in jobs:
                if done is not None:
                    done.set()

    def _commit(self, writes: list[Callable[[sqlite3.Connection], None]]) -> None:
        if not writes or self._failure is not None:
            return
        try:
            self._connection.execute("begin immediate")
            for write in writes:
                write(self._connection)
            self._connection.execute("commit")
        except Exception as error:  # noqa: BLE001 - told to the threads that wait, which would wait for ever
            # Without a journal nothing more is sent.
            self._failure = error
            if self._connection.in_transaction:
                self._connection.execute("rollback")

    def _insert(self, connection: sqlite3.Connection, rows: list[tuple[int, str, str | None]]) -> None:
        for action, sent, key in rows:
            number = self._numbers[action] = self._numbers.get(action, 0) + 1
            attempt = (action, number, sent, key)
            connection.execute("insert into attempt (action, number, sent, key) values (?, ?, ?, ?)", attempt)

    def _outcomes(self, connection: sqlite3.Connection, outcomes: tuple[Outcome, ...]) -> None:
        for outcome in outcomes:
            if not outcome.sent:
                number = self._numbers[outcome.action] = self._numbers.get(outcome.action, 0) + 1
                unsent = (outcome.action, number)
                connection.execute("insert into attempt (action, number) values (?, ?)", unsent)
            connection.execute(
                "update attempt set answered = ?, outcome = ?, status = ?, code = ?, message = ?,"
                " made_key = ?, etag = ? where action = ? and number = ?",
                (
                    self._now(),
                    str(outcome.state),
                    outcome.status,
                    outcome.code,
                    outcome.message,
                    _json(outcome.key),
                    outcome.etag,
                    outcome.action,
                    self._numbers[outcome.action],
                ),
            )

    def _check(self) -> None:
        if self._failure is not None:
            raise OSError(f"the journal cannot be written: {self._failure}")

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _take(connection: sqlite3.Connection, path: Path, now: str) -> None:
    """Become the holder, or say who is; a dead owner's lock is taken over, one on another host believed."""
    import psutil  # noqa: PLC0415 - only when a plan is carried out

    connection.execute("begin immediate")
    try:
        _refuse_if_held(connection, path)
        started = psutil.Process().create_time()
        holder = (socket.gethostname(), os.getpid(), started, now)
        connection.execute("insert or replace into holder values (1, ?, ?, ?, ?)", holder)
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def _refuse_if_held(connection: sqlite3.Connection, path: Path) -> None:
    found = connection.execute("select host, pid, started, since from holder").fetchone()
    if found is not None and _alive(*found[:3]):
        host, pid, _, since = found
        raise RefusedError(PlanHeld(place=FilePlace(str(path)), pid=pid, host=host, since=since))


def _alive(host: str, pid: int, started: float) -> bool:
    if host != socket.gethostname():
        return True
    import psutil  # noqa: PLC0415 - only when a plan is carried out

    try:
        return abs(psutil.Process(pid).create_time() - started) < 1.0
    except psutil.NoSuchProcess:
        return False


def _json(value: object) -> str | None:
    return None if value is None else _ENCODER.encode(value).decode()
