"""What always holds of mapping, whatever the cells."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from importer.planner.binding import BoundStep
from importer.planner.binding.bound import Asked
from importer.planner.mapping import Record, compile_step
from importer.planner.mapping.compiling import compile_fields
from importer.planner.mapping.fields import CompiledField
from importer.planner.mapping.record import NO_DEFAULTS
from importer.planner.mapping.shortcuts import Take, general, shortcut
from importer.recipe.expressions import Scope
from importer.sources.table import Cell, CellKind, Row
from tests.unit.planner.world import TODAY, firm

# Every type, and every way from a cell to a value.
FIELDS = """
- {name: plain, to: Users, match: email, fields: {email: V, name: W, phone: V, active: V, hired: V, seen: V, rate: V,
   level: V, ratio: V, share: V, loose: V, color: V, days: V, ref: V, start: V, length: V, address/City: V, department: V}}
- to: Users
  name: blanks
  match: email
  fields:
    email: {column: V, on_blank: error}
    name: {column: V, on_blank: skip}
    phone: {column: V, on_blank: clear}
    rate: {column: V, default: 7}
    hired: {column: V, default: =row.W}
    level: {column: [Z, V], on_blank: error, default: =row.W}
    ratio: {column: Z, optional: true, on_blank: clear}
    share: {column: Z, optional: true, on_blank: error, default: =row.W}
    department: {column: V, on_blank: skip, default: =row.W}
- to: Users
  name: made
  match: email
  fields:
    email: {column: V, apply: lower}
    name: =row_number
    phone: =none
    rate: 1000.001
    level: 7
    hired: =today
    active: {column: V, map: {"1": true, Нет: false}}
    color: {column: V, apply: title, map: {Red: =value, "1": =row.W}}
    ratio: =row.V | number + 1
    share: {column: V, apply: number}
    loose: {column: V, map: {"1": =row_number, "*": =value}}
    days: =coalesce(row.V, "Mon")
    ref: =row.V ~ row.W
    start: {value: =row.Z, optional: true}
    length: =days(1) if row.V == "1" else row.V
    address/City: ="x"
    department: {column: V, apply: trim}
- to: Users
  name: looked
  match: email
  fields:
    email: W
    department: {column: V, by: code, where: {isActive: true, name: W}}
    manager: {column: V, by: email, where: {rate: V}}
    mentor: {value: =row.V, by: email, where: {level: V, department: {column: V, by: code}}}
