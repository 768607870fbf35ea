"""What `init` is asked for, taken apart: `Users`, `Сотрудники=Users`."""

from pathlib import Path

import msgspec

from importer.odata.edm import Model
from importer.planner.binding.problems import UnknownEntitySet
from importer.problems import Problem, UsageError, nearest
from importer.sources.inspection import FileFacts


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One draft. `to`: `Set` or `Sheet=Set`, as typed. workbook: its path; written: the path as the recipe will say it.

    output: where the recipe goes; root: the project; profile: name of the connection profile; schema: path of the JSON Schema
    as the first line says it; earlier: (file, its data) of the project's other recipes.
    """

    workbook: Path
    written: str
    output: Path
    root: Path
    profile: str
    to: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    sample: int = 1000
    schema: str = ""
    inside: bool = True
    reads: bool = True
    earlier: tuple[tuple[str, dict[str, object]], ...] = ()


class Pair(msgspec.Struct, frozen=True):
    """A sheet (None: the only one of a text file) and the set its rows become; "" : to be guessed."""

    sheet: str | None
    to: str = ""


def pairs_of(asked: Asked, facts: FileFacts, model: Model, service: str) -> tuple[Pair, ...]:
    """Return which sheet becomes which set, in the order asked for, else in the workbook's.

    Raises:
        UsageError: a set that the service does not have.
    """
    visible = [sheet.name for sheet in facts.sheets if sheet.state == "visible"] or [
        sheet.name for sheet in facts.sheets
    ]
    chosen: list[str | None] = list(asked.sheets) or []
    plain = [text for text in asked.to if "=" not in text]
    named = [
        (sheet.strip(), to.strip()) for sheet, _, to in (text.rpartition("=") for text in asked.to) if sheet
    ]
    unknown = [name for name in [*plain, *(to for _, to in named)] if name not in model.sets]
    if unknown:
        raise UsageError(*(_unknown(name, model, service) for name in dict.fromkeys(unknown)))
    found = [Pair(sheet, to) for sheet, to in named]
    if len(plain) == 1:
        found += [Pair(sheet, plain[0]) for sheet in chosen or visible[:1]]
    elif plain:
        found += [Pair(sheet, to) for sheet, to in zip(chosen or visible, plain, strict=False)]
    elif chosen or not named:
        found += [Pair(sheet) for sheet in chosen or visible]
    return tuple(dict.fromkeys(found))


def _unknown(name: str, model: Model, service: str) -> Problem:
    return UnknownEntitySet(found=name, service=service, near=nearest(name, model.sets))
