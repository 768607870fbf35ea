"""What expressions give, and what they refuse (recipe-language.md §9)."""

import contextlib
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from time import perf_counter
from uuid import UUID

import pytest

from importer.problems import RecipePlace
from importer.recipe.expressions import (
    NAMES,
    Expression,
    ExpressionProblem,
    Scope,
    compile_expression,
    is_true,
    parse_chain,
    parse_expression,
    plain,
)
from importer.recipe.expressions.values import Months, shown, text_of
from importer.sources.table import Cell, CellKind

PLACE = RecipePlace("r.yaml", 3, 10)
COLUMNS = ("ФИО", "Код", "Пусто", "Дата", "Число", "Флаг", "Когда", "Текст числом", "Время")
ROW = (
    Cell("Иванов Иван", "A", CellKind.TEXT, "Иванов Иван"),
    Cell(Decimal(42), "B", CellKind.NUMBER, "00042", "00000"),
    Cell(None, "C", CellKind.BLANK, ""),
    Cell(date(2026, 1, 31), "D", CellKind.DATE, "2026-01-31"),
    Cell(Decimal("2.50"), "E", CellKind.NUMBER, "2.5"),
    Cell(value=True, column="F", kind=CellKind.BOOLEAN, text="true"),
    Cell(datetime.fromisoformat("2026-01-31T12:00:00"), "G", CellKind.DATETIME, "2026-01-31T12:00:00"),
    Cell("1 234,5", "H", CellKind.TEXT, "1 234,5"),
    Cell(time(9, 30), "I", CellKind.TIME, "09:30:00"),
)


def scope(locale: str = "ru", **more: object) -> Scope:
    """Return what expressions see of the row."""
    return Scope(locale, date(2026, 2, 1), ROW, 7, "staff.xlsx", "Сотрудники", **more)


def parsed(text: str, names: frozenset[str] = NAMES) -> Expression:
    """Return the checked expression."""
    found = parse_expression(text, PLACE, names=names)
    assert isinstance(found, Expression), [problem.message() for problem in found]
    return found


