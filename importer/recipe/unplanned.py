"""Keys that are read, checked and bound, and that a plan does not carry out yet: each of them stops it.

The table is what a plan lacks; a key that is carried out one day is taken out of it, and nothing else changes.
"""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from importer.documents import Document, Node, in_order
from importer.problems import Problem, RecipePlace, Severity
from importer.recipe.walking import items, rules, steps

_TOP = ("limits", "mask")
_STEP = ("type", "under", "then", "absent", "expect", "limits")
_LOOKUP = ("row_of", "create")
_RULE = (*_LOOKUP, "collection", "type")


class NotPlannedYet(Problem):
    """A key of the language that this version checks and does not carry out."""

    code: ClassVar[str] = "not-planned-yet"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "`{found}` is read and checked, but this version makes no plan with it."
    hint: ClassVar[str] = "Remove it to plan the rest, or use a newer importer"


def unplanned(document: Document) -> tuple[Problem, ...]:
    """Return one problem for each key that stops a plan, in the order of the file."""
    found = dict.fromkeys(_found(document.root))
    return in_order(NotPlannedYet(place=place, found=key) for key, place in found)


def _found(root: Node) -> Iterator[tuple[str, RecipePlace]]:
    yield from _keys(root, _TOP)
    for _, lookup in items(root, "lookups"):
        yield from _keys(lookup, _LOOKUP)
        yield from _initials(lookup)
    for step in steps(root):
        yield from _keys(step, _STEP)
        match = step.get("match")
        if match is not None:
            yield from _remembered(match)
    for found in rules(root):
        yield from _keys(found.rule, _RULE)
        yield from _initials(found.rule)


def _keys(owner: Node, names: tuple[str, ...]) -> Iterator[tuple[str, RecipePlace]]:
    places: Mapping[str, RecipePlace] = owner.keys
    yield from ((name, places[name]) for name in names if name in places)


def _remembered(match: Node) -> Iterator[tuple[str, RecipePlace]]:
    any_of = match.get("any")
    for item in (match, *(any_of.elements if any_of is not None else ())):
        yield from _keys(item, ("remember",))


def _initials(owner: Node) -> Iterator[tuple[str, RecipePlace]]:
    by = owner.get("by")
    for item in (by, *by.elements) if by is not None else ():
        yield from _keys(item, ("initials",))
