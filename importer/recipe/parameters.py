"""`params`: named inputs with their types, defaults, and what the command line gives (recipe-language.md §10)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import msgspec

from importer.documents import Document, Node, read_document
from importer.documents.validating import WrongType, described
from importer.problems import ConfigurationError, Place, Problem, RecipePlace, Severity, nearest
from importer.recipe.expressions.mistakes import UndefinedParameter
from importer.recipe.normal import Constant
from importer.recipe.secrets import SecretInRecipe, looks_secret, secrets
from importer.recipe.written import read_value
from importer.text.locales import read_date, read_datetime, read_number
from importer.text.translating import N_, translate


class MissingParameter(Problem):
    """A required parameter that nobody gave."""

    code: ClassVar[str] = "missing-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'The parameter "{found}" is required, and nobody gave it.'
    hint: ClassVar[str] = "Give it on the command line: --set {found}=…"


class WrongSetting(Problem):
    """A parameter given with a value of another kind."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'The parameter "{name}" takes {expected}; "{found}" is none.'
    hint: ClassVar[str] = "Give it again: --set {name}=…"

    name: str

    def variables(self) -> dict[str, object]:
        """Return what the texts may name, translated."""
        return {**super().variables(), "expected": translate(self.expected or "")}


class NotASetting(Problem):
    """Something after --set that gives nothing."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '--set takes name=value, or @file; "{found}" is neither.'
    hint: ClassVar[str] = "Write --set start=2026-01-31, or --set @customer.yaml"


class Given(msgspec.Struct, frozen=True):
    """A value from the command line: as text, and where it stands when that was a file."""

    text: str
    place: Place | None = None


class Parameters(msgspec.Struct, frozen=True):
    """The values in force, and the names of those that the command line gave."""

    values: Mapping[str, object]
    given: frozenset[str] = frozenset()


def read_settings(arguments: Sequence[str]) -> Mapping[str, Given]:
    """Return what `--set` gives: `name=value`, or `@file` with a YAML map of these; the later wins.

    Raises:
        ConfigurationError: with every argument that is neither, and what is wrong with a file.
    """
    found: dict[str, Given] = {}
    problems: list[Problem] = []
    for argument in arguments:
        name, equals, text = argument.partition("=")
        if argument.startswith("@") and len(argument) > 1:
            try:
                found.update(_of_file(Path(argument[1:]), problems))
            except ConfigurationError as error:
                problems.extend(error.problems)
        elif equals and name.strip():
            found[name.strip()] = Given(text)
        else:
            problems.append(NotASetting(found=argument[:60]))
    if problems:
        raise ConfigurationError(*problems)
    return found


def _of_file(path: Path, problems: list[Problem]) -> Iterator[tuple[str, Given]]:
    document = read_document(path)
    problems.extend(secrets(document))
    if not isinstance(document.root.value, dict):
        problems.append(NotASetting(place=document.root.place, found=str(path)))
    for name, node in document.root.items:
        value = node.value
        if isinstance(value, list | dict) or value is None:
            problems.append(NotASetting(place=document.root.keys[name], found=name))
        else:
            yield name, Given(_text(value), node.place)


def shown_parameter(value: object) -> str | None:
    """Return a parameter's value as people and plans read it."""
    return None if value is None else _text(value)


def read_parameters(document: Document, given: Mapping[str, Given]) -> tuple[Parameters, tuple[Problem, ...]]:
    """Return every parameter with its value (None: nobody gave one), and what is wrong with them.

    A part that is malformed is left out: the model tells it.
    """
    problems: list[Problem] = []
    values: dict[str, object] = {}
    node = document.root.get("params")
    for name, rule in node.items if node is not None else ():
        place = node.keys[name]  # type: ignore[union-attr]
        if looks_secret(name):
            problems.append(SecretInRecipe(place=place, found=name))
        values[name] = _value(document, name, rule, given.get(name), problems=problems, place=place)
    problems.extend(
        UndefinedParameter(place=item.place, found=name, near=nearest(name, values))
        for name, item in given.items()
        if name not in values
    )
    return Parameters(values, frozenset(given) & frozenset(values)), tuple(problems)


def _value(
    document: Document,
    name: str,
    rule: Node,
    given: Given | None,
    *,
    place: RecipePlace,
    problems: list[Problem],
) -> object:
    default = rule.get("default") if rule.items else rule
    constant = read_value(document, default) if default is not None else None
    value: object = constant.value if isinstance(constant, Constant) else None
    if default is not None and not isinstance(constant, Constant) and isinstance(default.value, str):
        problems.append(_wrong(default, "default", N_("a constant")))
    named = rule.get("type")
    said = named.value if named is not None and isinstance(named.value, str) else None
    kind = said if said is not None and said in _READERS else _kind_of(value)
    expected, read = _READERS[kind]
    if default is not None and isinstance(constant, Constant) and value is not None:
        found = read(_text(value)) if kind != _kind_of(value) else value
        if found is None:
            problems.append(_wrong(default, "default", expected))
        value = found
    if given is not None:
        value = read(given.text)
        if value is None:
            problems.append(
                WrongSetting(place=given.place, found=given.text[:60], expected=expected, name=name)
            )
    elif value is None and (required := rule.get("required")) is not None and required.value is True:
        problems.append(MissingParameter(place=place, found=name))
    return value


def _wrong(node: Node, key: str, expected: str) -> Problem:
    told, shown = described(node)
    return WrongType(place=node.place, key=key, expected=expected, kind=told, found=shown)


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | Decimal):
        return "number"
    return "date" if isinstance(value, date) else "text"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(text: str) -> object:
    found = read_number(text, "iso")
    if found is None:
        return None
    whole = found == found.to_integral_value() and abs(found.adjusted()) < 30
    return int(found) if whole else found


def _date(text: str) -> object:
    return read_date(text, "iso") or read_datetime(text, "iso")


def _guid(text: str) -> object:
    try:
        return UUID(text.strip()) if len(text.strip()) in (36, 38) else None
    except ValueError:
        return None


_READERS: Mapping[str, tuple[str, Callable[[str], object]]] = {
    "text": (N_("a text"), lambda text: text or None),
    "path": (N_("a path"), lambda text: text or None),
    "number": (N_("a number such as 1234.5"), _number),
    "date": (N_("a date such as 2026-01-31"), _date),
    "boolean": (N_("true or false"), {"true": True, "false": False}.get),
    "guid": (N_("a GUID"), _guid),
}
