"""The assignment of columns to properties."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from importer.drafting.assigning import assign

SCORES = st.lists(
    st.dictionaries(st.sampled_from("abcd"), st.floats(0, 1, allow_nan=False), max_size=4), max_size=4
)


@settings(deadline=None)
@given(SCORES)
def test_greatest_total(scores: list[dict[str, float]]) -> None:
    """No other way of giving each column at most one property, and each property to one column, has a greater total."""
    found = assign(scores)
    given_away = [name for name in found if name is not None]
    total = sum(scores[n][name] for n, name in enumerate(found) if name is not None)

    best = 0.0
    for choice in product(*([None, *row] for row in scores)):
        names = [name for name in choice if name is not None]
        if len(set(names)) == len(names):
            best = max(best, sum(scores[n][name] for n, name in enumerate(choice) if name is not None))

    assert len(set(given_away)) == len(given_away)
    assert abs(total - best) < 1e-9
