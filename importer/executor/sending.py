"""Operations → answers: lanes of batches or single requests, each intent journalled before its bytes leave.

Threads only carry bytes; every decision is made in the calling thread, by `concluding`.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TypeAlias

from importer.executor.answers import Judged, judge_answer
from importer.executor.composing import Sending
from importer.executor.concluding import Concluder, Parcel
from importer.executor.ledger import Ledger
from importer.executor.packing import Packing, take
from importer.odata.batch import Answer, BatchAnswers, BatchUnreadable, Format, read_batch
from importer.odata.http import Response, Unanswered
from importer.odata.http.refusals import LoginRefused, ServiceUnreachable, come_back
from importer.odata.http.statuses import Denial, Meaning
from importer.odata.http.throttling import PATIENCE, PAUSE, Held, Pace
from importer.odata.http.writing import Writer
from importer.problems import EntityPlace, ImporterError, ServiceError

# Silent so often in a row: the service is not well.
_SILENCE = 12
# A partial answer goes on so often at most (OData JSON §19.5).
_PAGES = 100


@dataclass(frozen=True, slots=True)
class _Flight:
    """A parcel on its way; `form` None: alone."""

    parcel: Parcel
    form: Format | None


# What became of it: an answer, none, not even sent (None: the apply was stopped), or no login any more.
_Landed: TypeAlias = Response | Unanswered | Held | ServiceError | None


@dataclass(kw_only=True)
class Sender:
    """Sends composed actions until each has an outcome, or nothing more may be sent.

    `remember` is told when the form of batches changes, `pause` may be cut short by a stop.
    """

    writer: Writer
    ledger: Ledger
    packing: Packing
    pace: Pace
    concluder: Concluder
    pause: Callable[[float], object]
    pool: ThreadPoolExecutor
    remember: Callable[[Format | None], None]
    clock: Callable[[], float] = time.monotonic
    _silent: int = 0

    def send(self, sendings: Sequence[Sending]) -> None:
        """Send these, settle what became unknown, and send again what is proved not to be there."""
        self.concluder.queue = list(reversed(sendings))
        while self.concluder.queue or self.concluder.cases or self.concluder.unseen:
            self._drain()
            self.concluder.see()
            self.concluder.settle()
            self.concluder.follow()
            if self.ledger.stopped and not self.concluder.unseen:
                break
        self.concluder.queue = []

    def _drain(self) -> None:
        """Send the queue until it is empty or nothing more may be sent; finish every request in flight."""
        flying: dict[Future[tuple[_Landed, float]], _Flight] = {}
        while flying or (self.concluder.queue and not self.ledger.stopped):
            while (
                self.concluder.queue
                and len(flying) < self.packing.lanes(self.pace.lanes)
                and not self.ledger.stopped
            ):
                self._wait()
                if not self.ledger.stopped:
                    self._launch(flying)
            landed, _ = wait(flying, return_when=FIRST_COMPLETED)
            for future in landed:
                self._landed(flying.pop(future), *future.result())

    def _launch(self, flying: dict[Future[tuple[_Landed, float]], _Flight]) -> None:
        parcel = tuple(
            sending
            for sending in take(self.concluder.queue, self.packing)
            if sending.action.set not in self.ledger.forbidden
        )
        if parcel:
            flight = _Flight(parcel, self.packing.form if len(parcel) > 1 else None)
            flying[self.pool.submit(self._transmit, flight)] = flight
            self.ledger.sent(sending.action for sending in parcel)

    def _transmit(self, flight: _Flight) -> tuple[_Landed, float]:
        """Carry a parcel; the intents are durable before its bytes leave, and not before they may."""
        started = self.clock()
        try:
            with self.pace.turn():
                if self.ledger.stopped:
                    return None, 0.0
                self.ledger.journal.intend([sending.intent for sending in flight.parcel])
                started = self.clock()
                return self._answer(flight), self.clock() - started
        except Held as held:
            return held, 0.0

    def _answer(self, flight: _Flight) -> _Landed:
        kind = "retry" if any(sending.repeated for sending in flight.parcel) else "write"
        try:
            if flight.form is None:
                return self.writer.single(flight.parcel[0].operation, kind=kind)
            operations = [sending.operation for sending in flight.parcel]
            return self.writer.batch(flight.form, operations, kind=kind)
        except (Unanswered, ServiceError) as lost:
            return lost

    def _landed(self, flight: _Flight, answer: _Landed, seconds: float) -> None:
        parcel = flight.parcel
        match answer:
            case Unanswered():
                self._unanswered(parcel, answer)
            case Held():
                if not self.ledger.stop.is_set():
                    self.ledger.halt = ServiceError(come_back(self.writer.connection.root, answer.seconds))
                self.concluder.unsent(parcel)
            case None:
                self.concluder.unsent(parcel)
            case ServiceError():
                # The login ended on the way: whether the parcel was carried out is seen at the next apply.
                self.ledger.halt = answer
                self.concluder.lost(parcel)
            case _ if flight.form is None:
                self._silent = 0
                self.packing.answered(1, seconds)
                self.concluder.answered(
                    parcel[0], Answer(answer.status, answer.headers, answer.body), alone=True
                )
            case _:
                self._silent = 0
                self._batch(parcel, flight.form, answer, seconds)

    def _unanswered(self, parcel: Parcel, lost: Unanswered) -> None:
        self.pace.refused()
        self._silent += 1
        if lost.sent:
            self.concluder.lost(parcel)
        else:
            self.concluder.refused(parcel, None, PAUSE)
        if self._silent >= _SILENCE:
            root = self.writer.connection.root
            problem = ServiceUnreachable(place=EntityPlace(root), found=lost.reason, expected=root)
            self.ledger.halt = ServiceError(problem)

    def _batch(self, parcel: Parcel, form: Format, answer: Response, seconds: float) -> None:
        """Act on the outer answer to a batch (odata-protocol.md §6, "Ladder")."""
        outer = judge_answer(answer.status, answer.headers, answer.body, batch=True)
        proved, count = self.packing.proved, len(parcel)
        match outer.meaning:
            case Meaning.DONE:
                self._members(parcel, form, answer, seconds)
            case Meaning.WAIT | Meaning.FORBIDDEN if outer.status == 403:
                found = self.concluder.doubted(parcel, outer, "$batch", worked=proved > 0, keyed=False)
                if found is not Denial.THROTTLE:
                    self._step_down(parcel, form, outer)
            case Meaning.SMALLER if outer.status == 429 and count <= proved:
                # So many were answered as one batch: it is about rate after all.
                self.concluder.throttled(parcel, outer)
            case Meaning.SMALLER:
                self.packing.smaller(count)
                self.concluder.refused(parcel, outer.status, 0.0)
            case Meaning.NO_BATCH if proved:
                # A batch was answered before: it is this one that is too much for the service.
                self.packing.smaller(count)
                self.concluder.refused(parcel, outer.status, 0.0)
            case Meaning.NO_BATCH:
                self._step_down(parcel, form, outer)
            case Meaning.WAIT:
                self.concluder.throttled(parcel, outer)
            case Meaning.LOGIN:
                self.concluder.login(parcel, outer)
            case _:
                self.concluder.lost(parcel)

    def _step_down(self, parcel: Parcel, form: Format, outer: Judged) -> None:
        """Leave this form of batches: it was refused before any member ran. Remembered."""
        self.packing.step_down(form)
        self.remember(self.packing.form)
        self.concluder.refused(parcel, outer.status, 0.0)

    def _members(self, parcel: Parcel, form: Format, answer: Response, seconds: float) -> None:
        try:
            answers = self._whole(parcel, form, answer)
        except BatchUnreadable:
            self.concluder.lost(parcel)
            return
        if answers.answers:
            self.packing.answered(len(parcel), seconds)
        refused = [s for s in parcel if _status(answers, s) == 401]
        # Refused before they ran; with another proof they are sent once more, and only they.
        renewed = bool(refused) and self._renewed(answer)
        fresh = tuple(s for s in refused if renewed and not s.renewed)
        if fresh:
            self.concluder.refused(tuple(s.with_new_login() for s in fresh), 401, 0.0)
        missing = []
        for sending in parcel:
            member = answers.answers.get(sending.operation.id)
            if member is None:
                missing.append(sending)
            elif sending not in fresh:
                self.concluder.answered(sending, member, alone=False)
        if missing:
            self.concluder.lost(tuple(missing), whole=False)

    def _renewed(self, answer: Response) -> bool:
        """Whether there is another login than the one refused in these parts; where nobody can give one, nothing more is sent."""
        try:
            return self.writer.connection.renewed(answer)
        except Unanswered as lost:
            root = self.writer.connection.root
            problem = LoginRefused(place=EntityPlace(root), found=lost.reason, expected=root, status=401)
            self.ledger.halt = ServiceError(problem)
        except ImporterError as error:
            self.ledger.halt = error
        return False

    def _whole(self, parcel: Parcel, form: Format, answer: Response) -> BatchAnswers:
        """Return the answers to a batch, the rest of a partial one read from where it says; what cannot be read stays missing."""
        operations = [sending.operation for sending in parcel]
        found = read_batch(form, answer.headers.get("content-type", ""), answer.body, operations)
        for _ in range(_PAGES):
            if not found.missing or found.next_link is None:
                break
            try:
                more = self.writer.connection.get(found.next_link)
                if more.status != 200:
                    break
                rest = read_batch(form, more.headers.get("content-type", ""), more.body, operations)
            except (Unanswered, ServiceError, BatchUnreadable):
                break
            found = found.joined(rest)
        return found

    def _wait(self) -> None:
        """Wait as long as the service asked, here, where a stop is heard."""
        seconds, self.concluder.asked = self.concluder.asked, 0.0
        delay = self.pace.delay()
        seconds = max(seconds, delay if PAUSE <= delay <= PATIENCE else 0.0)
        if seconds:
            self.pause(seconds)


def _status(answers: BatchAnswers, sending: Sending) -> int | None:
    answer = answers.answers.get(sending.operation.id)
    return None if answer is None else answer.status
