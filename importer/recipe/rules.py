"""Rules of a recipe that its shape does not tell: each looks at the whole document, whatever else is wrong.

`RULES` is the ordered list; a rule yields every problem it finds and nothing when the part it looks at is
malformed, because that is told already.
"""

from collections.abc import Callable, Iterator
from typing import ClassVar

from importer.documents import Document, Node
from importer.documents.validating import EmptyValue
from importer.problems import Problem, RecipePlace, Severity, nearest
from importer.recipe.written import WITH_VALUE, read_chain, read_condition, read_value
from importer.text.folding import fold

LANGUAGE = 1
EVERYTHING_ELSE = "*"


class RecipeVersion(Problem):
    """Another version of the language."""

    code: ClassVar[str] = "recipe-version"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "This recipe speaks version {found}; this importer speaks {expected}."
    hint: ClassVar[str] = "Use a newer importer, or write `recipe: {expected}`"


class VersionFirst(Problem):
    """The version must be the first key."""

    code: ClassVar[str] = "recipe-version"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "`recipe` is the first key of a recipe."
    hint: ClassVar[str] = "Move `recipe: 1` to the top"


class EmptyField(EmptyValue):
    """A property without a rule."""

    hint: ClassVar[str] = "Write `=none` to clear the property, or remove the line to keep it"


class UnknownDefinition(Problem):
    """A name that nothing defines."""

    code: ClassVar[str] = "unknown-definition"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'There is no value table "{found}" in `maps`.'
    hint: ClassVar[str] = "Did you mean {near}?"


