"""Cell styles of a workbook, as far as they change what a value means: number format and indent."""

import re
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

from importer.sources.codes import is_code
from importer.sources.xml_names import local_name

# Number formats that every workbook has without saying so (ECMA-376 part 1, §18.8.30).
_BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
    48: "##0.0E+0",
    49: "@",
}
# What stands in a format as itself: quoted text, an escaped or spacing character, and colours or locales in
# brackets.
_LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]?')


@dataclass(frozen=True)
class Style:
    """A cell's style. `format` is None for General; `struck`: its text is struck through."""

    format: str | None = None
    indent: int = 0
    struck: bool = False

    @cached_property
    def is_code(self) -> bool:
        """Whether the format is one of codes, as `00000`, `00.0`, `00-00`; `0.00` is an amount's."""
        return self.format is not None and is_code(self.format)

    @property
    def says_more(self) -> bool:
        """Whether a value in this style is more than itself."""
        return self.struck or self.is_code or self.is_datetime

    @cached_property
    def is_datetime(self) -> bool:
        """Whether the format shows a day and a time of day, so that midnight is a time too."""
        signs = _LITERAL.sub("", self.format or "").lower()
        return bool(re.search(r"[yd]", signs) and re.search(r"[hs]", signs))


def format_of(number: int) -> str | None:
    """Return the number format that every workbook has under a number, None for General or one of no meaning."""
    return _BUILT_IN.get(number)


def read_styles(root: Element | None) -> tuple[Style, ...]:
    """Return the cell styles by index, from the styles part."""
    if root is None:
        return ()
    codes = {
        item.get("numFmtId"): item.get("formatCode")
        for item in root.iter()
        if local_name(item.tag) == "numFmt"
    }
    struck = [
        any(local_name(item.tag) == "strike" and item.get("val") not in ("0", "false") for item in font)
        for block in root
        if local_name(block.tag) == "fonts"
        for font in block
    ]
    found = []
    for block in root:
        if local_name(block.tag) == "cellXfs":
            for style in block:
                number = style.get("numFmtId", "0")
                indents = [item.get("indent", "0") for item in style if local_name(item.tag) == "alignment"]
                code = codes.get(number) or (format_of(int(number)) if _is_number(number) else None)
                indent = int(indents[0]) if indents and _is_number(indents[0]) else 0
                font = style.get("fontId", "0")
                through = _is_number(font) and int(font) < len(struck) and struck[int(font)]
                found.append(Style(None if code in (None, "General") else code, indent, through))
    return tuple(found)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
