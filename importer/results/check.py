"""What `check` found."""

from collections.abc import Mapping

import msgspec

from importer.problems import ProblemGroup, Severity
from importer.results.common import ServiceLine


class CheckedField(msgspec.Struct, frozen=True, kw_only=True):
    """What a field became.

    column: the header found, None for constants and expressions. cell: the header's. value: the expression or constant.
    update: when it changes an entity that is there.
    """

    property: str
    type: str
    pair: str | None
    column: str | None
    cell: str | None
    lookup: str | None
    value: str | None = None
    update: str = "always"


class CheckedStep(msgspec.Struct, frozen=True, kw_only=True):
    """What a step became: its table, how entities are recognised, its fields."""

    name: str
    to: str
    sheet: str | None
    header_row: int | None
    rows: int
    match: tuple[str, ...]
    fields: tuple[CheckedField, ...]
    unused: tuple[str, ...] = ()
    header_top: int | None = None


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """A recipe against the service's metadata and the files' columns."""

    recipe: str
    language: int
    description: str | None
    service: ServiceLine
    files: tuple[str, ...]
    steps: tuple[CheckedStep, ...]
    problems: tuple[ProblemGroup, ...]
    params: Mapping[str, str | None] = msgspec.field(default_factory=dict)
    explain: bool = False

    @property
    def exit_code(self) -> int:
        """Return 3 when the recipe or a file is wrong."""
        return 3 if any(item.severity is Severity.ERROR for item in self.problems) else 0
