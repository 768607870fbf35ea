"""A recipe of an older version is rewritten; whatever a person wrote around the changes stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from importer.documents import Document
from importer.jobs.migrate import migrate
from importer.problems import ConfigurationError
from importer.recipe.migrating import Edit
from importer.recipe.walking import steps

OLD = "# ours\nrecipe: 1  # language\nsource: a.xlsx\nsteps:\n  - too: Users   # people\n    match: email\n"


def _renamed(document: Document) -> Iterator[Edit]:
    """Rename `too` to `to`: an invented change of the language."""
    for step in steps(document.root):
        node = step.at(("too",))
        start = document.text.rindex("too", 0, node.start)
        yield Edit(start, start + 3, "to")


def test_an_invented_migration_keeps_comments_and_order(tmp_path: Path) -> None:
    """The text around an edit is not touched, and the diff shows each changed line."""
    path = tmp_path / "r.yaml"
    path.write_text(OLD, "utf-8")
    found = migrate(path, migrations={1: _renamed}, language=2)

    assert path.read_text("utf-8") == OLD.replace("recipe: 1", "recipe: 2").replace("too:", "to:")
    assert (found.before, found.language) == (1, 2)
    assert [line for line in found.diff if line[:2] in ("-r", "+r")] == [
        "-recipe: 1  # language",
        "+recipe: 2  # language",
    ]


def test_nothing_to_do(tmp_path: Path) -> None:
    """The current version is left alone, byte for byte."""
    path = tmp_path / "r.yaml"
    path.write_text(OLD, "utf-8")

    assert migrate(path).diff == ()
    assert path.read_text("utf-8") == OLD


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("recipe: 7\n", "recipe-version"),
        ("recipe: x\n", "wrong-type"),
        ("a: 1\n", "missing-key"),
        ("a: [\n", "yaml-syntax"),
    ],
)
def test_what_cannot_be_migrated(tmp_path: Path, text: str, code: str) -> None:
    """A version that nobody knows, or no recipe, is told and left alone."""
    path = tmp_path / "r.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        migrate(path)

    assert [item.code for item in caught.value.problems] == [code]
    assert path.read_text("utf-8") == text
