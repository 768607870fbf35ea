"""What is refused in expressions before any row is read: one class per sentence, each with its character."""

from dataclasses import replace
from typing import ClassVar

from importer.problems import Problem, Severity
from importer.text.translating import translate


class ExpressionMistake(Problem):
    """An expression that cannot be read, or uses what the allow-list lacks. `position` counts from 1."""

    code: ClassVar[str] = "expression"
    severity: ClassVar[Severity] = Severity.ERROR

    position: int

    def moved(self, by: int) -> "ExpressionMistake":
        """Return the same problem of a text that begins elsewhere."""
        return replace(self, position=max(1, self.position + by))


class NotOnTheList(ExpressionMistake):
    """Something that expressions do not have."""

    text: ClassVar[str] = "`{found}` is not used in expressions (character {position})."
    hint: ClassVar[str] = (
        "There are + - * / // ~, comparisons, in, and, or, not, if … else, [lists], functions and filters"
    )


class MethodCall(ExpressionMistake):
    """A call of something that is not a function of the list."""

    text: ClassVar[str] = "Only functions are called, by their name (character {position}): `{found}`."
    hint: ClassVar[str] = "Filters do what methods would: row.ФИО | upper"


class NotOfRow(ExpressionMistake):
    """A point or bracket after something else than `row`."""

    text: ClassVar[str] = "Only `row` has a point or brackets after it (character {position}): `{found}`."
    hint: ClassVar[str] = 'A header with a point in it is written row["Таб. номер"]'


class RowAlone(ExpressionMistake):
    """`row` without a column, `params` without a parameter."""

    text: ClassVar[str] = "`{found}` stands before a name (character {position})."
    hint: ClassVar[str] = 'Write {found}.Name or {found}["Two words"]'


class ColumnNotConstant(ExpressionMistake):
    """A column that is only known when a row is read."""

    text: ClassVar[str] = "A column is named by a text in quotes (character {position}): `{found}`."
    hint: ClassVar[str] = 'Write row["Дата начала"]'


class TextInArithmetic(ExpressionMistake):
    """A text constant where only numbers go."""

    text: ClassVar[str] = "A text is not calculated with (character {position}): `{found}`."
    hint: ClassVar[str] = "`~` puts texts together"


class WrongArguments(ExpressionMistake):
    """A function or filter with too few or too many arguments, or with named ones."""

    text: ClassVar[str] = (
        "`{name}` takes {expected} arguments, without names; here are {found} (character {position})."
    )

    name: str


class PatternNotConstant(ExpressionMistake):
    """A pattern that is only known when a row is read."""

    text: ClassVar[str] = "The pattern of `{name}` is a text in quotes (character {position})."

    name: str


class BadRegularExpression(ExpressionMistake):
    """A regular expression that cannot be read."""

    text: ClassVar[str] = "The regular expression `{found}` cannot be read: {reason} (character {position})."

    reason: str

    def variables(self) -> dict[str, object]:
        """Return what the texts may name, the reason translated."""
        return {**super().variables(), "reason": translate(self.reason)}


class BadDatePattern(ExpressionMistake):
    """A date pattern that means nothing."""

    text: ClassVar[str] = "`{found}` is no date pattern (character {position})."
    hint: ClassVar[str] = "Day, month and year once each: dd.MM.yyyy, d.M.yy, yyyy-MM-dd HH:mm:ss"


class NumberTooLong(ExpressionMistake):
    """A constant that nothing can hold."""

    text: ClassVar[str] = "A number of more than 100 digits (character {position})."


class TooDeep(ExpressionMistake):
    """An expression that nobody can read."""

    text: ClassVar[str] = "The expression has too many parts within parts."
    hint: ClassVar[str] = "Say it in several fields, or with a value table in `maps`"


class UnknownName(Problem):
    """A name that means nothing here."""

    code: ClassVar[str] = "unknown-name"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is not known in expressions here.'
    hint: ClassVar[str] = "Columns are written `row.{found}`"


class NameElsewhere(UnknownName):
    """A name of the language that has no value in this place; `expected` are the keys where it has one."""

    text: ClassVar[str] = '"{found}" has no value in this place.'
    hint: ClassVar[str] = "It is known under {expected}"


class UndefinedParameter(Problem):
    """A parameter that the recipe does not define."""

    code: ClassVar[str] = "unknown-definition"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'There is no parameter "{found}" in `params`.'
    hint: ClassVar[str] = "Did you mean {near}?"


class UnknownFunction(UnknownName):
    """A function that is not on the list; `expected` is the list."""

    text: ClassVar[str] = '"{found}" is no function of expressions.'
    hint: ClassVar[str] = "Functions are {expected}"


class UnknownFilter(UnknownName):
    """A filter that is not on the list."""

    text: ClassVar[str] = '"{found}" is no filter of expressions.'
    hint: ClassVar[str] = "Filters are {expected}"


class UnknownTest(UnknownName):
    """A test that is not on the list."""

    text: ClassVar[str] = 'There is no test "is {found}" in expressions.'
    hint: ClassVar[str] = "Tests are `is {expected}`, with `is not` too"


class NearFunction(UnknownFunction):
    """A function misspelt."""

    hint: ClassVar[str] = "Did you mean {near}?"


class NearFilter(UnknownFilter):
    """A filter misspelt."""

    hint: ClassVar[str] = "Did you mean {near}?"


class NearTest(UnknownTest):
    """A test misspelt."""

    hint: ClassVar[str] = "Did you mean {near}?"


class ExpressionSyntax(ExpressionMistake):
    """Something stands where it means nothing."""

    text: ClassVar[str] = "This is not expected in the expression, at character {position}: `{found}`."
    hint: ClassVar[str] = 'Columns are written row.Name or row["Two words"], texts in quotes'


class ExpressionEnds(ExpressionMistake):
    """Something is missing at the end."""

    text: ClassVar[str] = "The expression ends too early, at character {position}: `{found}`."


class ExpressionEmpty(ExpressionMistake):
    """Nothing there."""

    text: ClassVar[str] = "Here stands no expression."
    hint: ClassVar[str] = 'Write `=none` to clear, `="text"` for a text'


class UnclosedText(ExpressionMistake):
    """A quote without its other half."""

    text: ClassVar[str] = "The text in the expression is not closed, from character {position}: `{found}`."


class ExpressionTooLong(ExpressionMistake):
    """Longer than anybody can read."""

    text: ClassVar[str] = "The expression has {length} characters, more than {expected}."
    hint: ClassVar[str] = "Say it in several fields, or with a value table in `maps`"

    length: int