def value(text: str, locale: str = "ru", **more: object) -> object:
    """Return what an expression gives for the row; a cell gives its own value."""
    compiled = compile_expression(parsed(text), {name: number for number, name in enumerate(COLUMNS)})
    return plain(compiled(scope(locale, **more)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # names and columns
        ("row.ФИО", "Иванов Иван"),
        ('row["Пусто"]', None),
        ("row.Код", Decimal(42)),
        ("file", "staff.xlsx"),
        ("sheet", "Сотрудники"),
        ("row_number", 7),
        ("today", date(2026, 2, 1)),
        ("none", None),
        ("true", True),
        ("1.10", Decimal("1.10")),
        ("0.1234567890123456789", Decimal("0.1234567890123456789")),
        ('"a\\"b"', 'a"b'),
        ('"\\d"', "\\d"),
        ("'\\\\'", "\\"),
        ('"a\\nb"', "a\nb"),
        # texts
        ('"x" ~ row.Код', "x00042"),
        ('"a" ~ row.Пусто ~ "b"', "ab"),
        ("row.Число ~ row.Флаг ~ row.Дата", "2.5true2026-01-31"),
        ("1.50 * 2 ~ ''", "3"),
        ("1000000 * 1000000 ~ ''", "1000000000000"),
        ('"a" + "b"', "ab"),
        ('"Иван" in row.ФИО', True),
        ('"x" not in row.ФИО', True),
        ('join(" ", "a", row.Пусто, "b")', "a b"),
        ('join(", ")', None),
        ('coalesce(row.Пусто, "", row.ФИО)', "Иванов Иван"),
        ("coalesce(row.Пусто)", None),
        ('coalesce(row.ФИО, "x" | number)', "Иванов Иван"),
        ("row.ФИО | upper", "ИВАНОВ ИВАН"),
        ("row.ФИО | lower", "иванов иван"),
        ('"пЕТРОВ-водкин (я)" | title', "Петров-Водкин (Я)"),
        ('"  a " | trim', "a"),
        ('row.ФИО | replace("Иван", "Пётр")', "Пётров Пётр"),
        ("row.Код | left(3)", "000"),
        ("row.Код | right(2)", "42"),
        ("row.Код | right(0)", None),
        ("row.ФИО | word(0)", "Иванов"),
        ("row.ФИО | word(-1)", "Иван"),
        ("row.ФИО | word(5)", None),
        ('"+7 (912) 1" | digits', "79121"),
        ('"Щукин Ёж" | translit', "Shchukin Ezh"),
        ('"Объект № 5: café" | slug', "obekt-no-5-cafe"),
        ('"a.b.c" | part(".", -1)', "c"),
        ('"a / b" | part("/", 0)', "a"),
        ('"a" | part(".", 3)', None),
        ('"1.2.3" | parent_code', "1.2"),
        ('"1" | parent_code', None),
        ('"1-2" | parent_code("-")', "1"),
        ('"AB-12" | matches("[A-Z]+-[0-9]+")', True),
        ('"AB-12x" | matches("[A-Z]+-[0-9]+")', False),
        ('"AB-12" | extract("\\d+")', "12"),
        ('"AB-12" | extract("([A-Z]+)-")', "AB"),
        ('"AB" | extract("\\d+")', None),
        ('"AB" | extract("(x)?")', None),
        ("row.Пусто | upper", None),
        # numbers
        ("row.Число * 2 + 1", Decimal("6.00")),
        ("7 / 2", Decimal("3.5")),
        ("7 // 2", 3),
        ("-7 // 2", -4),
        ("7.5 // -2", Decimal(-4)),
        ("6.0 // 2", Decimal(3)),
        ("2 - 5", -3),
        ("-row.Число", Decimal("-2.50")),
        ("+row.Число", Decimal("2.50")),
        ("-row.Пусто", None),
        ("row.Пусто + 1", None),
        ("1 - row.Пусто", None),
        ("1 * row.Пусто", None),
        ('row["Текст числом"] | number', Decimal("1234.5")),
        ("row.Число | number", Decimal("2.50")),
        ("2.345 | round(2)", Decimal("2.35")),
        ("-2.5 | round", Decimal(-3)),
        ("1250 | round(-2)", Decimal(1300)),
        ('"12 %" | percent', Decimal("0.12")),
        ('"12" | percent', Decimal("0.12")),
        ("0.5 | percent", Decimal("0.5")),
        # dates
        ("row.Дата + months(1)", date(2026, 2, 28)),
        ("months(-2) + row.Дата", date(2025, 11, 30)),
        ("row.Дата - months(1)", date(2025, 12, 31)),
        ("row.Дата - days(1)", date(2026, 1, 30)),
        ("row.Дата + days(1)", date(2026, 2, 1)),
        ("today - row.Дата", 1),
        ("row.Когда - row.Дата", Decimal("0.5")),
        ("row.Дата | month_start", date(2026, 1, 1)),
        ("row.Когда | month_end", date(2026, 1, 31)),
        ("date(2026, 2, 28)", date(2026, 2, 28)),
        ("date(2026, row.Пусто, 1)", None),
        ('"31.12.25" | date', date(2025, 12, 31)),
        ('"31.12.25" | date("dd.MM.yy")', date(2025, 12, 31)),
        ('"2025/1/5" | date("yyyy/M/d")', date(2025, 1, 5)),
        ('"31.12.25 9:05" | date("dd.MM.yy H:mm")', datetime.fromisoformat("2025-12-31T09:05:00")),
        ('"31.12.2025 9:05" | date', datetime.fromisoformat("2025-12-31T09:05:00")),
        ("row.Дата | date", date(2026, 1, 31)),
        ("""'5 of 1, 2025' | date("d 'of' M, yyyy")""", date(2025, 1, 5)),
        ("row.Дата + days(row.Пусто)", None),
        ("row.Дата + months(row.Пусто)", None),
        # comparisons
        ("row.Число > 2", True),
        ("row.Число == 2.5", True),
        ("1 < row.Число <= 2.5", True),
        ("1 < row.Число < 2", False),
        ("row.Пусто > 1", False),
        ("row.Пусто < 1", False),
        ("row.Пусто == none", True),
        ("row.Пусто != none", False),
        ("row.ФИО != none", True),
        ('row.Пусто != "x"', True),
        ('row.Пусто == "x"', False),
        ("row.ФИО == none", False),
        ("row.Дата < today", True),
        ("row.Когда >= row.Дата", True),
        ('row.ФИО == "Иванов Иван"', True),
        ('"а" < "б"', True),
        ("row.Флаг == true", True),
        ("row.Время == row.Время", True),
        ("row.Код in [1, 42]", True),
        ("row.Код not in [1, 42]", False),
        ("row.Пусто in [1, none]", True),
        ("row.Пусто not in [1]", True),
        ("row.Пусто in row.ФИО", False),
        ('"x" in row.Пусто', False),
        ('guid("a") == guid("a")', True),
        ("days(2) == days(2)", True),
        ('"0" in row.Код', True),
        # logic
        ("row.Флаг and row.Пусто", None),
        ("row.Пусто or row.ФИО", "Иванов Иван"),
        ("not row.Пусто", True),
        ("row.ФИО and row.Число", Decimal("2.50")),
        ("0 or false", False),
        ('"a" if row.Флаг', "a"),
        ('"a" if row.Пусто', None),
        ('"a" if row.Пусто else "b"', "b"),
        ("false if row.Число > 3", None),
        # tests
        ("row.Пусто is blank", True),
        ('"" is blank', True),
        ("row.ФИО is not blank", True),
        ("row.Число is number", True),
        ('row["Текст числом"] is number', True),
        ("row.ФИО is number", False),
        ("row.Флаг is number", False),
        ("row.Пусто is number", False),
        ("row.Дата is date", True),
        ('"31.12.2025" is date', True),
        ('"31.12.2025 10:00" is date', True),
        ('"31.31.2025" is date', False),
        ("row.Число is date", False),
        ("row.Время", time(9, 30)),
        ("guid(row.Пусто)", None),
    ],
)
def test_value(text: str, expected: object) -> None:
    """An expression gives a value of its type, exact and blank-safe."""
    found = value(text)

    assert found == expected
    assert type(found) is type(expected)


