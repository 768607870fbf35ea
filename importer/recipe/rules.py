"""Rules of a recipe that its shape does not tell: each looks at the whole document, whatever else is wrong.

`RULES` is the ordered list; a rule yields every problem it finds and nothing when the part it looks at is
malformed, because that is told already.
"""

from collections.abc import Callable, Iterator
from typing import ClassVar

from importer.documents import Document, Node
from importer.documents.validating import EmptyValue
from importer.problems import Problem, RecipePlace, Severity, nearest
from importer.recipe.expressions.checked import NAMES, STATIC_NAMES, TABLE_NAMES, Definitions
from importer.recipe.expressions.patterns import date_pattern, number_pattern
from importer.recipe.walking import AFTER_WRITING, elements, items, leaves, rules, steps, tables
from importer.recipe.written import read_chain, read_condition, read_value
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


class ValueTableInFile(UnknownDefinition):
    """A file where a name of `maps` stands."""

    text: ClassVar[str] = '"{found}" looks like a file; `map` takes a value table, or a name from `maps`.'
    hint: ClassVar[str] = "Write `maps: {{name: {found}}}` at the top, and `map: name` here"


class UnknownStep(UnknownDefinition):
    """A step that is not there."""

    text: ClassVar[str] = 'There is no step "{found}".'


class CreateWithoutMissing(Problem):
    """Fields of an entity that is never created."""

    code: ClassVar[str] = "key-conflict"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "`create` goes with `on_missing: create`; this lookup creates nothing."
    hint: ClassVar[str] = "Write `on_missing: create`, or remove `create`"


