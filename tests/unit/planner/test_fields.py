"""What a cell becomes, and what is sent: recipe-language.md §6.1-§6.3, §6.6."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.unit.planner.world import World, guid

ONE = "- {{to: Users, match: email, fields: {{email: Mail, {field}}}}}"


def body(world: World, field: str, cell: object, *, head: str = "", name: str = "a.csv") -> Any:
    """Plan one row; return the body sent, or the codes of what is wrong."""
    head = head or ("source: {file: a.csv, delimiter: ;}" if name == "a.csv" else f"source: {{file: {name}}}")
    made = world.plan(
        ONE.format(field=field), files={name: [["Mail", "V", "W"], ["u@x", cell, "w"]]}, head=head
    )
    if made.writes:
        return {key: value for key, value in made.writes[0].body.items() if key != "email"}
    return made.codes


RU = "source: {file: a.csv, delimiter: ;, locale: ru}"

TEXT_CELLS = [
    ("phone: V", "12345", {"phone": "12345"}),
    ("phone: V", "12345678901", ["too-long"]),
    ("phone: V", "7.7E+08", ["digits-lost"]),
    ("phone: V", "7,7E+08", ["digits-lost"]),
    ("name: V", "12345678901234567890", {"name": "12345678901234567890"}),
    ("active: V", "true", {"active": True}),
    ("active: V", "да", ["bad-boolean"]),
    ("hired: V", "2026-01-31", {"hired": "2026-01-31"}),
    ("hired: V", "31.01.2026", ["bad-date"]),
    ("hired: V", "2026-02-30", ["bad-date"]),
    ("seen: V", "2026-01-31T09:00:00+03:00", {"seen": "2026-01-31T06:00:00Z"}),
    ("seen: V", "2026-01-31T09:00:00", ["bad-date"]),
    ("seen: V", "0001-01-01T00:00:00+03:00", ["bad-date"]),
    ("rate: V", "1234.5", {"rate": Decimal("1234.5")}),
    ("rate: V", "1,5", ["bad-number"]),
    ("rate: V", "1.234", ["out-of-range"]),
    ("rate: V", "1.23000", {"rate": Decimal("1.23000")}),
    ("rate: V", "999999.99", {"rate": Decimal("999999.99")}),
    ("rate: V", "1000000", ["out-of-range"]),
    ("rate: V", "1.0000000000000000000000000000000001", ["out-of-range"]),
    ("share: V", "0", {"share": 0}),
    ("share: V", "0.25", {"share": Decimal("0.25")}),
    ("share: V", "1", ["out-of-range"]),
    ("loose: V", "1.2345", {"loose": Decimal("1.2345")}),
    ("loose: V", "1.23456", ["out-of-range"]),
    ("loose: V", "12300", {"loose": 12300}),
    ("level: V", "32767", {"level": 32767}),
    ("level: V", "32768", ["out-of-range"]),
    ("level: V", "1.5", ["out-of-range"]),
    ("level: V", "x", ["bad-number"]),
    ("ratio: V", "0.1", {"ratio": Decimal("0.1")}),
    ("ratio: V", "1" + "0" * 309, ["bad-number"]),
    ("color: V", "green", {"color": "Green"}),
    ("color: V", "Gren", ["bad-enum"]),
    ("color: V", "Red, Green", ["bad-enum"]),
    ("days: V", "wed, Mon", {"days": "Mon,Wed"}),
    ("days: V", "Mon, Sun", ["bad-enum"]),
    ("ref: V", "{6F9619FF-8B86-D011-B42D-00C04FC964FF}", {"ref": "6f9619ff-8b86-d011-b42d-00c04fc964ff"}),
    ("ref: V", "6F9619FF8B86-D011-B42D-00C0-4FC964FF", ["bad-guid"]),
    ("ref: V", "6F9619FF8B86D011B42D00C04FC964FF", {"ref": "6f9619ff-8b86-d011-b42d-00c04fc964ff"}),
    ("ref: V", "{6F9619FF-8B86-D011-B42D-00C04FC964FF", ["bad-guid"]),
    ("ref: V", "7", ["bad-guid"]),
    ("start: V", "09:30", {"start": "09:30:00"}),
    ("start: V", "9:30", {"start": "09:30:00"}),
    ("start: V", "25:00", ["bad-date"]),
    ("length: V", "PT8H", {"length": "PT8H"}),
    ("length: V", "36:15", {"length": "P1DT12H15M"}),
    ("length: V", "8 hours", ["bad-date"]),
    ("address/City: V", "Minsk", {"address": {"City": "Minsk"}}),
    ("address/City: V", "M" * 21, ["too-long"]),
    ("department: V", "", {}),
    ("phone: =none", "x", {"phone": None}),
    ("phone: V", "", {}),
    ("phone: {column: V, on_blank: clear}", "", {"phone": None}),
    ("phone: {column: V, on_blank: error}", "", ["blank-value"]),
    ("phone: {column: V, on_blank: skip}", "", []),
    ('phone: {column: V, default: ="7"}', "", {"phone": "7"}),
    ('phone: {column: V, default: ="7", on_blank: error}', "", {"phone": "7"}),  # default comes first
    ('phone: {column: V, default: ="7", on_blank: skip}', "", {"phone": "7"}),
    ("phone: {column: V, default: =row.W}", "", {"phone": "w"}),
    ("phone: {column: V, default: =row.V, on_blank: error}", "", ["blank-value"]),  # a blank default is none
    ("phone: {column: V, apply: digits}", "a1b2", {"phone": "12"}),
    (
        "phone: {column: V, apply: digits, on_blank: error}",
        "abc",
        ["blank-value"],
    ),  # a blank that comes out is a blank
    ('phone: {column: V, map: {x: ="1", "*": =value}}', "X ", {"phone": "1"}),
    ('phone: {column: V, map: {x: ="1", "*": =value}}', "y", {"phone": "y"}),
    ('phone: {column: V, map: {x: ="1"}}', "y", ["unmapped-value"]),
    ('phone: {column: V, map: {x: ="1"}}', "", {}),  # a blank skips the table
    ("active: {column: V, map: {Да: true, Нет: false}}", "нет", {"active": False}),
    ("phone: {column: [Z, V]}", "x", {"phone": "x"}),
    ("phone: {column: Z, optional: true, on_blank: clear}", "x", {}),  # a missing column keeps
    ("phone: {value: =row.Z, optional: true, on_blank: clear}", "x", {}),
    ('phone: {column: Z, optional: true, default: ="7"}', "x", {"phone": "7"}),
    ("phone: =row.V ~ row.W", "x", {"phone": "xw"}),
    # What an expression gives is cleaned as a cell is.
    ("""phone: '=row.V | part(",", 0) ~ "  z "'""", "x  y , z", {"phone": "x y z"}),
    ("""phone: '=" " ~ row.V ~ row.W'""", "x", {"phone": "xw"}),
    ("""phone: '=row.V | replace("x", " ")'""", "x", {}),
    ("level: =row.V | number + 1", "4", {"level": 5}),
    ("level: =row.V + 1", "4", ["expression-value"]),
    ("phone: '=[row.V]'", "4", ["expression-value"]),
    ("phone: =months(1)", "4", ["expression-value"]),
    ("length: =days(1)", "4", {"length": "P1D"}),
    ("hired: =today", "4", {"hired": "2026-03-01"}),
    ("level: 7", "x", {"level": 7}),
    ("active: true", "x", {"active": True}),
]


@pytest.mark.parametrize(("field", "cell", "expected"), TEXT_CELLS, ids=lambda value: str(value)[:40])
def test_a_text_cell(world: World, field: str, cell: str, expected: object) -> None:
    """Each cell becomes exactly the value it says, or a problem; nothing is cut, rounded or guessed."""
    assert body(world, field, cell) == expected


@pytest.mark.parametrize(
    ("field", "cell", "expected"),
    [
        ("rate: V", "1 234,5", {"rate": Decimal("1234.5")}),
        ("rate: V", "1.234,5 ₽", {"rate": Decimal("1234.5")}),
        ("rate: V", "12 %", {"rate": Decimal("0.12")}),
        ("rate: V", "1.234", ["bad-number"]),
        ("active: V", "х", {"active": True}),
        ("hired: V", "31 янв 2026 г.", {"hired": "2026-01-31"}),
        ("hired: V", "03/04/2026", ["ambiguous-date"]),
        ("hired: V", "31.01.2026", {"hired": "2026-01-31"}),
        ("active: V", "нет", {"active": False}),
        ("hired: V", "30.02.2026", ["bad-date"]),
    ],
)
def test_a_text_cell_under_a_locale(world: World, field: str, cell: str, expected: object) -> None:
    """The table's locale says how texts are read."""
    assert body(world, field, cell, head=RU) == expected


