"""Finding out what unknown outcomes were: reads, pauses, and the verdicts of `recovery`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from importer.executor.answers import Judged
from importer.executor.composing import Sending
from importer.executor.looking import Looker, Search, select_of
from importer.executor.recovery import Keys, Verdict, judge_create, judge_delete, judge_update, same_tag
from importer.executor.values import Difference, differences, identity
from importer.odata.edm import Model
from importer.odata.http.statuses import Meaning
from importer.plan import Verb
from importer.service import FetchedEntity


@dataclass(frozen=True, slots=True)
class Case:
    """A write of unknown outcome.

    said: what the service answered, if it did. lot: which wholly lost batch it was in. alone: it went outside
    a batch.
    """

    sending: Sending
    said: Judged | None = None
    lot: int | None = None
    alone: bool = False

    @property
    def looked(self) -> int:
        """Return how many looks the answer is worth: where there was one, nothing of ours is on its way."""
        if self.said is None or (self.said.meaning is Meaning.UNKNOWN and self.said.status != 500):
            return 0
        return 0 if self.sending.keys is not Keys.OURS else 1


@dataclass(frozen=True, slots=True)
class Ruling:
    """A case and its verdict; `entity`: what stands there now; `differences`: from what was sent or seen."""

    case: Case
    verdict: Verdict
    entity: FetchedEntity | None = None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Settler:
    """Looks until each case has a verdict. `settle` gives the seconds between two looks."""

    looker: Looker
    model: Model
    pause: Callable[[float], None]
    settle: Callable[[], float]

    def rule(self, cases: Sequence[Case]) -> list[Ruling]:
        """Return a ruling for each case, in no particular order; never `LOOK_AGAIN`.

        Where no answer came the first look waits too: a write may be on its way. Reads are for all cases
        together.
        """
        rulings: list[Ruling] = []
        rulings.extend(self._rounds([case for case in cases if case.looked]))
        lost = [case for case in cases if not case.looked]
        if lost:
            self.pause(self.settle())
            rulings.extend(self._rounds(lost))
        return rulings

    def look(self, cases: Sequence[Case], looked: int) -> list[Ruling]:
        """Return the rulings of one look, which is the `looked`th."""
        creates = [case for case in cases if case.sending.action.verb is Verb.CREATE]
        others = [case for case in cases if case.sending.action.verb is not Verb.CREATE]
        return [*self._creates(creates, looked), *self._changes(others)]

    def _rounds(self, cases: Sequence[Case]) -> Iterable[Ruling]:
        looked, waiting = 0, list(cases)
        while waiting:
            looked += 1
            rulings = self.look(waiting, looked)
            yield from (ruling for ruling in rulings if ruling.verdict is not Verdict.LOOK_AGAIN)
            waiting = [ruling.case for ruling in rulings if ruling.verdict is Verdict.LOOK_AGAIN]
            if waiting:
                self.pause(self.settle())

    def _creates(self, cases: Sequence[Case], looked: int) -> Iterable[Ruling]:
        own = self.under_keys(
            [
                case.sending
                for case in cases
                if case.sending.key is not None and case.sending.keys is not Keys.SERVICE
            ]
        )
        asked = [
            case for case in cases if case.sending.keys is not Keys.OURS and case.sending.action.id not in own
        ]
        searched = self.searched([case.sending for case in asked])
        hits = {case.sending.action.id: found for case, found in zip(asked, searched, strict=True)}
        for case in cases:
            sending = case.sending
            entity = own.get(sending.action.id)
            present = entity is not None
            found = hits.get(sending.action.id)
            if entity is None and found is not None and len(found) == 1:
                entity = found[0]
            differ = self.differ(sending, entity)
            verdict = judge_create(
                sending.keys,
                present=present,
                same=not differ,
                found=None if found is None else len(found),
                looked=looked + case.looked,
            )
            # The service refused it: what the match values find, and is not what we sent, is somebody else's.
            refused = case.said is not None and case.said.meaning is not Meaning.DONE
            if verdict is Verdict.DONE and not present and refused and differ:
                verdict = Verdict.TAKEN
            yield Ruling(case, verdict, entity, differ)

    def _changes(self, cases: Sequence[Case]) -> Iterable[Ruling]:
        found = self.under_keys([case.sending for case in cases])
        for case in cases:
            sending = case.sending
            entity = found.get(sending.action.id)
            properties = self.model.properties_of(sending.action.type)
            now = entity.values if entity else {}
            before = differences(sending.guard, now, properties)
            tag = same_tag(sending.etag, entity.etag if entity else None)
            if sending.action.verb is Verb.DELETE:
                verdict = judge_delete(present=entity is not None, as_before=not before, same_etag=tag)
            else:
                verdict = judge_update(
                    present=entity is not None,
                    as_wanted=not differences(sending.values, now, properties),
                    as_before=not before,
                    same_etag=tag,
                )
            yield Ruling(case, verdict, entity, before)

    def under_keys(self, sendings: Sequence[Sending]) -> dict[int, FetchedEntity]:
        """Return what stands under the keys of these, by action."""
        groups: dict[tuple[str, str], list[Sending]] = {}
        for sending in sendings:
            groups.setdefault((sending.action.set, sending.action.type), []).append(sending)
        found: dict[int, FetchedEntity] = {}
        for (entity_set, type_name), members in groups.items():
            select = select_of(
                self.model,
                type_name,
                *(names for m in members for names in (m.values, m.guard, (m.versioned or "",))),
            )
            entities = self.looker.under_keys(
                entity_set, [m.key for m in members if m.key is not None], select
            )
            for member in members:
                entity = entities.get(identity(member.key)) if member.key is not None else None
                if entity is not None:
                    found[member.action.id] = entity
        return found

    def searched(self, sendings: Sequence[Sending]) -> list[list[FetchedEntity] | None]:
        """Return what the match values of these find; None where there is nothing to search by."""
        return self.looker.searched(
            [
                Search(
                    s.action.set, s.action.type, s.searches, select_of(self.model, s.action.type, s.values)
                )
                for s in sendings
            ]
        )

    def differ(self, sending: Sending, entity: FetchedEntity | None) -> tuple[Difference, ...]:
        """Return what an entity holds otherwise than it was sent; nothing for one that is not there."""
        if entity is None:
            return ()
        return differences(sending.values, entity.values, self.model.properties_of(sending.action.type))
