"""The template as a workbook: headers as the recipe asks for them, drop-downs, marks, and a sheet that explains."""

from collections.abc import Iterator
from io import BytesIO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from importer.reports.workbooks.styling import (
    FORMATS,
    HEADER,
    HEAVY,
    ISO_FORMATS,
    MUTED,
    REQUIRED,
    RULE,
    WRAPPED,
    plain,
    width,
)
from importer.results.template import AllowedValues, TemplateColumn, TemplateSheet
from importer.text.translating import translate

# Rows below the header that have drop-downs; a customer's list is shorter, and longer ones still work without.
_ROWS = 5_000
_LISTED = 12
# Excel's limit for the name of a sheet.
_LONGEST_NAME = 31
_PROMPT = 250


def template_bytes(sheets: tuple[TemplateSheet, ...], recipe: str) -> bytes:
    """Return the workbook. Every text in it stands as text: a header that begins with `=` is no formula."""
    book = Workbook()
    del book[book.sheetnames[0]]
    lists = _Lists(book, {sheet.name for sheet in sheets})
    for sheet in sheets:
        _fill(book.create_sheet(sheet.name), sheet, {item.name: item for item in sheets}, lists)
    names = {sheet.name for sheet in sheets}
    _explain(book.create_sheet(free_name(translate("How to fill in"), names)), sheets, recipe)
    lists.finish()
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def free_name(wanted: str, taken: set[str]) -> str:
    """Return a name for a sheet that none has yet, ignoring case as Excel does."""
    folded = {name.casefold() for name in taken}
    name, number = wanted[:_LONGEST_NAME], 2
    while name.casefold() in folded:
        name = f"{wanted[: _LONGEST_NAME - 4]} ({number})"
        number += 1
    return name


def _fill(
    page: Worksheet, sheet: TemplateSheet, all_sheets: dict[str, TemplateSheet], lists: "_Lists"
) -> None:
    formats = ISO_FORMATS if sheet.locale == "iso" else FORMATS
    for position, column in enumerate(sheet.columns, start=sheet.left + 1):
        letters = get_column_letter(position)
        page.column_dimensions[letters].width = width(*column.headers)
        if column.kind in formats:
            page.column_dimensions[letters].number_format = formats[column.kind]
        _head(page, sheet, column, position)
        source = lists.source(column.allowed, all_sheets)
        if source is not None and column.allowed is not None:
            _drop_down(page, sheet, letters, column, source)
    if sheet.header_row:
        page.freeze_panes = f"A{sheet.header_row + 1}"


def _head(page: Worksheet, sheet: TemplateSheet, column: TemplateColumn, position: int) -> None:
    first = sheet.header_row - len(column.headers) + 1
    for row, text in enumerate(column.headers, start=first):
        if row < 1:
            continue
        cell = page.cell(row, position)
        cell.value, cell.data_type = text, "s"
        cell.number_format = "General"
        cell.font, cell.alignment, cell.border = HEAVY, WRAPPED, RULE
        cell.fill = REQUIRED if column.required else HEADER
    # A message beside the cell, not a note: notes are what people write to each other, and the reader warns of them.
    message = DataValidation(showInputMessage=True, promptTitle=column.headers[-1][:32])
    message.prompt = "\n".join(_sentences(column))[:_PROMPT]
    message.add(page.cell(sheet.header_row, position).coordinate)
    page.add_data_validation(message)


def _drop_down(
    page: Worksheet, sheet: TemplateSheet, letters: str, column: TemplateColumn, source: str
) -> None:
    strict = column.allowed is not None and column.allowed.strict
    rule = DataValidation(
        type="list",
        formula1=source,
        allow_blank=True,
        errorStyle="stop" if strict else "warning",
        showErrorMessage=True,
    )
    rule.errorTitle = translate("Not in the list")
    rule.error = (
        translate("Choose one of the values of the list.")
        if strict
        else translate("This value is not in the list yet. Keep it if it is meant.")
    )
    if column.meaning:
        rule.promptTitle, rule.prompt, rule.showInputMessage = (
            column.headers[-1][:32],
            column.meaning[:_PROMPT],
            True,
        )
    page.add_data_validation(rule)
    rule.add(f"{letters}{sheet.header_row + 1}:{letters}{sheet.header_row + _ROWS}")


