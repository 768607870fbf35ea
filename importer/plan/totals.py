"""Accounting: every row of a step's table ends in exactly one fate (recipe-language.md §5, *Accounting*)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from enum import StrEnum

import msgspec

from importer.problems import CellPlace


class Fate(StrEnum):
    """What became of a row."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    MERGED = "merged"
    SKIP = "skip"
    BLOCKED = "blocked"
    NOT_FOR_STEP = "not_for_step"


class RowFate(msgspec.Struct, frozen=True):
    """One row of a step's table. `action` is what it became, if anything; `reason` which key or problem said so."""

    step: str
    place: CellPlace
    fate: Fate
    action: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ActionCounts:
    """Entities, not rows: what a plan writes."""

    create: int = 0
    update: int = 0
    delete: int = 0
    call: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTotals:
    """The counts of one step (cli.md, *JSON*, plan). `rows` is the sum of `not_for_step … blocked`."""

    name: str
    to: str
    rows: int = 0
    outside: int = 0
    not_for_step: int = 0
    merged: int = 0
    create: int = 0
    update: int = 0
    unchanged: int = 0
    skip: int = 0
    blocked: int = 0
    actions: ActionCounts = field(default_factory=ActionCounts)


def sum_totals(steps: Iterable[StepTotals]) -> StepTotals:
    """Return the sums over all steps, under the empty name."""
    found = tuple(steps)
    counted = [f.name for f in fields(StepTotals) if f.name not in ("name", "to", "actions")]
    sums = {name: sum(getattr(step, name) for step in found) for name in counted}
    actions = ActionCounts(
        *(sum(getattr(step.actions, f.name) for step in found) for f in fields(ActionCounts))
    )
    return StepTotals(name="", to="", actions=actions, **sums)
