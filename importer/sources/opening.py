"""A `TableSpec` → a `Table`: which files, which reader, which sheets.

The order of recipe-language.md §4: header → hidden → clean, blank → merged cells. What cannot be read at
all stops with a `ConfigurationError`; what is merely odd stands in `Table.problems`, and what blocks one
row in `Row.problems`.
"""

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path

from importer.problems import ConfigurationError, FilePlace, Place, Problem, nearest
from importer.sources.beside import warnings_of
from importer.sources.books import is_workbook, open_book
from importer.sources.delimited import Places, open_text
from importer.sources.file_problems import FileMissing
from importer.sources.filling import make_section
from importer.sources.ranges import Area, Bounds, area_on, find_area, parse_range, unknown_range
from importer.sources.sheets import pick_sheets
from importer.sources.table import Section, Table, TableSpec

TEXT_SUFFIXES = frozenset({".csv", ".txt", ".tsv", ".tab"})


def open_table(spec: TableSpec, needed: Sequence[Sequence[str]] = ()) -> Table:
    """Return the table that `spec` asks for.

    `needed` are the columns that decide where the header is: lists of headers of which one is enough. That
    one is missing is no problem here: whoever binds the columns reports it, by `Section.find`.

    Raises:
        ConfigurationError: a file, sheet or range is missing or unreadable; all such problems together.
    """
    sections: list[Section] = []
    problems: list[Problem] = []
    fatal: list[Problem] = []
    for path, shown in _paths(spec, fatal):
        try:
            for section, found in _sections(path, shown, spec, needed):
                sections.append(section)
                problems.extend(found)
        except ConfigurationError as error:
            fatal.extend(error.problems)
    if fatal:
        raise ConfigurationError(*fatal)
    return Table(spec=spec, sections=tuple(sections), problems=tuple(problems))


def files_of(spec: TableSpec) -> tuple[tuple[Path, str], ...]:
    """Return the files that `spec` reads, patterns resolved, with their names for people; no missing ones."""
    return tuple(_paths(spec, []))


def is_text(path: Path) -> bool:
    """Whether a file is read as text with delimiters: by its name, unless a workbook stands under it."""
    return path.suffix.lower() in TEXT_SUFFIXES and not is_workbook(path)


def missing_file(path: Path, shown: str, place: Place | None = None) -> FileMissing:
    """Return the problem of a file that is not there, with the nearest names in its folder."""
    try:
        neighbours = [item.name for item in path.parent.iterdir()]
    except OSError:
        neighbours = []
    return FileMissing(place=place or FilePlace(shown), found=shown, near=nearest(path.name, neighbours))


def exists(path: Path) -> bool:
    """Whether something stands at `path`; a name that cannot be one is not there."""
    try:
        return path.exists()
    except OSError:
        return False


def _paths(spec: TableSpec, fatal: list[Problem]) -> Iterator[tuple[Path, str]]:
    for path, shown in zip(spec.files, spec.shown, strict=True):
        pattern = str(path)
        if exists(path):
            yield path, shown
            continue
        found = sorted(glob.glob(pattern)) if glob.has_magic(pattern) else []  # noqa: PTH207 - folders may be patterns too
        # `~$…` is Excel's lock beside a workbook that is open.
        found = [item for item in found if not Path(item).name.startswith("~$")]
        if not found:
            fatal.append(missing_file(path, shown, spec.place_of("file")))
        root = pattern.removesuffix(shown)
        for item in found:
            yield Path(item), item.removeprefix(root) if root != pattern else Path(item).name


def _sections(
    path: Path, shown: str, spec: TableSpec, needed: Sequence[Sequence[str]]
) -> Iterator[tuple[Section, tuple[Problem, ...]]]:
    if is_text(path):
        yield _text_section(path, shown, spec, needed)
        return
    book = open_book(path, shown)
    range_place = spec.place_of("range")
    area = find_area(book, spec.range, range_place) if spec.range else Area(Bounds())
    asked = spec.sheet if spec.sheet is not None else area.owner
    for sheet in pick_sheets(book, asked, spec.place_of("sheet")):
        bounds = area_on(area, sheet, spec.range or "", shown, range_place)
        grid = book.grid(sheet)
        section, problems = make_section(grid.lines, spec, bounds, needed)
        yield section, (*warnings_of(grid, bounds), *problems)


def _text_section(
    path: Path, shown: str, spec: TableSpec, needed: Sequence[Sequence[str]]
) -> tuple[Section, tuple[Problem, ...]]:
    bounds = parse_range(spec.range) if spec.range else Bounds()
    if bounds is None:
        raise unknown_range(spec.range or "", shown, spec.place_of("range"))
    places = Places(spec.places.get("encoding"), spec.places.get("delimiter"))
    text = open_text(path, shown, encoding=spec.encoding, delimiter=spec.delimiter, places=places)
    section, problems = make_section(text.lines, spec, bounds, needed)
    return section, (*text.problems, *problems)
