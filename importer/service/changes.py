"""A change between two versions of a service's metadata, as a value."""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from importer.odata.edm import Model


class Subject(StrEnum):
    """What changed."""

    SET = "set"
    SINGLETON = "singleton"
    TYPE = "type"
    PROPERTY = "property"
    NAVIGATION = "navigation"
    ENUM = "enum"
    MEMBER = "member"
    ACTION = "action"
    FUNCTION = "function"


class Kind(StrEnum):
    """How it changed."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"  # perhaps
    TYPE = "type"
    NULLABLE = "nullable"
    MAX_LENGTH = "max_length"
    PRECISION = "precision"
    SCALE = "scale"
    DEFAULT = "default"
    KEY = "key"
    BASE = "base"
    OPEN = "open"
    ABSTRACT = "abstract"
    TARGET = "target"
    PAIR = "pair"
    VALUE = "value"
    SIGNATURE = "signature"
    ON_CREATE = (
        "on_create"  # whether it may be written in a new entity; of a set: whether entities may be made
    )
    ON_UPDATE = "on_update"
    ON_DELETE = "on_delete"
    REQUIRED = "required"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change. `owner` is the full name of the type that declares the thing, or of the set, empty for things of their own.

    before, after: texts, None where there is none; "true" and "false" for yes and no. `score`: of a renaming, how alike the names
    are. `breaking`: what worked before may not work any more.
    """

    subject: Subject
    kind: Kind
    name: str
    owner: str = ""
    before: str | None = None
    after: str | None = None
    breaking: bool = False
    score: float | None = None


def concerns(change: Change, model: Model, type_name: str) -> bool:
    """Whether a change of a type concerns entities of `type_name`, which declare or inherit what changed."""
    return bool(change.owner) and model.is_a(type_name, change.owner)


class About(msgspec.Struct, frozen=True):
    """What is compared: a thing and the type or set it belongs to."""

    subject: Subject
    name: str
    owner: str = ""

    def differ(self, kind: Kind, old: object, new: object, *, breaking: bool = True) -> Iterator[Change]:
        """Yield the change of one fact, if it is one."""
        if old != new:
            yield Change(
                subject=self.subject,
                kind=kind,
                name=self.name,
                owner=self.owner,
                before=as_text(old),
                after=as_text(new),
                breaking=breaking,
            )


def as_text(value: object) -> str | None:
    """Return a fact as it stands in a change."""
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
