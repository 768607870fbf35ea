"""The documents name what there is: commands, options, keys, exit codes; their examples are recipes."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from importer.cli.main import group
from importer.problems import ImporterError
from importer.project.configuration import read_configuration
from importer.recipe import read_recipe
from importer.recipe.expressions.filters import FILTERS
from importer.recipe.expressions.functions import FUNCTIONS
from importer.recipe.models import KNOWN_KEYS
from importer.service.dialect import KNOWN_KEYS as DIALECT_KEYS
from importer.service.dialect import read_dialect
from tests.house.generating import ROOT

CLI = (ROOT / "docs" / "reference" / "cli.md").read_text("utf-8")
DIALECT = (ROOT / "docs" / "reference" / "dialect.md").read_text("utf-8")
LANGUAGE = (ROOT / "docs" / "reference" / "recipe.md").read_text("utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "recipes").rglob("*.md")])


def commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield name, command


def examples() -> Iterator[tuple[str, str]]:
    for path in DOCUMENTS:
        for number, text in enumerate(
            re.findall(r"^```yaml\n(.*?)^```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL), start=1
        ):
            yield f"{path.relative_to(ROOT)} {number}", text


@pytest.mark.parametrize(("name", "command"), list(commands()), ids=[name for name, _ in commands()])
def test_command(name: str, command: click.Command):
    """A command has its section, and its options stand there or among those of every command."""
    section = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", CLI, re.MULTILINE | re.DOTALL)
    everywhere = re.search(r"^## Options of every command\n(.*?)^## ", CLI, re.MULTILINE | re.DOTALL)
    assert section is not None
    assert everywhere is not None
    said = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", section[1] + everywhere[1]))

    options = {
        text
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for text in (*parameter.opts, *parameter.secondary_opts)
    }

    assert options <= said


def test_exit_codes():
    """Each exit code that an error carries is in the table."""
    table = {int(code) for code in re.findall(r"^\| (\d+) \|", CLI, re.MULTILINE)}

    def codes(cls: type[ImporterError]) -> set[int]:
        own = {cls.exit_code} if isinstance(cls.exit_code, int) else set()
        return own.union(*map(codes, cls.__subclasses__()))

    assert {0, 1, 2, 4, 7, 8, 10, *codes(ImporterError)} <= table


def test_keys():
    """Every key of the language, every function and every filter stands in the reference."""
    said = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", LANGUAGE, re.DOTALL))))

    assert {key for keys in KNOWN_KEYS.values() for key in keys} <= said
    assert {*FUNCTIONS, *FILTERS} <= said


def test_keys_of_dialects():
    """Every key of a dialect stands in its reference."""
    text = re.sub(r"^```.*?^```", "", DIALECT, flags=re.MULTILINE | re.DOTALL)
    said = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", text, re.DOTALL))))

    assert {key for keys in DIALECT_KEYS.values() for key in keys} <= said


@pytest.mark.parametrize(("where", "text"), list(examples()), ids=[where for where, _ in examples()])
def test_example(where: str, text: str, tmp_path: Path):
    """What is printed as a recipe or configuration is one."""
    path = tmp_path / "example.yaml"
    path.write_text(text, "utf-8")

    if text.startswith("importer:"):
        assert read_configuration(path).importer == 1
    elif text.startswith("dialect:"):
        assert read_dialect(path.name, tmp_path).dialect
    else:
        assert read_recipe(path, "example.yaml").steps


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links(path: Path):
    """A link leads somewhere."""
    for target in re.findall(r"\]\(([^)#\s]+)\)", path.read_text("utf-8")):
        if not target.startswith("https://"):
            assert (path.parent / target).exists(), target


def test_every_command_is_in_the_readme_of_the_language_and_the_tour():
    """Somebody who reads only the first page of the reference has seen every command."""
    head = CLI.partition("## ")[0]

    assert all(f"importer {name}" in head for name, _ in commands())
