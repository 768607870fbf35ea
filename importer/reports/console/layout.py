"""What every console report is made of: one console, tables without frames, problems with their places.

Whatever is written comes from files and services: no control character of theirs reaches the terminal
(cli.md, *Console*).
"""

from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from importer.problems import CellPlace, Place, Problem, ProblemGroup, RecipePlace, Severity, group
from importer.reports.wording import severity_word
from importer.results.common import ServiceLine
from importer.text.translating import translate, translate_plural

_STYLES = {
    Severity.ERROR: "bold red",
    Severity.BLOCKED: "red",
    Severity.WARNING: "yellow",
    Severity.NOTE: "dim",
}
_FIRST_PLACES = 3
# Without a terminal lines are as long as they are.
_WIDE = 10_000
# What would move the cursor, colour the rest or turn the text around is shown as a sign in its place.
_VISIBLE = (
    {code: 0x2400 + code for code in range(32)}
    | {0x7F: 0x2421, ord("\t"): " "}
    | dict.fromkeys([0x0A, 0x2028, 0x2029], "↵")
    | dict.fromkeys([*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD)
)


class Page:
    """A report being written. `width`: of the terminal, which is asked for it when none is given."""

    def __init__(self, *, terminal: bool, colour: bool = True, width: int | None = None) -> None:
        """Begin an empty page."""
        self._stream = StringIO()
        self._styled = terminal and colour
        self._console = Console(
            file=self._stream,
            force_terminal=self._styled,
            no_color=not self._styled,
            width=width or (None if terminal else _WIDE),
            highlight=False,
            soft_wrap=not terminal,
            emoji=False,
            markup=False,
            legacy_windows=False,
        )

    def line(self, text: str | Text = "") -> None:
        """Write a line."""
        if self._styled:
            self._console.print(_safe(text), soft_wrap=True)
        else:  # the same letters, and twenty times as quick: a plan may have ten thousand actions
            self._stream.write(f"{_safe(text).plain}\n")

    def command(self, text: str) -> None:
        """Write a command as a person types it."""
        self.line(Text(f"$ {text}", style="bold"))

    def ending(self, exit_code: int) -> None:
        """Write the exit code at the right edge, if it is not 0."""
        if exit_code:
            text = translate("exit {code}").format(code=exit_code)
            wide = self._console.width if self._console.width < _WIDE else 0
            self.line(Text(text.rjust(wide), style="dim"))

    def fact(self, name: str, value: str) -> None:
        """Write a line of the heading: a word and what it is."""
        self.line(Text.assemble((f"{name:<8} ", "dim"), value))

    def table(
        self,
        columns: Sequence[tuple[str, str]],
        rows: Iterable[Sequence[str]],
        footer: Sequence[str] | None = None,
    ) -> None:
        """Write a table; a column is (header, left or right), the header a gettext id."""
        table = Table(
            box=SIMPLE_HEAD,
            show_footer=footer is not None,
            pad_edge=False,
            padding=(0, 2, 0, 0),
            header_style="dim",
        )
        for position, (header, side) in enumerate(columns):
            table.add_column(
                _safe(translate(header)),
                footer=footer[position] if footer else "",
                justify="right" if side == "right" else "left",
                overflow="fold",
                no_wrap=side == "right",
            )
        for row in rows:
            table.add_row(*map(_safe, row))
        self._console.print(table)

    def problems(self, found: Iterable[ProblemGroup], *, lines: Sequence[str] | None = None) -> None:
        """Write problems: a line with the places, the first three of many, and the sentence below it."""
        for item in found:
            self._problem(item, lines)

    def text(self) -> str:
        """Return everything written, without a line break at the end."""
        return "\n".join(line.rstrip() for line in self._stream.getvalue().split("\n")).rstrip("\n")

    def _problem(self, item: ProblemGroup, lines: Sequence[str] | None) -> None:
        style = _STYLES[item.severity]
        head = Text(_places(item), style="bold")
        head.append(f"  {severity_word(item.severity)}", style=style)
        head.append(f"  {item.code}")
        self.line(head)
        place = item.problem.place
        # The line of a secret would show it.
        if item.code != "secret-in-recipe" and isinstance(place, RecipePlace):
            self._source(place, lines, style)
        self.line(f"  {item.problem.message()}")
        if advice := item.problem.advice():
            self.line(Text(f"  {advice}", style="italic"))

    def _source(self, place: RecipePlace, lines: Sequence[str] | None, style: str) -> None:
        """Write the line that a person wrote, and a caret under what is meant."""
        source = _line_of_file(place, lines)
        if source is None:
            return
        margin = " " * cell_len(source[: place.column - 1])
        width = max(1, cell_len(source[place.column - 1 :][: place.length]))
        self.line(Text(f"{place.line:>4} | {source}", style="dim"))
        self.line(Text(f"     | {margin}{'^' * width}", style=style))


def problems_page(found: Iterable[Problem], page: Page) -> Page:
    """Write problems that ended a command, and their count."""
    groups = group(found)
    page.problems(groups)
    page.line(counted(groups))
    return page


def counted(groups: Iterable[ProblemGroup]) -> str:
    """Return how many problems there are, by severity: `1 error, 2 warnings`."""
    numbers = dict.fromkeys(Severity, 0)
    for item in groups:
        numbers[item.severity] += 1
    parts = [
        translate_plural("{count} error", "{count} errors", numbers[Severity.ERROR]).format(
            count=numbers[Severity.ERROR]
        ),
        translate_plural(
            "{count} kind of blocked rows", "{count} kinds of blocked rows", numbers[Severity.BLOCKED]
        ).format(count=numbers[Severity.BLOCKED]),
        translate_plural("{count} warning", "{count} warnings", numbers[Severity.WARNING]).format(
            count=numbers[Severity.WARNING]
        ),
        translate_plural("{count} note", "{count} notes", numbers[Severity.NOTE]).format(
            count=numbers[Severity.NOTE]
        ),
    ]
    return ", ".join(part for part, count in zip(parts, numbers.values(), strict=True) if count)


def service_text(service: ServiceLine) -> str:
    """Return the service with its URL and the age of its metadata."""
    text = f"{service.name} · {service.url}"
    if service.fetched is None:
        return text
    when = service.fetched.astimezone().strftime("%Y-%m-%d %H:%M")
    kept = translate("metadata of {when} (cache)") if service.cached else translate("metadata of {when}")
    return f"{text} · {kept.format(when=when)}"


def _places(item: ProblemGroup) -> str:
    """Return the first places and how many more there are; cells of one sheet share its name."""
    shown, before = "", None
    for place in item.places[:_FIRST_PLACES]:
        here = (place.book, place.sheet) if isinstance(place, CellPlace) else None
        if here is not None and here == before:
            shown += f", {_cell(place)}"
        else:
            shown += f", {place}" if shown else str(place)
        before = here
    more = len(item.places) - _FIRST_PLACES
    return (shown or "–") + (translate(" … and {count} more").format(count=more) if more > 0 else "")


def _cell(place: Place) -> str:
    return str(place).rpartition(" › ")[2]


def _safe(text: str | Text) -> Text:
    """Return a text whose control characters are signs; styles stay where they are."""
    found = Text(text) if isinstance(text, str) else text
    found.plain = found.plain.translate(_VISIBLE)
    return found


def _line_of_file(place: RecipePlace, lines: Sequence[str] | None) -> str | None:
    if lines is None:
        path = Path(place.file)
        try:
            if path.suffix not in (".yaml", ".yml") or path.stat().st_size > 2**20:
                return None
            lines = path.read_text("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError):
            return None
    return lines[place.line - 1] if 0 < place.line <= len(lines) else None
