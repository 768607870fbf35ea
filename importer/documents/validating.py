"""A pydantic model over a read document: its errors become problems with places, all of them in one run."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, TypeVar

import msgspec
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from importer.documents.document import Document, Node, NodePath
from importer.problems import ConfigurationError, Problem, RecipePlace, Severity, nearest
from importer.text.translating import N_, translate


class UnknownKey(Problem):
    """A key that means nothing here."""

    code: ClassVar[str] = "unknown-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is not a key of {owner}.'
    hint: ClassVar[str] = "Did you mean {near}?"

    owner: str

    def variables(self) -> dict[str, object]:
        """Return what the texts may name, the owner translated."""
        return {**super().variables(), "owner": translate(self.owner)}


class KeyOfAnotherVersion(UnknownKey):
    """A key of the language that this version does not read yet."""

    text: ClassVar[str] = '"{found}" is not a key of {owner} in this version of the importer.'
    hint: ClassVar[str] = "Remove it, or use a newer importer, which perhaps knows it"


class MissingKey(Problem):
    """A key that must be there."""

    code: ClassVar[str] = "missing-key"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '{owner} needs "{expected}".'

    owner: str

    def variables(self) -> dict[str, object]:
        """Return what the texts may name, the owner translated."""
        return {**super().variables(), "owner": translate(self.owner)}


class WrongType(Problem):
    """A value of another kind. `kind` is a gettext id that says what is there, with `{found}` in it."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{key}" takes {expected}; this is {kind}.'
    hint: ClassVar[str] = "Did you mean {near}?"

    key: str
    kind: str

    def variables(self) -> dict[str, object]:
        """Return what the texts may name, translated."""
        values = super().variables()
        values["kind"] = translate(self.kind).format(found=self.found)
        return {**values, "expected": translate(self.expected or ""), "key": translate(self.key)}


class TextNeedsQuotes(WrongType):
    """A number, date, true or false where a text is wanted."""

    hint: ClassVar[str] = 'A text that looks like a number, a date, true or false needs quotes: "{found}"'


class KeyConflict(Problem):
    """Two keys that exclude each other."""

    code: ClassVar[str] = "key-conflict"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{found} cannot stand together: {expected}."

    def variables(self) -> dict[str, object]:
        """Return what the texts may name, translated."""
        return {**super().variables(), "expected": translate(self.expected or "")}


class EmptyValue(Problem):
    """A key without a value."""

    code: ClassVar[str] = "empty-value"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}:" has no value.'
    hint: ClassVar[str] = "Write a value, or remove the line"


class EmptyItem(EmptyValue):
    """A list item without a value."""

    text: ClassVar[str] = 'An item of "{found}" has no value.'
    hint: ClassVar[str] = "Write a value, or remove the item"


def unexpected(
    kind: str, expected: str, *, found: str = "", near: Iterable[str] = (), at: NodePath = ()
) -> PydanticCustomError:
    """Return what a validator raises; `validate` turns it into a problem.

    `kind` is wrong-type, key-conflict, missing-key or unknown-key; `expected` says in words people know what
    would be right (a gettext id); for the last two it is the key. `at` leads from the value to the part
    meant.
    """
    return PydanticCustomError(
        kind, "{expected}", {"expected": expected, "found": found, "near": list(near), "at": at}
    )


Model = TypeVar("Model", bound=BaseModel)


