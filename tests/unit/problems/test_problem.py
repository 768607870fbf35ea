"""A mistake says what is wrong and what would mend it, also after a plan file kept it."""

from dataclasses import dataclass
from typing import ClassVar

import pytest

from importer.problems import (
    BlockedError,
    CellPlace,
    ConfigurationError,
    ImporterError,
    Interrupted,
    Near,
    Problem,
    RecordedProblem,
    RefusedError,
    ServiceError,
    Severity,
    UsageError,
    registered,
)
from importer.problems.problem import code_of, severity_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSuchAnimal(Problem):
    """For these tests."""

    code: ClassVar[str] = "no-such-animal"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = 'No "{found}" in {zoo}, {count} cages.'
    hint: ClassVar[str] = "Did you mean {near}?"

    zoo: object = "the zoo"
    count: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent(Problem):
    """Has no code and no hint: a class between others."""

    text: ClassVar[str] = "Something."


def test_texts_name_the_fields():
    """Message and hint are filled with what the problem holds."""
    problem = NoSuchAnimal(found="лев", near=(Near("лев", 1.0), Near("лед", 0.667, "7")))

    assert problem.message() == 'No "лев" in the zoo, 3 cages.'
    assert problem.advice() == 'Did you mean "лев" (1.00), "лед" (0.67)?'


def test_no_near_word_no_hint():
    """A hint that would name nothing is not given."""
    assert NoSuchAnimal(found="x").advice() == ""
    assert Silent().advice() == ""


def test_braces_in_what_was_found():
    """What stands in somebody's file is quoted, never filled in."""
    assert NoSuchAnimal(found="{zoo}{0}{").message() == 'No "{zoo}{0}{" in the zoo, 3 cages.'


def test_recorded():
    """The form that a plan file keeps says the same without the class that made it."""
    place = CellPlace("b.xlsx", "S", "A", 1)
    problem = NoSuchAnimal(
        found="x", expected="y", near=(Near("z", 0.9),), step="users", place=place, zoo=("a", 1)
    )

    kept = problem.recorded()

    assert isinstance(kept, RecordedProblem)
    assert (kept.message(), kept.advice()) == (problem.message(), problem.advice())
    assert (code_of(kept), severity_of(kept)) == ("no-such-animal", Severity.BLOCKED)
    assert (kept.place, kept.found, kept.expected, kept.near, kept.step) == (
        place,
        "x",
        "y",
        problem.near,
        "users",
    )
    assert all(isinstance(value, str | int | float | bool | None) for value in kept.kept.values())
    assert kept.recorded() is kept
    assert NoSuchAnimal(found="x").recorded().advice() == ""


def test_registered():
    """Every class with a code is known, so that the house can prove each one documented; the rest are not problems."""
    assert NoSuchAnimal in registered()
    assert Silent not in registered()
    assert [cls.code for cls in registered()] == sorted(cls.code for cls in registered())


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (ImporterError, 1),
        (UsageError, 2),
        (ConfigurationError, 3),
        (BlockedError, 4),
        (ServiceError, 5),
        (RefusedError, 6),
        (Interrupted, 130),
    ],
)
def test_errors_leave_with_their_problems(kind, code):
    """Each kind of stop has the exit code of the manual, and tells problems gathered before first."""
    first, last = Silent(), NoSuchAnimal(found="x")

    error = kind(last, more=[first])

    assert error.exit_code == code
    assert error.problems == (first, last)
    assert str(error) == 'Something.; No "x" in the zoo, 3 cages.'
