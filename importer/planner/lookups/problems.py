"""What looking up and matching find wrong (recipe-language.md §5, §6.4, §13)."""

from typing import ClassVar

from importer.problems import Problem, Severity


class NotFound(Problem):
    """Nothing is called so, and something is nearly."""

    code: ClassVar[str] = "not-found"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = 'No {expected} "{found}".'
    hint: ClassVar[str] = "Nearest: {near}. Fix the cell, or add it to `map`"


class NotFoundUnlike(NotFound):
    """Nothing is called so, nor nearly so."""

    hint: ClassVar[str] = "Fix the cell, add the entity on the service or in a step, or say `on_missing`"


class NotThere(Problem):
    """`mode: update`, and there is nothing to update."""

    code: ClassVar[str] = "not-found"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "{set} holds no entity with {expected} {found}, and `mode: update` makes none."
    hint: ClassVar[str] = "Fix the cell, or say `on_missing: skip` in the step"

    set: str


class Ambiguous(Problem):
    """Several are called so."""

    code: ClassVar[str] = "ambiguous"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = '"{found}" is {count} {set}: {candidates}.'
    hint: ClassVar[str] = (
        "Write the value that tells them apart, narrow with `where`, or use another property in `by`"
    )

    count: int
    set: str
    candidates: str


class AmbiguousMatch(Problem):
    """Several entities of the service are the row's."""

    code: ClassVar[str] = "ambiguous-match"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "{count} {set} already have {expected} {found}: {keys}."
    hint: ClassVar[str] = "Merge them on the service, or match by a property that tells them apart"

    count: int
    set: str
    keys: str


class MatchConflict(Problem):
    """Found by a later alternative, and an earlier one says another entity."""

    code: ClassVar[str] = "match-conflict"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = 'Found by {by}, but its {property} is "{expected}", not "{found}".'
    hint: ClassVar[str] = "Correct the cell, or the entity on the service"

    by: str
    property: str


class RowsConflict(Problem):
    """Two rows share one alternative of `match` and differ in an earlier one."""

    code: ClassVar[str] = "match-conflict"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = (
        'Rows {row} and {other} share {by}, but differ in {property}: "{found}" / "{expected}".'
    )
    hint: ClassVar[str] = "Correct one of the rows"

    row: int
    other: int
    by: str
    property: str


class DependsOnBlocked(Problem):
    """What it refers to is left out."""

    code: ClassVar[str] = "depends-on-blocked"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = '"{found}" is row {row} of {of}, which is left out of the plan.'
    hint: ClassVar[str] = "Mend that row first"

    row: int
    of: str


class OldName(Problem):
    """Found by a value that this plan changes."""

    code: ClassVar[str] = "renamed-by-plan"
    severity: ClassVar[Severity] = Severity.NOTE
    text: ClassVar[str] = '"{found}" is found by its old {property}; this plan changes it.'
    hint: ClassVar[str] = "The reference is right; write the new value in the file when you touch it again"

    property: str
