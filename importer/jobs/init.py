"""`init`: a recipe drafted from a workbook, bound before it is written, with the evidence for each guess."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from importer.documents import read_document
from importer.drafting import Asked, draft
from importer.jobs.reporting import not_writable, refuse_to_overwrite
from importer.jobs.workplace import Workplace, connected, line_of
from importer.problems import ConfigurationError, Severity, group
from importer.problems.problem import severity_of
from importer.recipe.schema import recipe_schema
from importer.results.init import Drafted

_IGNORED = ".importer/"
_SCHEMA = Path("schemas") / "recipe-1.json"
# Recipes that are looked through for what headers meant before.
_MOST_RECIPES, _DEPTH = 200, 4


def init(
    place: Workplace,
    workbook: Path,
    *,
    to: Sequence[str] = (),
    sheets: Sequence[str] = (),
    output: Path | None = None,
    sample: int = 1000,
    force: bool = False,
    offline: bool = False,
) -> Drafted:
    """Write the draft of a recipe; `to`: sets, or `Sheet=Set`; offline: metadata from the cache, and nothing read of the entities.

    Raises:
        UsageError: a set that is not there, or the output is there already.
        ConfigurationError: the workbook cannot be read, nothing could be guessed, the recipe cannot be written.
        ServiceError: the metadata cannot be had.
    """
    root = place.folders.root
    target = output or _beside(place, workbook)
    if not force:
        refuse_to_overwrite([target])
    schema = place.folders.metadata.parent / _SCHEMA
    with connected(place, offline=offline) as (chosen, service):
        asked = Asked(
            workbook=workbook,
            written=_relative(workbook, target.parent)
            if _is_inside(place, target, workbook)
            else workbook.name,
            output=target,
            root=root,
            profile=chosen.name,
            to=tuple(to),
            sheets=tuple(sheets),
            sample=sample,
            schema=_relative(schema, target.parent),
            inside=_is_inside(place, target, workbook),
            reads=not offline,
            earlier=tuple(_earlier(root, but=target)),
        )
        found, problems = draft(asked, service)
        line = line_of(service)
    files = _written(place, target, found.text, schema)
    told = [item for item in problems if severity_of(item) is not Severity.NOTE]
    return Drafted(
        path=target, workbook=str(workbook), service=line, draft=found, files=files, problems=group(told)
    )


def _beside(place: Workplace, workbook: Path) -> Path:
    """Return where a recipe goes that nobody named a place for: beside the workbook, if that is in the project."""
    folder = workbook.parent if place.folders.holds(workbook) else place.folders.root
    return folder / f"{workbook.stem}.yaml"


def _is_inside(place: Workplace, target: Path, workbook: Path) -> bool:
    return place.folders.holds(workbook) or workbook.resolve().is_relative_to(target.parent.resolve())


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _earlier(root: Path, *, but: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the project's other recipes, as far as they are YAML; nothing else is asked of them here."""
    for path in _yaml_files(root):
        if path.resolve() == but.resolve():
            continue
        try:
            data = read_document(path).root.data()
        except (ConfigurationError, OSError):
            continue
        if isinstance(data, dict) and "recipe" in data and "steps" in data:
            yield path.name, data


def _yaml_files(root: Path) -> list[Path]:
    found: list[Path] = []
    for folder, inner, names in os.walk(root):
        depth = len(Path(folder).relative_to(root).parts)
        inner[:] = sorted(name for name in inner if not name.startswith(".") and depth < _DEPTH)
        found += [Path(folder) / name for name in sorted(names) if name.endswith((".yaml", ".yml"))]
        if len(found) >= _MOST_RECIPES:
            break
    return found[:_MOST_RECIPES]


def _written(place: Workplace, target: Path, text: str, schema: Path) -> tuple[Path, ...]:
    """Write the recipe, the schema that editors read, and the line that keeps our folder out of git.

    Raises:
        ConfigurationError: one of them cannot be written.
    """
    files: list[Path] = []
    at = target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        at = schema
        schema.parent.mkdir(parents=True, exist_ok=True)
        schema.write_text(recipe_schema(), "utf-8")
        at = place.folders.root / ".gitignore"
        if place.folders.configuration.is_file() and _ignores(at):
            files.append(at)
    except OSError as error:
        raise ConfigurationError(not_writable(at, error)) from None
    return (*files, schema)


def _ignores(path: Path) -> bool:
    """Add our folder to a .gitignore that does not name it; return whether it was added."""
    written = path.read_text("utf-8", errors="replace") if path.is_file() else ""
    if any(line.strip().strip("/") == _IGNORED.strip("/") for line in written.splitlines()):
        return False
    between = "" if not written or written.endswith("\n") else "\n"
    with path.open("a", encoding="utf-8", newline="\n") as stream:
        stream.write(f"{between}{_IGNORED}\n")
    return True
