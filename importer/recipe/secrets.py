"""What looks like a credential in a recipe. A recipe must be safe to mail; its credentials live elsewhere."""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from importer.documents import Document, Node
from importer.problems import Problem, RecipePlace, Severity

_KEY = re.compile(
    r"(?i).*(password|passwd|pwd|passphrase|secret|token|credentials?|api_?-?key|private_?key|пароль|токен)"
)
# A login header, a URL with a password in it, a JSON Web Token, a connection string.
_VALUE = re.compile(
    r"(?i:\b(?:bearer|basic)\s+(?=\S*[0-9=])[\w+/=.~-]{16,})|(?i:\b[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s@]+@)"
    r"|\beyJ[\w-]{10,}\.[\w-]{10,}|(?i:\b(?:password|pwd)=[^\s;=\"'][^\s;]*)"
)
_TEXT_CONSTANT = re.compile(r"""=\s*["'].*["']\s*""", re.DOTALL)
# Under these keys stand names of other people: a property `password` may well be filled from a column.
_NAMED = frozenset({"fields", "where", "maps", "map"})


class SecretInRecipe(Problem):
    """Something that must not be mailed around. It is never quoted."""

    code: ClassVar[str] = "secret-in-recipe"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "`{found}` looks like a credential."
    hint: ClassVar[str] = (
        "Credentials live in the environment, and the profile names them; a recipe is mailed around"
    )


class SecretText(SecretInRecipe):
    """A value that is one."""

    text: ClassVar[str] = "This text looks like a credential."


def looks_secret(name: str) -> bool:
    """Whether a name sounds like a credential's."""
    return _KEY.fullmatch(name) is not None


def secrets(document: Document) -> tuple[Problem, ...]:
    """Return every credential of the document."""
    return tuple(_secrets(document.root, named=False))


def without_secrets(problems: Iterable[Problem], document: Document) -> tuple[Problem, ...]:
    """Return the problems that quote nothing of a credential: the others at its place are left out."""
    spans = [node.place for node in _values(document.root) if _is_secret(node)]
    spans += [problem.place for problem in secrets(document) if isinstance(problem.place, RecipePlace)]
    kept = (
        item
        for item in problems
        if isinstance(item, SecretInRecipe) or not any(_meets(item, s) for s in spans)
    )
    return tuple(kept)


def _secrets(node: Node, *, named: bool, key: str = "") -> Iterator[Problem]:
    for name, inner in node.items:
        if _KEY.fullmatch(name) and _given(inner, named=named):
            yield SecretInRecipe(place=node.keys[name], found=name)
        else:
            yield from _secrets(inner, named=name in _NAMED, key=name)
    for inner in node.elements:
        yield from _secrets(inner, named=False, key=key)
    if _is_secret(node):
        yield SecretText(place=node.place)


def _given(node: Node, *, named: bool) -> bool:
    """Whether a key that sounds like a credential has one: under names of properties only a constant is."""
    if not named:
        return isinstance(node.value, str)
    value = node.get("value") or node
    return isinstance(value.value, str) and _TEXT_CONSTANT.fullmatch(value.value) is not None


def _is_secret(node: Node) -> bool:
    return isinstance(node.value, str) and _VALUE.search(node.value) is not None


def _values(node: Node) -> Iterator[Node]:
    yield node
    for inner in (*(inner for _, inner in node.items), *node.elements):
        yield from _values(inner)


def _meets(problem: Problem, span: RecipePlace) -> bool:
    place = problem.place
    if not isinstance(place, RecipePlace) or place.line < span.line:
        return False
    if span.length:
        return place.line == span.line and span.column <= place.column <= span.column + span.length
    return place.column >= span.column or place.line > span.line
