"""Where results go: standard output for the result, standard error for everything else."""

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from importer.cli.options import Globals
from importer.problems import Problem
from importer.progress import Progress, Silent
from importer.text.translating import translate

if TYPE_CHECKING:
    from importer.reports.console.layout import Page


class NobodyReads(Exception):  # noqa: N818 - nothing is wrong
    """Whoever read the output has gone (`importer show … | head`). Not an OSError, of which click makes exit code 1."""


def emit(settings: Globals, result: Any, render: Callable[[Any, "Page"], None]) -> int:  # noqa: ANN401 - any result of a job
    """Write a result as one JSON document or for people, and return its exit code."""
    settings.clear()
    if settings.json:
        from importer.reports.documents import document  # noqa: PLC0415 - only when it is asked for

        write(document(settings.command, result))
    else:
        page = make_page(settings)
        render(result, page)
        page.ending(result.exit_code)
        show(page)
    return int(result.exit_code)


def emit_facts(settings: Globals, facts: Mapping[str, Any], lines: Iterable[str]) -> None:
    """Write a few facts that no job made: as a JSON document, or as lines."""
    settings.clear()
    if settings.json:
        from importer.reports.documents import facts_document  # noqa: PLC0415 - only when it is asked for

        write(facts_document(settings.command, facts))
    else:
        write("\n".join(lines).encode("utf-8", "replace") + b"\n")


def emit_failure(settings: Globals, exit_code: int, problems: Iterable[Problem]) -> None:
    """Write the problems that ended a command: as JSON on standard output, for people on standard error."""
    settings.clear()
    if settings.json:
        from importer.reports.documents import failure  # noqa: PLC0415 - only when it is asked for

        write(failure(settings.command, exit_code, problems))
        return
    from importer.reports.console.layout import problems_page  # noqa: PLC0415 - heavy; only when needed

    page = make_page(settings, error=True)
    if settings.service:
        page.fact(translate("Service"), settings.service)
    problems_page(problems, page).ending(exit_code)
    click.echo(page.text(), err=True)


def make_page(settings: Globals, *, error: bool = False) -> "Page":
    """Return an empty page for standard output or standard error."""
    from importer.reports.console.layout import Page  # noqa: PLC0415 - heavy; only when needed

    stream = sys.stderr if error else sys.stdout
    return Page(terminal=stream.isatty(), colour=settings.colour)


def progress(settings: Globals) -> Progress:
    """Return the progress drawn on a terminal's standard error, else a silent one."""
    if settings.quiet or settings.json or not sys.stderr.isatty():
        return Silent()
    from importer.cli.drawing import Drawn  # noqa: PLC0415 - heavy; only on a terminal

    drawn = Drawn(colour=settings.colour)
    settings.clear = drawn.clear
    return drawn


def say(settings: Globals, text: str) -> None:
    """Say something on standard error, unless asked to be quiet."""
    settings.clear()
    if not settings.quiet and not settings.json:
        click.echo(text, err=True)


def show(page: "Page") -> None:
    """Write a page to standard output."""
    write(page.text().encode("utf-8", "replace") + b"\n")


def write(data: bytes) -> None:
    """Write bytes to standard output, whatever encoding the system has: JSON and reports are UTF-8.

    Raises:
        NobodyReads: whoever read it has gone.

    """
    try:
        sys.stdout.flush()
        stream = getattr(sys.stdout, "buffer", None)
        if stream is None:
            sys.stdout.write(data.decode())
        else:
            stream.write(data)
            stream.flush()
    except BrokenPipeError:
        raise NobodyReads from None
