"""A read document: nodes that know where they stand in the file."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from importer.documents.positions import index_of
from importer.problems import RecipePlace

Scalar: TypeAlias = "str | bool | int | Decimal | date | datetime | None"
NodePath: TypeAlias = "tuple[str | int, ...]"
_COMMENT = re.compile(r"\s+#.*")


class Node(msgspec.Struct, frozen=True):
    """A value with its position: a scalar, a list of nodes, or a mapping of nodes and the places of its keys.

    `style` is the YAML indicator of a scalar: empty when it is plain, else one of `'` `"` `|` `>`. `start`
    and `stop` bound it in the document's text.
    """

    place: RecipePlace
    value: "Scalar | list[Node] | dict[str, Node]"
    keys: Mapping[str, RecipePlace] = msgspec.field(default_factory=dict)
    style: str = ""
    start: int = 0
    stop: int = 0

    @property
    def plain(self) -> bool:
        """Whether it is written without quotes."""
        return not self.style

    @property
    def items(self) -> "tuple[tuple[str, Node], ...]":
        """Return keys and values of a mapping, in the order written; nothing of any other node."""
        return tuple(self.value.items()) if isinstance(self.value, dict) else ()

    @property
    def elements(self) -> "tuple[Node, ...]":
        """Return the items of a list; nothing of any other node."""
        return tuple(self.value) if isinstance(self.value, list) else ()

    def data(self) -> Any:  # noqa: ANN401 - whatever YAML holds
        """Return the value without positions."""
        if isinstance(self.value, dict):
            return {name: node.data() for name, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.data() for node in self.value]
        return self.value

    def get(self, name: str) -> "Node | None":
        """Return the node under a key of a mapping."""
        return self.value.get(name) if isinstance(self.value, dict) else None

    def child(self, part: str | int) -> "Node | None":
        """Return the node under a key or at a position."""
        if isinstance(part, str):
            return self.get(part)
        inside = self.elements
        return inside[part] if 0 <= part < len(inside) else None

    def at(self, path: NodePath) -> "Node":
        """Return the node at `path`, or the deepest one on the way."""
        node = self
        for part in path:
            inner = node.child(part)
            if inner is None:
                break
            node = inner
        return node

    def key_place(self, path: NodePath) -> RecipePlace:
        """Return the place of the key that `path` ends in, or of the deepest node on the way."""
        parent = self.at(path[:-1])
        if path and isinstance(path[-1], str) and path[-1] in parent.keys:
            return parent.keys[path[-1]]
        return self.at(path).place


class Document(msgspec.Struct, frozen=True):
    """A read file: its root node, its text and its bytes.

    `parts` are the files that were put into it, by the names that places give them: a node of theirs keeps
    its own file, line and column.
    """

    path: Path
    shown: str
    root: Node
    text: str
    data: bytes
    parts: "Mapping[str, Document]" = msgspec.field(default_factory=dict)

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines, as a caret under a problem needs them."""
        return tuple(self.text.splitlines())

    def place_in(self, node: Node, offset: int) -> RecipePlace:
        """Return where the character `offset` (from 0) of a text stands, however it is quoted or folded."""
        if not isinstance(node.value, str):
            return node.place
        text = self.of(node.place.file).text
        index = index_of(text[node.start : node.stop], node.style, node.value, offset)
        if index is None:
            return node.place
        index += node.start
        begin = text.rfind("\n", 0, index) + 1
        return RecipePlace(node.place.file, text.count("\n", 0, index) + 1, index - begin + 1)

    def of(self, file: str) -> "Document":
        """Return the document that a place's `file` names: this one, or a part of it."""
        return self.parts.get(file, self)

    def cut_by_comment(self, place: RecipePlace) -> str | None:
        """Return the whole text that may be meant, where ` #` began a comment right after a plain text."""
        return cut_by_comment(self.of(place.file).lines, place)


def cut_by_comment(lines: tuple[str, ...], place: RecipePlace) -> str | None:
    """Return `Кол-во #` for the place of `Кол-во` in `count: Кол-во #`; None where no comment follows."""
    line = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    begin = place.column - 1
    if not place.length or line[begin : begin + 1] in ("'", '"'):
        return None
    rest = line[begin + place.length :]
    return line[begin:].rstrip() if _COMMENT.match(rest) else None
