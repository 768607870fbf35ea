"""What a plan says of an entity that does not exist yet."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from importer.plan import ActionReference, filled, references_in
from importer.plan.references import reference_of

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.builds(lambda n: ActionReference(n).as_json(), st.integers(1, 9)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("ab", min_size=1, max_size=2), inner, max_size=3)
    ),
    max_leaves=10,
)


def test_marker():
    """Only the marker alone is a reference: a complex value that resembles it is not."""
    assert reference_of(ActionReference(7).as_json()) == ActionReference(7)
    for other in ({"$action": "7"}, {"$action": 7, "x": 1}, {}, [7], 7, None):
        assert reference_of(other) is None


def test_filling():
    """References are replaced at any depth; all else stays as it is."""
    value = {"id": {"$action": 1}, "list": [{"$action": 2}, {"x": {"$action": 1}}], "rate": Decimal("1.10")}

    assert filled(value, lambda action: f"key {action}") == {
        "id": "key 1",
        "list": ["key 2", {"x": "key 1"}],
        "rate": Decimal("1.10"),
    }
    assert [found.action for found in references_in(value)] == [1, 2, 1]
    assert list(references_in((1, ({"$action": 3},)))) == [ActionReference(3)]


@given(values)
def test_filled_has_none_left(value):
    """After filling no reference is left, and each was asked for once in order."""
    asked = []
    result = filled(value, lambda action: asked.append(action) or "key")

    assert list(references_in(result)) == []
    assert asked == [found.action for found in references_in(value)]
