"""The file of faults."""

import json

import pytest

from importer.sandbox import Faults, Habits, read_faults


def written(tmp_path, value):
    path = tmp_path / "faults.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    return path


def test_read(tmp_path):
    """Every fault and every habit can be written in the file."""
    faults, habits = read_faults(
        written(
            tmp_path,
            {
                "drop_after_write": [1],
                "drop_before_write": [2],
                "drop_in_batch": {"3": 4},
                "delay_ms": 5,
                "answers": [{"status": 503}],
                "habits": {"etag": "on", "email_domains": ["a.example"], "page_size": 10},
            },
        )
    )

    assert (faults.drop_after_write, faults.drop_before_write, faults.drop_in_batch, faults.delay_ms) == (
        {1},
        {2},
        {3: 4},
        5,
    )
    assert habits == Habits(etag="on", email_domains=("a.example",), page_size=10)
    assert read_faults(written(tmp_path, {}))[1] == Habits()


@pytest.mark.parametrize(
    "value",
    [
        "{",
        "[]",
        {"habits": []},
        {"drop": []},
        {"writes": 5},
        {"habits": {"etags": "on"}},
        {"habits": {"etag": "x"}},
        {"answers": [5]},
        {"answers": [{}]},
        {"answers": [{"status": "503"}]},
        {"answers": [{"status": 503, "when": 1}]},
        {"drop_after_write": 5},
        {"drop_in_batch": [1]},
        {"delay_ms": "x"},
    ],
)
def test_wrong(tmp_path, value):
    """What the file cannot mean is an error, not a fault that never comes."""
    with pytest.raises(ValueError, match=r"\w"):
        read_faults(written(tmp_path, value))


def test_answers_are_counted():
    """An answer is given `count` times, after `after` requests, to its method."""
    faults = Faults(answers=[{"status": 401, "after": 1, "method": "GET"}, {"status": 503, "count": 2}])

    given = [faults.instead(method) for method in ("POST", "GET", "GET", "GET", "GET")]

    assert [answer and answer["status"] for answer in given] == [503, None, 401, 503, None]
