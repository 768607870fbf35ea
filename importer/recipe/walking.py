"""The parts of a recipe's document by what they are: steps, tables, rules of properties, wherever they stand.

Yields nothing for a part that is malformed: the models tell that.
"""

from collections.abc import Iterator
from typing import NamedTuple

from importer.documents import Node
from importer.problems import RecipePlace
from importer.recipe.expressions.checked import NAMES, STATIC_NAMES

AFTER_WRITING = NAMES | {"before", "after"}


class RuleAt(NamedTuple):
    """A rule of a property: its name, the place of that, and the names that its expressions may use."""

    name: str
    place: RecipePlace
    rule: Node
    names: frozenset[str] = NAMES


def items(node: Node, key: str) -> tuple[tuple[str, Node], ...]:
    """Return names and nodes under a key."""
    found = node.get(key)
    return found.items if found is not None else ()


def elements(node: Node, key: str) -> tuple[Node, ...]:
    """Return the items of the list under a key that are maps."""
    found = node.get(key)
    return tuple(item for item in (found.elements if found is not None else ()) if item.items)


def steps(root: Node) -> tuple[Node, ...]:
    """Return the steps that are maps."""
    return elements(root, "steps")


def tables(root: Node) -> Iterator[Node]:
    """Yield every table: the source, the named ones, those of the steps."""
    for table in (root.get("source"), *(table for _, table in items(root, "tables"))):
        if table is not None:
            yield table
    for step in steps(root):
        if (table := step.get("from")) is not None:
            yield table


def rules(root: Node) -> Iterator[RuleAt]:
    """Yield every rule of a property, of a parameter and of a narrowing, those inside others after them."""
    waiting: list[RuleAt] = []
    for step in steps(root):
        waiting.extend(_under(step, "fields", NAMES))
        if (under := step.get("under")) is not None:
            waiting.append(RuleAt("under", step.keys["under"], under))
        for call in elements(step, "then"):
            waiting.extend(_under(call, "with", AFTER_WRITING))
        if (absent := step.get("absent")) is not None:
            waiting.extend(_under(absent, "where", STATIC_NAMES))
            waiting.extend(_under(absent, "set", STATIC_NAMES))
    for _, lookup in items(root, "lookups"):
        waiting.extend(_under(lookup, "where", NAMES))
        waiting.extend(_under(lookup, "create", NAMES))
    while waiting:
        found = waiting.pop(0)
        yield found
        waiting.extend(_under(found.rule, "where", found.names))
        waiting.extend(_under(found.rule, "create", found.names))


def leaves(node: Node | None) -> Iterator[Node]:
    """Yield the scalars under a node, in the order written."""
    if node is None:
        return
    inside = [*(inner for _, inner in node.items), *node.elements]
    if not inside:
        yield node
    for inner in inside:
        yield from leaves(inner)


def _under(owner: Node, key: str, names: frozenset[str]) -> list[RuleAt]:
    inside = owner.get(key)
    if inside is None:
        return []
    return [RuleAt(name, inside.keys[name], rule, names) for name, rule in inside.items]
