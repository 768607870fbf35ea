"""When two texts count as the same name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.text.folding import fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Отдел", "ОТДЕЛ"),
        ("Семёнов", "Семенов"),
        ("ЁЛКА", "елка"),
        ("ООО «Ромашка»", 'ООО "Ромашка"'),
        ("ООО “Ромашка”", "ооо «ромашка»"),
        ("Ростов–на—Дону", "Ростов-на-Дону"),
        ("О’Брайен", "О'Брайен"),
        ("a  b", "A b"),
        ("a\nb", "a b"),
        ("Straße", "STRASSE"),
        ("\u200bA", "a"),
        ("и\u0306", "й"),
        ("е\u0308", "ё"),
        ("Мocквa", "Москва"),
        ("Cофт", "Софт"),
        ("ПEТРOB", "Петров"),
    ],
)
def test_the_same(one, other):
    """Case, spaces, ё, quotes, dashes and Latin letters inside Russian words do not matter."""
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a", "b"),
        ("HR", "НР"),
        ("IT", "ИТ"),
        ("a b", "ab"),
        ("a-b", "a b"),
        ("Отдел 1", "Отдел 2"),
        ("COM", "СОМ"),
    ],
)
def test_not_the_same(one, other):
    """A word that is Latin as a whole stays Latin; spaces and numbers matter."""
    assert fold(one) != fold(other)


@given(st.text(st.sampled_from("aAoОоеЕёЁcС«“\"'’-—– \u00a0İıßﬁ"), max_size=12) | st.text(max_size=20))
def test_folding_is_final(text):
    """Folding a folded text changes nothing: names can be compared with names that were kept folded."""
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("iv\u0430nov@example.ru", "ivanov@example.ru"),
        ("Aндрей", "Андрей"),
        ("\u0441ommon", "common"),
        ("OОО", "ООО"),
    ],
)
def test_look_alikes_count_as_the_rest_of_the_word(written: str, meant: str) -> None:
    """A Cyrillic letter in an e-mail and a Latin one in a name are seen through."""
    assert fold(written) == fold(meant)
