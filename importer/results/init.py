"""What `init` drafted: a recipe with its guesses, each with the evidence for it."""

from pathlib import Path

import msgspec

from importer.problems import ProblemGroup
from importer.results.common import ServiceLine


class DraftedField(msgspec.Struct, frozen=True, kw_only=True):
    """One guess. `active`: it stands in the recipe; else it is left to a person, and `reason` may say why.

    score: 0…1. evidence: a sentence. expression: what joins several columns. by, in_set: how a reference is looked up (None: by the
    default, in the default set). values: a value table, (text of the workbook, value or None where nobody knows).
    """

    property: str
    column: str
    letters: str
    score: float
    evidence: str
    active: bool = True
    reason: str = ""
    expression: str = ""
    lookup: str | None = None
    by: tuple[str, ...] | None = None
    initials: bool = False
    in_set: str | None = None
    values: tuple[tuple[str, str | bool | None], ...] = ()


class DraftedColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column that became nothing, and what is in it."""

    column: str
    letters: str
    note: str


class DraftedProperty(msgspec.Struct, frozen=True, kw_only=True):
    """A property that an entity needs and no column fills. `certain`: it cannot be made without it."""

    property: str
    type: str
    certain: bool


class DraftedStep(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet becoming entities of one set. `active`: it stands in the recipe; else `reason` says why not."""

    name: str
    sheet: str | None
    to: str
    fields: tuple[DraftedField, ...]
    match: tuple[tuple[str, ...], ...] = ()
    match_evidence: str = ""
    match_sure: bool = True
    evidence: str = ""
    mode: str = "upsert"
    header: int | None = None
    header_row: int | None = None
    named: bool = True
    first: bool = False
    columns: tuple[DraftedColumn, ...] = ()
    needed: tuple[DraftedProperty, ...] = ()
    notes: tuple[str, ...] = ()
    active: bool = True
    reason: str = ""


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet that became no step, and why."""

    sheet: str | None
    reason: str


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """The recipe, as said and as text."""

    text: str
    steps: tuple[DraftedStep, ...]
    left_out: tuple[LeftOut, ...]
    locale: str
    blank: tuple[str, ...]


class Drafted(msgspec.Struct, frozen=True, kw_only=True):
    """A draft, written to `path`. `files`: what else was written or changed beside it."""

    path: Path
    workbook: str
    service: ServiceLine
    draft: Draft
    files: tuple[Path, ...] = ()
    problems: tuple[ProblemGroup, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 0."""
        return 0
