"""A recipe file → `Recipe`, or every problem in it at once."""

from pathlib import Path
from typing import ClassVar

from importer.documents import Document, in_order, read_document, validate
from importer.problems import ConfigurationError, Problem, Severity
from importer.recipe.models import KNOWN_KEYS, LATER_KEYS, RecipeModel
from importer.recipe.normal import Recipe
from importer.recipe.normalising import normalise
from importer.recipe.rules import RULES
from importer.recipe.secrets import secrets, without_secrets
from importer.text.translating import N_


class NotARecipe(Problem):
    """The file is YAML, but no map of keys."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "A recipe is a map of keys; this file is empty, or holds something else."
    hint: ClassVar[str] = "Begin with `recipe: 1`"


def read_recipe(path: Path, shown: str | None = None) -> Recipe:
    """Return the recipe at `path` in normal form; `shown` is the name that people see in places.

    Raises:
        ConfigurationError: with every problem found, in the order of the file.
    """
    return parse_recipe(read_document(path, shown))


def parse_recipe(document: Document) -> Recipe:
    """Return the recipe of a document that was read already; as `read_recipe`."""
    if not isinstance(document.root.value, dict):
        raise ConfigurationError(NotARecipe(place=document.root.place))
    problems = [problem for rule in RULES for problem in rule(document)]
    model = None
    try:
        model = validate(RecipeModel, document, owner=N_("the recipe"), known=KNOWN_KEYS, later=LATER_KEYS)
    except ConfigurationError as error:
        told = {(problem.place, problem.code) for problem in problems}
        problems += [problem for problem in error.problems if (problem.place, problem.code) not in told]
    problems = [*secrets(document), *without_secrets(problems, document)]
    if model is None or problems:
        raise ConfigurationError(*in_order(problems))
    return normalise(model, document)
