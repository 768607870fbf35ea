"""`include`: shared parts of several recipes become one document, in which every node keeps its own file and line."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import msgspec

from importer.documents import Document, Node, read_document
from importer.documents.validating import MissingKey, UnknownKey
from importer.problems import ConfigurationError, FilePlace, Problem, RecipePlace, Severity, nearest
from importer.recipe.models import SHARED_KEYS
from importer.recipe.rules import version

_NAMED = ("params", "tables", "maps", "filters", "lookups")


class DefinedTwice(Problem):
    """One name in two places."""

    code: ClassVar[str] = "duplicate-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" stands in `{key}` here and at {first}.'
    hint: ClassVar[str] = "Remove one of them, or give it another name"

    key: str
    first: str


class IncludedTwice(DefinedTwice):
    """One file is included again."""

    text: ClassVar[str] = '"{found}" is included twice (first at {first}).'
    hint: ClassVar[str] = "Remove one of them"


class PartOutsideProject(Problem):
    """A path that leads out."""

    code: ClassVar[str] = "file-missing"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" lies outside the recipe\'s folder and the project.'
    hint: ClassVar[str] = "Shared parts stay inside the project"


class NotAPart(Problem):
    """The file is YAML, but no map of keys."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = (
        '"{found}" is no part of a recipe: it is empty, or holds something else than a map of keys.'
    )
    hint: ClassVar[str] = "Begin it with `recipe: 1`"


def inside(path: Path, recipe: Path, project: Path | None) -> bool:
    """Whether a path lies in the recipe's folder or the project, links followed."""
    try:
        real = path.resolve()
        return any(real.is_relative_to(root.resolve()) for root in (recipe.parent, project) if root)
    except (OSError, ValueError):
        return False


def included(document: Document, project: Path | None) -> tuple[Document, tuple[Problem, ...]]:
    """Return the recipe with what it includes, and what is wrong with that."""
    node = document.root.get("include")
    if node is None:
        return document, ()
    problems: list[Problem] = []
    parts: dict[str, Document] = {}
    seen: dict[Path, RecipePlace] = {}
    for leaf in node.elements or (node,):
        if not isinstance(leaf.value, str) or not leaf.value.strip():
            continue  # told by the model
        part = _part(document, leaf, project, seen, problems)
        if part is not None:
            parts[part.shown] = part
    merged = _Merger(document.root, problems)
    for part in parts.values():
        merged.take(part.root)
    return msgspec.structs.replace(document, root=merged.root(), parts=parts), tuple(problems)


def _part(
    document: Document,
    leaf: Node,
    project: Path | None,
    seen: dict[Path, RecipePlace],
    problems: list[Problem],
) -> Document | None:
    text = str(leaf.value)
    path = document.path.parent / text
    if not inside(path, document.path, project):
        problems.append(PartOutsideProject(place=leaf.place, found=text))
        return None
    real = path.resolve()
    if real in seen or real == document.path.resolve():
        first = str(seen.get(real, RecipePlace(document.shown, 1, 1)))
        problems.append(IncludedTwice(place=leaf.place, found=text, key="include", first=first))
        return None
    seen[real] = leaf.place
    try:
        part = read_document(path, str(Path(document.shown).parent / text))
    except ConfigurationError as error:
        # Of a file that cannot be read the recipe's line is told, of one that can its own.
        problems.extend(
            replace(item, place=leaf.place) if isinstance(item.place, FilePlace) else item
            for item in error.problems
        )
        return None
    problems.extend(_mistakes(part))
    return part


def _mistakes(part: Document) -> Iterator[Problem]:
    root = part.root
    if not isinstance(root.value, dict):
        yield NotAPart(place=root.place, found=part.shown)
        return
    known = SHARED_KEYS[""]
    for name, place in root.keys.items():
        if name not in known:
            yield UnknownKey(place=place, found=name, owner=part.shown, near=nearest(name, known))
    if root.get("recipe") is None:
        yield MissingKey(place=root.place, expected="recipe", owner=part.shown)
    yield from version(part)


class _Merger:
    """Puts named things of several roots together."""

    def __init__(self, root: Node, problems: list[Problem]) -> None:
        self._main, self._problems = root, problems
        self._values: dict[str, dict[str, Node]] = {}
        self._keys: dict[str, dict[str, RecipePlace]] = {}
        self._aliases: dict[str, Node] = {}
        self._mask: list[Node] = []
        self._places: dict[str, RecipePlace] = {}
        self.take(root)

    def take(self, root: Node) -> None:
        for key in (*_NAMED, "aliases", "mask"):
            node = root.get(key)
            if node is None:
                continue
            self._places.setdefault(key, root.keys[key])
            if key == "mask":
                self._mask.extend(node.elements or (node,))
            for name, inner in node.items:
                self._put(key, name, node.keys[name], inner)

    def _put(self, key: str, name: str, place: RecipePlace, inner: Node) -> None:
        values, keys = self._values.setdefault(key, {}), self._keys.setdefault(key, {})
        if name not in values:
            values[name], keys[name] = inner, place
        elif key == "aliases" and inner.items and values[name].items:
            values[name] = self._united(values[name], inner)
        else:
            self._problems.append(DefinedTwice(place=place, found=name, key=key, first=str(keys[name])))

    def _united(self, first: Node, second: Node) -> Node:
        values, keys = dict(first.items), dict(first.keys)
        for name, inner in second.items:
            if name in values:
                self._problems.append(
                    DefinedTwice(place=second.keys[name], found=name, key="aliases", first=str(keys[name]))
                )
            else:
                values[name], keys[name] = inner, second.keys[name]
        return Node(first.place, values, keys)

    def root(self) -> Node:
        values, keys = dict(self._main.items), dict(self._main.keys)
        for key, inner in self._values.items():
            at = self._main.get(key)
            if at is not None and not at.items:
                continue  # not a map: told by the model
            keys.setdefault(key, self._places[key])
            values[key] = Node(at.place if at is not None else self._places[key], inner, self._keys[key])
        if self._mask:
            keys.setdefault("mask", self._places["mask"])
            at = self._main.get("mask")
            values["mask"] = Node(at.place if at is not None else self._places["mask"], list(self._mask))
        return Node(self._main.place, values, keys)
