"""What `metadata pull` and `metadata diff` found."""

from pathlib import Path

import msgspec

from importer.problems import ProblemGroup, RecipePlace
from importer.results.common import ServiceLine
from importer.service.changes import Change


class Pulled(msgspec.Struct, frozen=True, kw_only=True):
    """`$metadata`, kept. `size` in bytes; `fingerprint`: SHA-256 of the document, in hex; `same`: as what was kept before, if there was."""

    path: Path
    service: ServiceLine
    size: int
    fingerprint: str
    version: str
    sets: int
    same: bool | None = None
    problems: tuple[ProblemGroup, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 0: they are kept."""
        return 0


class Drifted(msgspec.Struct, frozen=True, kw_only=True):
    """One change with the sets whose entities it concerns, and where recipes of the project use what changed."""

    change: Change
    sets: tuple[str, ...] = ()
    places: tuple[RecipePlace, ...] = ()


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """What changed between two documents. before, after: where they came from; `recipes`: those that were looked through."""

    before: str
    after: str
    changes: tuple[Drifted, ...]
    recipes: tuple[str, ...] = ()
    tell: bool = False
    problems: tuple[ProblemGroup, ...] = ()

    @property
    def touched(self) -> tuple[str, ...]:
        """Return the recipes that use something that changed."""
        return tuple(dict.fromkeys(place.file for item in self.changes for place in item.places))

    @property
    def exit_code(self) -> int:
        """Return 10 when there are changes, and it was asked for."""
        return 10 if self.tell and self.changes else 0