class BadFormat(Problem):
    """A pattern that means nothing."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is no pattern of dates or numbers.'
    hint: ClassVar[str] = "Dates: dd.MM.yyyy HH:mm, with day, month and year once each. Numbers: #,##0.00"


class OwnerOutsideContained(Problem):
    """An owner where there is none, or none where there must be one."""

    code: ClassVar[str] = "key-conflict"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "`under` finds the owner of a contained set; `to: {found}` is none."
    hint: ClassVar[str] = "Write `to: Owners/contained`, or remove `under`"


class NoOwner(Problem):
    """A contained set without its owner."""

    code: ClassVar[str] = "missing-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'The contained set {found} needs "under".'
    hint: ClassVar[str] = "Write the rule that finds the owner: `under: {{column: …, by: …}}`"


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


def expressions(document: Document, known: Definitions) -> Iterator[Problem]:
    """Every expression can be read."""
    root = document.root
    for table in tables(root):
        yield from _condition(document, table, "when", known)
        for leaf in _files_of(table):
            if isinstance(leaf.value, str) and leaf.value.startswith("="):
                yield from _refused(read_condition(document, leaf, STATIC_NAMES, known))
    for step in steps(root):
        yield from _condition(document, step, "when", known)
        for call in elements(step, "then"):
            yield from _condition(document, call, "when", known, AFTER_WRITING)
        expect = step.get("expect")
        for item in expect.elements if expect is not None else ():
            node = item.get("that") or item
            if isinstance(node.value, str) and node.value.strip():
                yield from _refused(read_condition(document, node, TABLE_NAMES, known))
    for found in rules(root):
        yield from _rule_expressions(document, found.rule, found.names, known)
    for _, table in items(root, "maps"):
        yield from _map_expressions(document, table, NAMES, known)


def empty_fields(document: Document, _: Definitions) -> Iterator[Problem]:
    """A property without a rule is neither kept nor cleared: it must be said."""
    for found in rules(document.root):
        if found.rule.value is None:
            yield EmptyField(place=found.place, found=found.name)


def value_tables(document: Document, _: Definitions) -> Iterator[Problem]:
    """A value table is named as `maps` names it, and has each word once."""
    known = dict(items(document.root, "maps"))
    tables_ = list(known.values())
    for found in rules(document.root):
        if (named := found.rule.get("map")) is None:
            continue
        tables_.append(named)
        name = named.value
        if isinstance(name, str) and name.strip() and name not in known:
            path = name.lower().endswith((".csv", ".xlsx", ".yaml", ".yml"))
            kind = ValueTableInFile if path else UnknownDefinition
            yield kind(place=named.place, found=name, near=nearest(name, known))
    for node in tables_:
        yield from _same_words(node)


def matches(document: Document, _: Definitions) -> Iterator[Problem]:
    """Every property of `match` is in `fields`."""
    for step in steps(document.root):
        match, fields = step.get("match"), dict(items(step, "fields"))
        for leaf in _matched(match):
            if isinstance(leaf.value, str) and fields and leaf.value not in fields:
                yield MatchNotInFields(place=leaf.place, found=leaf.value, near=nearest(leaf.value, fields))


def step_names(document: Document, _: Definitions) -> Iterator[Problem]:
    """No two steps have one name, and `row_of` names one of them."""
    seen: dict[str, RecipePlace] = {}
    for step in steps(document.root):
        node = step.get("name") or step.get("to")
        if node is None or not isinstance(node.value, str):
            continue
        if node.value in seen:
            yield SameStepTwice(place=node.place, found=node.value, first=seen[node.value].line)
        seen.setdefault(node.value, node.place)
    owners = [found.rule for found in rules(document.root)]
    for rule in (*owners, *(rule for _, rule in items(document.root, "lookups"))):
        node = rule.get("row_of")
        if node is not None and isinstance(node.value, str) and node.value not in seen:
            yield UnknownStep(place=node.place, found=node.value, near=nearest(node.value, seen))


def files(document: Document, _: Definitions) -> Iterator[Problem]:
    """Every step has a file to read."""
    root = document.root
    source = root.get("source")
    if source is not None and (not source.items or source.get("file") is not None):
        return
    named = dict(items(root, "tables"))
    for step in steps(root):
        chosen = step.get("from")
        table = (
            named.get(str(chosen.value)) if chosen is not None and isinstance(chosen.value, str) else chosen
        )
        if table is None or table.get("file") is None:
            name = step.get("name") or step.get("to")
            place = chosen.place if chosen is not None else step.place
            yield NoFile(place=place, found=str(name.value) if name is not None else "?")


def lookups(document: Document, _: Definitions) -> Iterator[Problem]:
    """`create` is of use only where something is created; a lookup of a set may say that for all."""
    creating = any(_says(rule, "on_missing", "create") for _, rule in items(document.root, "lookups"))
    for found in rules(document.root):
        rule = found.rule
        said = rule.get("on_missing")
        if rule.get("create") is not None and not _says(rule, "on_missing", "create"):
            if said is None and creating:
                continue
            yield CreateWithoutMissing(place=rule.keys["create"], found="create")


def formats(document: Document, _: Definitions) -> Iterator[Problem]:
    """A pattern is one of dates or of numbers."""
    for found in rules(document.root):
        node = found.rule.get("format")
        if node is None or not isinstance(node.value, str) or not node.value.strip():
            continue
        if date_pattern(node.value) is None and number_pattern(node.value) is None:
            yield BadFormat(place=node.place, found=node.value)


def owners(document: Document, _: Definitions) -> Iterator[Problem]:
    """A contained set has an owner, and no other set has."""
    for step in steps(document.root):
        to = step.get("to")
        if to is None or not isinstance(to.value, str):
            continue
        contained = "/" in to.value
        if contained and step.get("under") is None:
            yield NoOwner(place=to.place, found=to.value)
        elif not contained and step.get("under") is not None:
            yield OwnerOutsideContained(place=step.keys["under"], found=to.value)


Rule = Callable[[Document, Definitions], Iterator[Problem]]
RULES: tuple[Rule, ...] = (
    lambda document, _: version(document),
    expressions,
    empty_fields,
    value_tables,
    matches,
    step_names,
    files,
    lookups,
    formats,
    owners,
)


def _files_of(table: Node) -> tuple[Node, ...]:
    """Return the paths of a table; of a short form of the source these are all there is."""
    file = table.get("file") if table.items else table
    return () if file is None else (file.elements or (file,))


def _matched(match: Node | None) -> Iterator[Node]:
    """Yield the properties of `match`; what is remembered are columns."""
    if match is None:
        return
    if match.items:
        match = match.get("any")
    for item in (match.elements or (match,)) if match is not None else ():
        if not item.items:
            yield from leaves(item)


def _says(rule: Node, key: str, word: str) -> bool:
    node = rule.get(key)
    return node is not None and node.value == word


def _condition(
    document: Document, owner: Node, key: str, known: Definitions, names: frozenset[str] = NAMES
) -> Iterator[Problem]:
    node = owner.get(key)
    if node is not None and isinstance(node.value, str) and node.value.strip():
        yield from _refused(read_condition(document, node, names, known))


def _rule_expressions(
    document: Document, rule: Node, names: frozenset[str], known: Definitions
) -> Iterator[Problem]:
    if not rule.items:
        yield from _refused(read_value(document, rule, names, known))
        return
    for key in ("value", "default"):
        if (node := rule.get(key)) is not None:
            yield from _refused(read_value(document, node, names, known))
    chain = rule.get("apply")
    if chain is not None and isinstance(chain.value, str) and chain.value.strip():
        yield from _refused(read_chain(document, chain, known))
    if (table := rule.get("map")) is not None:
        yield from _map_expressions(document, table, names, known)


def _map_expressions(
    document: Document, table: Node, names: frozenset[str], known: Definitions
) -> Iterator[Problem]:
    for _, node in table.items:
        yield from _refused(read_value(document, node, names | {"value"}, known))


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
