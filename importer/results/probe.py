"""What `probe` found out."""

from pathlib import Path

import msgspec

from importer.problems import ProblemGroup, Severity
from importer.results.common import ServiceLine
from importer.service.findings import Findings


class Probed(msgspec.Struct, frozen=True, kw_only=True):
    """A service's abilities, and the file they are kept in; `written`: the set that was written to."""

    service: ServiceLine
    findings: Findings
    path: Path
    written: str | None = None
    problems: tuple[ProblemGroup, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 7 when something of a probe's is still on the service."""
        left = any(item.code == "probe-left" and item.severity is Severity.ERROR for item in self.problems)
        return 7 if left else 0