class ValueTableInFile(Problem):
    """A value table in a file of its own."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = (
        '"{found}" looks like a file: this version of the importer reads value tables only in recipes.'
    )
    hint: ClassVar[str] = "Write the table into `maps`: {{Да: true, Нет: false}}"


class MatchNotInFields(Problem):
    """A property to match by that the step does not fill."""

    code: ClassVar[str] = "match-not-in-fields"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "`match` uses {found}, which is not in `fields`."
    hint: ClassVar[str] = "Nearest: {near}"


class SameStepTwice(Problem):
    """Two steps of one name."""

    code: ClassVar[str] = "duplicate-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'Two steps are called "{found}" (first at line {first}).'
    hint: ClassVar[str] = "Give one of them a `name` of its own"

    first: int


class SameWordTwice(Problem):
    """Two keys of a value table that count as the same."""

    code: ClassVar[str] = "duplicate-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = (
        '"{found}" is the same word as "{expected}" (line {first}): case, spaces and ё/е do not count.'
    )
    hint: ClassVar[str] = "Remove one of them"

    first: int


class NoFile(Problem):
    """No file anywhere."""

    code: ClassVar[str] = "missing-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'The step "{found}" reads no file.'
    hint: ClassVar[str] = "Write `source: book.xlsx` at the top, or `file` in the table"


def version(document: Document) -> Iterator[Problem]:
    """The language version is the first key, and one that we speak."""
    node = document.root.get("recipe")
    if node is None:
        return
    if document.root.items[0][0] != "recipe":
        yield VersionFirst(place=document.root.keys["recipe"], found="recipe")
    if isinstance(node.value, int) and not isinstance(node.value, bool) and node.value != LANGUAGE:
        yield RecipeVersion(place=node.place, found=str(node.value), expected=str(LANGUAGE))


def expressions(document: Document) -> Iterator[Problem]:
    """Every expression can be read."""
    for table in _tables(document.root):
        yield from _condition(document, table)
    for step in _steps(document.root):
        yield from _condition(document, step)
    for _, _, rule in _field_rules(document.root):
        yield from _rule_expressions(document, rule)
    for _, table in _items(document.root, "maps"):
        yield from _map_expressions(document, table)


def empty_fields(document: Document) -> Iterator[Problem]:
    """A property without a rule is neither kept nor cleared: it must be said."""
    for keys, name, rule in _field_rules(document.root):
        if rule.value is None:
            yield EmptyField(place=keys[name], found=name)


def value_tables(document: Document) -> Iterator[Problem]:
    """A value table is named as `maps` names it, and has each word once."""
    known = dict(_items(document.root, "maps"))
    tables = list(known.values())
    for node in tables:
        if isinstance(node.value, str):
            yield ValueTableInFile(place=node.place, found=node.value)
    for _, _, rule in _field_rules(document.root):
        if (named := rule.get("map")) is None:
            continue
        tables.append(named)
        name = named.value
        if isinstance(name, str) and name not in known:
            path = name.lower().endswith((".csv", ".xlsx", ".yaml", ".yml"))
            kind = ValueTableInFile if path else UnknownDefinition
            yield kind(place=named.place, found=name, near=nearest(name, known))
    for node in tables:
        yield from _same_words(node)


def matches(document: Document) -> Iterator[Problem]:
    """Every property of `match` is in `fields`."""
    for step in _steps(document.root):
        match, fields = step.get("match"), dict(_items(step, "fields"))
        any_of = match.get("any") if match is not None and match.items else match
        for leaf in _leaves(any_of):
            if isinstance(leaf.value, str) and fields and leaf.value not in fields:
                yield MatchNotInFields(place=leaf.place, found=leaf.value, near=nearest(leaf.value, fields))


def step_names(document: Document) -> Iterator[Problem]:
    """No two steps have one name."""
    seen: dict[str, RecipePlace] = {}
    for step in _steps(document.root):
        node = step.get("name") or step.get("to")
        if node is None or not isinstance(node.value, str):
            continue
        if node.value in seen:
            yield SameStepTwice(place=node.place, found=node.value, first=seen[node.value].line)
        seen.setdefault(node.value, node.place)


def files(document: Document) -> Iterator[Problem]:
    """Every step has a file to read."""
    root = document.root
    source = root.get("source")
    if source is not None and (not source.items or source.get("file") is not None):
        return
    tables = dict(_items(root, "tables"))
    for step in _steps(root):
        chosen = step.get("from")
        table = (
            tables.get(str(chosen.value)) if chosen is not None and isinstance(chosen.value, str) else chosen
        )
        if table is None or table.get("file") is None:
            name = step.get("name") or step.get("to")
            place = chosen.place if chosen is not None else step.place
            yield NoFile(place=place, found=str(name.value) if name is not None else "?")


Rule = Callable[[Document], Iterator[Problem]]
RULES: tuple[Rule, ...] = (version, expressions, empty_fields, value_tables, matches, step_names, files)


def _items(node: Node, key: str) -> tuple[tuple[str, Node], ...]:
    found = node.get(key)
    return found.items if found is not None else ()


def _steps(root: Node) -> Iterator[Node]:
    found = root.get("steps")
    yield from (step for step in (found.elements if found is not None else ()) if step.items)


def _tables(root: Node) -> Iterator[Node]:
    for table in (root.get("source"), *(table for _, table in _items(root, "tables"))):
        if table is not None:
            yield table
    for step in _steps(root):
        if (table := step.get("from")) is not None:
            yield table


def _field_rules(root: Node) -> Iterator[tuple[dict[str, RecipePlace], str, Node]]:
    """Yield each rule of a property, with its name and the places of the keys beside it; also in `where`."""
    owners = [
        *((step, "fields") for step in _steps(root)),
        *((rule, "where") for _, rule in _items(root, "lookups")),
    ]
    while owners:
        owner, key = owners.pop(0)
        inside = owner.get(key)
        if inside is None:
            continue
        for name, rule in inside.items:
            yield dict(inside.keys), name, rule
            owners.append((rule, "where"))


def _condition(document: Document, owner: Node) -> Iterator[Problem]:
    node = owner.get("when")
    if node is not None and isinstance(node.value, str) and node.value.strip():
        yield from _refused(read_condition(document, node))


def _rule_expressions(document: Document, rule: Node) -> Iterator[Problem]:
    if not rule.items:
        yield from _refused(read_value(document, rule))
        return
    for key in ("value", "default"):
        if (node := rule.get(key)) is not None:
            yield from _refused(read_value(document, node))
    chain = rule.get("apply")
    if chain is not None and isinstance(chain.value, str) and chain.value.strip():
        yield from _refused(read_chain(document, chain))
    if (table := rule.get("map")) is not None:
        yield from _map_expressions(document, table)


def _map_expressions(document: Document, table: Node) -> Iterator[Problem]:
    for _, node in table.items:
        yield from _refused(read_value(document, node, WITH_VALUE))


def _refused(found: object) -> tuple[Problem, ...]:
    return found if isinstance(found, tuple) else ()


def _same_words(table: Node) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for word, _ in table.items:
        first = seen.setdefault(fold(word), word)
        if first != word:
            yield SameWordTwice(
                place=table.keys[word], found=word, expected=first, first=table.keys[first].line
            )


def _leaves(node: Node | None) -> Iterator[Node]:
    if node is None:
        return
    if not node.elements:
        yield node
    for inner in node.elements:
        yield from _leaves(inner)
