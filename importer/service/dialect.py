"""A dialect: habits of a service that its metadata do not tell. Facts in YAML, no code (architecture.md §4, *Rules as data*).

Shipped ones are found by name; a project's own by path. One may extend another, and says only what differs.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import msgspec

from importer.documents import read_document, validate
from importer.documents.schema import schema_of
from importer.problems import ConfigurationError, FilePlace, Near, Place, Problem, Severity, nearest
from importer.service.dialect_keys import (
    Concurrency,
    CustomFields,
    CustomName,
    Errors,
    Limits,
    PropertyHabits,
    SetHabits,
    Tree,
    Words,
    Write,
)
from importer.service.dialect_model import Dialect

__all__ = [
    "KNOWN_KEYS",
    "Concurrency",
    "CustomFields",
    "CustomName",
    "Dialect",
    "Errors",
    "Limits",
    "PropertyHabits",
    "SetHabits",
    "Tree",
    "Words",
    "Write",
    "compiled",
    "dialect_schema",
    "read_dialect",
    "shipped_dialects",
]

_FOLDER = Path(__file__).parent / "dialects"
_CONFIGURATION = "importer.yaml"
_FILES = (".yaml", ".yml")
# The keys that may stand under a key ("" is the top; `sets/`: under any name that stands under `sets`).
KNOWN_KEYS: Mapping[str, tuple[str, ...]] = {
    "": tuple(Dialect.model_fields),
    "limits": tuple(Limits.model_fields),
    "concurrency": tuple(Concurrency.model_fields),
    "errors": tuple(Errors.model_fields),
    "custom_fields": tuple(CustomFields.model_fields),
    "sets/": tuple(SetHabits.model_fields),
    "properties/": tuple(PropertyHabits.model_fields),
    "write": tuple(field.alias or name for name, field in Write.model_fields.items()),
    "tree": tuple(Tree.model_fields),
    "labels/": tuple(Words.model_fields),
    "titles/": tuple(Words.model_fields),
}


class UnknownDialect(Problem):
    """No such dialect."""

    code: ClassVar[str] = "unknown-definition"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'There is no dialect "{found}".'
    hint: ClassVar[str] = "Did you mean {near}?"


class DialectOutside(Problem):
    """A dialect's file lies outside the project."""

    code: ClassVar[str] = "file-missing"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'The dialect "{found}" lies outside the project.'
    hint: ClassVar[str] = "Copy it into the folder of importer.yaml"


class DialectCircle(Problem):
    """A dialect that extends itself."""

    code: ClassVar[str] = "key-conflict"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "This dialect extends itself: {found}."
    hint: ClassVar[str] = "Let the last of them extend a shipped dialect, or nothing"


def shipped_dialects() -> tuple[str, ...]:
    """Return the names of the dialects that come with the importer."""
    return tuple(sorted(item.stem for item in _FOLDER.glob("*.yaml")))


def read_dialect(name: str | None, folder: Path | None = None) -> Dialect:
    """Return a dialect: a shipped one by name, or a file (`dialects/our.yaml`) of the project in `folder`; None is a plain service.

    Raises:
        ConfigurationError: there is none, it lies outside the project, or something is wrong in it: every mistake with its place.
    """
    if name is None:
        return Dialect.model_validate({})
    sources = list(_chain(name, folder, FilePlace(_CONFIGURATION)))
    merged: dict[str, Any] = {}
    for source in reversed(sources):
        merged = _over(source.data, merged)
    own = sources[0]
    merged["dialect"] = own.data.get("dialect", own.path.stem)
    merged.pop("extends", None)
    return Dialect.model_validate(
        merged | ({"extends": own.data["extends"]} if "extends" in own.data else {})
    )


def compiled(name: str) -> str:
    """Return a shipped dialect as the JSON text that is read in its stead: in a hundredth of the time of YAML."""
    source = _written(_FOLDER / f"{name}.yaml", f"{name}.yaml")
    return json.dumps(source.data, ensure_ascii=False, indent=1) + "\n"


def dialect_schema() -> str:
    """Return the text of `schemas/dialect-1.json`."""
    return schema_of(Dialect, "odata-importer dialect, version 1")


class _Source(msgspec.Struct, frozen=True):
    """One file of a dialect; `extends` with the place where it stands."""

    path: Path
    data: dict[str, Any]
    extends: str | None = None
    place: Place | None = None


def _chain(name: str, folder: Path | None, place: Place) -> Iterator[_Source]:
    """Yield the dialect asked for, then what it extends, and so on."""
    seen: list[Path] = []
    shown: list[str] = []
    here = folder
    extended: str | None = name
    while extended is not None:
        path, called = _located(extended, here, folder, place)
        shown.append(called)
        if path in seen:
            raise ConfigurationError(DialectCircle(place=place, found=" → ".join(shown)))
        seen.append(path)
        source = _shipped(path) if path.parent == _FOLDER else _written(path, called)
        yield source
        extended, place, here = source.extends, source.place or place, path.parent


def _shipped(path: Path) -> _Source:
    data: dict[str, Any] = json.loads(path.with_suffix(".json").read_bytes())
    return _Source(path, data, data.get("extends"))


def _written(path: Path, called: str) -> _Source:
    document = read_document(path, called)
    validate(Dialect, document, owner=called, known=KNOWN_KEYS)
    extends = document.root.get("extends")
    data: dict[str, Any] = document.root.data()
    return _Source(path, data, data.get("extends"), extends.place if extends is not None else None)


def _located(name: str, here: Path | None, folder: Path | None, place: Place) -> tuple[Path, str]:
    """Return the file of a dialect and what people call it; a path is relative to `here` and stays in `folder`."""
    if not name.lower().endswith(_FILES):
        if name not in shipped_dialects():
            raise ConfigurationError(UnknownDialect(place=place, found=name, near=_near(name, folder)))
        return _FOLDER / f"{name}.yaml", f"{name}.yaml"
    if here is None or folder is None:
        raise ConfigurationError(
            UnknownDialect(place=place, found=name, near=nearest(Path(name).stem, shipped_dialects()))
        )
    try:
        path, root = (here / name).resolve(), folder.resolve()
    except (OSError, ValueError, RuntimeError):  # a NUL byte, a circle of links
        raise ConfigurationError(UnknownDialect(place=place, found=name)) from None
    if not path.is_relative_to(root):
        raise ConfigurationError(DialectOutside(place=place, found=name))
    return path, str(path.relative_to(root).as_posix())


def _near(name: str, folder: Path | None) -> tuple[Near, ...]:
    """Return what may be meant: shipped dialects, and files where a project keeps its own, as they would be written."""
    files = sorted((folder / "dialects").glob("*.yaml")) if folder is not None else []
    written = {name: name for name in shipped_dialects()} | {
        path.stem: f"dialects/{path.name}" for path in files
    }
    return tuple(Near(written[item.text], item.score) for item in nearest(name, written))


def _over(own: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    """Return the base with what `own` says laid over it: maps key by key, everything else as a whole."""
    merged = dict(base)
    for key, value in own.items():
        below = merged.get(key)
        merged[key] = _over(value, below) if isinstance(value, dict) and isinstance(below, dict) else value
    return merged
