"""Frozen values of very many kinds: dataclasses whose methods are inherited, not generated for each class.

`@dataclass(frozen=True, slots=True)` compiles seven methods for every class, which takes 0.7 ms; for the two hundred
kinds of problems that was a seventh of the time of a small plan. Here a kind takes 0.03 ms. A subclass that is
decorated all the same is a dataclass like any other.
"""

from dataclasses import MISSING, FrozenInstanceError, dataclass, fields
from inspect import get_annotations
from typing import Any, ClassVar, NoReturn, dataclass_transform


class _Refusing:
    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse: the value is frozen."""
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        """Refuse: the value is frozen."""
        raise FrozenInstanceError(f"cannot delete field {name!r}")


@dataclass_transform(frozen_default=True, kw_only_default=True)
@dataclass(frozen=True, init=False, repr=False, eq=False)
class Frozen(_Refusing):
    """A base of frozen values, made by keywords. The annotations of a subclass are its fields, as in a dataclass.

    A default stands in the class; an instance holds what it was given. There are no default factories.
    """

    _names: ClassVar[tuple[str, ...]] = ()
    _known: ClassVar[frozenset[str]] = frozenset()
    _required: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        """Find the fields of the class: by `dataclass`, which knows best, in a class that has nothing else."""
        if "__dataclass_params__" in vars(cls):
            return  # made once more by `@dataclass(slots=True)`, which has found them
        annotations = get_annotations(cls)
        defaults = {name: vars(cls)[name] for name in annotations if name in vars(cls)}
        about = {"__doc__": cls.__doc__ or "", "__module__": cls.__module__, "__annotations__": annotations}
        own: Any = type(cls.__name__, (), about | defaults)
        own = dataclass(init=False, repr=False, eq=False, match_args=False)(own)
        cls.__dataclass_fields__ = cls.__dataclass_fields__ | own.__dataclass_fields__
        found = fields(cls)
        cls._names = tuple(item.name for item in found)
        cls._known = frozenset(cls._names)
        cls._required = frozenset(item.name for item in found if item.default is MISSING)

    def __init__(self, **values: object) -> None:
        """Keep the values of the fields.

        Raises:
            TypeError: a field is missing, or one is given that the class has not.

        """
        if not self._required <= values.keys() <= self._known:
            raise TypeError(
                f"{type(self).__name__} needs {sorted(self._required)} of {sorted(self._known)}, not {sorted(values)}"
            )
        self.__dict__.update(values)

    def __eq__(self, other: object) -> bool:
        """Whether the other is of the same class and has the same values."""
        if type(other) is not type(self):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        """Return the hash of the values."""
        return hash(self._values())

    def __repr__(self) -> str:
        """Return the class with its values, as a dataclass does."""
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._names)
        return f"{type(self).__qualname__}({values})"

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self._names)