def test_guid_is_always_the_same() -> None:
    """A GUID made of texts is the same in every run and version."""
    assert value('guid("a", row.Код)') == UUID("d26aca75-a721-52ef-b101-bc75f8a4cdd8")
    assert value('guid("a", "b")') != value('guid("ab")')


@pytest.mark.parametrize(
    ("text", "locale", "message"),
    [
        ("row.ФИО == 5", "ru", 'cannot compare the text "Иванов Иван" with the number 5'),
        ("row.Дата < row.ФИО", "ru", 'cannot compare the text "Иванов Иван" with the date 2026-01-31'),
        ("row.Флаг == 1", "ru", 'cannot compare "true" with "1"'),
        ("[1] < [2]", "ru", 'cannot compare "[…]" with "[…]"'),
        ("days(1) < months(1)", "ru", 'cannot compare "…" with "…"'),
        ('row.Код in ["42"]', "ru", 'cannot compare the text "42" with the number 42'),
        ("row.ФИО * 2", "ru", 'cannot calculate with the text "Иванов Иван"'),
        ("row.Флаг + 1", "ru", 'cannot calculate with "true"'),
        ('row["Текст числом"] + "5"', "ru", '"1 234,5" and "5" are texts that read as numbers'),
        ("1 / 0", "ru", "division by zero"),
        ("1 // 0", "ru", "division by zero"),
        ("1.5 / 0", "ru", "division by zero"),
        ('row["Текст числом"] | number', "iso", 'the text "1 234,5" is no number under locale iso'),
        ("row.ФИО | date", "ru", 'the text "Иванов Иван" is no date under locale ru'),
        ('"03/04/25" | date', "ru", 'the text "03/04/25" could be 2025-04-03 or 2025-03-04'),
        ('"31.31.25" | date("dd.MM.yy")', "ru", 'the text "31.31.25" is no date like dd.MM.yy'),
        ('"x" | date("dd.MM.yy")', "ru", 'the text "x" is no date like dd.MM.yy'),
        ("row.ФИО | month_start", "ru", '"Иванов Иван" is no date'),
        ("row.Дата + 1", "ru", 'cannot add "1" to a date'),
        ("row.Дата + days(3652000)", "ru", "the date lies outside the calendar"),
        ("row.Дата + days(99999999)", "ru", "the date lies outside the calendar"),
        ("row.Дата + months(99999999)", "ru", "the date lies outside the calendar"),
        ("days(1.5)", "ru", "a whole number is wanted, not 1.5"),
        ("date(2026, 2, 30)", "ru", "there is no day 2026-2-30"),
        ("row.ФИО | left(-1)", "ru", "a number of characters is a whole number from 0, not -1"),
        ("row.ФИО | left(row.Пусто)", "ru", "a number of characters is a whole number from 0, not "),
        ('row.ФИО | replace("", "x")', "ru", "`replace` needs a text to look for"),
        ('row.ФИО | part("", 1)', "ru", "`part` needs a separator"),
        ("1 | round(99)", "ru", "`round` takes from -28 to 28 decimals"),
        ('"1e999" | number | round', "iso", "the number is too large"),
        ('("1e999" | number) + 1', "iso", "the number is too large, or has too many digits"),
        ("[1] ~ 'a'", "ru", "a list is no text"),
        ("days(1) ~ ''", "ru", "a number of days or months is no text"),
    ],
)
def test_row_without_value(text: str, locale: str, message: str) -> None:
    """What has no value is a problem at that row, in words; never a guess and never a crash."""
    with pytest.raises(ExpressionProblem) as caught:
        value(text, locale)

    assert caught.value.message() == message


