"""`read`: a file as the importer sees it, before any recipe."""

from pathlib import Path

from importer.problems import ConfigurationError, group
from importer.results.read import ReadFile
from importer.sources.inspection import FileFacts, inspect


def read(
    path: Path,
    *,
    sheet: str | None = None,
    area: str | None = None,
    header: str | int = "auto",
    encoding: str | None = None,
    delimiter: str | None = None,
    rows: int | None = None,
) -> ReadFile:
    """Return what stands in a file: of its default sheet, or of `sheet`; at most `rows` rows.

    `sheet` is a name, else, if no sheet is named so, a number from 1.

    Raises:
        ConfigurationError: it cannot be read.

    """

    def look(chosen: str | int | None) -> FileFacts:
        return inspect(
            path,
            shown=str(path),
            sheet=chosen,
            range=area,
            header=header,
            encoding=encoding,
            delimiter=delimiter,
            rows=rows,
        )

    try:
        facts = look(sheet)
    except ConfigurationError as error:
        unknown = any(problem.code == "unknown-sheet" for problem in error.problems)
        if sheet is None or not sheet.isdecimal() or not unknown:
            raise
        facts = look(int(sheet))
    return ReadFile(facts=facts, problems=group(facts.problems))
