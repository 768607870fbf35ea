"""Makers of plans as `show` returns them: as many actions as wanted, with the values wanted."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from importer.plan import Action, Change, FilePrint, Origin, State, StepTotals, Verb, sum_totals
from importer.plan.totals import ActionCounts
from importer.problems import CellPlace, Problem, group
from importer.results.show import Shown, ShownAction

BOOK = "книга.xlsx"
VERBS = (Verb.CREATE, Verb.UPDATE, Verb.UNCHANGED, Verb.SKIPPED, Verb.BLOCKED)


def action(
    number: int,
    verb: Verb = Verb.CREATE,
    title: str | None = None,
    *,
    step: str = "users",
    **settings: object,
) -> Action:
    """An action of one row with one change."""
    known: dict[str, object] = {
        "key": None if verb is Verb.CREATE else {"id": f"key-{number}"},
        "wave": 1 if verb in (Verb.CREATE, Verb.UPDATE) else 0,
        "places": (CellPlace(BOOK, "Люди", None, number + 1),),
        "changes": (
            change("name", after=f"Имя {number}", before=f"Было {number}" if verb is Verb.UPDATE else None),
        )
        if verb in (Verb.CREATE, Verb.UPDATE)
        else (),
    }
    return Action(
        id=number,
        step=step,
        set="Users",
        type="S.User",
        verb=verb,
        title=title or f"Человек {number}",
        **{**known, **settings},
    )  # type: ignore[arg-type]


def change(name: str, *, after: object, before: object = None, **texts: str) -> Change:
    """One property of an action."""
    return Change(property=name, before=before, after=after, **texts)  # type: ignore[arg-type]


def actions(count: int) -> list[Action]:
    """So many actions: creates, updates, rows that are the same, skipped and blocked, in turn."""
    return [action(number, VERBS[number % len(VERBS)]) for number in range(1, count + 1)]


def shown(
    found: Iterable[Action | ShownAction],
    *,
    problems: Iterable[Problem] = (),
    begun: bool = False,
    recipe: str = "люди.yaml",
    description: str | None = "Люди и отделы",
    service: str = "тест",
    plan: str = "the.plan",
) -> Shown:
    """A plan of these actions, with totals that fit."""
    items = [item if isinstance(item, ShownAction) else ShownAction(item, state_of(item)) for item in found]
    steps = tuple(_totals(name, items) for name in dict.fromkeys(item.action.step for item in items)) or (
        StepTotals(name="users", to="Users"),
    )
    return Shown(
        plan=Path(plan),
        origin=Origin(
            importer="0.1.0",
            recipe=FilePrint(f"/p/{recipe}", recipe, "00"),
            files=(FilePrint(f"/p/{BOOK}", BOOK, "11"),),
            service=service,
            url="http://127.0.0.1:8901/odata/",
            metadata="22",
            used={"Users": ("name",)},
            created="2024-03-05T10:20:30.000000Z",
            today="2024-03-05T10:20:30+00:00",
            description=description,
        ),
        steps=steps,
        totals=sum_totals(steps),
        states=Counter(item.state for item in items if item.action.wave),
        begun=begun,
        actions=tuple(items),
        problems=group(problems),
        reports={},
    )


def state_of(item: Action) -> State:
    """What an action that was never applied is."""
    if item.verb is Verb.BLOCKED:
        return State.BLOCKED
    return State.PENDING if item.wave else State.DONE


def _totals(name: str, items: list[ShownAction]) -> StepTotals:
    counts = Counter(item.action.verb for item in items if item.action.step == name)
    return StepTotals(
        name=name,
        to="Users",
        rows=counts.total(),
        create=counts[Verb.CREATE],
        update=counts[Verb.UPDATE],
        unchanged=counts[Verb.UNCHANGED],
        skip=counts[Verb.SKIPPED],
        blocked=counts[Verb.BLOCKED],
        actions=ActionCounts(create=counts[Verb.CREATE], update=counts[Verb.UPDATE]),
    )
