"""Text files with delimiters, damaged: encodings, quotes, NUL bytes, endless lines; a problem or a table, never a traceback.

The first byte says what is asked of the rest: whether an encoding or a delimiter is given, and whether the name is a workbook's.
"""

import tempfile
from pathlib import Path

from importer.problems import ConfigurationError, Problem
from importer.sources import TableSpec, open_table
from importer.sources.inspection import inspect

_ENCODINGS = (None, None, "utf-8", "utf-16", "cp1251", "ascii")
_DELIMITERS = (None, None, ";", "\t")
# Every page is weighed letter by letter: longer inputs say nothing more, and take their time under tracing.
_MOST = 4096
_NAMES = ("file.csv", "file.csv", "file.csv", "file.xlsx")


def one(data: bytes) -> None:
    """Read `data` as a text file as `read` and as a plan do."""
    how, rest = (data[0], data[1:]) if data else (0, b"")
    encoding, delimiter = _ENCODINGS[how % len(_ENCODINGS)], _DELIMITERS[how // 6 % 4]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _NAMES[how // 24 % 4]
        path.write_bytes(rest[:_MOST])
        for look in (_inspected, _opened):
            problems: tuple[Problem, ...] = ()
            try:
                look(path, encoding, delimiter)
            except ConfigurationError as error:
                problems = error.problems
            for problem in problems:
                _ = (problem.message(), problem.advice(), str(problem.place))


def _inspected(path: Path, encoding: str | None, delimiter: str | None) -> None:
    facts = inspect(path, encoding=encoding, delimiter=delimiter, rows=200)
    assert all(problem.message() for problem in facts.problems)


def _opened(path: Path, encoding: str | None, delimiter: str | None) -> None:
    spec = TableSpec(files=(path,), shown=(path.name,), encoding=encoding, delimiter=delimiter)
    for section in open_table(spec).sections:
        numbers = [row.number for row in section.rows]
        assert len(numbers) == len(section.rows)
        assert numbers == sorted(numbers)