def test_moments_with_and_without_zone_are_not_compared() -> None:
    """A wall clock and an instant have no order."""
    with pytest.raises(ExpressionProblem, match="cannot compare"):
        value('"2026-01-01T00:00Z" | date < row.Когда')


@pytest.mark.parametrize(
    "text",
    [
        '("a" | replace("a", "' + "a" * 900 + '")) | replace("a", "' + "a" * 900 + '") | replace("a", "aa")',
        "row.Длинный ~ row.Длинный",
        'join("", row.Длинный, row.Длинный)',
        "row.Длинный + row.Длинный",
        'row.Длинный | replace("a", "bb")',
        "row.Щ | translit",
        "row.Щ | slug",
    ],
)
def test_long_results_are_refused_before_they_are_made(text: str) -> None:
    """No expression fills the memory."""
    row = (
        Cell("a" * 2**19 + "a", "A", CellKind.TEXT, "a" * 2**19 + "a"),
        Cell("щ" * 2**19, "B", CellKind.TEXT, "щ" * 2**19),
    )
    compiled = compile_expression(parsed(text), {"Длинный": 0, "Щ": 1})

    with pytest.raises(ExpressionProblem, match="longer"):
        compiled(Scope("ru", date(2026, 1, 1), row))


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){20}$"])
def test_slow_regular_expressions_are_stopped(pattern: str) -> None:
    """A catastrophic pattern costs a fraction of a second, then it is a problem of that row."""
    text = "a" * 5000 + "b" * 5000 + "!"
    compiled = compile_expression(parsed(f'row.A | matches("{pattern}")'), {"A": 0})
    begin = perf_counter()
    with contextlib.suppress(ExpressionProblem):
        assert compiled(Scope("iso", date(2026, 1, 1), (Cell(text, "A", CellKind.TEXT, text),))) is False

    assert perf_counter() - begin < 5


