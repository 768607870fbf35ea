"""What came of an apply: the result, and the problems that name each action that did not end well."""

from dataclasses import dataclass, field
from typing import ClassVar

from importer.plan import Action, State
from importer.problems import CellPlace, EntityPlace, Place, Problem, Severity

# Codes of outcomes that are ours; any other code in the journal is the service's own.
ENTITY_CHANGED = "entity-changed"
KEY_TAKEN = "key-taken"
NOT_STORED = "not-stored"
UNANSWERED = "unanswered"
UPDATE_CREATED = "update-created"


class ServiceRefused(Problem):
    """The service refused an action; its words are never shortened."""

    code: ClassVar[str] = "service-refused"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "The service answered {status} {found}: {message_text}"
    hint: ClassVar[str] = (
        "Mend it on the service and run `importer apply` again, or mend the row and make the plan again"
    )

    status: int | str
    message_text: str


class EntityChanged(Problem):
    """Somebody else was there between plan and apply; nothing was overwritten."""

    code: ClassVar[str] = "entity-changed"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "Changed on the service since the plan: {found}."
    hint: ClassVar[str] = "Make the plan again"


class OutcomeUnknown(Problem):
    """An answer that never came, and nothing to find out by."""

    code: ClassVar[str] = "outcome-unknown"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "The answer never came, and it cannot be found out what happened to {found}."
    hint: ClassVar[str] = (
        "Run `importer apply` again: it asks the service what happened before sending anything"
    )


class KeyTaken(Problem):
    """Something else stands under the key we sent."""

    code: ClassVar[str] = "key-taken"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "Under our key the service holds something else: {found}. It was not overwritten."
    hint: ClassVar[str] = "Look at that entity on the service, then make the plan again"


class NotStored(Problem):
    """The service said yes and did nothing."""

    code: ClassVar[str] = "not-stored"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "The service answered {status} and stored nothing of what was sent."
    hint: ClassVar[str] = (
        "The user of the token may lack the right to write it, or the service ignores it: ask its provider"
    )

    status: int | str


class Unanswered(Problem):
    """Nothing was written, again and again."""

    code: ClassVar[str] = "service-unreachable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "The service did not answer, and nothing was written."
    hint: ClassVar[str] = "Run `importer apply` again when the service is well"


class UpdateCreated(Problem):
    """A 201 to a PATCH: something new was made (odata-protocol.md rule 3)."""

    code: ClassVar[str] = "update-created"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = (
        "The service answered an update with 201: it made something new, {found}, instead of {expected}."
    )
    hint: ClassVar[str] = "Nothing more was sent. Look at that entity, and tell the service's provider"


class StoredDifferently(Problem):
    """The service stored another value than the one sent (odata-protocol.md rule 8)."""

    code: ClassVar[str] = "stored-differently"
    severity: ClassVar[Severity] = Severity.WARNING
    text: ClassVar[str] = "{property} was sent as {expected}; the service stored {found}."
    hint: ClassVar[str] = (
        "If the service changes such values on purpose, leave the property out or write what it stores"
    )

    property: str


class DependsOnFailed(Problem):
    """Not sent, because what it refers to is not there."""

    code: ClassVar[str] = "depends-on-failed"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "Not sent: it refers to {found}, which is not done."
    hint: ClassVar[str] = "Mend that one; then run `importer apply` again"


class StoppedEarly(Problem):
    """Too many failures."""

    code: ClassVar[str] = "too-many-errors"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "Stopped after {found} failures; the limit is {expected}."
    hint: ClassVar[str] = (
        "Look at the failures; go on with `importer apply`, or without a limit by `--max-errors 0`"
    )


class WriteForbidden(Problem):
    """403: nothing more was sent to that set."""

    code: ClassVar[str] = "access-denied"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{expected} does not let us write {set}. {found}"
    hint: ClassVar[str] = (
        "The user of the token needs the right to write it; nothing more was sent to this set"
    )

    set: str


@dataclass(frozen=True, slots=True)
class FailedAction:
    """An action that failed, is blocked or unknown. `message` is the service's, never shortened."""

    id: int
    step: str
    title: str
    state: State
    places: tuple[CellPlace, ...] = ()
    status: int | None = None
    code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests sent by this apply; a batch is one."""

    read: int = 0
    write: int = 0
    retry: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The plan after this apply. Counts are of the whole plan, also of what earlier applies did."""

    created: int = 0
    updated: int = 0
    deleted: int = 0
    called: int = 0
    failed: int = 0
    blocked: int = 0
    unknown: int = 0
    pending: int = 0
    requests: Requests = field(default_factory=Requests)
    problems: tuple[Problem, ...] = ()
    failures: tuple[FailedAction, ...] = ()
    # How many actions this apply found to be done already.
    before: int = 0

    @property
    def nothing_left(self) -> bool:
        """Whether everything had been done before."""
        return not (self.failed or self.blocked or self.unknown or self.pending) and self.before == self.done

    @property
    def done(self) -> int:
        """Return how many actions are done."""
        return self.created + self.updated + self.deleted + self.called

    @property
    def exit_code(self) -> int:
        """Return the exit code (cli.md): 8 unknown outcomes, 7 failed or blocked ones, else 0."""
        if self.unknown:
            return 8
        return 7 if self.failed or self.blocked else 0


def place_of(action: Action) -> Place:
    """Return where an action comes from: its first cell, else the entity."""
    return action.places[0] if action.places else EntityPlace(action.set, action.title)


def problem_of(action: Action, failure: FailedAction) -> Problem:
    """Return the problem that says how an action ended."""
    place, step, message = place_of(action), action.step, failure.message or ""
    if failure.state is State.UNKNOWN:
        return OutcomeUnknown(place=place, step=step, found=f"{action.set} {action.title}")
    if failure.state is State.BLOCKED:
        return EntityChanged(place=place, step=step, found=message)
    status = failure.status if failure.status is not None else "–"
    if failure.code == KEY_TAKEN:
        return KeyTaken(place=place, step=step, found=message)
    if failure.code == NOT_STORED:
        return NotStored(place=place, step=step, status=status)
    if failure.code == UNANSWERED:
        return Unanswered(place=place, step=step)
    if failure.code == UPDATE_CREATED:
        return UpdateCreated(place=place, step=step, found=message, expected=action.title)
    return ServiceRefused(
        place=place, step=step, found=failure.code or "", status=status, message_text=message or "–"
    )
