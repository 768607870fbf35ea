"""Problems are dataclasses in all that is seen of them: made by keywords, compared by value, never changed."""

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, fields, replace
from typing import ClassVar

import pytest

from importer.problems import FilePlace, Problem


class Animal(Problem):
    """For these tests."""

    code: ClassVar[str] = "animal"

    zoo: str
    count: int = 3


class Bird(Animal):
    """Has what an animal has, and one thing more."""

    wings: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Decorated(Problem):
    """A dataclass like any other."""

    zoo: str
    count: int = 3


@pytest.mark.parametrize("kind", [Animal, Bird, Decorated])
def test_values(kind: type[Animal]) -> None:
    """Fields come from the annotations, of the bases too; a default stands for what was not said."""
    found = kind(zoo="Riga", found="лев")

    assert (found.zoo, found.count, found.found, found.place, found.near) == ("Riga", 3, "лев", None, ())
    names = "place found expected near step zoo count"
    assert " ".join(item.name for item in fields(found)).startswith(names)


@pytest.mark.parametrize("kind", [Animal, Bird, Decorated])
def test_equal_by_value(kind: type[Animal]) -> None:
    """Two with the same values are one in a set; another value or another class makes another."""
    one = kind(zoo="Riga", place=FilePlace("a"))

    assert one == kind(zoo="Riga", place=FilePlace("a"), count=3)
    assert len({one, kind(zoo="Riga", place=FilePlace("a")), kind(zoo="Riga")}) == 2
    assert one != Problem(place=FilePlace("a"))
    assert repr(one).startswith(f"{kind.__name__}(place=FilePlace(")


@pytest.mark.parametrize("kind", [Animal, Bird, Decorated])
def test_frozen(kind: type[Animal]) -> None:
    """Nothing is changed; `replace` makes another."""
    one = kind(zoo="Riga")
    with pytest.raises(FrozenInstanceError):
        one.zoo = "Tula"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del one.zoo

    assert replace(one, zoo="Tula") == kind(zoo="Tula")
    assert one == copy.deepcopy(one) == pickle.loads(pickle.dumps(one))


@pytest.mark.parametrize("wrong", [{}, {"zoo": "Riga", "code": "x"}, {"zoo": "Riga", "keeper": "Ann"}])
@pytest.mark.parametrize("kind", [Animal, Bird, Decorated])
def test_made_by_what_it_has(kind: type[Animal], wrong: dict[str, str]) -> None:
    """A field that is missing or unknown is our mistake, and is told at once."""
    with pytest.raises(TypeError):
        kind(**wrong)
