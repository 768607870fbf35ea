"""A secret cannot be printed, logged, pickled or formatted by accident."""

import copy
import json
import pickle

import pytest

from importer.secret import Secret

WORD = "пароль-hunter2"


def test_only_reveal_reveals():
    """The text is there for whoever asks for it by name."""
    assert Secret(WORD).reveal() == WORD


@pytest.mark.parametrize(
    "shown", [repr, str, "{}".format, "{!r}".format, lambda secret: f"{[secret]} {{'a': {secret}}}"]
)
def test_nothing_shows_it(shown):
    """No way of making a text of it gives it away, nor its length."""
    assert WORD not in shown(Secret(WORD))
    assert shown(Secret(WORD)) == shown(Secret("x"))


@pytest.mark.parametrize("store", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps])
def test_it_does_not_leave_the_process(store):
    """It is never stored or copied; the refusal does not tell it either."""
    with pytest.raises(TypeError) as refused:
        store(Secret(WORD))

    assert WORD not in str(refused.value)


def test_comparing():
    """Two secrets are equal when they hold the same; a secret equals no text."""
    assert Secret("a") == Secret("a")
    assert hash(Secret("a")) == hash(Secret("a"))
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
