"""The tables of a recipe, opened once each and reshaped for the steps that read them."""

import contextlib
from collections.abc import Hashable, Mapping
from pathlib import Path

import msgspec

from importer.planner.binding.columns import AskedColumn, asked_of_file, check_columns, needed
from importer.planner.binding.problems import OutsideProject
from importer.problems import Collector, ConfigurationError
from importer.recipe.normal import Recipe, TableRule
from importer.sources import Table, TableSpec, open_table
from importer.sources.opening import exists, files_of
from importer.sources.reshaping import Reshaping, Tree, Unpivot, reshape


class TableOpener:
    """Opens the tables of one recipe. `files` replace what it says; `read` are the files that were read."""

    def __init__(self, recipe: Recipe, files: tuple[Path, ...], project: Path, problems: Collector) -> None:
        """Keep what every table needs."""
        self._recipe, self._files, self._project, self._problems = recipe, files, project, problems
        self.read: dict[tuple[Path, str], None] = {}

    def open(self, more: Mapping[str, list[AskedColumn]]) -> Mapping[int, Table]:
        """Return the table of each step by its position; those that cannot be opened are told.

        `more`: columns of a step's table that others ask for. The header of a table that several steps read holds what
        all of them need.
        """
        groups: dict[Hashable, list[int]] = {}
        specs: dict[Hashable, TableSpec] = {}
        for position, step in enumerate(self._recipe.steps):
            spec = self._spec(step.table)
            if spec is not None:
                key = _reading(spec)
                groups.setdefault(key, []).append(position)
                specs.setdefault(key, spec)
        found: dict[int, Table] = {}
        for key, members in groups.items():
            found.update(self._opened(specs[key], members, more))
        return found

    def _opened(
        self, spec: TableSpec, members: list[int], more: Mapping[str, list[AskedColumn]]
    ) -> Mapping[int, Table]:
        steps = [self._recipe.steps[position] for position in members]
        read = files_of(spec)
        if any(self._leads_out(path, shown, steps[0].table) for path, shown in read):
            return {}
        try:
            table = open_table(spec, needed(steps, more))
        except ConfigurationError as error:
            self._problems.extend(error.problems)
            return {}
        self.read.update(dict.fromkeys(read))
        self._problems.extend(table.problems)
        found: dict[int, Table] = {}
        known: dict[Reshaping, Table] = {}
        for position, step in zip(members, steps, strict=True):
            how = _reshaping(step.table)
            if how not in known:
                check_columns(asked_of_file(step.table), table, self._recipe, self._problems)
                known[how] = _reshaped(table, how)
            found[position] = known[how]
        return found

    def _spec(self, rule: TableRule) -> TableSpec | None:
        files = self._paths(rule)
        if files is None:
            return None
        return TableSpec(
            files=tuple(path for path, _ in files),
            shown=tuple(shown for _, shown in files),
            sheet=rule.sheet,
            range=rule.range,
            header=rule.header,
            encoding=rule.encoding,
            delimiter=rule.delimiter,
            blank=rule.blank,
            clean=rule.clean,
            hidden=rule.hidden,
            place=rule.place,
            places=dict(rule.places),
        )

    def _paths(self, rule: TableRule) -> list[tuple[Path, str]] | None:
        if self._files:
            return [(path, str(path)) for path in self._files]
        found = []
        for text in rule.file:
            path = rule.folder / text
            if rule.named:
                # Named on the command line: from where the person stands, else from the recipe.
                found.append((here if exists(here := Path(text)) else path, text))
                continue
            if self._leads_out(path, text, rule):
                return None
            found.append((path, text))
        return found

    def _leads_out(self, path: Path, shown: str, rule: TableRule) -> bool:
        """Whether a path of the recipe lies outside the project; a link that a pattern finds may, too."""
        if self._files or rule.named or self._inside(path):
            return False
        self._problems.add(OutsideProject(place=rule.places.get("file", rule.place), found=shown))
        return True

    def _inside(self, path: Path) -> bool:
        with contextlib.suppress(OSError, ValueError):
            real = path.resolve()
            return real.is_relative_to(self._project.resolve()) or real.is_relative_to(
                self._recipe.path.parent.resolve()
            )
        return False


def _reading(spec: TableSpec) -> Hashable:
    return (
        spec.files,
        spec.sheet,
        spec.range,
        spec.header,
        spec.encoding,
        spec.delimiter,
        spec.blank,
        spec.clean,
        spec.hidden,
    )


def _reshaping(rule: TableRule) -> Reshaping:
    tree, unpivot = rule.tree, rule.unpivot
    return Reshaping(
        rule.fill_down,
        None if tree is None else Tree(tree.column, tree.by, tree.parent),
        None if unpivot is None else Unpivot(unpivot.columns, unpivot.span, unpivot.name, unpivot.value),
    )


def _reshaped(table: Table, how: Reshaping) -> Table:
    if how == Reshaping():
        return table
    return msgspec.structs.replace(table, sections=tuple(reshape(section, how) for section in table.sections))
