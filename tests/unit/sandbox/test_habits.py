"""Switches have the values they have."""

import pytest

from importer.sandbox import Habits


@pytest.mark.parametrize(
    "wrong",
    [
        {"own_keys": "lost"},
        {"duplicate": 500},
        {"patch_missing": 201},
        {"etag": True},
        {"in_operator": "no"},
        {"post_answer": "201"},
        {"batch": "xml"},
        {"coerces": ["everything"]},
        {"renamed": "Things/name"},
        {"page_size": 0},
        {"top_max": "50"},
        {"node_limit": None},
        {"batch_parts": True},
        {"shuffle": "yes"},
    ],
)
def test_wrong(wrong):
    """A value that a switch does not have is refused, with its name."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Habits(**wrong)


def test_defaults():
    """The default face is an honest, Timetta-like service: no domain of e-mails is checked yet."""
    habits = Habits()

    assert (habits.own_keys, habits.duplicate, habits.etag, habits.batch, habits.email_domains) == (
        "kept",
        "500",
        "off",
        "both",
        (),
    )
