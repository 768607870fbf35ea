"""`show`: a plan at any time, also a stale or applied one, with what really happened."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from importer.plan import WRITING, Action, State, Verb, sum_totals
from importer.plan.file import PlanReader
from importer.problems import ConfigurationError, FilePlace, Problem, Severity, nearest
from importer.reports.entity_keys import key_text
from importer.results.show import Shown, ShownAction

# What the plan's SQLite file offers to people (cli.md, `importer show`).
VIEWS = ("actions", "changes", "problems", "journal")


class NoSuchStep(Problem):
    """The plan has no step of that name."""

    code: ClassVar[str] = "unknown-definition"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'There is no step "{found}" in this plan. Steps: {expected}'
    hint: ClassVar[str] = "Did you mean {near}?"


def show(
    path: Path,
    *,
    step: str | None = None,
    only: frozenset[Verb] | None = None,
    row: int | None = None,
    key: str | None = None,
    reports: Mapping[str, Path] | None = None,
) -> Shown:
    """Return what a plan says and what its journal tells.

    `step`, `only`, `row`, `key` narrow the actions, never the totals. `key` is an entity's as it is shown, or
    one of its values; also a key that the service made.

    Raises:
        ConfigurationError: there is no such plan or step, or the file is no plan.

    """
    with PlanReader(path) as reader:
        steps = reader.steps()
        known_steps(path, [item.name for item in steps], () if step is None else (step,))
        shown = map(states_of(reader), reader.actions(verbs=only, step=step, row=row))
        return Shown(
            plan=path,
            origin=reader.origin(),
            steps=steps,
            totals=sum_totals(steps),
            states=Counter(reader.states().values()),
            begun=reader.begun(),
            actions=tuple(item for item in shown if key is None or _has_key(item, key)),
            problems=reader.problems(),
            reports=reports or {},
        )


def known_steps(path: Path, known: list[str], asked: Iterable[str]) -> None:
    """Do nothing if each step asked for is in the plan.

    Raises:
        ConfigurationError: with a problem for each that is not.

    """
    place, listed = FilePlace(str(path)), ", ".join(known)
    unknown = [
        NoSuchStep(place=place, found=name, expected=listed, near=nearest(name, known))
        for name in asked
        if name not in known
    ]
    if unknown:
        raise ConfigurationError(*unknown)


def states_of(reader: PlanReader) -> Callable[[Action], ShownAction]:
    """Return the function that gives an action with its state.

    What writes nothing is done as it stands, or blocked. A create has a key once the service has answered.
    """
    states, outcomes = reader.states(), reader.outcomes()

    def shown(action: Action) -> ShownAction:
        if action.verb not in WRITING:
            state = State.BLOCKED if action.verb is Verb.BLOCKED else State.DONE
            return ShownAction(action, state, action.key)
        key = None if action.verb is Verb.CREATE else action.key
        attempt = outcomes.get(action.id)
        if attempt is None:
            return ShownAction(action, states[action.id], key)
        return ShownAction(
            action,
            states[action.id],
            attempt["made_key"] or key,
            attempt["status"],
            attempt["code"],
            attempt["message"],
        )

    return shown


def sql_address(path: Path) -> str:
    """Return the address under which SQLite opens the plan for reading only; nothing is opened here.

    Raises:
        ConfigurationError: there is no such plan, or the file is none.

    """
    PlanReader(path).close()
    return f"{path.resolve().as_uri()}?mode=ro"


def _has_key(shown: ShownAction, asked: str) -> bool:
    keys = [key for key in (shown.key, shown.action.key) if key is not None]
    return any(asked == key_text(key) or asked in map(str, key.values()) for key in keys)
