"""What `read` saw in a file."""

from typing import TYPE_CHECKING

import msgspec

from importer.problems import ProblemGroup

if TYPE_CHECKING:
    # Whoever renders results needs not the reader of files.
    from importer.sources.inspection import FileFacts


class ReadFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as the importer sees it, before any recipe."""

    facts: "FileFacts"
    problems: tuple[ProblemGroup, ...]

    @property
    def exit_code(self) -> int:
        """Return 0, also with warnings."""
        return 0
