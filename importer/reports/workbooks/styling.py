"""How our workbooks look: one header style, one mark for what is required, widths that fit."""

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

HEADER = PatternFill("solid", start_color="FFDCE6F1")
REQUIRED = PatternFill("solid", start_color="FFFCE4B6")
HEAVY = Font(bold=True)
MUTED = Font(color="FF666666")
WRAPPED = Alignment(vertical="top", wrap_text=True)
RULE = Border(bottom=Side(style="thin", color="FF7F7F7F"))
# How cells are shown, by the kind of a column; text keeps leading zeros and long numbers.
FORMATS = {"text": "@", "date": "dd.mm.yyyy", "datetime": "dd.mm.yyyy hh:mm"}
ISO_FORMATS = {"text": "@", "date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm"}


def width(*texts: str) -> float:
    """Return a column width that shows these texts, within reason."""
    longest = max((len(line) for text in texts for line in text.splitlines()), default=0)
    return float(min(60, max(10, longest + 3)))


def plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
