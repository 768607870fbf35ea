"""What `whoami` found out."""

from dataclasses import dataclass
from datetime import datetime

from importer.problems import ProblemGroup
from importer.results.common import ServiceLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting in force: a key of the configuration, what it is (a secret only as its place), and what said so."""

    name: str
    value: str
    source: str
    where: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoAmI:
    """Who we are to the service. `said_by`: what knows the user, service, token or profile. Times are moments in UTC, None when unknown.

    `reached`: the service was asked and answered; else `problems` say why not, and only what is known here is told.
    """

    service: ServiceLine
    type: str
    reached: bool
    user: str | None = None
    tenant: str | None = None
    said_by: str | None = None
    rights: tuple[str, ...] = ()
    received: datetime | None = None
    ends: datetime | None = None
    now: datetime
    renewable: bool = False
    kept: str | None = None
    settings: tuple[Setting, ...] = ()
    problems: tuple[ProblemGroup, ...] = ()
    exit_code: int = 0
