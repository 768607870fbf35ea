"""What somebody probably meant."""

from hypothesis import given
from hypothesis import strategies as st

from importer.problems import nearest


def test_the_nearest_first():
    """The best match comes first, one spelling of it; nothing far away is offered; at most three."""
    found = nearest(
        "Отдел продж",
        ["Бухгалтерия", "Отдел продаж 2", "Отдел продаж", "ОТДЕЛ ПРОДАЖ", "Отдел кадров", "Отдел"],
    )

    assert [near.text for near in found] == ["Отдел продаж", "Отдел продаж 2", "Отдел кадров"]
    assert [near.score for near in found] == [0.96, 0.88, 0.7]
    assert found[0].as_json() == {"text": "Отдел продаж", "score": 0.96, "key": None}
    assert nearest("x", ["Бухгалтерия", "xylophone and more"]) == ()


def test_letters_from_another_alphabet_are_forgiven():
    """A word that differs by what folding forgives is a perfect match."""
    assert str(nearest("Mосквa", ["Москва"])[0]) == '"Москва" (1.00)'


@given(st.text(max_size=10), st.lists(st.text(max_size=10), max_size=6), st.integers(0, 4))
def test_any_words(wrong, known, limit):
    """Whatever the words: known ones, once each, the best first, no more than asked."""
    found = nearest(wrong, known, limit)

    assert len(found) <= limit
    assert {near.text for near in found} <= set(known)
    assert len({near.text for near in found}) == len(found)
    assert [near.score for near in found] == sorted((near.score for near in found), reverse=True)
    assert all(0.6 <= near.score <= 1 for near in found)
