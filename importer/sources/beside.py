"""What a sheet shows beside its values, which is never data: notes, and texts struck through."""

from collections.abc import Iterator

from importer.problems import FilePlace, Problem
from importer.sources.book import Grid
from importer.sources.file_problems import HasNotes, StruckTexts
from importer.sources.ranges import Bounds, parse_range


def warnings_of(grid: Grid, bounds: Bounds) -> Iterator[Problem]:
    """Yield what stands beside the values inside `bounds`."""
    lines = grid.lines
    place = FilePlace(lines.book, lines.sheet)
    if notes := _inside(grid.notes, bounds):
        yield HasNotes(place=place, count=len(notes), table=lines.shown, cells=_some(notes))
    if struck := _inside(grid.struck, bounds):
        yield StruckTexts(place=place, count=len(struck), table=lines.shown, cells=_some(struck))


def _inside(addresses: tuple[str, ...], bounds: Bounds) -> tuple[str, ...]:
    if bounds == Bounds():
        return addresses
    return tuple(address for address in addresses if _is_inside(address, bounds))


def _is_inside(address: str, bounds: Bounds) -> bool:
    cell = parse_range(address)
    if cell is None:
        return True
    return (
        bounds.top <= cell.top
        and bounds.left <= cell.left
        and (bounds.bottom is None or cell.top <= bounds.bottom)
        and (bounds.right is None or cell.left <= bounds.right)
    )


def _some(addresses: tuple[str, ...]) -> str:
    return ", ".join(addresses[:3]) + (", …" if len(addresses) > 3 else "")
