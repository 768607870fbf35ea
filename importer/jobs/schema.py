"""`schema`: the JSON Schema of the language for editors, by itself or with what one service knows."""

import contextlib
import json
import os
from pathlib import Path

from importer.jobs.reporting import AlreadyThere, NotWritable
from importer.jobs.workplace import Workplace, connected, line_of
from importer.problems import ConfigurationError, FilePlace, UsageError
from importer.recipe.schema import recipe_schema
from importer.results.common import ServiceLine
from importer.results.schema import SchemaMade


def schema(
    place: Workplace,
    *,
    service: bool = False,
    output: Path | None = None,
    offline: bool = False,
    force: bool = False,
) -> SchemaMade:
    """Return the schema; with `service` it knows the one that the profile in force leads to. `output`: written there, too.

    offline: by the metadata kept from the last time. A schema of ours is written over; anything else only with `force`.

    Raises:
        ConfigurationError: no such profile, or the file cannot be written.
        ServiceError: the metadata cannot be had.
        UsageError: what is at `output` is no schema of ours.

    """
    if output is not None and not force:
        _refuse_what_is_not_ours(output)
    text, line, sets = _of_service(place, offline=offline) if service else (recipe_schema(), None, 0)
    if output is not None:
        _write(output, text)
    return SchemaMade(text=text, service=line, sets=sets, output=output)


def _of_service(place: Workplace, *, offline: bool) -> tuple[str, ServiceLine, int]:
    from importer.jobs.knowing import service_schema  # noqa: PLC0415 - the language alone needs no service

    with connected(place, offline=offline) as (chosen, found):
        text = service_schema(found, chosen.profile.aliases)
        return text, line_of(found), len(found.model.sets)


def _refuse_what_is_not_ours(output: Path) -> None:
    """Do nothing where nothing is, or a schema of ours, which is made again whenever the service changes."""
    try:
        found = json.loads(output.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict) or not str(found.get("title", "")).startswith("odata-importer recipe"):
        raise UsageError(AlreadyThere(place=FilePlace(str(output)), found=str(output)))


def _write(output: Path, text: str) -> None:
    """Write the file whole or not at all: an editor may be reading it."""
    passing = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        passing.write_text(text, "utf-8", newline="\n")
        passing.replace(output)
    except OSError as error:
        with contextlib.suppress(OSError):  # a part of the path may be a file
            passing.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        problem = NotWritable(place=FilePlace(str(output)), found=str(output), expected=reason)
        raise ConfigurationError(problem) from None
