"""Number formats that make codes: of zeros, with or without signs between them (`00000`, `00-00`, `"A-"0000`)."""

import re
from functools import lru_cache

_ZEROS = re.compile(r"0+(?:\.0+)?")
_AMOUNT = re.compile(r"0\.0+")
# A zero, quoted text, an escaped sign, a sign that stands for itself (ECMA-376 part 1, §18.8.31).
_PIECE = re.compile(r'0|"([^"]*)"|\\(.)|([-()+: /])')
# Colours and locales before the code say nothing about its text.
_BEFORE = re.compile(r"(?:\[(?:\$[^\]]*|[A-Za-z]+[0-9]*)\])+")


@lru_cache(maxsize=1024)
def is_code(number_format: str) -> bool:
    """Whether a format is a code's; `0.00` is an amount's, and so is one zero with a unit: `0" kg"`."""
    if is_zeros(number_format):
        return not _AMOUNT.fullmatch(number_format)
    pieces = _pieces(number_format)
    return pieces is not None and pieces.count("") > 1


@lru_cache(maxsize=1024)
def is_zeros(number_format: str) -> bool:
    """Whether a format is of zeros only, perhaps with a point."""
    return bool(_ZEROS.fullmatch(number_format))


def code_text(digits: str, number_format: str) -> str:
    """Return `digits` as a code's format without a point shows them: as many as it has zeros, or more."""
    pieces = None if is_zeros(number_format) else _pieces(number_format)
    if pieces is None:
        return digits.zfill(len(number_format))
    zeros = pieces.count("")
    digits = digits.zfill(zeros)
    # More digits than zeros stand where the first zero is.
    own = iter([digits[: len(digits) - zeros + 1], *digits[len(digits) - zeros + 1 :]])
    return "".join(piece or next(own) for piece in pieces)


@lru_cache(maxsize=1024)
def _pieces(number_format: str) -> tuple[str, ...] | None:
    """Return a format in pieces, `""` for a digit; None when it is no row of digits and texts."""
    code = (
        _BEFORE.sub("", number_format.partition(";")[0], count=1)
        if number_format[:1] == "["
        else number_format
    )
    code = code.partition(";")[0]
    found = []
    position = 0
    while match := _PIECE.match(code, position):
        text = match[1] or match[2] or match[3]
        if match[0] == "0" or text:
            found.append("" if match[0] == "0" else text)
        position = match.end()
    return tuple(found) if position == len(code) and "" in found else None
