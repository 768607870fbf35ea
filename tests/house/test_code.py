"""Manners of the code: public things say what they are, modules stay small, nothing of somebody's machine stands anywhere."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.generating import ROOT

MODULES = sorted((ROOT / "importer").rglob("*.py"))
# The style guide asks for a reason above 400 lines; nothing is longer than this.
LONGEST = 520
# `~` stands where a letter is left out, so that this file holds none of them.
FORBIDDEN = [
    re.compile(pattern.replace("~", ""))
    for pattern in (
        r"(?<![\w.])/(ho~me|ro~ot|Us~ers|wo~rk|op~t|mn~t)/\w",
        r"[A-Z]:\\Us~ers",
        r"\bTO~DO\b",
        r"\bFIX~ME\b",
        r"pypi\.o~rg",
        r"registry\.np~mjs",
    )
]
# `init` marks what it leaves to a person with that word; these write it, or say so.
MARKING = {"docs/guide/first-recipe.md", "docs/reference/cli.md", "importer/drafting/rendering.py"}
TEXT = {
    ".py",
    ".md",
    ".yaml",
    ".yml",
    ".toml",
    ".json",
    ".html",
    ".css",
    ".js",
    ".sql",
    ".po",
    ".pot",
    ".lock",
    ".cds",
    ".csv",
    ".xml",
    "",
}


def public(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Yield public classes, functions and methods; an override of a library's method is one too."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, node
            for inner in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"):
                    yield f"{node.name}.{inner.name}", inner


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module(path: Path):
    """A module and everything public in it has a docstring; it is short enough to be one idea."""
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    silent = [name for name, node in public(tree) if not ast.get_docstring(node)]  # type: ignore[arg-type]

    assert ast.get_docstring(tree) or not tree.body
    assert silent == []
    assert len(text.splitlines()) <= LONGEST


def test_nothing_of_somebodys_machine():
    """No file names folders of a machine, registries or unfinished work."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\n")
    if not listed[0]:
        pytest.skip("not a checkout of git")
    found = []
    for name in filter(None, listed):
        path = ROOT / name
        if path.suffix in TEXT and path.is_file() and path.name != "package-lock.json":
            text = path.read_text("utf-8", errors="replace")
            found.extend(
                f"{name}: {match.group()}"
                for pattern in FORBIDDEN
                for match in pattern.finditer(text)
                if not (name in MARKING and match.group() == "TO" + "DO")
            )

    assert found == []