def _sentences(column: TemplateColumn) -> Iterator[str]:
    """Yield what a person must know of a column, one sentence each."""
    yield translate("Required.") if column.required else translate("May stay empty.")
    if column.meaning:
        yield column.meaning
    kinds = {
        "text": translate("Text; long numbers and leading zeros stay as typed."),
        "number": translate("A number."),
        "date": translate("A date."),
        "datetime": translate("A date with a time."),
        "boolean": translate("Yes or no."),
    }
    if column.kind in kinds and not column.found_by:
        yield kinds[column.kind]
    if column.longest:
        yield translate("At most {count} characters.").format(count=column.longest)
    if column.found_by:
        yield translate("Found in {set}.").format(set=column.found_by)
    if column.allowed is not None and column.allowed.column_of is not None:
        yield translate('One of the values of the sheet "{sheet}".').format(sheet=column.allowed.column_of[0])


def _explain(page: Worksheet, sheets: tuple[TemplateSheet, ...], recipe: str) -> None:
    page.append([translate("How to fill in this workbook")])
    page["A1"].font = HEAVY
    page.append(
        [translate("Headers must stay as they are. Orange columns are required. Add rows below the headers.")]
    )
    page.append([translate("Made from the recipe {recipe}.").format(recipe=recipe)])
    page["A3"].font = MUTED
    page.append([])
    page.append([translate("Sheet"), translate("Column"), translate("What to write"), translate("Values")])
    for cell in page[5]:
        cell.font, cell.fill, cell.border = HEAVY, HEADER, RULE
    for sheet in sheets:
        for column in sheet.columns:
            row = (
                sheet.name,
                " / ".join(column.headers),
                "\n".join(_sentences(column)),
                _values(column.allowed),
            )
            page.append([plain(text) for text in row])
            for cell in page[page.max_row]:
                cell.alignment = WRAPPED
    for letters, wide in zip("ABCD", (18, 28, 60, 40), strict=True):
        page.column_dimensions[letters].width = wide
    page.freeze_panes = "A6"


def _values(allowed: AllowedValues | None) -> str:
    if allowed is None or not allowed.values:
        return ""
    shown = ", ".join(allowed.values[:_LISTED])
    return f"{shown} …" if len(allowed.values) > _LISTED else shown


class _Lists:
    """The hidden sheet that holds the values of drop-downs: a list written into the cell itself is limited to 255 characters."""

    def __init__(self, book: Workbook, taken: set[str]) -> None:
        self._book, self._taken = book, taken
        self._columns: dict[tuple[str, ...], int] = {}

    def source(self, allowed: AllowedValues | None, sheets: dict[str, TemplateSheet]) -> str | None:
        """Return the formula of the cells that hold the values, or None where there is no list."""
        if allowed is None:
            return None
        if allowed.column_of is not None:
            name, position = allowed.column_of
            sheet = sheets[name]
            letters = get_column_letter(sheet.left + position + 1)
            return _cells(name, letters, sheet.header_row + 1, sheet.header_row + _ROWS)
        if not allowed.values:
            return None
        number = self._columns.setdefault(allowed.values, len(self._columns) + 1)
        return _cells(self._name(), get_column_letter(number), 1, len(allowed.values))

    def finish(self) -> None:
        """Write the sheet, if there is anything on it."""
        if not self._columns:
            return
        page = self._book.create_sheet(self._name())
        page.sheet_state = "hidden"
        for values, number in self._columns.items():
            for row, text in enumerate(values, start=1):
                cell = page.cell(row, number)
                cell.value, cell.data_type = text, "s"

    def _name(self) -> str:
        return free_name(translate("Lists"), self._taken)


def _cells(sheet: str, letters: str, first: int, last: int) -> str:
    return f"{quote_sheetname(sheet)}!${letters}${first}:${letters}${last}"
