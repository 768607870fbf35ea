"""Every outcome of an apply goes through here: into the journal, into what is known, to whoever watches."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from importer.executor.knowledge import Knowledge
from importer.executor.outcomes import (
    ENTITY_CHANGED,
    DependsOnFailed,
    StoredDifferently,
    WriteForbidden,
    place_of,
)
from importer.executor.values import Difference, Key, plain, shown
from importer.plan import Action, State
from importer.plan.file import Journal, Outcome
from importer.problems import ImporterError, Problem
from importer.progress import Progress


@dataclass
class Ledger:
    """What happened so far. `halt` is the reason why nothing more is sent, once there is one."""

    journal: Journal
    knowledge: Knowledge
    progress: Progress
    stop: threading.Event
    max_errors: int = 0
    problems: list[Problem] = field(default_factory=list)
    failures: int = 0
    forbidden: set[str] = field(default_factory=set)
    halt: ImporterError | None = None
    halted_by: Problem | None = None
    # Problems told in words of this apply, by action: a journal keeps only codes and texts.
    waiting: dict[int, Problem] = field(default_factory=dict)

    @property
    def stopped(self) -> bool:
        """Whether nothing more is to be sent."""
        return self.stop.is_set() or self.halt is not None or self.halted_by is not None or self.too_many

    @property
    def too_many(self) -> bool:
        """Whether more actions failed than a person allows."""
        return bool(self.max_errors) and self.failures > self.max_errors

    def done(
        self,
        action: Action,
        key: Key | None,
        *,
        status: int | None,
        etag: str | None = None,
        sent: bool = True,
    ) -> None:
        """Write a success; `sent` False: it was found to be done without being sent now."""
        self._write(
            Outcome(action=action.id, state=State.DONE, status=status, key=plain(key), etag=etag, sent=sent)
        )
        self.knowledge.done(action.id, key)
        self.progress.advance()

    def failed(
        self, action: Action, *, status: int | None, code: str | None, message: str | None, sent: bool = True
    ) -> None:
        """Write a failure, in the service's words."""
        self._write(
            Outcome(
                action=action.id, state=State.FAILED, status=status, code=code, message=message, sent=sent
            )
        )
        self._not_done(action, State.FAILED)
        self.failures += 1

    def blocked(self, action: Action, message: str, *, sent: bool, status: int | None = None) -> None:
        """Write that the entity changed since the plan; `sent` False: nothing was sent at all."""
        self._write(
            Outcome(
                action=action.id,
                state=State.BLOCKED,
                status=status,
                code=ENTITY_CHANGED,
                message=message,
                sent=sent,
            )
        )
        self._not_done(action, State.BLOCKED)

    def not_written(self, actions: Iterable[Action], *, status: int | None = None) -> None:
        """Write that these were refused before they ran, or proved not to be there: they are pending."""
        outcomes = [Outcome(action=action.id, state=State.PENDING, status=status) for action in actions]
        self._write(*outcomes)
        for outcome in outcomes:
            self.knowledge.states[outcome.action] = State.PENDING

    def unknown(self, action: Action) -> None:
        """Keep an action whose outcome could not be found out; the journal says so by having none."""
        self._not_done(action, State.UNKNOWN)

    def sent(self, actions: Iterable[Action]) -> None:
        """Keep that these are on their way."""
        for action in actions:
            self.knowledge.states[action.id] = State.UNKNOWN

    def unsent(self, actions: Iterable[Action]) -> None:
        """Keep that these did not leave after all; the journal knows nothing of them."""
        for action in actions:
            self.knowledge.states[action.id] = State.PENDING

    def depends(self, action: Action, on: Action) -> None:
        """Keep why an action was not sent: what it refers to is not done."""
        problem = DependsOnFailed(place=place_of(action), step=action.step, found=f"{on.set} {on.title}")
        self.waiting[action.id] = problem
        self.progress.advance()

    def differences(self, action: Action, found: Iterable[Difference]) -> None:
        """Keep what was stored otherwise than sent (rule 8)."""
        self.problems.extend(
            StoredDifferently(
                place=place_of(action),
                step=action.step,
                property=item.property,
                expected=shown(item.expected),
                found=shown(item.found),
            )
            for item in found
        )

    def forbid(self, action: Action, message: str, url: str) -> None:
        """Keep that a set takes no writes from us; it is told once."""
        if action.set not in self.forbidden:
            self.forbidden.add(action.set)
            self.problems.append(
                WriteForbidden(
                    place=place_of(action), step=action.step, set=action.set, found=message, expected=url
                )
            )

    def _write(self, *outcomes: Outcome) -> None:
        if outcomes:
            self.journal.conclude(outcomes)

    def _not_done(self, action: Action, state: State) -> None:
        self.knowledge.states[action.id] = state
        self.progress.advance()