def validate(
    model: type[Model],
    document: Document,
    *,
    owner: str,
    known: Mapping[str, Iterable[str]],
    later: Iterable[str] = (),
) -> Model:
    """Return the document as `model`.

    `owner` names the document in messages ("the recipe"). `known` gives, for near misses, the keys that may
    stand under a key ("" is the top; `fields/` means: under any name that stands under `fields`). `later` are
    keys that the language has and this version does not read.

    Raises:
        ConfigurationError: with every problem, in the order of the file.
    """
    root = document.root
    problems: list[Problem] = list(_empties(root, owner))
    try:
        found = model.model_validate(root.data())
    except ValidationError as error:
        told = [item for item in error.errors(include_url=False) if not _of_an_empty_value(item, root)]
        teller = _Teller(root, owner, known, frozenset(later))
        problems.extend(teller.problem(item) for item in told)
        raise ConfigurationError(*in_order(problems)) from None
    if problems:
        raise ConfigurationError(*in_order(problems))
    return found


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems without repetitions, in the order of their places in the file."""
    return tuple(sorted(dict.fromkeys(problems), key=_position))


def _position(problem: Problem) -> tuple[str, int, int]:
    place = problem.place
    return (place.file, place.line, place.column) if isinstance(place, RecipePlace) else ("", 0, 0)


def _of_an_empty_value(error: ErrorDetails, root: Node) -> bool:
    path = _path(error, root)
    return bool(path) and error["type"] != "extra_forbidden" and root.at(path).value is None


def _empties(node: Node, name: str) -> Iterator[Problem]:
    for key, inner in node.items:
        if inner.value is None:
            yield EmptyValue(place=node.keys[key], found=key)
        yield from _empties(inner, key)
    for inner in node.elements:
        if inner.value is None:
            yield EmptyItem(place=inner.place, found=name)
        yield from _empties(inner, name)


# What pydantic's own errors mean in our words.
_EXPECTED = {
    "bool_type": N_("true or false"),
    "bool_parsing": N_("true or false"),
    "int_type": N_("a whole number"),
    "int_parsing": N_("a whole number"),
    "int_from_float": N_("a whole number"),
    "float_type": N_("a number"),
    "float_parsing": N_("a number"),
    "string_type": N_("a text"),
    "list_type": N_("a list"),
    "tuple_type": N_("a list"),
    "dict_type": N_("a map"),
    "model_type": N_("a map"),
    "model_attributes_type": N_("a map"),
    "too_short": N_("at least one item"),
}


class _Teller(msgspec.Struct, frozen=True):
    """Tells pydantic's errors as problems."""

    root: Node
    owner: str
    known: Mapping[str, Iterable[str]]
    later: frozenset[str]

    def problem(self, error: ErrorDetails) -> Problem:
        path = _path(error, self.root)
        context: dict[str, Any] = error.get("ctx", {})
        kind, expected = error["type"], str(context.get("expected", ""))
        if kind == "extra_forbidden":
            return self._unknown(path, str(error["loc"][-1]))
        if kind == "unknown-key":
            return self._unknown((*path, expected), expected)
        if kind in ("missing", "missing-key"):
            return self._missing(path, expected or str(error["loc"][-1]))
        if kind == "key-conflict":
            return KeyConflict(place=self.root.at(path).place, found=str(context["found"]), expected=expected)
        return self._wrong(path, error, expected, context.get("near", ()))

    def _unknown(self, path: NodePath, name: str) -> Problem:
        place, owner = self.root.key_place(path), self._called(path[:-1])
        if name in self.later:
            return KeyOfAnotherVersion(place=place, found=name, owner=owner)
        return UnknownKey(place=place, found=name, owner=owner, near=nearest(name, self._keys(path)))

    def _missing(self, path: NodePath, name: str) -> Problem:
        inside = path[:-1] if path and path[-1] == name else path
        place = self.root.key_place(inside)
        return MissingKey(place=place, expected=name, owner=self._called(inside))

    def _wrong(self, path: NodePath, error: ErrorDetails, expected: str, words: Iterable[str]) -> Problem:
        node = self.root.at(path)
        kind = error["type"]
        if kind == "literal_error":
            words = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
            expected = expected.replace("'", "")
        expected = expected if kind in ("wrong-type", "literal_error") else _EXPECTED.get(kind, error["msg"])
        key = next((part for part in reversed(path) if isinstance(part, str)), self.owner)
        told, shown = described(node)
        near = nearest(node.value, words) if isinstance(node.value, str) else ()
        scalar = not isinstance(node.value, str | list | dict) and node.value is not None
        wrong = TextNeedsQuotes if scalar and "a text" in expected else WrongType
        return wrong(place=node.place, key=key, expected=expected, kind=told, found=shown, near=near)

    def _called(self, path: NodePath) -> str:
        """Return what a person calls the place that `path` leads to: `steps[2].fields.name`, or the whole."""
        text = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
        return text.lstrip(".") or self.owner

    def _keys(self, path: NodePath) -> Iterable[str]:
        found, named = self.known.get("", ()), False
        for part in path[:-1]:
            if isinstance(part, int) or named:
                named = False
            elif (name := f"{part}/") in self.known:
                found, named = self.known[name], True
            else:
                found = self.known.get(part, found)
        return found


def described(node: Node) -> tuple[str, str]:
    """Return what a value is as a gettext id with `{found}` in it, and what stands for `{found}`."""
    value = node.value
    if isinstance(value, dict):
        return N_("a map"), ""
    if isinstance(value, list):
        return N_("a list"), ""
    if value is None:
        return N_("nothing"), ""
    if isinstance(value, bool):
        return "{found}", str(value).lower()
    if isinstance(value, str):
        return N_('the text "{found}"'), value if len(value) <= 60 else value[:59] + "…"
    return N_("the value {found}"), str(value)


def _path(error: ErrorDetails, root: Node) -> NodePath:
    return (*_real_path(error["loc"], root), *error.get("ctx", {}).get("at", ()))


def _real_path(location: tuple[str | int, ...], root: Node) -> NodePath:
    """Return the part of pydantic's location that the document has: short forms have no keys inside."""
    path: list[str | int] = []
    node = root
    for number, part in enumerate(location):
        inner = node.child(part)
        if inner is not None:
            node = inner
            path.append(part)
        elif number == len(location) - 1 and part in node.keys:
            path.append(part)
    return tuple(path)
