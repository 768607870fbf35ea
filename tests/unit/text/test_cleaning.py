"""What cannot be seen in a cell does not matter."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importer.text.cleaning import INVISIBLE, clean


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("", ""),
        ("   ", ""),
        ("a", "a"),
        (" a ", "a"),
        ("a  b", "a b"),
        ("a\u00a0b", "a b"),
        ("a \u2009\u202f b", "a b"),
        ("a\tb", "a b"),
        ("a\nb", "a\nb"),
        ("a \n b", "a\nb"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\n a \n", "a"),
        ("\u200bИва\u00adнов\ufeff", "Иванов"),
        ("и\u0306", "й"),
        ("e\u0301  x", "é x"),
        ("\u202aтекст\u202c", "текст"),
        ("a\u200b b", "a b"),
        ("a \u200b b", "a b"),
        ("a\u3000b", "a b"),
    ],
)
def test_clean(text, cleaned):
    """Trimmed, single spaces, no invisible characters, composed letters; line breaks inside stay."""
    assert clean(text) == cleaned


@given(
    st.text(st.sampled_from("aЯё \u00a0\t\n\r\u200b\u00ad\u0306и\u2028\ufeff"), max_size=20)
    | st.text(max_size=30)
)
def test_once_is_enough(text):
    """Cleaning a cleaned text changes nothing, and nothing invisible is left."""
    cleaned = clean(text)

    assert clean(cleaned) == cleaned
    assert not set(cleaned) & set(INVISIBLE)
    assert cleaned == cleaned.strip()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert "  " not in cleaned
