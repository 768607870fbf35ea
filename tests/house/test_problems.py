"""Every problem has a code, words, a severity, and its section in the reference."""

import re
import string

import pytest

from importer.problems import Problem, Severity
from tests.house.catalogue import ROOT, all_problems

REFERENCE = (ROOT / "docs" / "reference" / "problems.md").read_text("utf-8")
SECTIONS = {part.partition("\n")[0].strip(): part for part in REFERENCE.split("\n## ")[1:]}
CLASSES = all_problems()


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: f"{cls.code}: {cls.__name__}")
def test_class(cls: type[Problem]):
    """A code of words, a severity, a sentence; hints and sentences name only what the problem carries."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", cls.code)
    assert isinstance(cls.severity, Severity)
    names = {
        name for text in (cls.text, cls.hint) for _, name, _, _ in string.Formatter().parse(text) if name
    }
    assert names <= {*cls.__dataclass_fields__, "near"}


def test_documented():
    """Each code has a section that says how bad it is, and there is no section without a code."""
    severities: dict[str, set[str]] = {}
    for cls in CLASSES:
        severities.setdefault(cls.code, set()).add(cls.severity.value)

    assert sorted(SECTIONS) == sorted(severities)
    for code, section in SECTIONS.items():
        said = re.search(r"^\*([a-z, ]+)\.\*", section, re.MULTILINE)
        assert said is not None, code
        assert set(said[1].split(", ")) == severities[code], code


def test_sections_in_order():
    """The reference is in the order of the alphabet, so that a code is found."""
    assert list(SECTIONS) == sorted(SECTIONS)


def test_hints_name_only_commands_that_exist():
    """No hint sends anybody to a command of another version."""
    from importer.cli.main import group

    known = set(group.list_commands(None)) | {"COMMAND", "--help"}  # type: ignore[arg-type]
    for cls in CLASSES:
        named = set(re.findall(r"`importer ([\w-]+)", cls.text + cls.hint))
        assert named <= known, cls
