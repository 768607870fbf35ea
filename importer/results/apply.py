"""What `apply` did."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from importer.problems import ProblemGroup
from importer.results.common import ServiceLine

if TYPE_CHECKING:
    # Whoever renders results needs not the executor.
    from importer.executor import Applied as Outcome


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """A plan carried out, as far as it went.

    seconds: how long this run took. left_out: rows that the plan had blocked. unreported: a report could
    not be written.
    """

    plan: Path
    service: ServiceLine
    outcome: "Outcome"
    problems: tuple[ProblemGroup, ...]
    reports: Mapping[str, Path]
    unreported: bool = False
    left_out: int = 0
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """Return 3 without a report that was wanted, 8 with unknown outcomes, 7 with failed ones, else 0."""
        return 3 if self.unreported else self.outcome.exit_code
