"""The catalogue of translations fits the code, is complete, and is compiled."""

import gettext
import io
import string

import pytest
from babel.messages.catalog import Message

from tests.house.catalogue import TEMPLATE, as_po, po_path, read_translations, template

RUSSIAN = read_translations("ru")
MESSAGES = [message for message in RUSSIAN if message.id]


def forms(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def variables(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_template_fits_the_code():
    """`make locale` would change nothing."""
    assert TEMPLATE.read_bytes() == as_po(template())


def test_same_texts_in_russian():
    """Each text of the code stands in the Russian catalogue, and no other."""
    assert {message.id for message in MESSAGES} == {message.id for message in template() if message.id}


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: str(message.id)[:60])
def test_translated(message: Message):
    """Every text has its Russian words, all plural forms of them, with the same variables."""
    assert all(forms(message.string))
    assert not message.fuzzy
    if isinstance(message.id, str):
        assert variables(forms(message.string)[0]) == variables(message.id)
    else:
        assert len(message.string) == 3
        assert all(variables(form) == variables(message.id[1]) for form in message.string)


def test_compiled():
    """What the program reads is what stands in the text file."""
    compiled = gettext.GNUTranslations(io.BytesIO(po_path("ru").with_suffix(".mo").read_bytes()))

    for message in MESSAGES:
        if isinstance(message.id, str):
            assert compiled.gettext(message.id) == message.string
        else:
            assert tuple(compiled.ngettext(*message.id, number) for number in (1, 2, 5)) == tuple(
                message.string
            )
