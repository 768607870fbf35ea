"""A recipe of an older language version → the current one, comments and order kept (recipe-language.md §15).

`MIGRATIONS` is the whole of it: for each version the edits that lead to the next. An edit replaces a stretch of the text
and nothing else, so that whatever a person wrote around it stays. Version 1 is the first: there is none yet.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

import msgspec

from importer.documents import Document, parse_document
from importer.documents.validating import MissingKey, WrongType, described
from importer.problems import ConfigurationError, Problem, RecipePlace, Severity
from importer.recipe.rules import LANGUAGE
from importer.text.translating import N_


class Edit(msgspec.Struct, frozen=True):
    """Characters `start` up to `stop` of the text become `text`."""

    start: int
    stop: int
    text: str


# The edits that lead from a version to the next; the version's own number is written anew besides.
Migration = Callable[[Document], Iterable[Edit]]
MIGRATIONS: Mapping[int, Migration] = {}


class NoWayFrom(Problem):
    """A version from which nothing leads here."""

    code: ClassVar[str] = "recipe-version"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "This recipe speaks version {found}; nothing leads from it to version {expected}."
    hint: ClassVar[str] = (
        "Use a newer importer for a newer version; older versions than the previous one are not read"
    )


def migrate_text(
    text: str,
    shown: str,
    *,
    migrations: Mapping[int, Migration] = MIGRATIONS,
    language: int = LANGUAGE,
) -> tuple[int, str]:
    """Return the version that a recipe spoke, and its text in the current one: the same when there is nothing to do.

    Raises:
        ConfigurationError: it is no YAML, says no version, or one from which nothing leads here.
    """
    spoken = None
    while True:
        document = parse_document(text, shown)
        version = _version(document)
        spoken = version if spoken is None else spoken
        if version == language:
            return spoken, text
        if version > language or version not in migrations:
            place = document.root.at(("recipe",)).place
            raise ConfigurationError(NoWayFrom(place=place, found=str(version), expected=str(language)))
        node = document.root.at(("recipe",))
        edits = [*migrations[version](document), Edit(node.start, node.stop, str(version + 1))]
        text = apply_edits(text, edits)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return the text with all edits made; they do not overlap."""
    for edit in sorted(edits, key=lambda item: item.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.stop :]
    return text


def _version(document: Document) -> int:
    node = document.root.get("recipe")
    if node is None:
        place: RecipePlace = document.root.place
        raise ConfigurationError(MissingKey(place=place, expected="recipe", owner=N_("the recipe")))
    if not isinstance(node.value, int) or isinstance(node.value, bool):
        told, found = described(node)
        raise ConfigurationError(
            WrongType(place=node.place, key="recipe", expected=N_("a whole number"), kind=told, found=found)
        )
    return node.value
