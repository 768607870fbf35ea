"""Texts are in the language that was chosen, and never missing."""

import contextvars

import pytest

from importer.text.translating import N_, set_language, translate, translate_plural


def in_language(language, show):
    def run():
        set_language(language)
        return show()

    return contextvars.copy_context().run(run)


@pytest.mark.parametrize("language", ["en", "ru", "xx", ""])
def test_an_unknown_text_is_itself(language):
    """What no catalogue knows is shown as it is; nothing is not the catalogue's header."""
    assert (
        in_language(language, lambda: translate("nobody ever wrote this {name}"))
        == "nobody ever wrote this {name}"
    )
    assert in_language(language, lambda: translate("")) == ""


def test_english_plurals():
    """One thing, two things."""
    words = in_language(
        "en",
        lambda: [translate_plural("{n} lone badger", "{n} lone badgers", n).format(n=n) for n in (0, 1, 2)],
    )

    assert words == ["0 lone badgers", "1 lone badger", "2 lone badgers"]


def test_a_language_nobody_speaks_is_english():
    """An unknown language is English rather than an error."""
    assert in_language("tlh", lambda: translate("row {row}")) == "row {row}"


def test_marked_texts_are_unchanged():
    """Marking a text for translation later keeps it."""
    assert N_("some words") == "some words"
