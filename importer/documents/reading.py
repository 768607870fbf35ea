"""The YAML profile of recipe-language.md §1: YAML 1.2, one document, no anchors, tags or merge keys.

Nodes are made from the parser's events, so that what is refused is refused before anything is expanded, and
every value keeps its position. As many problems as possible are found in one reading.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from importer.documents.document import Document, Node, Scalar
from importer.documents.refusals import (
    DocumentMissing,
    DocumentNoFile,
    DocumentTooLarge,
    DocumentUndecodable,
    DocumentUnreadable,
    DuplicateKey,
    KeyNoText,
    SeveralDocuments,
    TabInIndent,
    TooDeep,
    Unprintable,
    YamlDirective,
    YamlFeature,
    YamlSyntax,
    YamlTemplate,
)
from importer.documents.scalars import read_plain
from importer.problems import ConfigurationError, FilePlace, Problem, RecipePlace, nearest

MAX_SIZE = 2**20
MAX_DEPTH = 20
# Everything outside YAML's c-printable (YAML 1.2 §5.1); what is inside would take ten times longer to compile.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_CORE_TAG = "tag:yaml.org,2002:"  # what `!!` is short for
_TEMPLATE = re.compile(r"\s*=?\s*\{\{")


def read_document(path: Path, shown: str | None = None) -> Document:
    """Return the document at `path`; `shown` is the name that people see in places.

    Raises:
        ConfigurationError: missing, too large, not UTF-8, or not of the profile; all problems found.
    """
    name = shown or str(path)
    data = _bytes(path, name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(_undecodable(data, error.start, name)) from None
    return parse_document(text, name, path, data)


def parse_document(text: str, shown: str, path: Path | None = None, data: bytes | None = None) -> Document:
    """Return the document that `text` is; as `read_document`."""
    from ruamel.yaml.error import MarkedYAMLError  # noqa: PLC0415 - only where YAML is read

    problems = list(_unprintable(text, shown))
    builder = _Builder(text, shown)
    root = None
    if not problems:
        try:
            root = builder.document()
        except MarkedYAMLError as error:
            builder.problems.extend(_syntax(error, text, shown, builder.problems))
    problems += dict.fromkeys(builder.problems)
    if root is None or problems:
        raise ConfigurationError(*problems)
    return Document(path or Path(shown), shown, root, text, data if data is not None else text.encode())


def _bytes(path: Path, shown: str) -> bytes:
    place = FilePlace(shown)
    try:
        if path.exists() and not path.is_file():
            raise ConfigurationError(DocumentNoFile(place=place, found=shown))
        with path.open("rb") as file:
            data = file.read(MAX_SIZE + 1)
    except FileNotFoundError:
        neighbours = [item.name for item in path.parent.iterdir()] if path.parent.is_dir() else []
        near = nearest(path.name, neighbours)
        raise ConfigurationError(DocumentMissing(place=place, found=shown, near=near)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigurationError(DocumentUnreadable(place=place, found=shown, reason=reason)) from None
    if len(data) > MAX_SIZE:
        raise ConfigurationError(DocumentTooLarge(place=place, found=shown))
    return data


def _undecodable(data: bytes, offset: int, shown: str) -> Problem:
    line = data.count(b"\n", 0, offset) + 1
    begin = data.rfind(b"\n", 0, offset) + 1
    column = len(data[begin:offset].decode("utf-8", "replace").lstrip("\ufeff")) + 1
    return DocumentUndecodable(place=RecipePlace(shown, line, column), found=shown, offset=offset, line=line)


def _unprintable(text: str, shown: str) -> Iterator[Problem]:
    for match in _UNPRINTABLE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        yield Unprintable(place=RecipePlace(shown, line, column, 1), found=f"U+{ord(match.group()):04X}")
        if line > 100:
            return


class _Stop(Exception):  # noqa: N818 - not an error: nothing more can be read
    pass


class _Builder:
    """Events → nodes. `problems` holds what was refused so far, also when the parser stops."""

    def __init__(self, text: str, shown: str) -> None:
        self.problems: list[Problem] = []
        self._text, self._shown = text, shown
        self._events: Iterator[Any] = iter(())

    def document(self) -> Node | None:
        from ruamel.yaml import YAML, events  # noqa: PLC0415 - only where YAML is read

        self._kinds = events
        self._events = YAML(typ="safe", pure=True).parse(self._text)
        next(self._events)
        begin = next(self._events)
        if isinstance(begin, events.StreamEndEvent):
            return Node(RecipePlace(self._shown, 1, 1), None)
        if begin.version or begin.tags:
            self.problems.append(YamlDirective(place=RecipePlace(self._shown, 1, 1), found="%"))
        try:
            root = self._node(next(self._events), 1)
        except _Stop:
            return None
        next(self._events)
        after = next(self._events)
        if isinstance(after, events.DocumentStartEvent):
            self.problems.append(SeveralDocuments(place=self._place(after), found="---"))
        return root

    def _node(self, event: Any, depth: int) -> Node:  # noqa: ANN401 - ruamel's events
        self._refuse_features(event)
        place = self._place(event)
        if depth > MAX_DEPTH and isinstance(event, self._kinds.CollectionStartEvent):
            self.problems.append(TooDeep(place=place, expected=str(MAX_DEPTH)))
            raise _Stop
        if isinstance(event, self._kinds.MappingStartEvent):
            return self._mapping(place, depth)
        if isinstance(event, self._kinds.SequenceStartEvent):
            return self._sequence(place, depth)
        value = None if isinstance(event, self._kinds.AliasEvent) else self._scalar(event, place)
        style = getattr(event, "style", None) or ""
        return Node(place, value, style=style, start=event.start_mark.index, stop=event.end_mark.index)

    def _mapping(self, place: RecipePlace, depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, RecipePlace] = {}
        while not isinstance(event := next(self._events), self._kinds.MappingEndEvent):
            name, where = self._key(event, place, depth), self._place(event)
            value = self._node(next(self._events), depth + 1)
            if name is None:
                continue
            if name in keys:
                self.problems.append(DuplicateKey(place=where, found=name, first=keys[name].line))
                continue
            keys[name], values[name] = where, value
        return Node(place, values, keys)

    def _key(self, event: Any, parent: RecipePlace, depth: int) -> str | None:  # noqa: ANN401 - ruamel's events
        if not isinstance(event, self._kinds.ScalarEvent):
            place = self._place(event)
            if isinstance(event, self._kinds.MappingStartEvent) and event.flow_style:
                self.problems.append(YamlTemplate(place=parent))
            elif not isinstance(event, self._kinds.AliasEvent):
                self.problems.append(KeyNoText(place=place))
            self._node(event, depth + 1)
            return None
        self._refuse_features(event)
        name = str(event.value)
        if name == "<<" and not event.style:
            self.problems.append(YamlFeature(place=self._place(event), found="<<"))
            return None
        if not name:
            self.problems.append(KeyNoText(place=self._place(event)))
            return None
        return name

    def _sequence(self, place: RecipePlace, depth: int) -> Node:
        items: list[Node] = []
        while not isinstance(event := next(self._events), self._kinds.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return Node(place, items)

    def _scalar(self, event: Any, place: RecipePlace) -> Scalar:  # noqa: ANN401 - ruamel's events
        text = str(event.value)
        if _TEMPLATE.match(text):
            self.problems.append(YamlTemplate(place=place))
        if event.style:
            return text
        found = read_plain(text)
        if not isinstance(found, type):
            return found
        number = text.lstrip("+-").lstrip("0") or "0"
        self.problems.append(found(place=place, found=text[:40], expected=number))
        return text

    def _refuse_features(self, event: Any) -> None:  # noqa: ANN401 - ruamel's events
        place = self._place(event)
        if isinstance(event, self._kinds.AliasEvent):
            self.problems.append(YamlFeature(place=place, found=f"*{event.anchor}"))
            return
        if getattr(event, "anchor", None):
            self.problems.append(YamlFeature(place=place, found=f"&{event.anchor}"))
        if getattr(event, "tag", None):
            self.problems.append(YamlFeature(place=place, found=str(event.tag).replace(_CORE_TAG, "!!")))

    def _place(self, event: Any) -> RecipePlace:  # noqa: ANN401 - ruamel's events
        start, stop = event.start_mark, event.end_mark
        length = stop.column - start.column if stop.line == start.line else 0
        return RecipePlace(self._shown, start.line + 1, start.column + 1, max(0, length))


def _syntax(error: Any, text: str, shown: str, before: list[Problem]) -> Iterator[Problem]:  # noqa: ANN401 - ruamel's
    mark = error.problem_mark or error.context_mark
    if error.context_mark is not None and mark.index >= len(text.rstrip()):
        mark = error.context_mark  # what was never closed, rather than the end of the file
    line, column = mark.line + 1, mark.column + 1
    lines = text.splitlines()
    written = lines[line - 1] if line <= len(lines) else ""
    place = RecipePlace(shown, line, column)
    if "{{" in written:
        place = RecipePlace(shown, line, written.index("{{") + 1)
        if not any(isinstance(problem, YamlTemplate) and _line(problem) == line for problem in before):
            yield YamlTemplate(place=place)
    elif written[column - 1 : column] == "\t":
        yield TabInIndent(place=place, found="\t")
    else:
        yield YamlSyntax(place=place, found=str(error.problem or error.context or "?"))


def _line(problem: Problem) -> int:
    return problem.place.line if isinstance(problem.place, RecipePlace) else 0
