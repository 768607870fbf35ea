"""Where a problem is, as people read it and as programs do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.problems import CellPlace, EntityPlace, FilePlace, RecipePlace
from importer.problems.place import place_from_json

PLACES = [
    (RecipePlace("r.yaml", 24, 17, 5), "r.yaml:24:17", {"file": "r.yaml", "line": 24, "column": 17}),
    (
        CellPlace("b.xlsx", "Лист", "C", 18),
        "b.xlsx › Лист › C18",
        {"file": "b.xlsx", "sheet": "Лист", "row": 18, "cell": "C18"},
    ),
    (
        CellPlace("b.csv", None, "AB", 2),
        "b.csv › AB2",
        {"file": "b.csv", "sheet": None, "row": 2, "cell": "AB2"},
    ),
    (
        CellPlace("b.xlsx", "Лист", None, 18),
        "b.xlsx › Лист › row 18",
        {"file": "b.xlsx", "sheet": "Лист", "row": 18},
    ),
    (FilePlace("b.xlsx"), "b.xlsx", {"file": "b.xlsx"}),
    (FilePlace("b.xlsx", "Лист"), "b.xlsx › Лист", {"file": "b.xlsx", "sheet": "Лист"}),
    (EntityPlace("Users", "7"), "Users(7)", {"set": "Users", "key": "7"}),
    (EntityPlace("Users"), "Users", {"set": "Users"}),
    (EntityPlace("Users", ""), "Users()", {"set": "Users", "key": ""}),
]


@pytest.mark.parametrize(("place", "text", "value"), PLACES)
def test_places(place, text, value):
    """Every kind of place has its text and its JSON."""
    assert str(place) == text
    assert place.as_json() == value


names = st.text(min_size=1, max_size=10)
letters = st.text("ABCXYZ", min_size=1, max_size=3)
numbers = st.integers(1, 1_048_576)
places = st.one_of(
    st.builds(RecipePlace, names, numbers, numbers),
    st.builds(CellPlace, names, st.none() | names, st.none() | letters, numbers),
    st.builds(FilePlace, names, st.none() | names),
    st.builds(EntityPlace, names, st.none() | st.text(max_size=5)),
)


@given(places)
def test_a_place_survives_json(place):
    """A place kept in a plan is the same place when it is read again."""
    assert place_from_json(place.as_json()) == place


@pytest.mark.parametrize("value", [{}, {"line": 1}, {"file": 5}, {"sheet": "x"}, {"set": None}])
def test_no_place(value):
    """What is no place is not guessed at."""
    with pytest.raises(ValueError, match="not a place"):
        place_from_json(value)
