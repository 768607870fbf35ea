"""Value tables in files of their own: `maps: {departments: maps/departments.csv}` (recipe-language.md §6.3).

A YAML file becomes part of the document, as if it stood in the recipe; CSV and XLSX files have two columns, `from` and
`to`, whose cells are constants.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import msgspec

from importer.documents import Document, Node, read_document
from importer.problems import ConfigurationError, FilePlace, Problem, Severity, nearest
from importer.recipe.including import PartOutsideProject, inside
from importer.recipe.normal import Constant, ValueTable
from importer.recipe.rules import EVERYTHING_ELSE, SameWordTwice
from importer.sources import Table, TableSpec, open_table
from importer.sources.table import CellKind, Row, Section
from importer.text.folding import fold

_YAML = frozenset({".yaml", ".yml"})
_HEADERS = ("from", "to")


class MapWithoutColumn(Problem):
    """A file that is no value table."""

    code: ClassVar[str] = "unknown-column"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'The value table {table} has no column "{found}".'
    hint: ClassVar[str] = "Its two columns are headed `from` and `to`"

    table: str


class MapNotAMap(Problem):
    """A YAML file that holds something else."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = (
        '"{found}" is no value table: it is empty, or holds something else than words and values.'
    )
    hint: ClassVar[str] = "Write a word and its value in each line: `Да: true`"


class MapCell(Problem):
    """A cell of a value table that says nothing."""

    code: ClassVar[str] = "cell-error"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "The cell of a value table holds {found}."
    hint: ClassVar[str] = "Correct the formula, or write the value"


class Maps(msgspec.Struct, frozen=True):
    """What the files of `maps` hold: tables by name, the files read, and what is odd about them."""

    tables: Mapping[str, ValueTable]
    files: tuple[tuple[Path, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def read_maps(document: Document, project: Path | None) -> tuple[Document, Maps]:
    """Return the document with the value tables of YAML files in it, and the value tables of the others."""
    node = document.root.get("maps")
    paths = [(name, leaf) for name, leaf in (node.items if node is not None else ()) if _is_path(leaf)]
    if node is None or not paths:
        return document, Maps({})
    found: dict[str, ValueTable] = {}
    files: list[tuple[Path, str]] = []
    problems: list[Problem] = []
    warnings: list[Problem] = []
    parts, inner = dict(document.parts), dict(node.items)
    for name, leaf in paths:
        owner, text = document.of(leaf.place.file), str(leaf.value)
        path, shown = owner.path.parent / text, str(Path(owner.shown).parent / text)
        if not inside(path, document.path, project):
            problems.append(PartOutsideProject(place=leaf.place, found=text))
            continue
        try:
            if path.suffix.lower() in _YAML:
                part = read_document(path, shown)
                parts[shown], inner[name] = part, part.root
                if not part.root.items:
                    problems.append(MapNotAMap(place=part.root.place, found=shown))
            else:
                found[name] = _table(path, shown, leaf, problems, warnings)
                files.append((path, shown))
        except ConfigurationError as error:
            problems.extend(
                replace(item, place=leaf.place) if isinstance(item.place, FilePlace) else item
                for item in error.problems
            )
    root = document.root
    merged = Node(root.place, {**dict(root.items), "maps": Node(node.place, inner, node.keys)}, root.keys)
    changed = msgspec.structs.replace(document, root=merged, parts=parts)
    return changed, Maps(found, tuple(files), tuple(problems), tuple(warnings))


def _is_path(leaf: Node) -> bool:
    return isinstance(leaf.value, str) and bool(leaf.value.strip())


def _table(
    path: Path, shown: str, leaf: Node, problems: list[Problem], warnings: list[Problem]
) -> ValueTable:
    spec = TableSpec(files=(path,), shown=(shown,), place=leaf.place)
    table: Table = open_table(spec, tuple((header,) for header in _HEADERS))
    warnings.extend(table.problems)
    section = table.sections[0]
    positions = []
    for header in _HEADERS:
        columns = section.find(header)
        if columns:
            positions.append(columns[0].index)
            continue
        known = [column.header for column in section.columns if column.header]
        problems.append(
            MapWithoutColumn(place=leaf.place, found=header, table=shown, near=nearest(header, known))
        )
    if len(positions) < len(_HEADERS):
        return ValueTable(leaf.place, ())
    return _entries(section, (positions[0], positions[1]), leaf, problems)


def _entries(section: Section, positions: tuple[int, int], leaf: Node, problems: list[Problem]) -> ValueTable:
    entries: dict[str, Constant] = {}
    seen: dict[str, tuple[str, int]] = {}
    for row in section.rows:
        problems.extend(row.problems)
        word, value = (row.cells[position] for position in positions)
        problems.extend(_odd_cells(row, positions))
        if not word.text:
            continue
        first = seen.setdefault(fold(word.text), (word.text, row.number))
        if first[1] != row.number:
            problems.append(
                SameWordTwice(
                    place=row.place(word.column), found=word.text, expected=first[0], first=first[1]
                )
            )
        # A code keeps its zeros: its text counts, not its number.
        entries[word.text] = Constant(leaf.place, value.text if value.format else value.value)  # type: ignore[arg-type]
    default = entries.pop(EVERYTHING_ELSE, None)
    return ValueTable(leaf.place, tuple(entries.items()), default)


def _odd_cells(row: Row, positions: tuple[int, int]) -> list[Problem]:
    cells = [row.cells[position] for position in positions]
    return [
        MapCell(place=row.place(cell.column), found=cell.text or "=…")
        for cell in cells
        if cell.kind in (CellKind.ERROR, CellKind.FORMULA)
    ]
