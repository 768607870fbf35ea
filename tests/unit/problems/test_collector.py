"""A hundred rows with the same mistake are one line with a hundred places."""

from dataclasses import dataclass
from typing import ClassVar

from importer.problems import CellPlace, Collector, Near, Problem, Severity, group


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong(Problem):
    """For these tests."""

    code: ClassVar[str] = "wrong-for-tests"
    text: ClassVar[str] = "{found} is wrong."
    hint: ClassVar[str] = "Mend it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd(Wrong):
    """A warning."""

    severity: ClassVar[Severity] = Severity.WARNING


def at(row):
    return CellPlace("b", "S", "A", row)


def test_collecting():
    """Problems are kept in the order found."""
    found = Collector()
    assert (len(found), found.has(Severity.ERROR)) == (0, False)

    found.add(Odd(found="a"))
    found.extend([Wrong(found="b"), Odd(found="c")])

    assert [problem.found for problem in found] == ["a", "b", "c"]
    assert found.problems == tuple(found)
    assert len(found) == 3
    assert (found.has(Severity.ERROR), found.has(Severity.WARNING), found.has(Severity.NOTE)) == (
        True,
        True,
        False,
    )


def test_grouping():
    """The same sentence at many places is one group; errors come first, the rest in the order found."""
    groups = group(
        [
            Odd(found="a", place=at(1)),
            Wrong(found="x", place=at(2)),
            Odd(found="a", place=at(3)),
            Odd(found="a", place=at(3)),
            Odd(found="a", step="users", place=at(4)),
            Wrong(found="b"),
            Odd(found="a").recorded(),
        ]
    )

    assert [
        (g.severity, g.problem.found, g.problem.step, g.count, [p.row for p in g.places]) for g in groups
    ] == [
        (Severity.ERROR, "x", None, 1, [2]),
        (Severity.ERROR, "b", None, 1, []),
        (Severity.WARNING, "a", None, 4, [1, 3]),
        (Severity.WARNING, "a", "users", 1, [4]),
    ]


def test_json():
    """The JSON of a group is complete."""
    (found,) = group([Wrong(found="b", expected="c", near=(Near("d", 0.8, "7"),), step="s", place=at(5))])

    assert found.as_json() == {
        "code": "wrong-for-tests",
        "severity": "error",
        "step": "s",
        "message": "b is wrong.",
        "hint": "Mend it",
        "found": "b",
        "expected": "c",
        "near": [{"text": "d", "score": 0.8, "key": "7"}],
        "count": 1,
        "places": [{"file": "b", "sheet": "S", "row": 5, "cell": "A5"}],
    }
