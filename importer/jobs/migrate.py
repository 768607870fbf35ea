"""`migrate`: a recipe to the current version of the language, comments and order kept."""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from importer.documents import read_document
from importer.problems import ConfigurationError, FilePlace, Problem, Severity
from importer.recipe.migrating import MIGRATIONS, Migration, migrate_text
from importer.recipe.rules import LANGUAGE
from importer.results.migrate import Migrated


class RecipeNotWritable(Problem):
    """The migrated recipe cannot take the place of the old one."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" cannot be written: {expected}.'
    hint: ClassVar[str] = "Look at the rights and at the space left on that disk"


def migrate(
    recipe: Path, *, migrations: Mapping[int, Migration] = MIGRATIONS, language: int = LANGUAGE
) -> Migrated:
    """Return what became of the recipe; the file holds it when something changed, whole or not at all.

    Raises:
        ConfigurationError: it cannot be read or written, or speaks a version from which nothing leads here.

    """
    document = read_document(recipe, str(recipe))
    before, text = migrate_text(document.text, str(recipe), migrations=migrations, language=language)
    diff = difflib.unified_diff(
        document.text.splitlines(),
        text.splitlines(),
        f"{recipe} ({before})",
        f"{recipe} ({language})",
        lineterm="",
    )
    if text != document.text:
        _write(recipe, text, mark=document.data.startswith(b"\xef\xbb\xbf"))
    return Migrated(recipe=str(recipe), before=before, language=language, diff=tuple(diff))


def _write(path: Path, text: str, *, mark: bool) -> None:
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        passing.write_bytes(text.encode("utf-8-sig" if mark else "utf-8"))
        passing.replace(path)
    except OSError as error:
        passing.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise ConfigurationError(
            RecipeNotWritable(place=FilePlace(str(path)), found=str(path), expected=reason)
        ) from None
