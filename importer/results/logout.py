"""What `logout` did."""

from dataclasses import dataclass

from importer.problems import ProblemGroup
from importer.results.common import ServiceLine


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedOut:
    """What was forgotten: `tokens`, or the keys of `auth`; empty when nothing was kept. Nobody was asked or told."""

    service: ServiceLine
    forgotten: tuple[str, ...] = ()
    problems: tuple[ProblemGroup, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 0: afterwards nothing is kept."""
        return 0