def test_both_readings_of_a_number_are_told(world: World) -> None:
    """A point that groups in one country and parts in another is a question, not a number."""
    made = world.plan(ONE.format(field="rate: V"), [["Mail", "V"], ["u@x", "1.234"]], head=RU)

    assert '"1.234" could be 1234 or 1.234' in made.group("bad-number").problem.message()


def test_the_locale_that_would_read_it_is_named(world: World) -> None:
    """A number of another locale is never silently another number; the hint is the locale."""
    made = world.plan(ONE.format(field="rate: V"), [["Mail", "V"], ["u@x", "1,5"]])

    assert "locale: ru" in made.group("bad-number").problem.advice()
    assert made.places("bad-number") == [("B", 2)]


@pytest.mark.parametrize(
    ("field", "cell", "expected"),
    [
        ("phone: V", 42, {"phone": "42"}),
        ("phone: V", 4.50, {"phone": "4.5"}),
        ("level: V", 42, {"level": 42}),
        ("hired: V", date(2026, 1, 31), {"hired": "2026-01-31"}),
        ("hired: V", datetime(2026, 1, 31, 9), ["bad-date"]),  # noqa: DTZ001 - a cell has no zone
        ("hired: V", 45000, {"hired": "2023-03-15"}),  # what the spreadsheet shows under a format of dates
        ("hired: V", 45000.5, ["bad-date"]),
        ("hired: V", 2026, ["bad-date"]),
        ("hired: V", 20261231, ["bad-date"]),
        ("seen: V", 45000.5, ["bad-date"]),  # no zone
        ("phone: V", 123456789012345678, ["digits-lost"]),
        ("active: V", True, {"active": True}),
        ("active: V", 1, {"active": True}),
        ("active: V", 2, ["bad-boolean"]),
        ("start: V", time(9, 30), {"start": "09:30:00"}),
        ("length: V", timedelta(hours=30), {"length": "P1DT6H"}),
        ("phone: V", "=1+1", ["formula-without-value"]),
        ("phone: V", "#N/A", ["cell-error"]),
        ("phone: =row.V", "#N/A", ["cell-error"]),
        ("phone: W", "#N/A", {"phone": "w"}),  # a column that is not used
        ("phone: {column: W, map: {w: =row.V}}", "#N/A", ["cell-error"]),
        ('phone: {column: W, map: {w: ="1", z: =row.V}}', "x", {"phone": "1"}),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_cell_of_a_workbook(world: World, field: str, cell: object, expected: object) -> None:
    """Typed cells need no locale; errors and formulas never calculated are problems at that cell."""
    assert body(world, field, cell, name="a.xlsx") == expected


def test_a_condition_over_an_error_cell(world: World) -> None:
    """A row about which `when` can say nothing is neither left out nor written."""
    made = world.plan(
        '- {to: Users, when: row.V != "x", match: email, fields: {email: Mail}}',
        files={"a.xlsx": [["Mail", "V"], ["u@x", "#N/A"], ["v@x", "x"]]},
        head="source: {file: a.xlsx}",
    )

    assert (made.codes, made.fates) == (["cell-error"], {"blocked": 1, "not_for_step": 1})


SEEDED = {
    "email": "u@x",
    "name": "Old",
    "phone": "1",
    "rate": 5,
    "active": True,
    "address": {"City": "Minsk", "Street": "S"},
}

UPDATES = [
    ("name: V", "New", {"name": "New"}),
    ("name: V", " Old  ", None),
    ("name: V", "", None),  # blank keeps
    ("name: {column: V, on_blank: clear}", "", {"name": None}),
    ("name: {column: Z, optional: true, on_blank: clear}", "", None),
    ('name: {column: V, default: ="D"}', "", None),  # only when the entity is created
    ('name: {column: V, default: ="D", on_blank: clear}', "", {"name": None}),
    ('name: {column: V, default: ="D", on_blank: error}', "", ["blank-value"]),
    ('name: {column: V, default: ="D", on_blank: skip}', "", []),
    ("name: =none", "x", {"name": None}),
    ("name: {column: V, update: never}", "New", None),
    ("name: {column: V, update: if_blank}", "New", None),
    ("level: {column: V, update: if_blank}", "3", {"level": 3}),
    ("phone: V", "1", None),
    ("rate: V", "5.00", None),
    ("rate: V", "5.01", {"rate": Decimal("5.01")}),
    ("address/City: V", "Brest", {"address": {"City": "Brest", "Street": "S"}}),
    ("address/City: V", "Minsk", None),
    ("login: V", "x", None),  # immutable: only when created
    ("department: V", "D", {"departmentId": guid("D")}),
    ("department: {column: V, on_missing: blank, on_blank: clear}", "zzz", None),  # on_missing: blank keeps
    ("email: {column: V, update: always}", "U@X", {"email": "U@X"}),
    ("email: V", "U@X", None),  # what found the entity is not corrected
    ("email: {column: V, update: if_blank}", "U@X", None),
]


@pytest.mark.parametrize(("field", "cell", "expected"), UPDATES, ids=lambda value: str(value)[:40])
def test_an_existing_entity(world: World, field: str, cell: str, expected: object) -> None:
    """Only what differs is sent, by the policy of each field."""
    world.seed("Departments", {"name": "D"})
    world.seed("Users", SEEDED)
    other = "" if field.startswith("email") else "email: Mail, "
    made = world.plan(
        f"- {{to: Users, match: email, fields: {{{other}{field}}}}}", [["Mail", "V"], ["u@x", cell]]
    )

    if isinstance(expected, list):
        assert (made.codes, made.writes) == (expected, [])
    elif expected is None:
        assert [action.verb.value for action in made.actions] == ["unchanged"]
    else:
        assert made.writes[0].body == expected
        world.apply(made)
        assert (
            world.plan(
                f"- {{to: Users, match: email, fields: {{{other}{field}}}}}", [["Mail", "V"], ["u@x", cell]]
            ).writes
            == []
        )


def test_an_update_guards_what_it_overwrites(world: World) -> None:
    """The plan keeps what stood there, and what found the entity."""
    world.seed("Users", SEEDED)
    made = world.plan(ONE.format(field="address/City: V"), [["Mail", "V"], ["u@x", "Brest"]])

    assert made.writes[0].guard == {"address": {"City": "Minsk", "Street": "S"}, "email": "u@x"}
    assert [(c.property, c.before, c.after) for c in made.writes[0].changes] == [
        ("address/City", "Minsk", "Brest")
    ]


def test_a_complex_value_that_is_not_there_yet(world: World) -> None:
    """A property of a complex value is written also where the whole is null."""
    world.seed("Users", {"email": "u@x"})
    recipe, rows = (
        ONE.format(field="address/City: V, address/Street: W"),
        [["Mail", "V", "W"], ["u@x", "Brest", "S"]],
    )
    world.apply(world.plan(recipe, rows))

    assert world.stored("Users")["u@x"]["address"] == {"City": "Brest", "Street": "S"}
    assert world.plan(recipe, rows).writes == []


def test_references_show_names(world: World) -> None:
    """A change of a reference shows what people call both ends."""
    world.seed("Departments", {"name": "A"}, {"name": "B"})
    world.seed("Users", {"email": "u@x", "departmentId": guid("A")})
    made = world.plan(ONE.format(field="department: V"), [["Mail", "V"], ["u@x", "b"]])

    assert [(c.before_text, c.after_text) for c in made.writes[0].changes] == [("A", "B")]


def test_blank_required(world: World) -> None:
    """A required property that is blank blocks a creation, and only that."""
    world.seed("Departments", {"name": "A", "code": "1"})
    made = world.plan(
        "- {to: Departments, match: code, fields: {code: Code, name: Name}}",
        [["Code", "Name"], ["1", ""], ["2", ""]],
    )

    assert made.codes == ["blank-required"]
    assert made.places("blank-required") == [("B", 3)]
    assert made.fates == {"unchanged": 1, "blocked": 1}


def test_a_number_that_is_a_day_since_1904(world: World) -> None:
    """A workbook that counts days from 1904 means another day by the same number."""
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (["Mail", "V"], ["u@x", 45000]):
        book.active.append(row)
    book.save(world.folder / "mac.xlsx")

    made = world.plan(ONE.format(field="hired: V"), head="source: {file: mac.xlsx}")

    assert [action.body["hired"] for action in made.writes] == ["2027-03-16"]
