"""Texts of a workbook as YAML holds them: plain where that is safe everywhere, else in double quotes."""

import re

_PLAIN = re.compile(r"[^\W\d_](?:[\w ./()№+-]*[\w.)])?")
# Words that YAML, or somebody's older YAML, takes for something else.
_TAKEN = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"})
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def scalar(text: str) -> str:
    """Return a text as a scalar that is this text, in block and flow style, as key and as value."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _TAKEN and text.isprintable() and "  " not in text:
        return text
    return f'"{"".join(map(_escaped, text))}"'


def flow(items: tuple[str, ...]) -> str:
    """Return texts as one scalar, or as a list in flow style."""
    return scalar(items[0]) if len(items) == 1 else f"[{', '.join(map(scalar, items))}]"


def comment(text: str) -> str:
    """Return a text that stays inside one comment."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _escaped(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    if sign.isprintable() or sign == "\u00a0":
        return sign
    return f"\\u{ord(sign):04X}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08X}"
