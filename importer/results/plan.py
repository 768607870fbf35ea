"""What `plan` made."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from importer.plan import StepTotals
from importer.plan.totals import ActionCounts
from importer.problems import ProblemGroup
from importer.results.common import ServiceLine
from importer.results.show import ShownAction


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed plan, summarised.

    remaining: actions not done yet; before the first apply all of them. preview: some of its writing actions.
    seconds_estimated: what applying it may take. requests_per_hour, done_by: how many the service allows, and when an apply begun now
    would be done with them; None where nobody says so. unreported: a report could not be written.
    """

    plan: Path
    recipe: str
    description: str | None
    service: ServiceLine
    steps: tuple[StepTotals, ...]
    totals: StepTotals
    remaining: ActionCounts
    waves: int
    requests_read: int
    seconds_estimated: int
    preview: tuple[ShownAction, ...]
    problems: tuple[ProblemGroup, ...]
    reports: Mapping[str, Path]
    requests_per_hour: int | None = None
    done_by: datetime | None = None
    unreported: bool = False
    tell_changes: bool = False

    @property
    def writes(self) -> int:
        """Return the number of entities that would be written."""
        actions = self.totals.actions
        return actions.create + actions.update + actions.delete

    @property
    def open(self) -> int:
        """Return the number of actions not done yet."""
        return self.remaining.create + self.remaining.update + self.remaining.delete + self.remaining.call

    @property
    def more(self) -> int:
        """Return the number of writing actions that `preview` leaves out."""
        return self.writes + self.calls - len(self.preview)

    @property
    def calls(self) -> int:
        """Return the number of bound actions that would be called."""
        return self.totals.actions.call

    @property
    def exit_code(self) -> int:
        """Return 3 without a report that was wanted, 4 with blocked rows, 10 if asked for changes, or 0."""
        if self.unreported:
            return 3
        if self.totals.blocked:
            return 4
        return 10 if self.tell_changes and (self.writes or self.calls) else 0
