"""What `describe` tells of a service."""

from collections.abc import Mapping
from dataclasses import dataclass

from importer.plan import JsonValue
from importer.problems import ProblemGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedProperty:
    """A structural property with what an importer needs of it. `description`: what its annotations say."""

    name: str
    type: str
    nullable: bool
    writable: bool
    required: bool = False
    max_length: int | None = None
    members: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedNavigation:
    """A navigation property with its pair, target and written constraints."""

    name: str
    pair: str | None
    constraints: tuple[tuple[str, str], ...]
    target: str
    collection: bool
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedType:
    """A set, singleton or type: `name` is its own, `type` the full type name."""

    name: str
    type: str
    key: tuple[str, ...]
    properties: tuple[DescribedProperty, ...]
    navigation: tuple[DescribedNavigation, ...]
    actions: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetValues:
    """The entities of a set. `table`: what people call each → its key, ready for a recipe.

    cut: there are more entities than are shown.
    """

    set: str
    label: str
    key: str
    rows: tuple[Mapping[str, JsonValue], ...]
    table: tuple[tuple[str, str], ...]
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A service as an importer sees it. `values`: the entities of one set, when they were asked for."""

    source: str
    version: str
    schemas: tuple[str, ...]
    references: tuple[str, ...]
    counts: Mapping[str, int]
    sets: tuple[DescribedType, ...]
    singletons: tuple[DescribedType, ...]
    types: tuple[DescribedType, ...]
    detail: bool = False
    values: SetValues | None = None
    problems: tuple[ProblemGroup, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 0: a description was made."""
        return 0
