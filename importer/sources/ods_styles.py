"""Cell styles of an OpenDocument spreadsheet: data styles as number formats, indents, struck texts (ODF 1.3 part 3, §16)."""

import re

from importer.sources.styles import Style

NUMBER = "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
STYLE = "urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_FO = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"

_KINDS = frozenset(
    f"{NUMBER}{kind}-style"
    for kind in ("number", "percentage", "currency", "date", "time", "boolean", "text")
)
_LENGTH = re.compile(r"([0-9.]+)(in|cm|mm|pt|pc|px)")
_POINTS = {"in": 72.0, "cm": 28.35, "mm": 2.835, "pt": 1.0, "pc": 12.0, "px": 0.75}
_INDENT = 10.0  # points of one step of Excel's indent, as LibreOffice writes it
_MOST_DIGITS = 30
# Elements of dates and times: (short, long).
_PARTS = {
    "day": ("d", "dd"),
    "year": ("yy", "yyyy"),
    "era": ("g", "gg"),
    "day-of-week": ("ddd", "dddd"),
    "hours": ("h", "hh"),
    "minutes": ("m", "mm"),
    "seconds": ("s", "ss"),
    "am-pm": ("AM/PM", "AM/PM"),
    "quarter": ("q", "qq"),
    "week-of-year": ("ww", "ww"),
}
_DEPTH = 20


class OdsStyles:
    """Styles as they go by; `start`, `end` and `characters` are fed from `styles.xml`, then `content.xml`."""

    def __init__(self) -> None:
        self.hidden_tables: set[str] = set()  # names of table styles
        self._cells: dict[str, tuple[str | None, str | None, int | None, bool | None]] = {}
        self._formats: dict[str, str] = {}
        self._other: dict[str, str] = {}  # data style → the one for positive numbers
        self._style = ""
        self._data: str | None = None
        self._code: list[str] = []
        self._elapsed = False
        self._text: list[str] | None = None
        self._inner: dict[int, str] = {}
        self._position = 0
        self._digits: tuple[int, int, bool] | None = None
        self._resolved: dict[str | None, Style] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Look at the start of an element."""
        if name == f"{STYLE}style":
            self._style = attributes.get(f"{STYLE}name", "")
            if attributes.get(f"{STYLE}family") == "table-cell":
                self._cells[self._style] = (
                    attributes.get(f"{STYLE}parent-style-name"),
                    attributes.get(f"{STYLE}data-style-name"),
                    None,
                    None,
                )
        elif name in _KINDS:
            self._data, self._code = attributes.get(f"{STYLE}name", ""), []
            self._elapsed = attributes.get(f"{NUMBER}truncate-on-overflow") == "false"
        elif self._data is not None:
            self._part(name, attributes)
        else:
            self._property(name, attributes)

    def end(self, name: str) -> None:
        """Look at the end of an element."""
        if name == f"{STYLE}style":
            self._style = ""
        elif self._data is None:
            return
        elif name in _KINDS:
            ending = "%" if name == f"{NUMBER}percentage-style" and "%" not in "".join(self._code) else ""
            code = "@" if name == f"{NUMBER}text-style" else "".join(self._code) + ending
            self._formats[self._data], self._data = code, None
        elif name in (f"{NUMBER}text", f"{NUMBER}currency-symbol") and self._text is not None:
            self._code.append(_quoted("".join(self._text)))
            self._text = None
        elif name == f"{NUMBER}embedded-text" and self._text is not None:
            self._inner[self._position] = "".join(self._text)
            self._text = None
        elif name == f"{NUMBER}number" and self._digits is not None:
            self._code.append(_digits(*self._digits, self._inner))
            self._digits = None

    def characters(self, text: str) -> None:
        """Look at text."""
        if self._text is not None:
            self._text.append(text)

    def of(self, name: str | None) -> Style:
        """Return a cell style with what it inherits; an unknown one is plain."""
        if name not in self._resolved:
            self._resolved[name] = self._resolve(name)
        return self._resolved[name]

    def _resolve(self, name: str | None) -> Style:
        data: str | None = None
        indent: int | None = None
        struck: bool | None = None
        for _ in range(_DEPTH):  # a circle of parents ends too
            if name is None or name not in self._cells:
                break
            name, its_data, its_indent, its_struck = self._cells[name]
            data = its_data if data is None else data
            indent = its_indent if indent is None else indent
            struck = its_struck if struck is None else struck
        code = self._formats.get(self._other.get(data or "", data or ""))
        return Style(code or None, indent or 0, bool(struck))

    def _property(self, name: str, attributes: dict[str, str]) -> None:
        if name == f"{STYLE}table-properties" and attributes.get(f"{TABLE}display") == "false":
            self.hidden_tables.add(self._style)
        if self._style not in self._cells:
            return
        parent, data, indent, struck = self._cells[self._style]
        if name == f"{STYLE}paragraph-properties" and f"{_FO}margin-left" in attributes:
            indent = _steps(attributes[f"{_FO}margin-left"])
        elif name == f"{STYLE}text-properties" and f"{STYLE}text-line-through-style" in attributes:
            struck = attributes[f"{STYLE}text-line-through-style"] != "none"
        self._cells[self._style] = (parent, data, indent, struck)

    def _part(self, name: str, attributes: dict[str, str]) -> None:
        local = name.removeprefix(NUMBER)
        if name == f"{STYLE}map":
            if ">" in attributes.get(f"{STYLE}condition", ""):
                self._other[self._data or ""] = attributes.get(f"{STYLE}apply-style-name", "")
        elif local in ("text", "currency-symbol", "embedded-text"):
            self._text = []
            self._position = _whole(attributes.get(f"{NUMBER}position"), 0)
        elif local == "number":
            decimals = _whole(attributes.get(f"{NUMBER}decimal-places"), 0)
            digits = _whole(attributes.get(f"{NUMBER}min-integer-digits"), 0)
            self._digits = (digits, decimals, attributes.get(f"{NUMBER}grouping") == "true")
            self._inner = {}
        elif local == "scientific-number":
            self._code.append("0.00E+00")
        elif local == "fraction":
            self._code.append("# ?/?")
        elif local == "month":
            long = attributes.get(f"{NUMBER}style") == "long"
            textual = attributes.get(f"{NUMBER}textual") == "true"
            self._code.append(("mmmm" if long else "mmm") if textual else ("mm" if long else "m"))
        elif local in _PARTS:
            code = _PARTS[local][attributes.get(f"{NUMBER}style") == "long"]
            if self._elapsed and local in ("hours", "minutes", "seconds"):
                code, self._elapsed = f"[{code}]", False
            self._code.append(code)


def _digits(digits: int, decimals: int, grouped: bool, inner: dict[int, str]) -> str:
    if grouped:
        whole = "#,##" + "0" * max(digits, 1)
    else:
        whole = "".join(
            "0" + (_quoted(inner[position]) if position in inner else "")
            for position in range(digits - 1, -1, -1)
        )
    return (whole or "#") + ("." + "0" * decimals if decimals else "")


def _quoted(text: str) -> str:
    return (
        text
        if text in ("", " ", "-", ".", "/", ":", ",", "%", "(", ")")
        else '"' + text.replace('"', "") + '"'
    )


def _steps(length: str) -> int:
    match = _LENGTH.fullmatch(length)
    try:
        return min(round(float(match[1]) * _POINTS[match[2]] / _INDENT), 250) if match else 0
    except ValueError:  # "1.2.3in"
        return 0


def _whole(text: str | None, default: int) -> int:
    number = int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else default
    return min(number, _MOST_DIGITS)
