"""A recipe file → `Recipe`, or every problem in it at once."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar

from importer.documents import Document, read_document, validate
from importer.problems import ConfigurationError, Problem, RecipePlace, Severity
from importer.recipe.expressions.checked import Definitions
from importer.recipe.including import included
from importer.recipe.map_files import read_maps
from importer.recipe.models import KNOWN_KEYS, RecipeModel
from importer.recipe.normal import Recipe
from importer.recipe.normalising import normalise
from importer.recipe.own_filters import read_filters
from importer.recipe.parameters import Given, read_parameters
from importer.recipe.rules import RULES
from importer.recipe.secrets import secrets, without_secrets
from importer.text.translating import N_


class NotARecipe(Problem):
    """The file is YAML, but no map of keys."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "A recipe is a map of keys; this file is empty, or holds something else."
    hint: ClassVar[str] = "Begin with `recipe: 1`"


def read_recipe(
    path: Path,
    shown: str | None = None,
    *,
    given: Mapping[str, Given] | None = None,
    project: Path | None = None,
) -> Recipe:
    """Return the recipe at `path` in normal form; `shown` is the name that people see in places.

    `given` are the parameters of the command line. What the recipe includes lies in its folder or in `project`.

    Raises:
        ConfigurationError: with every problem found, in the order of the file.
    """
    return parse_recipe(read_document(path, shown), given=given, project=project)


def parse_recipe(
    document: Document, *, given: Mapping[str, Given] | None = None, project: Path | None = None
) -> Recipe:
    """Return the recipe of a document that was read already; as `read_recipe`."""
    if not isinstance(document.root.value, dict):
        raise ConfigurationError(NotARecipe(place=document.root.place))
    credentials = [*secrets(document)]
    whole, problems = included(document, project)
    whole, maps = read_maps(whole, project)
    params, wrong = read_parameters(whole, given or {})
    filters, mistakes = read_filters(whole, params.values)
    known = Definitions(params.values, filters)
    found = [*problems, *maps.problems, *wrong, *mistakes]
    found += [problem for rule in RULES for problem in rule(whole, known)]
    model = None
    try:
        model = validate(RecipeModel, whole, owner=N_("the recipe"), known=KNOWN_KEYS)
    except ConfigurationError as error:
        told = {(problem.place, problem.code) for problem in found}
        found += [problem for problem in error.problems if (problem.place, problem.code) not in told]
    for part in whole.parts.values():
        credentials += secrets(part)
    found = [*credentials, *_quoting_nothing(found, whole)]
    if model is None or found:
        raise ConfigurationError(*_in_order(found, document.shown))
    return normalise(model, whole, known, params, maps)


def _quoting_nothing(problems: Iterable[Problem], document: Document) -> tuple[Problem, ...]:
    found = tuple(problems)
    for part in (document, *document.parts.values()):
        found = without_secrets(found, part)
    return found


def _in_order(problems: Iterable[Problem], main: str) -> tuple[Problem, ...]:
    """Return the problems without repetitions: the recipe's own first, then those of its parts, as they stand there."""

    def position(problem: Problem) -> tuple[bool, str, int, int]:
        place = problem.place
        if not isinstance(place, RecipePlace):
            return (True, "", 0, 0)
        return (place.file != main, place.file, place.line, place.column)

    return tuple(sorted(dict.fromkeys(problems), key=position))
