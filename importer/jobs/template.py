"""`template`: the empty workbook for the customer, as the recipe would accept it back."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from importer.jobs.reporting import refuse_to_overwrite
from importer.jobs.templating import Meaning, Names, described, sheets_of
from importer.jobs.workplace import Workplace, connected
from importer.planner import bind_recipe
from importer.planner.binding.bound import BoundLookup
from importer.problems import ConfigurationError, FilePlace, Problem, Severity, group
from importer.problems.problem import severity_of
from importer.recipe import read_recipe, read_settings
from importer.reports.workbooks.template import template_bytes
from importer.results.template import Templated
from importer.service import Service
from importer.service.custom_fields import catalogue_of
from importer.text.translating import language

# Longer lists are no help in a drop-down.
_MOST_NAMES = 300


class NotWritten(Problem):
    """The template cannot be written there."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" cannot be written: {expected}.'
    hint: ClassVar[str] = "Close it in the spreadsheet program, or give another name"


def template(
    place: Workplace,
    recipe: Path,
    output: Path,
    *,
    force: bool = False,
    offline: bool = False,
    settings: Sequence[str] = (),
) -> Templated:
    """Write the template of a recipe to `output`. `offline`: metadata from the cache, and no lists of the service's entities.

    `settings` are parameters of the recipe: `name=value` or `@file`.

    Raises:
        ConfigurationError: the recipe is wrong, or the file cannot be written.
        ServiceError: the metadata cannot be had.
        UsageError: the output is there already.
    """
    if not force:
        refuse_to_overwrite([output])
    found = read_recipe(recipe, str(recipe), given=read_settings(settings), project=place.folders.root)
    with (
        connected(place, service=found.service, offline=offline) as (chosen, service),
        tempfile.TemporaryDirectory() as folder,
    ):
        # The recipe is bound to its own headers, so that all is known of them that a plan would know.
        bare = Path(folder) / "template.xlsx"
        bare.write_bytes(template_bytes(sheets_of(found), found.shown))
        binding = bind_recipe(
            found,
            service,
            files=(bare,),
            project=place.folders.root,
            aliases=chosen.profile.aliases,
            custom=catalogue_of(service),
        )
        if wrong := [
            item
            for item in binding.problems
            if severity_of(item) is Severity.ERROR and item.code != "empty-table"
        ]:
            raise ConfigurationError(*wrong)
        names: Names = (lambda _: None) if offline else _names_on(service)
        sheets = described(found, binding.steps, names, _labels_of(service))
    try:
        output.write_bytes(template_bytes(sheets, found.shown))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigurationError(
            NotWritten(place=FilePlace(str(output)), found=str(output), expected=reason)
        ) from None
    return Templated(path=output, recipe=found.shown, sheets=sheets, problems=group(()))


def _names_on(service: Service) -> Names:
    """Return what gives the texts that find entities of a small set, in the order of the alphabet."""

    def names(lookup: BoundLookup) -> tuple[str, ...] | None:
        entities = service.entities
        name = lookup.by[-1].wire
        if lookup.where or "/" in name or (entities.count(lookup.set) or _MOST_NAMES + 1) > _MOST_NAMES:
            return None
        texts = {
            str(entity.values[name])
            for entity in entities.read_all(lookup.set, (name,))
            if entity.values.get(name)
        }
        return tuple(sorted(texts, key=str.casefold))

    return names


def _labels_of(service: Service) -> Meaning:
    """Return what gives the dialect's label of a property in the language in use."""

    def label(type_name: str, name: str) -> str:
        return str(service.dialect.labels_of(service.lineage(type_name), name).get(language(), ""))

    return label
