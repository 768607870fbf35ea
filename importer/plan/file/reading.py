"""Reading a plan at any age: what it says, and what the journal says happened."""

import json
import sqlite3
from collections.abc import Generator, Mapping
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from importer.plan.actions import Action, State, Verb
from importer.plan.changes import Change
from importer.plan.file.opening import open_plan
from importer.plan.origin import FilePrint, Origin
from importer.plan.totals import ActionCounts, StepTotals
from importer.problems import CellPlace, Near, ProblemGroup, RecordedProblem, Severity
from importer.problems.place import place_from_json


class PlanReader:
    """A sealed plan, opened read-only.

    Raises (from the constructor):
        ConfigurationError: the file is missing, is no plan, or has another format.
    """

    def __init__(self, path: Path) -> None:
        """Open the plan at `path`."""
        self.path = path
        self._connection: sqlite3.Connection = open_plan(path)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def origin(self) -> Origin:
        """Return what the plan was made from."""
        rows = self._connection.execute("select name, value from origin")
        facts: dict[str, Any] = {name: _json(value) for name, value in rows}
        facts["recipe"] = FilePrint(**facts["recipe"])
        facts["files"] = tuple(FilePrint(**item) for item in facts["files"])
        facts["used"] = {name: tuple(properties) for name, properties in facts["used"].items()}
        return Origin(**facts)

    def steps(self) -> tuple[StepTotals, ...]:
        """Return the accounting, in the recipe's order; `actions` is counted from the actions."""
        counts: dict[str, dict[str, int]] = {}
        rows = self._connection.execute(
            "select step, verb, count(*) from action where wave > 0 group by step, verb"
        )
        for step, verb, count in rows:
            counts.setdefault(step, {})[verb] = count
        return tuple(
            StepTotals(
                name=r[0],
                to=r[1],
                rows=r[2],
                outside=r[3],
                not_for_step=r[4],
                merged=r[5],
                create=r[6],
                update=r[7],
                unchanged=r[8],
                skip=r[9],
                blocked=r[10],
                actions=ActionCounts(**counts.get(r[0], {})),
            )
            for r in self._connection.execute(
                "select name, to_set, rows, outside, not_for_step, merged, creates, updates, unchanged, skip,"
                " blocked from step order by position"
            )
        )

    def actions(
        self,
        *,
        verbs: frozenset[Verb] | None = None,
        step: str | None = None,
        wave: int | None = None,
        row: int | None = None,
        key: str | None = None,
    ) -> Generator[Action, None, None]:
        """Yield actions in the plan's order, with their changes.

        `row` keeps those with a cell in that row, `key` those whose key holds that text.
        """
        where, values = ["1"], list[object]()
        if verbs is not None:
            where.append(f"verb in ({','.join('?' * len(verbs))})")
            values += sorted(map(str, verbs))
        for column, value in (("step", step), ("wave", wave)):
            if value is not None:
                where.append(f"{column} = ?")
                values.append(value)
        if row is not None:
            where.append("exists (select 1 from json_each(places) where json_extract(value, '$.row') = ?)")
            values.append(row)
        if key is not None:
            where.append("exists (select 1 from json_each(action.key) where cast(value as text) = ?)")
            values.append(key)
        query = f"select * from action where {' and '.join(where)} order by id"  # noqa: S608 - values are bound
        cursor = self._connection.execute(query, values)
        while rows := cursor.fetchmany(500):
            changes = self._changes([row[0] for row in rows])
            for found in rows:
                yield _action(found, changes.get(found[0], ()))

    def action(self, number: int) -> Action:
        """Return one action."""
        found = self._connection.execute("select * from action where id = ?", (number,)).fetchone()
        return _action(found, self._changes([number]).get(number, ()))

    def waves(self) -> tuple[int, ...]:
        """Return the waves that write, in order."""
        rows = self._connection.execute("select distinct wave from action where wave > 0 order by wave")
        return tuple(row[0] for row in rows)

    def states(self) -> Mapping[int, State]:
        """Return how far each writing action is."""
        rows = self._connection.execute("select id, state from actions where wave > 0")
        return {number: State(state) for number, state in rows}

    def tally(self) -> tuple[tuple[int, str, Verb, State, int], ...]:
        """Return (wave, step, verb, state, count) of the writing actions, by the journal as it is now."""
        rows = self._connection.execute(
            "select wave, step, verb, state, count(*) from actions where wave > 0"
            " group by wave, step, verb, state order by wave, min(id)"
        )
        return tuple((wave, step, Verb(verb), State(state), count) for wave, step, verb, state, count in rows)

    def outcomes(self) -> Mapping[int, Mapping[str, Any]]:
        """Return the latest attempt of each action that has one.

        An attempt is number, sent, key, answered, outcome, status, code, message, made_key, etag.
        """
        cursor = self._connection.execute("select * from latest")
        names = [column[0] for column in cursor.description]
        found = {}
        for row in cursor:
            attempt = dict(zip(names, row, strict=True))
            attempt["key"] = None if attempt["key"] is None else _json(attempt["key"])
            attempt["made_key"] = None if attempt["made_key"] is None else _json(attempt["made_key"])
            found[attempt["action"]] = attempt
        return found

    def begun(self) -> bool:
        """Whether a first attempt is in the journal."""
        found = self._connection.execute("select exists (select 1 from attempt where sent is not null)")
        return bool(found.fetchone()[0])

    def problems(self) -> tuple[ProblemGroup, ...]:
        """Return the problems found when the plan was made, grouped."""
        return tuple(map(_group, self._connection.execute("select * from problem order by position")))

    def _changes(self, numbers: list[int]) -> dict[int, tuple[Change, ...]]:
        if not numbers:
            return {}
        found: dict[int, list[Change]] = {}
        marks = ",".join("?" * len(numbers))
        query = (
            "select action, property, before, after, before_text, after_text from change"  # noqa: S608 - only question marks
            f" where action in ({marks}) order by action, position"
        )
        for action, name, before, after, before_text, after_text in self._connection.execute(query, numbers):
            values = {"before": _json(before), "after": _json(after)}
            change = Change(property=name, before_text=before_text, after_text=after_text, **values)
            found.setdefault(action, []).append(change)
        return {number: tuple(changes) for number, changes in found.items()}


