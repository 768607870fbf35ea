"""Operations → answers: lanes of batches or single requests, each intent journalled before its bytes leave.

Threads only carry bytes; every decision is made in the calling thread, by `concluding`.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TypeAlias

from importer.executor.answers import judge_answer
from importer.executor.composing import Sending
from importer.executor.concluding import Concluder, Parcel
from importer.executor.ledger import Ledger
from importer.executor.pace import Pace, take
from importer.odata.batch import Answer, BatchUnreadable, read_json_batch
from importer.odata.http import Response, Unanswered
from importer.odata.http.refusals import ServiceUnreachable
from importer.odata.http.statuses import Meaning
from importer.odata.http.throttling import PAUSE
from importer.odata.http.writing import Writer
from importer.problems import EntityPlace, ServiceError

# Silent so often in a row: the service is not well.
_SILENCE = 12

_Transmitted: TypeAlias = tuple[Response | Unanswered, float]


@dataclass
class Sender:
    """Sends composed actions until each has an outcome, or nothing more may be sent."""

    writer: Writer
    ledger: Ledger
    pace: Pace
    concluder: Concluder
    pause: Callable[[float], None]
    pool: ThreadPoolExecutor
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
        flying: dict[Future[_Transmitted], Parcel] = {}
        while flying or (self.concluder.queue and not self.ledger.stopped):
            while self.concluder.queue and len(flying) < self.pace.lanes and not self.ledger.stopped:
                self._wait()
                parcel = take(self.concluder.queue, self.pace)
                parcel = tuple(
                    sending for sending in parcel if sending.action.set not in self.ledger.forbidden
                )
                if parcel:
                    flying[self.pool.submit(self._transmit, parcel)] = parcel
                    self.ledger.sent(sending.action for sending in parcel)
            landed, _ = wait(flying, return_when=FIRST_COMPLETED)
            for future in landed:
                parcel = flying.pop(future)
                self._landed(parcel, *future.result())

    def _transmit(self, parcel: Parcel) -> _Transmitted:
        self.ledger.journal.intend([sending.intent for sending in parcel])
        kind = "retry" if any(sending.repeated for sending in parcel) else "write"
        started = self.clock()
        try:
            if len(parcel) == 1:
                answer: Response | Unanswered = self.writer.single(parcel[0].operation, kind=kind)
            else:
                answer = self.writer.batch([sending.operation for sending in parcel], kind=kind)
        except Unanswered as lost:
            answer = lost
        return answer, self.clock() - started

    def _landed(self, parcel: Parcel, answer: Response | Unanswered, seconds: float) -> None:
        if isinstance(answer, Unanswered):
            self._unanswered(parcel, answer)
            return
        self._silent = 0
        if len(parcel) == 1:
            self.pace.answered(1, seconds)
            self.concluder.answered(parcel[0], Answer(answer.status, answer.headers, answer.body), alone=True)
        else:
            self._batch(parcel, answer, seconds)

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

    def _batch(self, parcel: Parcel, answer: Response, seconds: float) -> None:
        outer = judge_answer(answer.status, answer.headers, answer.body, batch=True)
        if outer.meaning is Meaning.DONE:
            self._members(parcel, answer, seconds)
        elif outer.meaning is Meaning.SMALLER or (outer.meaning is Meaning.NO_BATCH and self.pace.proved):
            # A batch was answered before: it is this one that is too much for the service.
            self.pace.smaller(len(parcel))
            self.concluder.refused(parcel, outer.status, 0.0)
        elif outer.meaning in (Meaning.NO_BATCH, Meaning.FORBIDDEN, Meaning.REFUSED, Meaning.CHANGED):
            self.pace.no_batch()
            self.concluder.refused(parcel, outer.status, 0.0)
        elif outer.meaning is Meaning.WAIT:
            self.concluder.throttled(parcel, outer)
        elif outer.meaning is Meaning.LOGIN:
            self.concluder.login(parcel, outer)
        else:
            self.concluder.lost(parcel)

    def _members(self, parcel: Parcel, answer: Response, seconds: float) -> None:
        try:
            answers = read_json_batch(answer.body, [sending.operation.id for sending in parcel])
        except BatchUnreadable:
            self.concluder.lost(parcel)
            return
        self.pace.answered(len(parcel), seconds)
        missing = []
        for sending in parcel:
            member = answers.answers.get(sending.operation.id)
            if member is None:
                missing.append(sending)
            else:
                self.pace.proved = True
                self.concluder.answered(sending, member, alone=False)
        if missing:
            self.concluder.lost(tuple(missing), whole=False)

    def _wait(self) -> None:
        if self.concluder.asked:
            seconds, self.concluder.asked = self.concluder.asked, 0.0
            self.pause(seconds)
