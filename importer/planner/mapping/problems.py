"""What mapping finds wrong with a row: cells that hold no value, blanks where something is needed, words without a meaning."""

from typing import ClassVar

from importer.problems import Problem, Severity


class CellError(Problem):
    """An error value."""

    code: ClassVar[str] = "cell-error"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "The cell holds {found}."
    hint: ClassVar[str] = "Correct the formula, or empty the cell"


class FormulaWithoutValue(Problem):
    """A formula that nobody calculated."""

    code: ClassVar[str] = "formula-without-value"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "The cell holds a formula that was never calculated."
    hint: ClassVar[str] = "Open and save the file in Excel or LibreOffice"


class ExpressionValue(Problem):
    """An expression has no value for this row."""

    code: ClassVar[str] = "expression-value"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "The expression of {property} has no value here: {reason}."
    hint: ClassVar[str] = (
        'Where a text stands for a number or a date, `| number` or `| date("dd.MM.yy")` makes it one'
    )

    property: str
    reason: str


class BlankValue(Problem):
    """A blank where the recipe wants none."""

    code: ClassVar[str] = "blank-value"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "{property} must not be blank here (`on_blank: error`)."
    hint: ClassVar[str] = "Fill the cell"

    property: str


class BlankMatch(Problem):
    """Nothing to recognise the entity by."""

    code: ClassVar[str] = "blank-match"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "The row has no value for `match` ({expected})."
    hint: ClassVar[str] = "Fill the cell, or leave such rows out with `when`"


class UnmappedValue(Problem):
    """A word that the value table lacks."""

    code: ClassVar[str] = "unmapped-value"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = '"{found}" is not in the value table of {property}.'
    hint: ClassVar[str] = "Nearest: {near}. Correct the cell, or add the word to `map`"

    property: str


class UnmappedUnlike(UnmappedValue):
    """A word that resembles none of the value table."""

    hint: ClassVar[str] = 'Add the word to `map`; "*" there stands for everything else'


class TotalRow(Problem):
    """A row that reads like a total."""

    code: ClassVar[str] = "total-row"
    severity: ClassVar[Severity] = Severity.WARNING
    text: ClassVar[str] = 'Row {row} looks like a total ("{found}"); it is left out.'
    hint: ClassVar[str] = 'Say so in the recipe: `when: {expected} != "{found}"`'

    row: int


class ConditionProblem(Problem):
    """A `when` that has no answer for a row."""

    code: ClassVar[str] = "expression-value"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "The condition `when` has no answer here: {reason}."
    hint: ClassVar[str] = (
        'Where a text stands for a number or a date, `| number` or `| date("dd.MM.yy")` makes it one'
    )

    reason: str