def _json(text: str) -> Any:  # noqa: ANN401 - any JSON value
    return json.loads(text, parse_float=Decimal)


def _action(row: tuple[Any, ...], changes: tuple[Change, ...]) -> Action:
    return Action(
        id=row[0],
        step=row[1],
        set=row[2],
        type=row[3],
        verb=Verb(row[4]),
        title=row[5],
        key=None if row[6] is None else _json(row[6]),
        own_key=bool(row[7]),
        wave=row[8],
        places=tuple(_cell(place) for place in _json(row[9])),
        changes=changes,
        body=_json(row[10]),
        search=tuple(_json(row[11])),
        guard=_json(row[12]),
        etag=row[13],
        after=tuple(_json(row[14])),
        reason=row[15],
    )


def _cell(value: dict[str, object]) -> CellPlace:
    place = place_from_json(value)
    if not isinstance(place, CellPlace):
        raise TypeError(f"an action's place is a cell, not {place!r}")
    return place


def _group(row: tuple[Any, ...]) -> ProblemGroup:
    places = tuple(place_from_json(place) for place in _json(row[10]))
    near = tuple(Near(item["text"], float(item["score"]), item["key"]) for item in _json(row[9]))
    problem = RecordedProblem(
        place=places[0] if places else None,
        found=row[7],
        expected=row[8],
        near=near,
        step=row[3],
        kept_code=row[1],
        kept_severity=Severity(row[2]),
        kept_text=row[4],
        kept_hint=row[5],
        kept=_json(row[6]),
    )
    return ProblemGroup(problem, places, row[11])
