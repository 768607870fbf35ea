"""Words of headers and names, and how texts of a workbook stand in YAML."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importer.documents.reading import parse_document
from importer.drafting.scalars import comment, flow, scalar
from importer.drafting.thesaurus import concepts_of, is_row_number, thesaurus
from importer.drafting.words import words_of
from importer.text.cleaning import clean

# What survives `clean` and may stand in YAML at all.
TEXTS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1).map(clean).filter(bool)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("firstWorkDay", "First work days"),
        ("Customer_ID", "customer id"),
        ("Дата приёма", "дата  приема"),
        ("Отдела", "отдел"),
        ("Таб.№", "таб номер"),
        ("Categories", "category"),
    ],
)
def test_words_compare(one: str, other: str) -> None:
    """Case, spelling of names, endings and signs do not keep the same words apart."""
    assert words_of(one) == words_of(other)


@pytest.mark.parametrize(
    ("header", "concept"),
    [
        ("Ф.И.О.", "full name"),
        ("Тел.", "phone"),
        ("E-mail", "email"),
        ("Таб. №", "personnel number"),
        ("Рук.", "supervisor"),
        ("РП", "manager"),
        ("Дата приёма", "hire date"),
        ("Qty", "quantity"),
        ("ИНН", "tax number"),
    ],
)
def test_thesaurus(header: str, concept: str) -> None:
    """What people write over columns is known, with points and without."""
    assert concepts_of(words_of(header))[concept] == 1.0


def test_thesaurus_is_sound() -> None:
    """No phrase of the thesaurus is lost: each has words, and numbers of rows are known."""
    assert () not in thesaurus().phrases
    assert len(thesaurus().phrases) > 900
    assert is_row_number(words_of("№ п/п"))
    assert not is_row_number(words_of("Номер договора"))


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_scalars_are_what_they_were(one: str, other: str) -> None:
    """Whatever stands over a column is read back as it was, as key, as value and in a list; a comment ends with its line."""
    text = f"{scalar(one)}: {scalar(other)}\nlist: [{scalar(one)}, {scalar(other)}]\nby: {flow((one, other))}\n# {comment(other)}\n"
    if one in ("list", "by"):
        return

    data = parse_document(text, "t.yaml", Path("t.yaml")).root.data()

    assert data[one] == other
    assert data["list"] == data["by"] == [one, other]
