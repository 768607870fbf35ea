"""One apply: guard, recover what is unknown, then wave after wave, until nothing is left or may be sent."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import ClassVar

from importer.executor.composing import Sending, compose
from importer.executor.concluding import Concluder
from importer.executor.guarding import guard
from importer.executor.knowledge import Knowledge
from importer.executor.ledger import Ledger
from importer.executor.looking import Looker
from importer.executor.outcomes import Applied, FailedAction, Requests, StoppedEarly, problem_of
from importer.executor.packing import Packing
from importer.executor.probing import batch_form, remember
from importer.executor.recovery import Keys
from importer.executor.sending import Sender
from importer.executor.settings import Options, Settings
from importer.executor.settling import Settler
from importer.executor.watching import Watch
from importer.odata.http.budgets import requests_for
from importer.odata.http.writing import Writer
from importer.plan import WRITING, Action, State, Verb
from importer.plan.file import Journal, PlanReader
from importer.problems import FilePlace, Interrupted, Problem, ServiceError, Severity
from importer.progress import Progress, Silent
from importer.service import Service
from importer.text.translating import translate

# Actions read from the plan, guarded and sent together.
_PORTION = 1_000
_OPEN = frozenset({State.PENDING, State.FAILED})
_BAD = frozenset({State.FAILED, State.BLOCKED, State.UNKNOWN})


class Stopped(Problem):
    """A person stopped the apply."""

    code: ClassVar[str] = "interrupted"
    severity: ClassVar[Severity] = Severity.NOTE
    text: ClassVar[str] = (
        "Stopped: {found} actions are not done yet. Everything that was sent is in the journal."
    )
    hint: ClassVar[str] = "`importer apply` of this plan goes on where it stopped"


def apply_plan(
    path: Path,
    service: Service,
    *,
    settings: Settings,
    options: Options,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Applied:
    """Carry out the plan at `path` and return how the whole plan stands now.

    Run again it goes on: done actions stay done, unknown outcomes are asked of the service before anything is
    sent, failed ones are tried again. `stop`, once set, finishes the requests in flight.

    Raises:
        ConfigurationError: no such plan.
        RefusedError: another service, a stale plan, or a plan that somebody else applies now.
        BlockedError: blocked rows, and `skip_blocked` was not said.
        ServiceError: the service cannot be used any more; what was sent is journalled.
        Interrupted: `stop` was set.
    """
    before = service.connection.counts
    counted = Requests(before.read, before.write, before.retry)
    with PlanReader(path) as plan:
        warnings = guard(plan, service, options)
    # The reader is closed first: then the journal leaves one file again.
    with Journal(path) as journal, PlanReader(path) as plan:
        states = dict(plan.states())
        knowledge = Knowledge(service.model, settings.keys, states, version_of=service.version_of)
        knowledge.expect(service.own_keys)
        ledger = Ledger(
            journal,
            knowledge,
            progress or Silent(),
            stop or threading.Event(),
            options.max_errors,
            list(warnings),
        )
        finished = sum(state is State.DONE for state in states.values())
        if finished < len(states):
            with ThreadPoolExecutor(max(1, settings.concurrency), thread_name_prefix="lane") as pool:
                run = _Run(
                    plan=plan,
                    service=service,
                    settings=settings,
                    options=options,
                    ledger=ledger,
                    pool=pool,
                    pause=pause,
                )
                try:
                    run.everything()
                except ServiceError:
                    # A wait that a person cut short ends so, too; what was sent is in the journal.
                    if not ledger.stop.is_set():
                        raise
        journal.flush()
        return _result(plan, service, ledger, counted, finished)


class _Run:
    def __init__(
        self,
        *,
        plan: PlanReader,
        service: Service,
        settings: Settings,
        options: Options,
        ledger: Ledger,
        pool: ThreadPoolExecutor,
        pause: Callable[[float], None],
    ) -> None:
        self.plan, self.service, self.settings, self.options, self.ledger = (
            plan,
            service,
            settings,
            options,
            ledger,
        )
        model, knowledge = service.model, ledger.knowledge
        pace = service.connection.pace
        self.packing = packing = Packing(size=max(1, settings.batch_size), most=max(1, settings.concurrency))
        # A write may be on its way twice as long as the slowest answer seen (odata-protocol.md §6).
        settler = Settler(Looker(service), model, pause, lambda: max(settings.settle, 2 * packing.slowest))
        self.watch = Watch(settler, ledger, knowledge, model)
        connection = service.connection
        self.concluder = Concluder(
            connection.root,
            model,
            knowledge,
            ledger,
            packing,
            pace,
            settler,
            reason=lambda: connection.login.reason,
        )
        self.sender = Sender(
            writer=Writer(service.connection),
            ledger=ledger,
            packing=packing,
            pace=pace,
            concluder=self.concluder,
            pause=_interruptible(pause, ledger.stop),
            pool=pool,
            remember=lambda form: remember(service, form),
        )

    def everything(self) -> None:
        self._recall()
        self.packing.form = (
            batch_form(self.service, self.plan.origin().used) if self.settings.batch_size > 1 else None
        )
        waves = list(self._waves())
        open_ = sum(count for *_, count in waves)
        for wave, steps, count in waves:
            if self.ledger.stopped:
                return
            words = translate("wave {wave}: {steps}").format(wave=wave, steps=", ".join(steps))
            words += self._allowed(open_)
            open_ -= count
            self.ledger.progress.phase(words, count)
            with closing(self.plan.actions(verbs=WRITING, wave=wave)) as actions:
                for portion in _portions(self._open(actions)):
                    self._portion(portion)
                    if self.ledger.stopped:
                        return

    def _allowed(self, actions: int) -> str:
        """Return how many requests an hour are allowed, and when these actions will be done; nothing where nobody says so."""
        pace = self.service.connection.pace
        seconds = pace.finishing(requests_for(actions, self.packing.size if self.packing.form else 1))
        if seconds is None or pace.per_hour is None:
            return ""
        text = translate("about {count} requests an hour allowed: done at {time}")
        done = datetime.now().astimezone() + timedelta(seconds=seconds)
        # The day too, where it is another one.
        shown = "%H:%M" if done.date() == datetime.now().astimezone().date() else "%Y-%m-%d %H:%M"
        return " · " + text.format(count=pace.per_hour, time=done.strftime(shown))

    def _recall(self) -> None:
        """Learn from the journal, and settle what is unknown before anything else is sent."""
        knowledge, attempts = self.ledger.knowledge, self.plan.outcomes()
        if not attempts:
            return
        knowledge.remember(attempts)
        knowledge.recall(self.plan.actions(verbs=frozenset({Verb.CREATE})), attempts)
        unknown = [number for number, state in knowledge.states.items() if state is State.UNKNOWN]
        if not unknown:
            return
        self.ledger.progress.phase(translate("asking for unknown outcomes"), len(unknown))
        for start in range(0, len(unknown), _PORTION):
            sendings = []
            for number in unknown[start : start + _PORTION]:
                action = self.plan.action(number)
                keyed = attempts[number]["key"] is not None
                sendings.append(
                    compose(action, knowledge, self.service.model, keys=self._sent_as(action, keyed=keyed))
                )
            self.concluder.recover(sendings)
        # What is open is counted from the file.
        self.ledger.journal.flush()

    def _sent_as(self, action: Action, *, keyed: bool) -> Keys | None:
        """Return whose key an earlier create went with."""
        if action.verb is not Verb.CREATE or not action.own_key:
            return None
        if not keyed:
            return Keys.SERVICE
        now = self.ledger.knowledge.keys_of(action)
        return Keys.UNKNOWN if now is Keys.SERVICE else now

    def _waves(self) -> Iterator[tuple[int, tuple[str, ...], int]]:
        """Yield each wave with something to do: its number, the steps in it, how many actions are open."""
        found: dict[int, tuple[dict[str, None], list[int]]] = {}
        for wave, step, _, state, count in self.plan.tally():
            if state in _OPEN and self._chosen(step):
                steps, counts = found.setdefault(wave, ({}, []))
                steps[step] = None
                counts.append(count)
        for wave, (steps, counts) in found.items():
            yield wave, tuple(steps), sum(counts)

    def _chosen(self, step: str) -> bool:
        return not self.options.steps or step in self.options.steps

    def _open(self, actions: Iterable[Action]) -> Iterator[Action]:
        states = self.ledger.knowledge.states
        return (action for action in actions if states[action.id] in _OPEN and self._chosen(action.step))

    def _portion(self, actions: list[Action]) -> None:
        ready = []
        for action in actions:
            needed = self.ledger.knowledge.waits_for(action)
            if needed is None:
                if action.set not in self.ledger.forbidden:
                    ready.append(action)
            else:
                self.ledger.depends(action, self.plan.action(needed))
        rest = self._teach(self.watch.clear(ready))
        if not self.ledger.stopped:
            self.sender.send([self._fresh(sending) for sending in rest])

    def _teach(self, sendings: list[Sending]) -> list[Sending]:
        """Send the first creates of a set alone, until one teaches whose keys it keeps; return the others."""
        rest = []
        for sending in sendings:
            if not self.ledger.stopped and self.ledger.knowledge.must_teach(sending.action):
                self.sender.send([replace(sending, alone=True)])
            else:
                rest.append(sending)
        return rest

    def _fresh(self, sending: Sending) -> Sending:
        """Return a create composed by what its set has taught since."""
        if not sending.action.own_key:
            return sending
        return compose(sending.action, self.ledger.knowledge, self.service.model)


def _interruptible(pause: Callable[[float], None], stop: threading.Event) -> Callable[[float], object]:
    """Return a pause that ends when somebody wants to stop. Not for waits that prove something."""
    return stop.wait if pause is time.sleep else pause


def _portions(actions: Iterator[Action]) -> Iterator[list[Action]]:
    while portion := list(islice(actions, _PORTION)):
        yield portion


def _result(plan: PlanReader, service: Service, ledger: Ledger, counted: Requests, finished: int) -> Applied:
    """Return how the plan stands, or raise what ended the run."""
    problems = list(ledger.problems)
    failures = tuple(_failures(plan))
    problems += [problem_of(plan.action(failure.id), failure) for failure in failures]
    problems += ledger.waiting.values()
    tally = plan.tally()
    if ledger.halt is not None:
        raise ServiceError(*ledger.halt.problems, more=problems)
    if ledger.stop.is_set():
        left = sum(count for *_, state, count in tally if state is not State.DONE)
        if left:
            raise Interrupted(Stopped(place=FilePlace(str(plan.path)), found=str(left)), more=problems)
    if ledger.halted_by is not None:
        problems.append(ledger.halted_by)
    if ledger.too_many:
        problems.append(
            StoppedEarly(
                place=FilePlace(str(plan.path)), found=str(ledger.failures), expected=str(ledger.max_errors)
            )
        )
    done = {
        verb: sum(count for _, _, v, state, count in tally if v is verb and state is State.DONE)
        for verb in WRITING
    }
    by_state = {state: sum(count for *_, s, count in tally if s is state) for state in State}
    counts = service.connection.counts
    requests = Requests(
        counts.read - counted.read, counts.write - counted.write, counts.retry - counted.retry
    )
    return Applied(
        created=done[Verb.CREATE],
        updated=done[Verb.UPDATE],
        deleted=done[Verb.DELETE],
        called=done[Verb.CALL],
        failed=by_state[State.FAILED],
        blocked=by_state[State.BLOCKED],
        unknown=by_state[State.UNKNOWN],
        pending=by_state[State.PENDING],
        requests=requests,
        problems=tuple(problems),
        failures=failures,
        before=finished,
    )


def _failures(plan: PlanReader) -> Iterator[FailedAction]:
    outcomes = plan.outcomes()
    for number, state in plan.states().items():
        if state in _BAD:
            action, attempt = plan.action(number), outcomes[number]
            yield FailedAction(
                action.id,
                action.step,
                action.title,
                state,
                action.places,
                attempt["status"],
                attempt["code"],
                attempt["message"],
            )
