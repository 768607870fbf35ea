"""Where a character of a scalar's text stands in its YAML source: quotes, escapes and folded lines counted.

The source is decoded once more, character by character with positions (YAML 1.2 §7.3, §8.1); when that does
not give the text that the reader gave, there is no answer rather than a wrong one.
"""

import re
from collections.abc import Generator, Iterator

_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
    "\t": "\t",
}
_WIDTHS = {"x": 2, "u": 4, "U": 8}
_WHITE = re.compile(r"[ \t\r\n]+")
_BREAK = re.compile(r"\r\n?|\n")
_CONTINUED = re.compile(r"\\[ \t]*(?:\r\n?|\n)[ \t]*")


def index_of(source: str, style: str, text: str, offset: int) -> int | None:
    """Return the index in `source` of the character `offset` of `text`; None when they do not go together."""
    pairs = list(_block(source) if style in ("|", ">") else _flow(source, style))
    if "".join(character for character, _ in pairs).rstrip("\n") != text.rstrip("\n"):
        return None
    if not 0 <= offset <= len(pairs):
        return None
    if offset < len(pairs):
        return pairs[offset][1]
    return pairs[-1][1] + 1 if pairs else None


def _flow(source: str, style: str) -> Iterator[tuple[str, int]]:
    index, stop = (1, len(source) - 1) if style else (0, len(source))
    while index < stop:
        sign = source[index]
        if white := _WHITE.match(source, index, stop):
            breaks = len(_BREAK.findall(white.group()))
            folded = white.group() if not breaks else " " if breaks == 1 else "\n" * (breaks - 1)
            for number, character in enumerate(folded):
                yield character, index + (0 if breaks else number)
            index = white.end()
        elif style == "'" and source.startswith("''", index):
            yield "'", index
            index += 2
        elif style == '"' and sign == "\\":
            step = yield from _escape(source, index)
            index += step
        else:
            yield sign, index
            index += 1


def _escape(source: str, index: int) -> Generator[tuple[str, int], None, int]:
    if continued := _CONTINUED.match(source, index):
        return continued.end() - index
    letter = source[index + 1 : index + 2]
    width = _WIDTHS.get(letter, 0)
    if width:
        yield chr(int(source[index + 2 : index + 2 + width], 16)), index
    else:
        yield _ESCAPES.get(letter, letter), index
    return width + 2


def _block(source: str) -> Iterator[tuple[str, int]]:
    header = _BREAK.search(source)
    if header is None:
        return
    folded, index, indent, blank = source[0] == ">", header.end(), None, 0
    for line in source[index:].splitlines(keepends=True):
        content = line.rstrip("\r\n")
        if not content.strip():
            blank += 1
        else:
            before = blank if indent is None else blank + 1
            if folded and indent is not None:
                yield from ((sign, index - 1) for sign in (" " if before == 1 else "\n" * (before - 1)))
            else:
                yield from (("\n", index - 1) for _ in range(before))
            indent, blank = len(content) - len(content.lstrip(" ")) if indent is None else indent, 0
            yield from ((sign, index + indent + number) for number, sign in enumerate(content[indent:]))
        index += len(line)
