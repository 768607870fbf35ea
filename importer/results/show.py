"""What `show` tells of a plan at any age."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from importer.plan import Action, JsonValue, Origin, RowFate, State, StepTotals
from importer.problems import ProblemGroup


class ShownAction(msgspec.Struct, frozen=True):
    """An action with how far it is, and what the service said of it.

    key: the entity's on the service, once it is known.
    """

    action: Action
    state: State
    key: Mapping[str, JsonValue] | None = None
    status: int | None = None
    code: str | None = None
    message: str | None = None


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A plan: what it says, and what the journal says happened."""

    plan: Path
    origin: Origin
    steps: tuple[StepTotals, ...]
    totals: StepTotals
    states: Mapping[State, int]
    begun: bool
    actions: tuple[ShownAction, ...]
    problems: tuple[ProblemGroup, ...]
    rows: tuple[RowFate, ...] = ()
    reports: Mapping[str, Path]

    @property
    def nothing_to_do(self) -> bool:
        """Whether the plan writes nothing."""
        counts = self.totals.actions
        return not (counts.create or counts.update or counts.delete or counts.call)

    @property
    def exit_code(self) -> int:
        """Return 0: showing is done."""
        return 0
