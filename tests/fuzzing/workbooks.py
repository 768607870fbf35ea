"""Workbooks of all formats, damaged: a problem or a table, never a traceback.

The first byte says how the rest is changed before it is read: not at all (0-63), or a zip whose parts are changed
inside and packed again, so that damage gets past the checksums.
"""

import io
import random
import tempfile
import zipfile
import zlib
from pathlib import Path

from importer.problems import ConfigurationError, Problem
from importer.sources import TableSpec, open_table
from importer.sources.inspection import inspect

_PIECES = (
    b"",
    b"<",
    b">",
    b'"',
    b"9",
    b"-1",
    b"A1",
    b"1048576",
    b"\0",
    b"\xff\xff\xff\xff",
    b"<c",
    b"NaN",
    b"#REF!",
)


def one(data: bytes) -> None:
    """Read `data` as a workbook as `read` and as a plan do."""
    if data and data[0] >= 64 and data[1:3] == b"PK":
        data = repacked(data[1:], data[0])
    elif data and data[:2] != b"PK" and data[0] < 64:
        data = data[1:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(data)
        for look in (_inspected, _opened):
            problems: tuple[Problem, ...] = ()
            try:
                look(path)
            except ConfigurationError as error:
                problems = error.problems
            assert all(problem.message() for problem in problems)


def _inspected(path: Path) -> None:
    inspect(path, rows=200)


def _opened(path: Path) -> None:
    table = open_table(TableSpec(files=(path,), shown=(path.name,), sheet=1))
    for section in table.sections:
        assert sum(1 for _ in section.rows) == len(section.rows)


def repacked(data: bytes, seed: int) -> bytes:
    """Return a zip with one of its parts changed, and right checksums; `data` itself when it is no zip."""
    dice = random.Random(zlib.crc32(data) ^ seed)
    out = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as before,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
        ):
            names = [name for name in before.namelist() if name.endswith((".xml", ".rels", ".bin"))]
            chosen = dice.choice(names) if names else ""
            for name in before.namelist():
                part = bytearray(before.read(name))
                for _ in range(dice.randint(1, 6) if name == chosen else 0):
                    place = dice.randrange(len(part) + 1)
                    part[place : place + dice.choice((0, 1, 1, 4, 40))] = dice.choice(_PIECES)
                after.writestr(name, bytes(part))
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return data
    return out.getvalue()
