"""What is noticed in the values and blocks nothing: look-alike signs, match values one slip apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.planner.remarks import near_pairs
from tests.unit.planner.world import World

STEP = "- {to: Users, match: email, fields: {email: Mail, name: Name}}"


def test_a_letter_of_another_script(world: World) -> None:
    """A Latin letter in a Cyrillic name is written as it stands, and told with its cell."""
    made = world.plan(STEP, [["Mail", "Name"], ["a@x", "Aндрей"], ["b@x", "Андрей"]])

    assert made.codes == ["look-alike"]
    assert made.places("look-alike") == [("B", 2)]
    assert "LATIN CAPITAL LETTER A (U+0041)" in made.group("look-alike").problem.message()
    assert [action.body["name"] for action in made.writes] == ["Aндрей", "Андрей"]


def test_two_steps_over_one_row_tell_it_once(world: World) -> None:
    """A cell that several steps read is one remark."""
    both = (
        STEP.replace("- {", "- {name: one, ")
        + "\n"
        + "- {name: two, to: Departments, match: name, fields: {name: Name}}"
    )
    made = world.plan(both, [["Mail", "Name"], ["a@x", "Oтдел"]])

    assert made.places("look-alike") == [("B", 2)]


def test_invisible_characters_are_dropped_with_a_note(world: World) -> None:
    """Zero-width signs and soft hyphens are not written; a note per column counts the cells, each once."""
    both = (
        STEP.replace("- {", "- {name: one, ")
        + "\n"
        + "- {name: two, to: Departments, match: name, fields: {name: Name}}"
    )
    rows = [
        ["Mail", "Name"],
        ["a@x", "Ан\u00adна"],
        ["\ufeffb@x", "Bob"],
        ["c@x", "\u200bEve\u200e"],
        ["d@x", "  Ада\u00a0 "],
    ]
    made = world.plan(both, rows)

    notes = [item for item in made.problems if item.code == "invisible-characters"]
    assert [(item.severity, item.problem.found, item.count) for item in notes] == [
        ("note", "B", 2),
        ("note", "A", 1),
    ]
    assert [action.body.get("name") for action in made.writes][:4] == ["Анна", "Bob", "Eve", "Ада"]


def test_columns_are_found_through_look_alike_letters(world: World) -> None:
    """A header with a Latin letter among Cyrillic ones, or a soft hyphen, is the column that the recipe names."""
    step = "- {to: Users, match: email, fields: {email: Почта, name: Сотрудник}}"
    made = world.plan(step, [["Пoчта", "Cотруд\u00adник"], ["a@x", "Анна"]])

    assert made.codes == []
    assert [action.body["name"] for action in made.writes] == ["Анна"]


def test_addresses_one_letter_apart(world: World) -> None:
    """Two rows that are perhaps one person, mistyped, are told with both rows; both are planned."""
    made = world.plan(STEP, [["Mail", "Name"], ["petrova@x.ru", "П"], ["z@x.ru", "З"], ["pertova@x.ru", "П"]])

    assert (made.codes, len(made.writes)) == (["near-duplicate"], 3)
    assert made.group("near-duplicate").problem.message().startswith("Rows 2 and 4 differ by one letter")


@pytest.mark.parametrize(
    ("one", "two", "near"),
    [
        ("отдел продаж", "отдел прадаж", True),
        ("ромашка", "рмоашка", True),
        ("ромашка", "ромaшкка", False),
        ("сбербанк", "сбербнк", True),
        ("иванов иван", "иванова иван", False),  # grammar
        ("sk-24-2026", "sk-25-2026", False),  # digits
        ("отдел а склада", "отдел б склада", False),  # a letter of its own
        ("иванов а.п.", "иванов б.п.", False),
        ("ромашка", "ромашка", False),
    ],
)
def test_what_counts_as_a_slip(one: str, two: str, near: bool) -> None:
    """One letter inside a word, and nothing that differs on purpose."""
    found = list(near_pairs(dict.fromkeys([one, two])))

    assert bool(found) is near


@given(st.lists(st.text(alphabet="абв -12", max_size=9), unique=True, max_size=12))
def test_pairs_are_of_the_texts(texts: list[str]) -> None:
    """Each pair is told once, and both are texts that were given."""
    pairs = list(near_pairs(texts))

    assert len({frozenset(pair) for pair in pairs}) == len(pairs)
    assert all(one in texts and two in texts and one != two for one, two in pairs)
