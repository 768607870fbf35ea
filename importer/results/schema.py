"""What `schema` made: a JSON Schema for editors."""

from pathlib import Path

import msgspec

from importer.problems import ProblemGroup
from importer.results.common import ServiceLine


class SchemaMade(msgspec.Struct, frozen=True, kw_only=True):
    """A schema as a text that ends in a line feed. service: the one it knows, with `sets` entity sets. output: where it was written."""

    text: str
    service: ServiceLine | None = None
    sets: int = 0
    output: Path | None = None
    problems: tuple[ProblemGroup, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 0."""
        return 0
