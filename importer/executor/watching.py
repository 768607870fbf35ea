"""Before a wave: what changed, vanished or appeared since the plan is blocked, never overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass

from importer.executor.composing import Sending, compose
from importer.executor.knowledge import Knowledge
from importer.executor.ledger import Ledger
from importer.executor.outcomes import KEY_TAKEN
from importer.executor.recovery import Keys, Verdict, judge_appeared
from importer.executor.settling import Settler
from importer.executor.values import described, differences
from importer.odata.edm import Model
from importer.plan import Action, Verb
from importer.service import FetchedEntity
from importer.text.translating import translate


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks at the entities of a wave and lets through what is as the plan saw it."""

    settler: Settler
    ledger: Ledger
    knowledge: Knowledge
    model: Model

    def clear(self, actions: Sequence[Action]) -> list[Sending]:
        """Return the actions that may be sent, composed, in order; the others get their outcome."""
        sendings = [compose(action, self.knowledge, self.model) for action in actions]
        creates = [sending for sending in sendings if sending.action.verb is Verb.CREATE]
        # With an ETag the service itself watches (odata-protocol.md §6, "After a lost answer", 3).
        changes = [
            sending for sending in sendings if sending.action.verb is not Verb.CREATE and sending.etag is None
        ]
        checked = {
            sending.action.id: sending for sending in (*self._absent(creates), *self._unchanged(changes))
        }
        watched = {sending.action.id for sending in (*creates, *changes)}
        return [
            checked.get(s.action.id, s)
            for s in sendings
            if s.action.id in checked or s.action.id not in watched
        ]

    def _unchanged(self, sendings: Sequence[Sending]) -> list[Sending]:
        found = self.settler.under_keys(sendings)
        return [
            ready
            for sending in sendings
            if (ready := self._change(sending, found.get(sending.action.id))) is not None
        ]

    def _change(self, sending: Sending, entity: FetchedEntity | None) -> Sending | None:
        action = sending.action
        if entity is None:
            if action.verb is Verb.DELETE:
                self.ledger.done(action, sending.key, status=None, sent=False)
            else:
                self.ledger.blocked(action, translate("it was deleted"), sent=False)
            return None
        properties = self.model.properties_of(action.type)
        changed = differences(sending.guard, entity.values, properties)
        if not changed:
            # An ETag or a version just read closes the moment between this look and the write.
            version = entity.values.get(sending.versioned or "")
            if entity.etag is None and version is None:
                return sending
            return compose(action, self.knowledge, self.model, etag=entity.etag, version=version)
        if action.verb is Verb.UPDATE and not differences(sending.values, entity.values, properties):
            self.ledger.done(action, sending.key, status=None, etag=entity.etag, sent=False)
        else:
            self.ledger.blocked(action, described(changed), sent=False)
        return None

    def _absent(self, sendings: Sequence[Sending]) -> list[Sending]:
        searched = self.settler.searched(sendings)
        # The service itself refuses a second entity under a key that it keeps; asked is only what could be
        # ours from an earlier try, and what cannot be searched for.
        doubtful = [
            sending
            for sending, found in zip(sendings, searched, strict=True)
            if sending.key is not None and (found is None or sending.action.id in self.knowledge.tried)
        ]
        own = self.settler.under_keys(doubtful)
        ready = []
        for sending, hits in zip(sendings, searched, strict=True):
            mine = own.get(sending.action.id)
            found = [mine] if mine is not None else hits or []
            if not found:
                ready.append(sending)
            else:
                self._appeared(sending, found)
        return ready

    def _appeared(self, sending: Sending, found: Sequence[FetchedEntity]) -> None:
        action, entity = sending.action, found[0]
        differ = self.settler.differ(sending, entity)
        under_key = sending.key is not None and dict(entity.key) == dict(sending.key)
        keys = Keys.OURS if under_key else Keys.SERVICE
        tried = action.id in self.knowledge.tried
        verdict = judge_appeared(tried=tried, keys=keys, own=len(found), same=not differ)
        if verdict is Verdict.DONE:
            self.knowledge.learn(action, sending.key, entity.key)
            self.ledger.done(action, entity.key, status=None, etag=entity.etag, sent=False)
        elif verdict is Verdict.TAKEN:
            self.ledger.failed(action, status=None, code=KEY_TAKEN, message=described(differ), sent=False)
        else:
            keyed = ", ".join(str(value) for value in entity.key.values())
            message = translate("{set}({key}) was created by somebody else").format(set=action.set, key=keyed)
            self.ledger.blocked(action, message, sent=False)
