"""What `describe` tells of a service."""

from collections.abc import Mapping
from dataclasses import dataclass

from importer.plan import JsonValue
from importer.problems import ProblemGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedProperty:
    """A structural property with what an importer needs of it. `description`: what its annotations say.

    on_create, on_update: whether it may be sent then. labels: what people call it, as the dialect knows.
    """

    name: str
    type: str
    nullable: bool
    writable: bool
    required: bool = False
    max_length: int | None = None
    members: tuple[str, ...] = ()
    description: str | None = None
    on_create: bool = True
    on_update: bool = True
    computed: bool = False
    key: bool = False
    precision: int | None = None
    scale: int | str | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedNavigation:
    """A navigation property with its pair, target and written constraints.

    contained: its entities live inside this one. partner: the navigation that leads back.
    """

    name: str
    pair: str | None
    constraints: tuple[tuple[str, str], ...]
    target: str
    collection: bool
    description: str | None = None
    contained: bool = False
    partner: str | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedOperation:
    """A bound action or function. `parameters`: (name, type) besides the binding."""

    name: str
    action: bool
    parameters: tuple[tuple[str, str], ...]
    returns: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedType:
    """A set, singleton or type: `name` is its own, `type` the full type name.

    operations: bound actions and functions. derived: types that derive from it. forbidden: which of "create",
    "update", "delete" the set refuses.
    """

    name: str
    type: str
    key: tuple[str, ...]
    properties: tuple[DescribedProperty, ...]
    navigation: tuple[DescribedNavigation, ...]
    actions: tuple[str, ...] = ()
    description: str | None = None
    operations: tuple[DescribedOperation, ...] = ()
    derived: tuple[str, ...] = ()
    abstract: bool = False
    open: bool = False
    forbidden: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SetValues:
    """The entities of a set. `table`: what people call each → its key, ready for a recipe.

    twins: those whose name another entity has already, so that it does not say which is meant.
    cut: there are more entities than are shown.
    """

    set: str
    label: str
    key: str
    rows: tuple[Mapping[str, JsonValue], ...]
    table: tuple[tuple[str, str], ...]
    twins: tuple[tuple[str, str], ...] = ()
    cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A service as an importer sees it. `values`: the entities of one set, when they were asked for.

    detail: a part or a word was asked for. types: all types of the document, whether a set holds them or not.
    """

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