@pytest.mark.parametrize(
    ("text", "position", "code"),
    [
        ("lipsum()", 1, "unknown-name"),
        ("cycler.x", 1, "unknown-name"),
        ("foo", 1, "unknown-name"),
        ("1 + foo", 5, "unknown-name"),
        ("params.x", 8, "unknown-definition"),
        ("before.x", 1, "unknown-name"),
        ("value", 1, "unknown-name"),
        ("self", 1, "unknown-name"),
        ("row.ФИО | uper", 11, "unknown-name"),
        ("row.ФИО | tojson", 11, "unknown-name"),
        ("row.ФИО is defined", 12, "unknown-name"),
        ("row.ФИО is number(1)", 12, "unknown-name"),
        ('joni(" ", row.ФИО)', 1, "unknown-name"),
        ("row.ФИО is blnk", 12, "unknown-name"),
        ("row.ФИО | zzzzzz", 11, "unknown-name"),
        ("row", 1, "expression"),
        ("row | upper", 1, "expression"),
        ("row[k]", 4, "expression"),
        ("row[1]", 4, "expression"),
        ("row[1:2]", 4, "expression"),
        ("row.A.format", 6, "expression"),
        ("row.A.format()", 6, "expression"),
        ("row.A()", 4, "expression"),
        ("today.year", 6, "expression"),
        ('"a".join', 4, "expression"),
        ('"a" * 10', 1, "expression"),
        ("10 - 'a'", 6, "expression"),
        ("2 ** 3", 3, "expression"),
        ("row.A % 2", 7, "expression"),
        ("{'a': 1}", 1, "expression"),
        ("(1, 2)", 3, "expression"),
        ('"a" ~', 6, "expression"),
        ("1 +", 4, "expression"),
        ("", 1, "expression"),
        ("  ", 1, "expression"),
        ("row.Таб. номер", 8, "expression"),
        ("row.Дата начала", 10, "expression"),
        ("1 2", 3, "expression"),
        ("row.A }} x", 7, "expression"),
        ("row.A == ", 9, "expression"),
        ('"open', 1, "expression"),
        ("row.A ~ 'open", 9, "expression"),
        ("a ? b", 3, "expression"),
        ("row.№", 5, "expression"),
        ("row.A |", 8, "expression"),
        ("upper(row.A)", 1, "unknown-name"),
        ("row.A | left", 9, "expression"),
        ("row.A | left(1, 2)", 9, "expression"),
        ("row.A | left(n=1)", 9, "expression"),
        ("join(*[1])", 5, "expression"),
        ("date(1, 2)", 5, "expression"),
        ('row.A | matches("(")', 17, "expression"),
        ("row.A | matches(row.B)", 20, "expression"),
        ('row.A | date("dd.MM")', 14, "expression"),
        ('row.A | date("dd.MM.yyyy dd")', 14, "expression"),
        ('row.A | date("DD.MM.YYYY")', 14, "expression"),
        ('row.A | date("dd.MM.yyyy mm")', 14, "expression"),
        ('row.A | date("dd.MM.yyyy \'x")', 14, "expression"),
        ("row.A | date(row.B)", 17, "expression"),
        ("9" * 200, 1, "expression"),
        ("1e400", 1, "expression"),
        ("x" * 2001, 1, "expression"),
        ("(" * 30 + "1" + ")" * 30, 1, "expression"),
        ("not " * 200 + "1", 1, "expression"),
        ("1" + " + 1" * 100, 1, "expression"),
        ("[" * 900, 1, "expression"),
        ("[" + "1, " * 600 + "1]", 1, "expression"),
        ("row.A|upper" + "|upper" * 100, 1, "expression"),
        ("-" * 1900 + "1", 1, "expression"),
        ("1 if " * 390 + "1", 1, "expression"),
    ],
)
def test_refused(text: str, position: int, code: str) -> None:
    """What is not on the list is refused, at its character, before any row is read."""
    found = parse_expression(text, PLACE)
    assert isinstance(found, tuple)
    problem = found[0]

    assert (problem.place.line, problem.place.column - 9, problem.code) == (3, position, code)
    assert problem.message()
    assert problem.advice() is not None


