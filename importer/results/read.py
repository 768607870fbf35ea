"""What `read` saw in a file."""

from dataclasses import dataclass

from importer.problems import ProblemGroup
from importer.sources.inspection import FileFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file as the importer sees it, before any recipe."""

    facts: FileFacts
    problems: tuple[ProblemGroup, ...]

    @property
    def exit_code(self) -> int:
        """Return 0, also with warnings."""
        return 0
