"""Opening a plan file: recognised by its application id, refused by its format, never guessed."""

import sqlite3
from pathlib import Path
from typing import ClassVar

from importer.plan.origin import FORMAT
from importer.problems import ConfigurationError, FilePlace, Problem, Severity

APPLICATION_ID = 0x4F504C4E  # "OPLN"


class PlanMissing(Problem):
    """There is no such plan."""

    code: ClassVar[str] = "file-missing"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'There is no plan "{found}".'
    hint: ClassVar[str] = "`importer plan RECIPE` makes one and prints its path"


class NotAPlan(Problem):
    """The file is something else."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is not a plan, or was never finished.'
    hint: ClassVar[str] = "`importer plan RECIPE` makes one and prints its path"


class PlanOfAnotherFormat(Problem):
    """The plan was made by another version."""

    code: ClassVar[str] = "plan-stale"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = (
        'The plan "{found}" has format {expected}; this importer reads and writes another one.'
    )
    hint: ClassVar[str] = "Make the plan again"


def open_plan(path: Path, *, write: bool = False) -> sqlite3.Connection:
    """Return a connection to the plan at `path`; read-only unless `write`.

    Raises:
        ConfigurationError: the file is missing, is no plan, or has another format.
    """
    place = FilePlace(str(path))
    if not path.is_file():
        raise ConfigurationError(PlanMissing(place=place, found=str(path)))
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={'rw' if write else 'ro'}",
        uri=True,
        timeout=30,
        check_same_thread=False,
        isolation_level=None,
    )
    try:
        application = connection.execute("pragma application_id").fetchone()[0]
        version = connection.execute("pragma user_version").fetchone()[0]
    except sqlite3.DatabaseError:
        connection.close()
        raise ConfigurationError(NotAPlan(place=place, found=str(path))) from None
    if application != APPLICATION_ID:
        connection.close()
        raise ConfigurationError(NotAPlan(place=place, found=str(path)))
    if version != FORMAT:
        connection.close()
        raise ConfigurationError(PlanOfAnotherFormat(place=place, found=str(path), expected=str(version)))
    return connection


def create_plan(path: Path) -> sqlite3.Connection:
    """Return a connection to a new, empty plan file at `path`, which must not exist."""
    connection = sqlite3.connect(path, isolation_level=None)
    # No journal while it is built: an unfinished plan has another name and is thrown away.
    connection.execute("pragma journal_mode = off")
    connection.execute("pragma synchronous = off")
    connection.execute(f"pragma application_id = {APPLICATION_ID}")
    connection.execute(f"pragma user_version = {FORMAT}")
    connection.executescript((Path(__file__).parent / "schema.sql").read_text("utf-8"))
    return connection