@pytest.mark.parametrize(
    "pattern",
    [
        "(a{9999}){9999}",
        "a{100000000}",
        "((((((a{9}){9}){9}){9}){9}){9})",
        "(" * 900 + ")" * 900,
        "(?R)",
        "(a)(?1)",
        "a{19999}" * 3,
    ],
)
def test_regular_expressions_that_would_fill_the_memory(pattern: str) -> None:
    """A pattern is refused before the engine makes millions of pieces of it."""
    found = parse_expression(f'row.A | extract("{pattern}")', PLACE)

    assert isinstance(found, tuple)
    assert found[0].message()


@pytest.mark.parametrize(
    "pattern", ["[]a]{3}", "a\\{999999}", "[{9999999}]", "(?:ab){100}", "x{0}", "\\d{4}-\\d{2}-\\d{2}"]
)
def test_regular_expressions_that_only_look_large(pattern: str) -> None:
    """Braces that are no repetition, and repetitions that are small, are used."""
    assert isinstance(parse_expression(f'row.A | extract("{pattern}")', PLACE), Expression)


def test_every_mistake_of_an_expression_is_told() -> None:
    """One run tells them all."""
    found = parse_expression("foo ~ (row.A | uper) ~ bar() ~ row[1]", PLACE)

    assert isinstance(found, tuple)
    assert [problem.found for problem in found] == ["foo", "uper", "bar", "[1]"]


def test_columns_are_known_before_a_row_is_read() -> None:
    """Every column that an expression may touch stands in it, each once, in order."""
    found = parsed('row.Б ~ row["Дата начала"] if row.А else row.Б | replace(row.В, "x") | left(row.Г)')

    assert set(found.columns) == {"А", "Б", "Дата начала", "В", "Г"}
    assert len(found.columns) == 5


def test_column_that_the_table_lacks_is_blank() -> None:
    """An optional column that is not there counts as blank."""
    compiled = compile_expression(parsed("row.Нет is blank"), {"Нет": None})

    assert compiled(scope()) is True


def test_cell_alone_stays_a_cell() -> None:
    """A cell taken as it is keeps its displayed text, so that codes keep their zeros."""
    found = compile_expression(parsed("row.Код if row.Флаг"), {"Код": 1, "Флаг": 5})(scope())

    assert isinstance(found, Cell)
    assert text_of(found) == "00042"


@pytest.mark.parametrize(
    ("chain", "result"),
    [("digits", "7912"), ("digits | left(2)", "79"), ("replace(row.Код, 'x') | upper", "+7 (9) 12")],
)
def test_chain(chain: str, result: str) -> None:
    """`apply` is a chain of filters over the value at hand."""
    found = parse_chain(chain, PLACE)
    assert isinstance(found, Expression)

    assert found.source == chain
    assert compile_expression(found, {"Код": 1})(scope(value="+7 (9) 12")) == result


@pytest.mark.parametrize(
    ("chain", "column"),
    [("uper", 10), ("digits | lft(2)", 19), ("left()", 10), ("digits |", 18), ("", 10), ("left(foo)", 15)],
)
def test_chain_refused(chain: str, column: int) -> None:
    """Mistakes in a chain have their place in the chain."""
    found = parse_chain(chain, PLACE)

    assert isinstance(found, tuple)
    assert found[0].place.column == column


def test_truth() -> None:
    """Blank, false, zero and nothing are no; texts are yes, whatever they say."""
    assert [is_true(item) for item in (None, "", False, 0, Decimal(0), [], ROW[2])] == [False] * 7
    assert [is_true(item) for item in ("false", "0", True, 1, date(2026, 1, 1), [None], ROW[1])] == [True] * 7


def test_anything_can_be_shown() -> None:
    """A message can quote any value."""
    assert [shown(item) for item in ([1], Months(1), timedelta(1), ROW[1], None)] == [
        "[…]",
        "…",
        "…",
        "42",
        "",
    ]


def test_a_value_of_another_name() -> None:
    """`value` is the value at hand, where it is allowed."""
    found = parsed("value | upper", NAMES | {"value"})

    assert compile_expression(found, {})(scope(value="a")) == "A"
