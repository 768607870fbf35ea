"""What can be wrong with a file as a whole: one clear problem each (recipe-language.md §13)."""

from typing import ClassVar

from importer.problems import Problem, Severity


class FileMissing(Problem):
    """There is no such file."""

    code: ClassVar[str] = "file-missing"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = 'There is no file "{found}".'
    hint: ClassVar[str] = "Nearest: {near}"


class FileUnreadable(Problem):
    """The file is there, and cannot be read as a table. The base of the sentences below."""

    code: ClassVar[str] = "file-unreadable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" cannot be read: {expected}.'


class NotAFile(FileUnreadable):
    """A folder, a device."""

    text: ClassVar[str] = '"{found}" is not a file.'


class EmptyFile(FileUnreadable):
    """Nothing in it."""

    text: ClassVar[str] = '"{found}" is empty: it has no bytes.'
    hint: ClassVar[str] = "Ask for the file again; the upload or the mail may have lost it"


class PasswordProtected(FileUnreadable):
    """An encrypted workbook."""

    text: ClassVar[str] = '"{found}" is password-protected.'
    hint: ClassVar[str] = "Open it in Excel, remove the password (File › Info › Protect Workbook) and save it"


class XmlSpreadsheet(FileUnreadable):
    """The XML format of Excel 2002 and 2003, mostly named .xls; or a flat OpenDocument file."""

    text: ClassVar[str] = '"{found}" is a workbook written as one XML document ({expected}).'
    hint: ClassVar[str] = "Open it in Excel or LibreOffice and save it as .xlsx"


class WorkbookAsText(FileUnreadable):
    """A workbook under the name of a text file."""

    text: ClassVar[str] = '"{found}" is no text file; it looks like a workbook or another archive.'
    hint: ClassVar[str] = "Name it .xlsx, or save it as CSV in Excel"


class PageAsText(FileUnreadable):
    """A web page, a login perhaps, saved under the name of a text file."""

    text: ClassVar[str] = '"{found}" is a web page, not a table.'
    hint: ClassVar[str] = "Open it in a browser to see what it says; then export the data again as CSV"


class FileChanged(FileUnreadable):
    """Somebody wrote into the file while it was read."""

    text: ClassVar[str] = '"{found}" changed while it was read.'
    hint: ClassVar[str] = "Run the command again when nobody writes the file"


class AnotherFormat(FileUnreadable):
    """A file of another kind under a workbook's name."""

    text: ClassVar[str] = '"{found}" is not a workbook; it looks like {expected}.'
    hint: ClassVar[str] = "Open it in the program it came from and save it as .xlsx, or name a text file .csv"


class BrokenWorkbook(FileUnreadable):
    """A zip that is damaged, or no workbook inside."""

    text: ClassVar[str] = '"{found}" is damaged: {expected}.'
    hint: ClassVar[str] = "Open it in Excel, let it repair the file, and save it again"


class DangerousWorkbook(FileUnreadable):
    """Made to harm, or looking like it."""

    text: ClassVar[str] = '"{found}" is not opened: {expected}.'
    hint: ClassVar[str] = "Save it anew in Excel or LibreOffice"


class TooLarge(FileUnreadable):
    """More cells than fit in memory."""

    text: ClassVar[str] = '"{found}" spans {expected} cells; that is more than can be read.'
    hint: ClassVar[str] = "Delete the empty rows and columns below and beside the data, and save the file"


class NoSheets(FileUnreadable):
    """A workbook of charts, or of nothing."""

    text: ClassVar[str] = '"{found}" has no worksheet.'


class HasNotes(Problem):
    """Cells with notes or comments."""

    code: ClassVar[str] = "cell-notes"
    severity: ClassVar[Severity] = Severity.WARNING
    text: ClassVar[str] = "Cells of {table} with notes: {count} ({cells}). Notes are never data."
    hint: ClassVar[str] = "What must be imported belongs into a column of its own"

    count: int
    table: str
    cells: str


class StruckTexts(Problem):
    """Cells struck through: somebody may have meant them to be gone."""

    code: ClassVar[str] = "struck-through"
    severity: ClassVar[Severity] = Severity.WARNING
    text: ClassVar[str] = "Cells of {table} struck through: {count} ({cells}). They are read all the same."
    hint: ClassVar[str] = (
        "If they are meant to be gone clear them, or mark the rows in a column and use `when`"
    )

    count: int
    table: str
    cells: str


class EmptyTable(Problem):
    """A sheet, range or text file without a single filled cell."""

    code: ClassVar[str] = "empty-table"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{found} has no filled cell."
    hint: ClassVar[str] = "Choose another sheet with `sheet`, or ask for the file again"


class UnknownSheet(Problem):
    """No such sheet."""

    code: ClassVar[str] = "unknown-sheet"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '{file} has no sheet "{found}". Sheets: {sheets}'
    hint: ClassVar[str] = "Did you mean {near}?"

    file: str
    sheets: str


class UnknownRange(Problem):
    """No such range, table or name."""

    code: ClassVar[str] = "unknown-range"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is no range like B4:H200 or B4:, nor a table or name of {file}.'
    hint: ClassVar[str] = "Did you mean {near}?"

    file: str


