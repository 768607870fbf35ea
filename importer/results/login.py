"""What `login` did."""

from dataclasses import dataclass
from datetime import datetime

from importer.problems import ProblemGroup
from importer.results.common import ServiceLine


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedIn:
    """A login that holds from now on. `kept`: where; None when nothing needs to be kept. `ends`: of the token, as far as it is known."""

    service: ServiceLine
    type: str
    user: str | None = None
    tenant: str | None = None
    kept: str | None = None
    ends: datetime | None = None
    renewable: bool = False
    problems: tuple[ProblemGroup, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 0: what could not be done is an exception."""
        return 0
