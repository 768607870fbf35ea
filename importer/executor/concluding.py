"""Answers → outcomes: what each answer means for its action, and for what nobody answered.

What is to be sent a second time is decided by `recovery` alone, or was refused by the service before it ran.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from importer.executor.answers import Judged, Stored, judge_answer, read_stored
from importer.executor.composing import Sending, compose
from importer.executor.knowledge import Knowledge
from importer.executor.ledger import Ledger
from importer.executor.outcomes import (
    KEY_TAKEN,
    NOT_STORED,
    UNANSWERED,
    UPDATE_CREATED,
    UpdateCreated,
    place_of,
)
from importer.executor.packing import Packing
from importer.executor.recovery import Keys, Verdict, nothing_written
from importer.executor.settling import Case, Ruling, Settler
from importer.executor.values import Difference, Key, Values, described, differences
from importer.odata.batch import Answer
from importer.odata.edm import Model
from importer.odata.http.refusals import LoginRefused, come_back
from importer.odata.http.statuses import Denial, Meaning, denial
from importer.odata.http.throttling import PATIENCE, PAUSE, Pace
from importer.plan import Verb
from importer.problems import EntityPlace, ServiceError
from importer.service import FetchedEntity
from importer.text.translating import translate

# Sent so often in one apply at most; then it is left for the next.
TRIES = 4
# Asked to wait so often without one answer in between: the service is not well.
_PATIENT = 20
# Without a word about how long, each pause is twice the last, up to so many doublings.
_DOUBLINGS = 3

# What travels in one request: one operation goes alone, several as a batch.
Parcel: TypeAlias = tuple[Sending, ...]


@dataclass
class Concluder:
    """Gives every answer its consequence.

    root: the service's. queue: what is still to be sent, the next at its end. cases: writes of unknown
    outcome. unseen: successes whose answers showed nothing. asked: how many seconds the service wants us to
    wait. reason: why the login got no other proof, as the token server said it; empty where nobody asked.
    """

    root: str
    model: Model
    knowledge: Knowledge
    ledger: Ledger
    packing: Packing
    pace: Pace
    settler: Settler
    reason: Callable[[], str] = str
    queue: list[Sending] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    unseen: list[tuple[Sending, Judged, Stored]] = field(default_factory=list)
    asked: float = 0.0
    refusals: int = 0
    _bound: list[tuple[Sending, Key]] = field(default_factory=list)
    _worked: set[str] = field(default_factory=set)
    _doubts: Counter[str] = field(default_factory=Counter)
    _lots: int = 0

    def answered(self, sending: Sending, answer: Answer, *, alone: bool) -> None:
        """Act on the answer to one operation."""
        judged = judge_answer(answer.status, answer.headers, answer.body)
        if judged.meaning not in (Meaning.WAIT, Meaning.FORBIDDEN):
            self.refusals = 0
        match judged.meaning:
            case Meaning.DONE:
                self._stored(sending, judged, read_stored(sending, answer.headers, answer.body, self.model))
            case Meaning.LOGIN:
                self.login((sending,), judged)
            case Meaning.WAIT | Meaning.FORBIDDEN if judged.status == 403:
                self._denied(sending, judged)
            case Meaning.WAIT:
                self.throttled((sending,), judged)
            case Meaning.CHANGED if sending.action.verb is Verb.CREATE:
                self._failed(sending, judged)
            case Meaning.UNKNOWN | Meaning.BUSINESS | Meaning.CHANGED:
                self._doubt(sending, judged, alone=alone)
            case _ if judged.status in (413, 424) and not alone:
                self.refused((sending,), judged.status, 0.0, alone=True)
            case _ if sending.action.verb is Verb.DELETE and judged.status in (404, 410):
                self.ledger.done(sending.action, sending.key, status=judged.status)
            case _ if sending.action.verb is Verb.CREATE and (
                judged.status == 409 or sending.action.id in self.knowledge.tried
            ):
                self._doubt(sending, judged, alone=alone)
            case _:
                self._refused_alone(sending, judged)

    def lost(self, parcel: Parcel, *, whole: bool = True) -> None:
        """Take operations without an answer, `whole`: those of one request; each is of unknown outcome."""
        self.knowledge.tried.update(sending.action.id for sending in parcel)
        batch = whole and len(parcel) > 1
        self._lots += batch
        lot = self._lots if batch else None
        self.cases.extend(Case(sending, lot=lot, alone=whole and not batch) for sending in parcel)

    def refused(self, parcel: Parcel, status: int | None, seconds: float, *, alone: bool = False) -> None:
        """Put back what was refused before it ran; `seconds`: to be waited first."""
        self.ledger.not_written([sending.action for sending in parcel], status=status)
        self.queue.extend(sending.put_back(alone=alone) for sending in reversed(parcel))
        if seconds:
            # Many members of one batch may ask; it is waited once.
            self.refusals += not self.asked
            self.asked = max(self.asked, seconds)

    def throttled(self, parcel: Parcel, judged: Judged) -> None:
        """Take a refusal by rate: everybody waits as long as the service asks, longer each time it does not say."""
        seconds = judged.wait or PAUSE * 2 ** min(self.refusals, _DOUBLINGS)
        self.pace.refused()
        if seconds > PATIENCE or self.refusals >= _PATIENT:
            self.ledger.halt = ServiceError(come_back(self.root, seconds))
        self.refused(parcel, judged.status, seconds)
        self.pace.hold(min(seconds, PATIENCE))

    def doubted(self, parcel: Parcel, judged: Judged, what: str, *, worked: bool, keyed: bool) -> Denial:
        """Return which of its three meanings a 403 has for `what`; a throttle is taken as one (timetta.md §6)."""
        found = denial(judged.body, worked=worked, keyed=keyed, before=self._doubts[what])
        if found is Denial.THROTTLE:
            # Many members of one batch are one doubt.
            self._doubts[what] += not self.asked
            self.throttled(parcel, judged)
        return found

    def unsent(self, parcel: Parcel) -> None:
        """Put back what did not leave: the apply was stopped, or the service takes nothing for now."""
        self.ledger.unsent(sending.action for sending in parcel)
        self.queue.extend(reversed(parcel))

    def login(self, parcel: Parcel, judged: Judged) -> None:
        """Take a refused login: it was refused before it ran, and so would everything else be."""
        root, found = self.root, self.reason() or judged.message
        self.ledger.not_written([sending.action for sending in parcel], status=judged.status)
        self.ledger.halt = self.ledger.halt or ServiceError(
            LoginRefused(place=EntityPlace(root), found=found, expected=root, status=judged.status)
        )

    def see(self) -> None:
        """Read back the successes whose answers showed nothing, all at once (rule 8)."""
        unseen, self.unseen = self.unseen, []
        keyed = [
            replace(s, key=stored.key or s.key, keys=Keys.OURS)
            for s, _, stored in unseen
            if stored.key or s.key
        ]
        found = self.settler.under_keys(keyed)
        for sending, judged, stored in unseen:
            entity = found.get(sending.action.id)
            if entity is not None:
                self._succeeded(sending, judged.status, entity.key, entity.values, entity.etag or stored.etag)
            else:
                self._case(sending, judged, alone=False)

    def settle(self) -> None:
        """Find out what the unknown outcomes were, and act on it."""
        cases, self.cases = self.cases, []
        if self.ledger.stopped:
            # No pauses for somebody who wants to stop; what is left is unknown, and the next apply begins
            # with it.
            cases = [case for case in cases if case.looked]
        if not cases:
            return
        rulings = self.settler.rule(cases)
        self._learn_sizes(rulings)
        for ruling in rulings:
            self._ruled(ruling)

    def follow(self) -> None:
        """See whether binds were taken: some services answer 201 and do not set them (§2)."""
        bound, self._bound = self._bound, []
        for sending, key in bound:
            for navigation, path in sending.binds.items():
                found = self.settler.looker.bound(sending.action.set, key, navigation)
                if found is not None and found != path:
                    self.ledger.differences(sending.action, [Difference(navigation, path, found or None)])

    def recover(self, sendings: Sequence[Sending]) -> None:
        """Settle writes of an earlier apply; those not carried out are pending again."""
        cases = [Case(sending, alone=True) for sending in sendings]
        for ruling in self.settler.rule(cases) if cases else ():
            if ruling.verdict is Verdict.SEND_AGAIN:
                self.ledger.not_written([ruling.case.sending.action])
            else:
                self._ruled(ruling)
        self.follow()

    def _stored(self, sending: Sending, judged: Judged, stored: Stored) -> None:
        if judged.status == 201 and sending.action.verb is not Verb.CREATE:
            self._made_by_update(sending, stored)
        elif sending.action.verb is Verb.DELETE:
            self.ledger.done(sending.action, sending.key, status=judged.status)
        elif stored.values is None or (stored.key is None and sending.action.verb is Verb.CREATE):
            self.unseen.append((sending, judged, stored))
        else:
            self._succeeded(sending, judged.status, stored.key or sending.key, stored.values, stored.etag)

    def _denied(self, sending: Sending, judged: Judged) -> None:
        action = sending.action
        worked = action.set in self._worked
        found = self.doubted(
            (sending,), judged, action.set, worked=worked, keyed=action.verb is not Verb.CREATE
        )
        if found is Denial.NO_RIGHT:
            self.ledger.forbid(action, judged.message, self.root)
        if found is not Denial.THROTTLE:
            self._failed(sending, judged)

    def _succeeded(
        self, sending: Sending, status: int | None, key: Key | None, values: Values, etag: str | None
    ) -> None:
        """Write a success, unless not one of the changes is there."""
        action = sending.action
        properties = self.model.properties_of(action.type)
        differ = differences(sending.values, values, properties)
        if action.verb is Verb.UPDATE and differ and self._untouched(sending, differ, values):
            self.ledger.failed(action, status=status, code=NOT_STORED, message=described(differ))
            return
        self._done(sending, key if action.verb is Verb.CREATE else sending.key, status, etag, differ)

    def _untouched(self, sending: Sending, differ: Sequence[Difference], values: Values) -> bool:
        """Whether every property that was to change still holds what the plan saw."""
        properties = self.model.properties_of(sending.action.type)
        changing = {
            item.property
            for item in differences(sending.values, sending.guard, properties)
            if item.property in sending.guard
        }
        before = {name: sending.guard[name] for name in changing}
        return (
            bool(changing)
            and changing <= {item.property for item in differ}
            and not differences(before, values, properties)
        )

    def _done(
        self,
        sending: Sending,
        key: Key | None,
        status: int | None,
        etag: str | None,
        differ: Sequence[Difference],
    ) -> None:
        self._worked.add(sending.action.set)
        self._doubts.pop(sending.action.set, None)
        self.knowledge.learn(sending.action, sending.key, key)
        self.ledger.done(sending.action, key, status=status, etag=etag)
        self.ledger.differences(sending.action, differ)
        if sending.binds and key is not None:
            self._bound.append((sending, key))

    def _made_by_update(self, sending: Sending, stored: Stored) -> None:
        action = sending.action
        found = ", ".join(str(value) for value in (stored.key or {}).values()) or "–"
        self.ledger.failed(action, status=201, code=UPDATE_CREATED, message=found)
        self.ledger.halted_by = UpdateCreated(
            place=place_of(action), step=action.step, found=found, expected=action.title
        )

    def _doubt(self, sending: Sending, judged: Judged, *, alone: bool) -> None:
        """Verify by reading, unless it is plain: words of refusal to a create that was never sent before."""
        first = sending.action.id not in self.knowledge.tried
        if judged.explained and sending.action.verb is Verb.CREATE and sending.keys is Keys.SERVICE and first:
            self._failed(sending, judged)
        else:
            self._case(sending, judged, alone=alone)

    def _case(self, sending: Sending, judged: Judged, *, alone: bool) -> None:
        self.cases.append(Case(sending, judged, alone=alone))

    def _learn_sizes(self, rulings: Sequence[Ruling]) -> None:
        lots: dict[int, list[Ruling]] = {}
        for ruling in rulings:
            if ruling.case.lot is not None:
                lots.setdefault(ruling.case.lot, []).append(ruling)
        for lot in lots.values():
            if nothing_written([ruling.verdict for ruling in lot]):
                self.packing.smaller(len(lot))

    def _ruled(self, ruling: Ruling) -> None:
        """Act on the verdict about one write."""
        case, sending, entity = ruling.case, ruling.case.sending, ruling.entity
        action, said = sending.action, ruling.case.said
        status = said.status if said else None
        match ruling.verdict:
            case Verdict.DONE:
                tag = entity.etag if entity else None
                self._done(
                    sending,
                    entity.key if entity else sending.key,
                    status,
                    tag,
                    self.settler.differ(sending, entity),
                )
            case Verdict.SEND_AGAIN if (fresh := self._with_new_version(sending, entity)) is not None:
                self.ledger.not_written([action], status=status)
                self.queue.append(fresh)
            case Verdict.SEND_AGAIN:
                self._not_written(case, sending)
            case Verdict.CHANGED:
                message = described(ruling.differences) or translate("its version is another one")
                message = translate("it was deleted") if entity is None else message
                if said is not None and said.meaning is Meaning.BUSINESS:
                    self._failed(sending, said)
                else:
                    self.ledger.blocked(action, message, sent=True, status=status)
            case Verdict.TAKEN if said is not None and said.message:
                self._failed(sending, said)
            case Verdict.TAKEN:
                self.ledger.failed(
                    action, status=status, code=KEY_TAKEN, message=described(ruling.differences)
                )
            case _:
                self.ledger.unknown(action)

    def _with_new_version(self, sending: Sending, entity: FetchedEntity | None) -> Sending | None:
        """Return an update with the version that the entity has now, where another write of ours or of the service changed only that."""
        now = entity.values.get(sending.versioned or "") if entity is not None else None
        if entity is None or sending.version is None or now in (None, sending.version):
            return None
        if sending.tries + 1 >= TRIES:
            return None
        fresh = compose(sending.action, self.knowledge, self.model, etag=entity.etag, version=now)
        return replace(fresh, tries=sending.tries + 1, alone=sending.alone, repeated=True)

    def _not_written(self, case: Case, sending: Sending) -> None:
        """Act on a write that is proved not to be there: tell the refusal, ask for it, or send again."""
        said = case.said
        if said is not None and said.meaning is Meaning.DONE:
            self.ledger.failed(sending.action, status=said.status, code=NOT_STORED, message=said.message)
            return
        heard = said is not None and said.meaning is not Meaning.UNKNOWN
        mute = said is not None and said.status == 500
        if said is not None and (heard or (mute and case.alone) or sending.tries + 1 >= TRIES):
            self._refused_alone(sending, said)
        elif sending.tries + 1 >= TRIES:
            self.ledger.failed(sending.action, status=None, code=UNANSWERED, message=None)
        else:
            self.ledger.not_written([sending.action], status=said.status if said else None)
            # Alone it says why: inside a batch the reason of an empty 500 is lost (odata-protocol.md §4). A
            # lost batch comes in halves, at last as single requests; only those count as tries.
            self.queue.append(sending.again(alone=mute, counted=case.lot is None))

    def _refused_alone(self, sending: Sending, judged: Judged) -> None:
        """Take a refusal of one operation; a create may be refused for the key in it, by a service that makes keys itself.

        While that is not known of a set, it is sent once more without: it is proved that nothing was written.
        """
        action = sending.action
        if action.verb is Verb.CREATE and sending.keys is Keys.UNKNOWN and sending.key is not None:
            self.ledger.not_written([action], status=judged.status)
            bare = compose(action, self.knowledge, self.model, keys=Keys.SERVICE)
            self.queue.append(replace(bare, tries=sending.tries, alone=True, repeated=True))
        else:
            self._failed(sending, judged)

    def _failed(self, sending: Sending, judged: Judged) -> None:
        self.ledger.failed(sending.action, status=judged.status, code=judged.code, message=judged.message)