class ForeignRange(Problem):
    """The name lies on another sheet than the one asked for."""

    code: ClassVar[str] = "unknown-range"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" of {file} lies on the sheet "{sheet}", not on "{expected}".'
    hint: ClassVar[str] = "Leave `sheet` out, or write the cells: `range: B4:H200`"

    file: str
    sheet: str


class NoRectangle(Problem):
    """A name whose cells were deleted, or that is a formula or several areas."""

    code: ClassVar[str] = "unknown-range"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" of {file} is no rectangle of cells; it refers to `{expected}`.'
    hint: ClassVar[str] = "Write the cells: `range: B4:H200`"

    file: str


class HeaderBeyond(Problem):
    """The header row is not there."""

    code: ClassVar[str] = "unknown-range"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "{table} has no filled row {found}, which `header` names."
    hint: ClassVar[str] = "Write the number that the file shows beside the header row, or leave `header` out"

    table: str


class Undecodable(Problem):
    """Bytes that the encoding does not know."""

    code: ClassVar[str] = "undecodable"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = "Byte {offset}, line {line} of {file} is not {expected}: `{found}`."
    hint: ClassVar[str] = "Readable as: {others}. Write it as `encoding`"

    offset: int
    line: int
    file: str
    others: str = "–"


class UnknownEncoding(Problem):
    """No such encoding."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is no encoding.'
    hint: ClassVar[str] = "Write utf-8, utf-16, cp1251, cp866, koi8-r or cp1252, or leave it out"


class UnknownDelimiter(Problem):
    """A delimiter that cannot be one."""

    code: ClassVar[str] = "wrong-type"
    severity: ClassVar[Severity] = Severity.ERROR
    text: ClassVar[str] = '"{found}" is no delimiter; it is one character, and no quote or line break.'
    hint: ClassVar[str] = 'Write "," or ";" or "\\t" or "|", or leave it out'


class GuessedEncoding(Problem):
    """The encoding is a guess."""

    code: ClassVar[str] = "guessed-encoding"
    severity: ClassVar[Severity] = Severity.WARNING
    text: ClassVar[str] = "{file} is read as {found}, a guess."
    hint: ClassVar[str] = "Look at the letters; if they are right write `encoding: {found}`"

    file: str


class GuessedDelimiter(Problem):
    """The delimiter is a guess."""

    code: ClassVar[str] = "guessed-delimiter"
    severity: ClassVar[Severity] = Severity.WARNING
    text: ClassVar[str] = '{file} is read with the delimiter "{found}", a guess.'
    hint: ClassVar[str] = 'If the columns are right write `delimiter: "{found}"`'

    file: str


class HiddenRows(Problem):
    """Hidden rows are read too."""

    code: ClassVar[str] = "hidden-rows"
    severity: ClassVar[Severity] = Severity.WARNING
    text: ClassVar[str] = "{count} hidden rows of {table} are read too."
    hint: ClassVar[str] = "If they are no data write `hidden: skip`"

    count: int
    table: str


class InvisibleCharacters(Problem):
    """A text with signs that nobody sees: zero-width, soft hyphens, directional marks; told for each cell."""

    code: ClassVar[str] = "invisible-characters"
    severity: ClassVar[Severity] = Severity.NOTE
    text: ClassVar[str] = "Invisible characters are dropped from texts of column {found}."
    hint: ClassVar[str] = "To write them as they stand say `clean: false`"


class RepeatedHeader(Problem):
    """The header once more, further down."""

    code: ClassVar[str] = "repeated-header"
    severity: ClassVar[Severity] = Severity.WARNING
    text: ClassVar[str] = "Row {row} repeats the header; it is left out."

    row: int


class SecondTable(Problem):
    """Words over values, below an empty row: somebody put two tables into one sheet."""

    code: ClassVar[str] = "second-table"
    severity: ClassVar[Severity] = Severity.WARNING
    text: ClassVar[str] = "Row {row}, below an empty one, looks like the header of another table."
    hint: ClassVar[str] = (
        "It is read as a row of this one. Name the rows of each table with `range`: `B4:H200`"
    )

    row: int


class RaggedRow(Problem):
    """More or fewer fields than the header has."""

    code: ClassVar[str] = "ragged-row"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "Line {line} has {cells} cells, the header has {columns}."
    hint: ClassVar[str] = "Often a delimiter or a quote inside a value: put the value in quotes"

    line: int
    cells: int
    columns: int


class NulByte(Problem):
    """A NUL byte inside a text file."""

    code: ClassVar[str] = "nul-byte"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "Line {line} holds a NUL byte; a text does not."
    hint: ClassVar[str] = "Export the file again; it may be damaged, or UTF-16 (write `encoding: utf-16`)"

    line: int


class UnclosedQuote(Problem):
    """A quote that is opened and never closed."""

    code: ClassVar[str] = "unclosed-quote"
    severity: ClassVar[Severity] = Severity.BLOCKED
    text: ClassVar[str] = "Line {line} opens a quote that is never closed, or closes one inside a value."
    hint: ClassVar[str] = "Double the quotes inside a value, and put the whole value in quotes"

    line: int


class BrokenQuotes(FileUnreadable):
    """Quotes all over: the delimiter or the quoting is another one."""

    text: ClassVar[str] = 'More than {count} lines of "{found}" open a quote that is never closed.'
    hint: ClassVar[str] = "The delimiter is perhaps another one: write `delimiter`"

    count: int
