"""What `migrate` did."""

import msgspec

from importer.problems import ProblemGroup


class Migrated(msgspec.Struct, frozen=True, kw_only=True):
    """A recipe in the current language version. diff: lines of a unified diff, empty when there was nothing to do."""

    recipe: str
    before: int
    language: int
    diff: tuple[str, ...] = ()
    problems: tuple[ProblemGroup, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 0: it is in the current version now."""
        return 0
