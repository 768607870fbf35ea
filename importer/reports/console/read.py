"""`read` at the terminal."""

from importer.reports.console.layout import Page, counted
from importer.results.read import ReadFile
from importer.sources.inspection import CellFacts, SheetFact
from importer.text.translating import N_, translate

_ROWS = 20
_MERGED = 5
_HOW = {
    "given": N_("given"),
    "said": N_("by the line sep= of the file"),
    "bom": N_("by its mark"),
    "valid": N_("valid UTF-8"),
    "pattern": N_("by its zero bytes"),
    "guess": N_("a guess"),
    "single": N_("one column"),
}
_STATES = {"visible": N_("visible"), "hidden": N_("hidden"), "very_hidden": N_("hidden deeply")}
_COLUMNS = (
    (N_("sheet"), "left"),
    (N_("state"), "left"),
    (N_("rows"), "right"),
    (N_("columns"), "right"),
    (N_("header"), "right"),
    (N_("hidden rows"), "right"),
    (N_("merged"), "left"),
)


def render(result: ReadFile, page: Page, *, rows: int | None = None) -> None:
    """Write the sheets, the first rows and every warning."""
    facts = result.facts
    page.fact(translate("File"), f"{facts.file} ({facts.kind})")
    if facts.encoding:
        page.fact(translate("Encoding"), f"{facts.encoding} ({_how(facts.encoding_how)})")
        mark = f"{facts.delimiter!r} " if facts.delimiter else ""
        page.fact(translate("Delimiter"), f"{mark}({_how(facts.delimiter_how)})")
    page.table(_COLUMNS, map(_sheet, facts.sheets))
    limit = rows or _ROWS
    for row in facts.rows[:limit]:
        cells = "  ".join(f"{letters}: {_cell(cell)}" for letters, cell in row.cells.items())
        page.line(f"  {row.row:>5}  {cells}")
    if len(facts.rows) > limit:
        page.line(translate("… {count} more rows; --rows shows more").format(count=len(facts.rows) - limit))
    page.problems(result.problems)
    if result.problems:
        page.line(counted(result.problems))


def _sheet(sheet: SheetFact) -> tuple[str, ...]:
    merged = ", ".join(sheet.merged[:_MERGED]) + (" …" if len(sheet.merged) > _MERGED else "")
    counts = (sheet.rows, sheet.columns, sheet.header_row or "–", len(sheet.hidden_rows))
    return (sheet.name or "–", translate(_STATES[sheet.state]), *map(str, counts), merged)


def _how(word: str | None) -> str:
    return translate(_HOW.get(word or "", "–"))


def _cell(cell: CellFacts) -> str:
    if cell.error:
        return f"{cell.value or cell.error} (!)"
    if cell.type == "boolean":
        return str(cell.value).lower()
    return f'"{cell.value}"' if cell.type == "text" else str(cell.value)