"""

WORDS = [
    "1",
    "1000,25",
    "1000.25",
    "1.001",
    "0,5",
    "(5)",
    "70000",
    "31.12.2026",
    "31/12/2026",
    "03/04/2026",
    "2026-12-31",
    "2026-01-31T09:00+03:00",
    "да",
    "Нет",
    "true",
    "red",
    "green",
    "Mon",
    "Mon,Wed",
    "9:30",
    "25:00",
    "PT8H",
    "x",
    "#N/A",
    "6f9619ff-8b86-d011-b42d-00c04fc964ff",
    "12345678901",
    "1234567890123456789012345678901",
]


def cell(value: object, kind: CellKind, text: str, number_format: str | None = None) -> Cell:
    return Cell(value, "V", kind, text, number_format)  # type: ignore[arg-type]


def text(word: str) -> Cell:
    return cell(word, CellKind.TEXT, word)


def of(kind: CellKind, values: st.SearchStrategy[object]) -> st.SearchStrategy[Cell]:
    return values.map(lambda value: cell(value, kind, str(value)))


TEXTS = st.one_of(st.sampled_from(WORDS), st.text(max_size=12)).map(text)
NUMBERS = st.decimals(-(10**9), 10**9, allow_nan=False, places=3) | st.integers(-3, 40000).map(Decimal)
CELLS = st.one_of(
    TEXTS,
    of(CellKind.NUMBER, NUMBERS),
    st.integers(0, 99).map(lambda n: cell(Decimal(n), CellKind.NUMBER, f"{n:05}", "00000")),
    # Unlike numbers may be shown alike.
    st.sampled_from(["1", "1.4"]).map(lambda n: cell(Decimal(n), CellKind.NUMBER, "01", "00")),
    of(CellKind.BOOLEAN, st.booleans()),
    of(CellKind.DATE, st.dates()),
    of(CellKind.DATETIME, st.datetimes() | st.dates().map(lambda day: datetime.combine(day, time()))),
    of(CellKind.DATETIME, st.datetimes(timezones=st.just(UTC))),
    of(CellKind.TIME, st.times()),
    of(CellKind.DURATION, st.timedeltas(timedelta(), timedelta(days=9))),
    st.just(cell(None, CellKind.BLANK, "")),
    st.just(cell("#N/A", CellKind.ERROR, "#N/A")),
    st.just(cell(None, CellKind.FORMULA, "")),
)
# Few cells, so that some come back.
ROWS = st.lists(CELLS, min_size=1, max_size=4).flatmap(
    lambda few: st.lists(st.tuples(st.sampled_from(few), st.sampled_from(few)), min_size=1, max_size=8)
)


@pytest.fixture(scope="module", params=["iso", "ru", "en"])
def steps(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[BoundStep]]:
    """The steps of `FIELDS`, bound under each locale."""
    with firm() as world:
        world.fresh(tmp_path_factory.mktemp(request.param))
        head = f"source: {{file: a.csv, delimiter: ;, locale: {request.param}}}"
        bound = world.bind(FIELDS, {"a.csv": [["V", "W"], ["x", "y"]]}, head=head)
        assert bound.sound, [problem.message() for problem in bound.problems]
        yield list(bound.steps)


def mapped(
    step: BoundStep, rows: list[Row], way: Callable[[CompiledField, int], Take]
) -> list[tuple[object, ...]]:
    """What the records of some rows hold, whichever way their fields go."""
    scope = Scope(step.rule.table.locale, TODAY.date())
    (section,) = step.table.sections
    fields = compile_fields(step, section, scope)
    takes = [way(field, position) for position, field in enumerate(fields)]
    letters = tuple(field.column for field in fields)
    found = []
    for row in rows:
        scope.row, scope.number = row.cells, row.number
        record = Record(0, step, row, [], letters, [], NO_DEFAULTS)
        record.values = [take(row.cells, record) for take in takes]
        # 1.0 and 1.00 are equal, and are not the same.
        found.append(
            (list(map(repr, record.values)), repr(dict(record.defaults)), record.problems, record.skipped)
        )
    return found


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
@example(rows=[(text(word),) * 2 for word in WORDS] * 2)
@example(rows=[(text("1"), text(word)) for word in ("red", "green", "Moon", "red")])
@example(
    rows=[
        (code, code)
        for code in (
            text("1"),
            text("00001"),
            cell(Decimal(1), CellKind.NUMBER, "1"),
            cell(Decimal(1), CellKind.NUMBER, "00001", "00000"),
            cell(Decimal("1.2"), CellKind.NUMBER, "00001", "00000"),
            cell(True, CellKind.BOOLEAN, "true"),  # noqa: FBT003 - a cell's value
            text("true"),
        )
    ]
)
def test_a_shortcut_leads_to_the_same_value(steps: list[BoundStep], rows: list[tuple[Cell, Cell]]) -> None:
    """A field that takes a shortcut holds, and tells, what it would the general way."""
    numbered = [Row("a.csv", None, number, cells) for number, cells in enumerate(rows, 2)]
    for step in steps:
        assert mapped(step, numbered, shortcut) == mapped(step, numbered, general)


def test_one_text_is_asked_once(steps: list[BoundStep]) -> None:
    """Cells of one column with the same text ask with the same object, so that an answer is remembered by it."""
    step = next(step for step in steps if step.name == "plain")
    (section,) = step.table.sections
    map_row = compile_step(step, section, TODAY.date(), 0)
    rows = [Row("a.csv", None, number, (text("A" * 2), text("w"))) for number in (2, 3)]
    first, second = (
        record.values[step.at["departmentId"]] for row in rows if isinstance(record := map_row(row), Record)
    )

    assert first is second
    assert first == Asked("AA")
