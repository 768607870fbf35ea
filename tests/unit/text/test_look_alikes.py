"""Signs that are not what they look like are found; what only mixes scripts is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.text.folding import fold
from importer.text.look_alikes import look_alike


@pytest.mark.parametrize(
    ("text", "sign", "alike"),
    [
        ("Aндрей", "A", "А"),  # Latin in a Cyrillic word
        ("ООО «Cбербанк»", "C", "С"),
        ("pетров@example.ru", "p", "р"),
        ("iv\u0430nov@example.ru", "\u0430", "a"),  # Cyrillic in a Latin word
        ("SK\u201124", "\u2011", "-"),
        ("Дюйм 5\u2033", "\u2033", '"'),
    ],
)
def test_found(text: str, sign: str, alike: str) -> None:
    """The sign that does not belong is named, with the one it looks like."""
    found = look_alike(text)

    assert found is not None
    assert (found.sign, found.alike) == (sign, alike)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Андрей",
        "Andrew",
        "QR-код",
        "GPSтрекер",
        "Windows для Ивана",
        "«Ромашка» – “да”",
        "1С",
        "T&M",
        "т/х",
        "e-mail: почта",
    ],
)
def test_not_found(text: str) -> None:
    """Two scripts in one text, or in a word that plainly holds both, are nothing to speak of."""
    assert look_alike(text) is None


@given(st.text(alphabet="абвгАВСЕоpeacABCxyЁё -‑\"″'ʼ", max_size=12))
def test_every_text_has_an_answer(text: str) -> None:
    """What is found stands in the text, and comparison sees through it."""
    found = look_alike(text)

    assert found is None or found.sign in text
    fold(text)
